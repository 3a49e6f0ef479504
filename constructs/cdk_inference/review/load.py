"""One side of a review from a folder or file: a cloud assembly, templates, or as much of either as can be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.review.finding import NotCompared
from cdk_inference.template import AssemblyError, Deployment, TemplateError, load_deployment
from cdk_inference.template.assembly import MANIFEST
from cdk_inference.template.folders import SUFFIXES
from cdk_inference.template.load import load_object
from cdk_inference.template.stacks import Stack

_FIX = "name a folder that `cdk synth` wrote, or one with templates"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A deployment, and what of it could not be read: then a stack that is missing may be there all the same."""

    deployment: Deployment
    unread: tuple[NotCompared, ...]


def load_side(argument: str, path: Path, region: str | None, parameters: Mapping[str, Any] | None = None) -> Loaded:
    """Reads `path`. `region` is for stacks that name none; `argument` names it in messages.

    Of an assembly of which a part is missing or broken the rest is read. Raises ConfigurationError where there is
    nothing to read, AssemblyError where the manifest is broken.
    """
    raise_problems("review", _problem(argument, path))
    problems: list[str] = []
    try:
        deployment = load_deployment([path], region, problems, parameters)
    except AssemblyError:
        if (path / MANIFEST).exists() or path.name == MANIFEST:
            raise
        problem = Problem(argument, str(path), f"a folder with templates ({', '.join(SUFFIXES)})", _FIX)
        raise ConfigurationError("review", [problem]) from None
    except TemplateError as error:
        if path.is_dir():
            raise
        return Loaded(deployment=Deployment(), unread=(NotCompared(stack=path.name.partition(".")[0], why=str(error)),))
    unread = [NotCompared(stack="", why=one) for one in problems]
    unread += [NotCompared(stack=one.stack, why=one.why) for one in deployment.unread]
    return Loaded(deployment=deployment, unread=tuple(unread))


def _problem(argument: str, path: Path) -> Problem | None:
    if not path.exists():
        return Problem(argument, str(path), "a folder or file that exists", _FIX)
    if path.is_file() and path.name != MANIFEST and _of_another_sort(path):
        return Problem(argument, str(path), 'a template: an object with "Resources"', _FIX)
    return None


def _of_another_sort(file: Path) -> bool:
    try:
        found = load_object(file, "a template")
    except TemplateError:
        return False
    return not isinstance(found.get("Resources"), dict) and "AWSTemplateFormatVersion" not in found


def only_stack(loaded: Loaded) -> Stack | None:
    """The stack of a side that has one only, nested ones not counted."""
    outer = [stack for stack in loaded.deployment.stacks if stack.outer is None]
    return outer[0] if len(outer) == 1 else None

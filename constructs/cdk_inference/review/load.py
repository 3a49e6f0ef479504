"""One side of a review from a folder or file: a cloud assembly, templates, or as much of either as can be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.review.finding import NotCompared
from cdk_inference.template import Deployment, TemplateError, load_deployment, load_templates
from cdk_inference.template.assembly import MANIFEST
from cdk_inference.template.load import load_object
from cdk_inference.template.stacks import Stack

_SUFFIXES = (".json", ".yaml", ".yml", ".template")
_FIX = "name a folder that `cdk synth` wrote, or one with templates"


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A deployment, and what of it could not be read: then a stack that is missing may be there all the same."""

    deployment: Deployment
    unread: tuple[NotCompared, ...]


def load_side(argument: str, path: Path, region: str | None) -> Loaded:
    """Reads `path`. `region` is for stacks that name none; `argument` names it in messages.

    Of an assembly of which a part is missing or broken the rest is read. Raises ConfigurationError where there is
    nothing to read, AssemblyError where the manifest is broken.
    """
    raise_problems("review", _problem(argument, path))
    if path.is_file():
        return _templates(argument, path, {_name(path, path.parent): path}, [], region)
    if (path / MANIFEST).exists():
        problems: list[str] = []
        deployment = load_deployment([path], region, problems)
        return Loaded(deployment=deployment, unread=tuple(NotCompared(stack="", why=one) for one in problems))
    return _templates(argument, path, _files(path), [], region)


def _problem(argument: str, path: Path) -> Problem | None:
    if not path.exists():
        return Problem(argument, str(path), "a folder or file that exists", _FIX)
    if path.is_dir() and not (path / MANIFEST).exists() and not _files(path):
        return Problem(argument, str(path), "a folder with templates (.json, .yaml, .yml, .template)", _FIX)
    return None


def _files(folder: Path) -> dict[str, Path]:
    """Stack's name -> file; the name is the path without what comes after the first dot of the file's name."""
    found = sorted(file for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())
    return {_name(file, folder): file for file in found}


def _name(file: Path, folder: Path) -> str:
    return (file.parent.relative_to(folder) / file.name.partition(".")[0]).as_posix()


def _templates(
    argument: str, path: Path, files: dict[str, Path], unread: list[NotCompared], region: str | None
) -> Loaded:
    good: dict[str, Path] = {}
    for name, file in files.items():
        told = _not_a_template(file)
        if told is None:
            good[name] = file
        elif told:
            unread.append(NotCompared(stack=name, why=told))
    deployment = load_templates(good, region)
    inner = {stack.file for stack in deployment.stacks if stack.outer is not None}
    if inner:
        # Read as a nested stack, with what the outer one passes to it; it is no stack of its own.
        deployment = load_templates({name: file for name, file in good.items() if not _among(file, inner)}, region)
    if not deployment.stacks and not unread:
        raise_problems("review", Problem(argument, str(path), 'a template: an object with "Resources"', _FIX))
    return Loaded(deployment=deployment, unread=tuple(unread))


def _among(file: Path, others: set[Path | None]) -> bool:
    return any(other is not None and other.resolve() == file.resolve() for other in others)


def _not_a_template(file: Path) -> str | None:
    """None for a template, "" for a file of another sort, otherwise why it cannot be read."""
    try:
        found = load_object(file, "a template")
    except TemplateError as error:
        return str(error)
    if isinstance(found.get("Resources"), dict):
        return None
    return f'{file} has no object "Resources"' if "AWSTemplateFormatVersion" in found else ""


def only_stack(loaded: Loaded) -> Stack | None:
    """The stack of a side that has one only, nested ones not counted."""
    outer = [stack for stack in loaded.deployment.stacks if stack.outer is None]
    return outer[0] if len(outer) == 1 else None

"""Judges a deployment by the requirements: what violates one, and what could not be judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.requirements.part import NotKnownError, Part, parts_at
from cdk_inference.requirements.read import Read
from cdk_inference.requirements.requirement import NotChecked, Requirement, Violation
from cdk_inference.requirements.table import requirements
from cdk_inference.template.opaque import OpaquePart, opaque_parts
from cdk_inference.template.stacks import Deployment, Resource

# The rule of results about parts of a template that cannot be opened.
EVERY_RULE = "every-rule"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was found. judged: how many resources a requirement applies to."""

    violations: tuple[Violation, ...]
    not_checked: tuple[NotChecked, ...]
    judged: int


def judge(deployment: Deployment, chosen: Sequence[Requirement] | None = None) -> Judgement:
    """Returns the judgement of every stack. chosen: the requirements; default: all of them."""
    read = Read(deployment)
    by_type: dict[str, list[Requirement]] = {}
    for one in requirements() if chosen is None else chosen:
        by_type.setdefault(one.type, []).append(one)
    violations: list[Violation] = []
    not_checked: list[NotChecked] = []
    judged = 0
    for stack in deployment.stacks:
        not_checked += [_not_opened(part) for part in opaque_parts(stack)]
        for resource in stack.resources(*by_type):
            judged += 1
            for one in by_type[resource.type]:
                for found in _results(one, resource, read):
                    if isinstance(found, Violation):
                        violations.append(found)
                    else:
                        not_checked.append(found)
    return Judgement(violations=tuple(violations), not_checked=tuple(not_checked), judged=judged)


def _not_opened(part: OpaquePart) -> NotChecked:
    """A nested stack that was not read, a macro, a loop: what is in there is judged by no rule."""
    return NotChecked(
        rule=EVERY_RULE,
        stack=part.stack.name,
        logical_id=part.logical_id,
        where="",
        why=f"{part.what}: {part.reason}",
        construct_path=part.stack.paths.get(part.logical_id),
        file=part.stack.file,
    )


def _results(one: Requirement, resource: Resource, read: Read) -> Iterable[Violation | NotChecked]:
    properties = read.properties(resource)
    if isinstance(properties, Unknown):
        yield _not_checked(one, resource, "", properties.reason)
        return
    if not isinstance(properties, dict):
        return
    whole = Part(resource=resource, path="", value=properties, read=read)
    for pattern in one.places:
        for part in parts_at(whole, pattern):
            if isinstance(part, tuple):
                yield _not_checked(one, resource, *part)
                continue
            try:
                problem = one.check(part)
            except NotKnownError as error:
                yield _not_checked(one, resource, part.path, error.reason)
                continue
            if problem is not None:
                where = ".".join(step for step in (part.path, problem.argument) if step)
                yield Violation(
                    requirement=one,
                    stack=resource.stack.name,
                    logical_id=resource.logical_id,
                    construct_path=_construct_path(resource),
                    where=where,
                    problem=problem,
                    file=resource.stack.file,
                )


def _construct_path(resource: Resource) -> str | None:
    """The CDK writes it beside the template, and into the resource's metadata."""
    path = resource.stack.paths.get(resource.logical_id)
    if path is not None:
        return path
    metadata = resource.written.get("Metadata")
    found = metadata.get("aws:cdk:path") if isinstance(metadata, dict) else None
    return found if isinstance(found, str) else None


def _not_checked(one: Requirement, resource: Resource, where: str, why: str) -> NotChecked:
    return NotChecked(
        rule=one.id,
        stack=resource.stack.name,
        logical_id=resource.logical_id,
        where=where,
        why=why,
        construct_path=_construct_path(resource),
        file=resource.stack.file,
    )

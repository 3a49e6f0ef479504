"""One side of what is compared: a resource as it was, or as it is going to be."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.shapes import intrinsic, mapping, referenced
from cdk_inference.template.stacks import Resource

_DEPTH_MAX = 60  # levels of a template that are looked at
_SUB_MARKS = ("${", "}")

Steps = tuple[str, ...]


@dataclass(eq=False, frozen=True)
class ResourceVersion:
    """A resource of one of the two deployments."""

    resource: Resource

    @property
    def written(self) -> dict[str, Any]:
        """The properties as they stand in the template."""
        return mapping(self.resource.written.get("Properties"))

    @functools.cached_property
    def properties(self) -> dict[str, Any]:
        """The properties with functions evaluated. What is not known is `Unknown`; what refers to another resource is
        text with a mark in it: see template/references.py."""
        return {name: self.resource.get(name) for name in self.written}

    def get(self, *path: str | int) -> Any:
        """The evaluated value at a path of keys and indices: None if there is none, Unknown if it is not known."""
        value: Any = self.properties
        for step in path:
            if isinstance(value, Unknown):
                return value
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
                value = value[step]
            else:
                return None
        return value

    def attribute(self, name: str) -> Any:
        """DeletionPolicy, UpdateReplacePolicy, DependsOn, ...; None where it is not there."""
        return self.resource.stack.resolve(self.resource.written.get(name))

    def references(self) -> Iterator[tuple[Steps, str]]:
        """(path of the property, logical id) of each reference to another resource or parameter, as written."""
        yield from _references(self.written, (), 0)


def _references(value: Any, path: Steps, depth: int) -> Iterator[tuple[Steps, str]]:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _references(one, (*path, str(number)), depth + 1)
    elif isinstance(value, dict) and intrinsic(value):
        yield from ((path, target) for target in _targets(value, depth + 1))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _references(one, (*path, str(key)), depth + 1)


def _targets(value: Any, depth: int) -> Iterator[str]:
    """Every logical id below a function."""
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, list):
        for one in value:
            yield from _targets(one, depth + 1)
    elif isinstance(value, dict):
        target = referenced(value) if len(value) == 1 else ""
        if target:
            yield target
            return
        for key, one in value.items():
            yield from _substituted(one) if key == "Fn::Sub" else ()
            yield from _targets(one, depth + 1)


def _substituted(argument: Any) -> Iterator[str]:
    text = argument[0] if isinstance(argument, list) and argument else argument
    if isinstance(text, str):
        for part in text.split(_SUB_MARKS[0])[1:]:
            name = part.partition(_SUB_MARKS[1])[0]
            if not name.startswith("!"):
                yield name.strip().partition(".")[0]

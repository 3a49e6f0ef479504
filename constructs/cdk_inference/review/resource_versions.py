"""A resource as it was, or as it is going to be, with its properties evaluated at most once."""

from __future__ import annotations

import functools
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import as_bytes
from cdk_inference.template.stacks import Resource
from cdk_inference.template.values import intrinsic, mapping, referenced

_DEPTH_MAX = 60  # levels of a template that are looked at
_SUB_MARKS = ("${", "}")
_LITERAL_BRACKETS_MAX = 40  # as many levels, at most, are evaluated
# What a value of another stack is written with.
_OTHER_STACKS = ("Fn::ImportValue", "Fn::GetStackOutput", "Outputs.")
_OTHER_STACKS_BYTES = tuple(one.encode() for one in _OTHER_STACKS)

Steps = tuple[str, ...]


@dataclass(eq=False)
class ResourceVersion:
    """A resource of one of the two deployments."""

    resource: Resource
    _marked: dict[str, Any] = field(default_factory=dict, init=False, repr=False)
    _earlier: ResourceVersion | None = field(default=None, init=False, repr=False)
    _alike: frozenset[str] = field(default=frozenset(), init=False, repr=False)
    # The earlier version, where all properties have its values.
    _unchanged: ResourceVersion | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.written = mapping(self.resource.written.get("Properties"))  # as they stand in the template
        self._words = as_bytes(self.written)

    def share(self, earlier: ResourceVersion) -> None:
        """Takes the values of `earlier` for the properties that are written alike and depend on this stack only.

        Both have to be in stacks where equal words have equal values.
        """
        if self.resource.grows or earlier.resource.grows:
            return
        self._earlier = earlier
        if self.written_like(earlier) and not self.depends_on_other_stacks:
            self._alike, self._unchanged = frozenset(self.written), earlier
            return
        theirs = earlier.texts
        self._alike = frozenset(
            name
            for name, text in self.texts.items()
            if text and text == theirs.get(name) and not ("Fn::" in text and _names_other_stacks(text))
        )
        if len(self._alike) == len(self.written) == len(earlier.written):
            self._unchanged = earlier

    def written_like(self, other: ResourceVersion) -> bool:
        """Whether all properties are the same words; False where that is not known."""
        return bool(self._words) and self._words == other._words

    @functools.cached_property
    def texts(self) -> dict[str, str]:
        """The properties as text: equal texts are equal values. "" for a value that is nested too deep."""
        return {name: as_text(value) for name, value in self.written.items()}

    @functools.cached_property
    def properties(self) -> dict[str, Any]:
        """The properties with functions evaluated. What is not known is `Unknown`; what refers to another resource is
        text with a mark in it: see template/references.py."""
        return {name: self._value(name) for name in self.written}

    def _value(self, name: str) -> Any:
        if self._earlier is not None and name in self._alike:
            return self._earlier._value(name)
        return self.written[name] if name in self._literals else self.resource.get(name)

    def marked(self, name: str) -> Any:
        """A property with functions evaluated, and marks also for what is not known. None: it is not there."""
        if name not in self._marked:
            if name not in self.written:
                return None
            if self._earlier is not None and name in self._alike:
                return self._earlier.marked(name)
            written = self.written[name]
            self._marked[name] = written if name in self._literals else self.resource.stack.marked(written)
        return self._marked[name]

    @functools.cached_property
    def marked_within(self) -> dict[str, Any]:
        """The properties with marks, for what is not known and for every attribute of another resource."""
        if self._unchanged is not None:
            return self._unchanged.marked_within
        values = {name: self._within(name) for name in self.written}
        return {name: value for name, value in values.items() if value is not None}

    def _within(self, name: str) -> Any:
        if self._earlier is not None and name in self._alike:
            return self._earlier.marked_within.get(name)
        written = self.written[name]
        return written if name in self._literals else self.resource.stack.marked_within(written)

    @functools.cached_property
    def _literals(self) -> frozenset[str]:
        """The properties without functions, which are their own values."""
        return frozenset(name for name, text in self.texts.items() if _without_functions(text))

    @functools.cached_property
    def depends_on_other_stacks(self) -> bool:
        """Whether a property has, or may have, a value of another stack."""
        return not self._words or any(token in self._words for token in _OTHER_STACKS_BYTES)

    def get(self, *path: str | int) -> Any:
        """Returns the evaluated value at a path of keys and indices: None if there is none, Unknown if it is not known.

        Raises:
            TypeError: A step is neither a key nor an index, as in `get("Tags", [])`: there is no default.
        """
        if not path or not isinstance(path[0], str):
            return None
        value = self._value(path[0]) if path[0] in self.written else None
        for step in path[1:]:
            if not isinstance(step, (str, int)) or isinstance(step, bool):
                raise TypeError(f"get{path}: {step!r} is neither a key nor an index; a missing value is None")
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

    def references(self, names: Container[str] | None = None) -> Iterator[tuple[Steps, str]]:
        """(path of the property, logical id) of each reference to another resource or parameter, as written.

        names: the properties to look at; default: all.
        """
        for name, value in self.written.items():
            if isinstance(value, (dict, list)) and (names is None or name in names):
                yield from _references(value, (name,), 1)


def _names_other_stacks(text: str) -> bool:
    return any(token in text for token in _OTHER_STACKS)


def _without_functions(text: str) -> bool:
    """Whether a value, as text, has no functions and is not nested too deep."""
    if "Fn::" in text or "'Ref'" in text or "'Condition'" in text or "{{resolve:" in text or "None" in text:
        return False
    return bool(text) and text.count("{") + text.count("[") < _LITERAL_BRACKETS_MAX


def as_text(value: Any) -> str:
    """Returns a value of a template as text, or "" where it is nested too deep, or in itself. Fast: it runs in C."""
    try:
        text = repr(value)
    except RecursionError:
        return ""
    return "" if "{...}" in text or "[...]" in text else text


def _references(value: dict[Any, Any] | list[Any], path: Steps, depth: int) -> Iterator[tuple[Steps, str]]:
    if depth > _DEPTH_MAX:
        return
    if isinstance(value, dict) and intrinsic(value):
        yield from ((path, target) for target in _targets(value, depth + 1))
        return
    for key, one in enumerate(value) if isinstance(value, list) else value.items():
        if isinstance(one, (dict, list)):
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

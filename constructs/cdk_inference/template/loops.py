"""Fn::ForEach over lists that are known, written out as AWS::LanguageExtensions does.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
(read 2026-11-29)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

LOOP = "Fn::ForEach"
TRANSFORM = "AWS::LanguageExtensions"
_VALUES_MAX = 200_000  # of all loops of a template, written out
_DEPTH_MAX = 60  # levels that are looked at
_NOT_A_NAME = re.compile("[^A-Za-z0-9]")


class _TooLargeError(Exception):
    """The loops become larger than is read."""


def without_loops(template: Mapping[str, Any], resolve: Callable[[Any], Any]) -> Mapping[str, Any]:
    """The template with its loops written out; a loop over a list that is not known stays, and so do all of a template
    that become too large. `resolve` evaluates a list."""
    try:
        written = _Writer(resolve).value(template, {}, 0)
    except _TooLargeError:
        return template
    return written if isinstance(written, dict) else template


class _Writer:
    def __init__(self, resolve: Callable[[Any], Any]) -> None:
        self._resolve = resolve
        self._made = 0

    def value(self, value: Any, names: Mapping[str, str], depth: int) -> Any:
        """A copy of `value` with its loops written out, and with items in place of the names of the loops around it."""
        self._made += 1 if names else 0
        if self._made > _VALUES_MAX:
            raise _TooLargeError
        if depth > _DEPTH_MAX:
            return value
        if isinstance(value, str):
            filled = _filled(value, names)
            self._made += len(filled) // 100 if names else 0
            return filled
        if isinstance(value, list):
            return [self.value(one, names, depth + 1) for one in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and isinstance(name := value.get("Ref"), str) and name in names:
            return names[name]
        made: dict[str, Any] = {}
        for key, one in value.items():
            if isinstance(key, str) and key.startswith(LOOP):
                made |= self._loop(key, one, names, depth)
            else:
                made[_filled(key, names) if isinstance(key, str) else key] = self.value(one, names, depth + 1)
        return made

    def _loop(self, key: str, written: Any, names: Mapping[str, str], depth: int) -> dict[str, Any]:
        match written:
            case [str(identifier), collection, dict(output)]:
                listed = self._resolve(self.value(collection, names, depth + 1))
                if isinstance(listed, list) and all(isinstance(one, (str, int, float)) for one in listed):
                    made: dict[str, Any] = {}
                    for item in listed:
                        made |= self.value(output, {**names, identifier: str(item)}, depth + 1)
                    return made
        return {_filled(key, names): self.value(written, names, depth + 1)}


def _filled(text: str, names: Mapping[str, str]) -> str:
    """${Name} becomes the item, and &{Name} the item without what a logical id cannot have."""
    for name, item in names.items():
        if "{" in text:
            text = text.replace(f"${{{name}}}", item).replace(f"&{{{name}}}", _NOT_A_NAME.sub("", item))
    return text

"""CloudFormation's functions, as far as a template has their values before it is deployed.

`resolve` gives plain values in which a part may be `Unknown`, with the reason; text may hold references to resources
(values.py). What a deployment decides (parameters without default, SSM, macros) stays unknown; the text around it is
kept (partial_text.py).
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html (read 2026-11-24)
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.values import unknown_mark

# Against templates that grow without end when they are resolved; real ones stay far below.
DEPTH_MAX = 50
_STEPS_MAX = 200_000
_WORDS_MAX = 200_000  # characters of the JSON that distinguishes unknown values
_TEXT_MAX = 100_000
DYNAMIC = "{{resolve:"
_REFERENCE = re.compile(r"(\{\{resolve:[^{}]*\}\})")
_GROWING = ("Fn::Transform", "Fn::ForEach")
_TOO_DEEP = "the template is nested too deep"


class Scope(Protocol):
    """What the functions read from a stack."""

    key: str

    def parameter(self, name: str) -> Any:
        """The value of a parameter or pseudo parameter; None if there is no such parameter."""

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        """An attribute of a resource (None: what Ref gives)."""

    def mapping(self, name: str) -> Any:
        """A table of Mappings, as written."""

    def condition(self, name: str) -> bool | Unknown:
        """Whether a condition holds."""
        ...

    def written_condition(self, name: str) -> Any:
        """A condition, as written."""

    def imported(self, name: str) -> Any:
        """The value of an export."""

    def output_of(self, stack: str, region: Any, output: str) -> Any:
        """An output of another stack."""


class _NoValue:
    """AWS::NoValue: the property is not there."""


NO_VALUE = _NoValue()
# (the evaluation, the function's argument, depth) -> value
Function = Callable[["Resolving", Any, int], Any]


def resolve(value: Any, scope: Scope, functions: Mapping[str, Function]) -> Any:
    """`value` with its functions evaluated."""
    if not _evaluated(value):
        return value
    try:
        return Resolving(scope, functions).value(value, 0)
    except RecursionError:  # conditions of conditions, or exports of exports
        return Unknown(_TOO_DEEP)


def marked(found: Any) -> Any:
    """A resolved value, with a mark in place of each part that is not known. None: it is not there.

    Unlike in `found`, a text with an unknown part is a text.
    """
    if found is NO_VALUE:
        return None
    if isinstance(found, Unknown):
        return unknown_mark(found.reason, "") if found.text is None else found.text
    if isinstance(found, list):
        return [one for item in found if (one := marked(item)) is not None]
    if isinstance(found, dict):
        return {str(key): one for key, item in found.items() if (one := marked(item)) is not None}
    return found


class Resolving:
    """One evaluation, which counts its steps."""

    def __init__(self, scope: Scope, functions: Mapping[str, Function]) -> None:
        self.scope = scope
        self.steps = 0
        self._functions = functions

    def value(self, value: Any, depth: int) -> Any:
        """`value` with its functions evaluated."""
        self.steps += 1
        if depth > DEPTH_MAX or self.steps > _STEPS_MAX:
            return Unknown(_TOO_DEEP)
        if isinstance(value, str):
            return text_of([value]) if DYNAMIC in value else value
        if isinstance(value, list):
            found = [self._inner(one, depth + 1) for one in value]
            return [one for one in found if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), *_ = value.items()
            if isinstance(name, str) and (name in self._functions or name.startswith("Fn::")):
                return self.call(name, argument, depth + 1)
        if grows(value):
            return Unknown("a macro or a loop may change it when the stack is deployed")
        made = {}
        for key, one in value.items():
            found = self._inner(one, depth + 1)
            if found is not NO_VALUE:
                made[key] = found
        return made

    def _inner(self, value: Any, depth: int) -> Any:
        """The same as `value`, without a call where there is nothing to evaluate."""
        if _evaluated(value):
            return self.value(value, depth)
        self.steps += 1
        return value if self.steps <= _STEPS_MAX else Unknown(_TOO_DEEP)

    def call(self, name: str, argument: Any, depth: int) -> Any:
        """The value of one function. What is not known for a reason of its own is a hole of its own."""
        function = self._functions.get(name)
        found = Unknown(f"{name} is not evaluated") if function is None else function(self, argument, depth)
        if not isinstance(found, Unknown) or found.text is not None or found.reason == _TOO_DEEP:
            return found
        label = f"${{{argument}}}" if name == "Ref" and isinstance(argument, str) else ""
        return Unknown(found.reason, text=unknown_mark(found.reason, self._words(name, argument), label))

    def _words(self, name: str, argument: Any) -> str:
        """A function as text, with the conditions and tables that it names: equal texts are equal values."""
        try:
            pieces = [json.dumps({name: argument}, sort_keys=True, default=str)]
            pieces += [json.dumps(one, sort_keys=True, default=str) for one in self._named({name: argument})]
        except RecursionError:
            return _TOO_DEEP
        text = "".join([self.scope.key, *pieces])
        self.steps += len(text) // 20
        return text if len(text) < 100 else hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

    def _named(self, value: Any) -> list[Any]:
        """The definitions of the conditions and Mappings below a function, each once."""
        found: dict[tuple[str, str], Any] = {}
        todo = [value]
        for one in todo:
            if len(todo) > _WORDS_MAX:
                break
            if isinstance(one, list):
                todo += one
            elif isinstance(one, dict):
                todo += one.values()
                for kind, name in _names(one):
                    if (kind, name) not in found:
                        mapped = kind == "mapping"
                        found[kind, name] = self.scope.mapping(name) if mapped else self.scope.written_condition(name)
                        todo.append(None if mapped else found[kind, name])
        return [[*place, one] for place, one in sorted(found.items(), key=lambda item: item[0])]

    def arguments(self, argument: Any, depth: int, count: int | None = None) -> list[Any] | Unknown:
        """A function's list of arguments, evaluated; Unknown where one is, or where it is no such list."""
        found = self.value(argument, depth)
        if isinstance(found, Unknown):
            return Unknown(found.reason)
        if not isinstance(found, list) or (count is not None and len(found) != count):
            return Unknown("a function has arguments of another form")
        return found


def _evaluated(value: Any) -> bool:
    """Whether a value may have functions or dynamic references."""
    kind = type(value)
    return kind is dict or kind is list or (kind is str and DYNAMIC in value)


def _names(function: dict[Any, Any]) -> list[tuple[str, str]]:
    match function:
        case {"Fn::If": [str(name), *_]} | {"Condition": str(name)}:
            return [("condition", name)]
        case {"Fn::FindInMap": [str(name), *_]}:
            return [("mapping", name)]
    return []


def grows(value: Mapping[Any, Any]) -> bool:
    """Whether the deployment adds something to an object, or changes it: by a macro, an include or a loop."""
    return _growing(tuple(value))


@functools.lru_cache(maxsize=1000)
def _growing(keys: tuple[Any, ...]) -> bool:
    """Thousands of resources of a few types have the same keys."""
    return any(isinstance(key, str) and key.startswith(_GROWING) for key in keys)


def comparable(value: Any) -> Any:
    """CloudFormation compares text: 1 is "1", true is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def text_of(parts: list[Any]) -> str | Unknown:
    """Parts as one text, as CloudFormation writes numbers and truth values; a part that is not known is a hole."""
    reason = None
    words: list[str] = []
    literal = ""
    size = 0
    for part in parts:
        if part is NO_VALUE:
            continue
        if isinstance(part, Unknown):
            reason = reason or part.reason
            if part.text is None:
                return Unknown(part.reason)
            words.append(part.text)
        elif isinstance(part, (str, int, float)):
            words.append(str(comparable(part)))
            literal += words[-1]
        else:
            return Unknown("a text has a part that is not text")
        size += len(words[-1])
        if size > _TEXT_MAX:
            return Unknown("a text is too long")
    text = "".join(words)
    if DYNAMIC in literal:
        # A reference may hold a hole, and then the text around it cannot be distinguished from it.
        return Unknown(_at_deployment(literal)) if reason else _dynamic(text)
    return text if reason is None else Unknown(reason, text=text)


def _dynamic(text: str) -> Unknown:
    """Text with dynamic references, which only the deployment looks up."""
    pieces = _REFERENCE.split(text)
    if DYNAMIC in "".join(pieces[::2]):
        return Unknown(_at_deployment(text))
    holes = [unknown_mark(_at_deployment(one), one) if number % 2 else one for number, one in enumerate(pieces)]
    return Unknown(_at_deployment(text), text="".join(holes))


def _at_deployment(text: str) -> str:
    return f"{text[:80]} is known at deployment only"

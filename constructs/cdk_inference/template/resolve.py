"""CloudFormation's functions, as far as a template tells their values before it is deployed.

`resolve` gives plain values in which a part may be `Unknown`, with the reason; text may hold references to resources
(references.py). What a deployment decides (parameters without default, SSM, macros) stays unknown.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html (read 2026-11-24)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Protocol

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.values import intrinsic, unknown_mark

# Against templates that grow without end when they are resolved; real ones stay far below.
_DEPTH_MAX = 50
_MARKED_DEPTH_MAX = 40
_STEPS_MAX = 200_000
_TEXT_MAX = 100_000

_IN_SUB = re.compile(r"\$\{(!?)([^}]*)\}")
_DYNAMIC = "{{resolve:"


class Scope(Protocol):
    """What the functions ask a stack for."""

    def parameter(self, name: str) -> Any:
        """The value of a parameter or pseudo parameter; None if there is no such parameter."""

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        """An attribute of a resource (None: what Ref gives)."""

    def mapping(self, name: str) -> Any:
        """A table of Mappings, as written."""

    def condition(self, name: str) -> bool | Unknown:
        """Whether a condition holds."""

    def imported(self, name: str) -> Any:
        """The value of an export."""

    def output_of(self, stack: str, region: Any, output: str) -> Any:
        """An output of another stack."""


class _NoValue:
    """AWS::NoValue: the property is not there."""


NO_VALUE = _NoValue()


def resolve(value: Any, scope: Scope) -> Any:
    """`value` with its functions evaluated."""
    return _Resolving(scope).value(value, 0)


def resolve_marked(value: Any, scope: Scope, depth: int = 0) -> Any:
    """`value` with its functions evaluated, and a mark in place of each part that is not known: see references.py.

    None: it is not there. Unlike `resolve`, a text with an unknown part keeps the parts that are known.
    """
    if depth > _MARKED_DEPTH_MAX:
        return unknown_mark("it is nested too deep", "")
    if isinstance(value, str):
        return unknown_mark(_at_deployment(value), value) if _DYNAMIC in value else value
    if isinstance(value, list):
        return [one for item in value if (one := resolve_marked(item, scope, depth + 1)) is not None]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and intrinsic(value):
        return _function_marked(value, scope, depth)
    return {str(key): one for key, item in value.items() if (one := resolve_marked(item, scope, depth + 1)) is not None}


def _function_marked(function: dict[Any, Any], scope: Scope, depth: int) -> Any:
    match function:
        case {"Fn::If": [str(name), then, otherwise]}:
            holds = scope.condition(name)
            if not isinstance(holds, Unknown):
                return resolve_marked(then if holds else otherwise, scope, depth + 1)
        case {"Fn::Join": [str(between), [*parts]]}:
            texts = [resolve_marked(part, scope, depth + 1) for part in parts]
            if all(isinstance(text, str) for text in texts):
                return between.join(texts)
    found = resolve(function, scope)
    return _marked(None if found is NO_VALUE else found, json.dumps(function, sort_keys=True, default=str), 0)


def _marked(found: Any, words: str, depth: int) -> Any:
    if isinstance(found, Unknown) or depth > _MARKED_DEPTH_MAX:
        return unknown_mark(found.reason if isinstance(found, Unknown) else "it is nested too deep", words)
    if isinstance(found, list):
        return [_marked(one, words, depth + 1) for one in found]
    if isinstance(found, dict):
        return {str(key): _marked(one, words, depth + 1) for key, one in found.items()}
    return found


class _Resolving:
    """One evaluation, which counts its steps."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.steps = 0

    def value(self, value: Any, depth: int) -> Any:
        self.steps += 1
        if depth > _DEPTH_MAX or self.steps > _STEPS_MAX:
            return Unknown("the template is nested too deep")
        if isinstance(value, str):
            return Unknown(_at_deployment(value)) if _DYNAMIC in value else value
        if isinstance(value, list):
            found = [self.value(one, depth + 1) for one in value]
            return [one for one in found if one is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument), *_ = value.items()
            function = _FUNCTIONS.get(name)
            if function is not None:
                return function(self, argument, depth + 1)
            if isinstance(name, str) and name.startswith("Fn::"):
                return Unknown(f"{name} is not evaluated")
        made = {key: self.value(one, depth + 1) for key, one in value.items()}
        return {key: one for key, one in made.items() if one is not NO_VALUE}

    def arguments(self, argument: Any, depth: int, count: int | None = None) -> list[Any] | Unknown:
        """A function's list of arguments, evaluated; Unknown where one is, or where it is no such list."""
        found = self.value(argument, depth)
        if isinstance(found, Unknown):
            return found
        if not isinstance(found, list) or (count is not None and len(found) != count):
            return Unknown("a function has arguments of another form")
        return found


def _at_deployment(text: str) -> str:
    return f"{text[:80]} is known at deployment only"


def _ref(at: _Resolving, argument: Any, depth: int) -> Any:
    del depth
    if not isinstance(argument, str):
        return Unknown("a Ref names nothing")
    if argument == "AWS::NoValue":
        return NO_VALUE
    found = at.scope.parameter(argument)
    return at.scope.attribute(argument, None) if found is None else found


def _get_att(at: _Resolving, argument: Any, depth: int) -> Any:
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    logical_id, attribute = found
    if not isinstance(logical_id, str) or not isinstance(attribute, str):
        return Unknown("a Fn::GetAtt names nothing")
    return at.scope.attribute(logical_id, attribute)


def _sub(at: _Resolving, argument: Any, depth: int) -> Any:
    text, given = argument, {}
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], dict):
        text, given = argument
    if not isinstance(text, str):
        return Unknown("a Fn::Sub has no text")
    parts: list[Any] = []
    end = 0
    for match in _IN_SUB.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        literal, name = match[1], match[2].strip()
        if literal:
            parts.append("${" + match[2] + "}")
        elif name in given:
            parts.append(at.value(given[name], depth))
        elif "." in name:
            parts.append(_get_att(at, name, depth))
        else:
            parts.append(_ref(at, name, depth))
    return _text([*parts, text[end:]])


def _join(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    between, parts = found
    if isinstance(parts, Unknown):
        return parts
    if not isinstance(between, str) or not isinstance(parts, list):
        return Unknown("a Fn::Join has arguments of another form")
    joined: list[Any] = []
    for part in parts:
        joined += [between, part] if joined else [part]
    return _text(joined)


def _select(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    index, items = found
    if isinstance(items, Unknown):
        return items
    if isinstance(index, str) and re.fullmatch("[0-9]{1,6}", index):
        index = int(index)
    if not isinstance(items, list) or not isinstance(index, int) or not 0 <= index < len(items):
        return Unknown("a Fn::Select chooses nothing")
    return items[index]


def _split(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    between, text = found
    if isinstance(text, Unknown):
        return text
    if not isinstance(between, str) or not between or not isinstance(text, str):
        return Unknown("a Fn::Split has arguments of another form")
    return text.split(between)


def _if(at: _Resolving, argument: Any, depth: int) -> Any:
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
        return Unknown("a Fn::If has arguments of another form")
    holds = at.scope.condition(argument[0])
    if isinstance(holds, Unknown):
        return holds
    return at.value(argument[1] if holds else argument[2], depth)


def _find_in_map(at: _Resolving, argument: Any, depth: int) -> Any:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return Unknown("a Fn::FindInMap has arguments of another form")
    keys = [at.value(key, depth) for key in argument[:3]]
    for key in keys:
        if isinstance(key, Unknown):
            return key
    at_key = at.scope.mapping(str(keys[0]))
    for key in keys[1:]:
        at_key = at_key.get(str(key)) if isinstance(at_key, dict) else None
    if at_key is not None:
        return at_key
    if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
        return at.value(argument[3]["DefaultValue"], depth)
    return Unknown(f"Mappings have no {'.'.join(str(key) for key in keys)}")


def _import_value(at: _Resolving, argument: Any, depth: int) -> Any:
    name = at.value(argument, depth)
    if isinstance(name, Unknown):
        return name
    return at.scope.imported(name) if isinstance(name, str) else Unknown("a Fn::ImportValue names nothing")


def _stack_output(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.value(argument, depth)
    if isinstance(found, dict):
        stack, output = found.get("StackName"), found.get("OutputName")
        if isinstance(stack, str) and isinstance(output, str):
            return at.scope.output_of(stack, found.get("Region"), output)
    return Unknown("a Fn::GetStackOutput names nothing")


def _base64(at: _Resolving, argument: Any, depth: int) -> Any:
    del at, argument, depth
    return Unknown("Fn::Base64 is not evaluated")


def _length(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth)
    return found if isinstance(found, Unknown) else len(found)


def _to_json(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.value(argument, depth)
    if first := _first_unknown(found):
        return first
    try:
        return _text([json.dumps(found)])
    except (TypeError, ValueError):
        return Unknown("a Fn::ToJsonString has no JSON value")


def _condition(at: _Resolving, argument: Any, depth: int) -> Any:
    del depth
    # {"Condition": name} is a function in Conditions, and a key of resources and policies elsewhere.
    return at.scope.condition(argument) if isinstance(argument, str) else {"Condition": argument}


def _equals(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    one, other = found
    if first := _first_unknown(found):
        return first
    return _comparable(one) == _comparable(other)


def _comparable(value: Any) -> Any:
    """CloudFormation compares text: 1 is "1", true is "true"."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _all(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth)
    if isinstance(found, Unknown):
        return found
    if any(one is False for one in found):
        return False
    return _first_unknown(found) or all(one is True for one in found)


def _any(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth)
    if isinstance(found, Unknown):
        return found
    if any(one is True for one in found):
        return True
    return _first_unknown(found) or False


def _not(at: _Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 1)
    if isinstance(found, Unknown):
        return found
    (one,) = found
    return not one if isinstance(one, bool) else _first_unknown(one) or Unknown("a Fn::Not has no condition")


_FUNCTIONS: dict[str, Callable[[_Resolving, Any, int], Any]] = {
    "Ref": _ref,
    "Condition": _condition,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::GetStackOutput": _stack_output,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
    "Fn::Equals": _equals,
    "Fn::And": _all,
    "Fn::Or": _any,
    "Fn::Not": _not,
}


def _first_unknown(value: Any, depth: int = 0) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    if depth > _DEPTH_MAX:
        return Unknown("the template is nested too deep")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for one in inner if (found := _first_unknown(one, depth + 1))), None)


def _text(parts: list[Any]) -> str | Unknown:
    """Parts as one text, as CloudFormation writes numbers and truth values."""
    size = 0
    found = []
    for part in parts:
        if isinstance(part, Unknown):
            return part
        if part is NO_VALUE:
            continue
        if not isinstance(part, (str, int, float)):
            return Unknown("a text has a part that is no text")
        word = str(_comparable(part))
        size += len(word)
        if size > _TEXT_MAX:
            return Unknown("a text is too long")
        found.append(word)
    return "".join(found)

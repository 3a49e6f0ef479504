"""The functions themselves: each gives a value, or `Unknown` with the reason.

An argument that is not known makes what a function gives another unknown value than the argument: only what is handed
through as it is (the branch of an Fn::If, the parts of a text) keeps its text.
"""

from __future__ import annotations

import json
import re
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.partial_text import same_text
from cdk_inference.template.resolve import DEPTH_MAX, NO_VALUE, Function, Resolving, comparable, text_of
from cdk_inference.template.values import references_in, split_text

_IN_SUB = re.compile(r"\$\{(!?)([^}]*)\}")


def _ref(at: Resolving, argument: Any, depth: int) -> Any:
    del depth
    if not isinstance(argument, str):
        return Unknown("a Ref names nothing")
    if argument == "AWS::NoValue":
        return NO_VALUE
    found = at.scope.parameter(argument)
    return at.scope.attribute(argument, None) if found is None else found


def _get_att(at: Resolving, argument: Any, depth: int) -> Any:
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    logical_id, attribute = found
    if not isinstance(logical_id, str) or not isinstance(attribute, str):
        return Unknown("a Fn::GetAtt names nothing")
    return at.scope.attribute(logical_id, attribute)


def _sub(at: Resolving, argument: Any, depth: int) -> Any:
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
            parts.append(at.call("Fn::GetAtt", name.split(".", 1), depth))
        else:
            parts.append(at.call("Ref", name, depth))
    return text_of([*parts, text[end:]])


def _join(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    between, parts = found
    if isinstance(parts, Unknown):
        return Unknown(parts.reason)
    if not isinstance(between, str) or not isinstance(parts, list):
        return Unknown("a Fn::Join has arguments of another form")
    joined: list[Any] = []
    for part in parts:
        joined += [between, part] if joined else [part]
    return text_of(joined)


def _select(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    index, items = found
    if isinstance(items, Unknown):
        return Unknown(items.reason)
    if isinstance(index, str) and re.fullmatch("[0-9]{1,6}", index):
        index = int(index)
    if not isinstance(items, list) or not isinstance(index, int) or not 0 <= index < len(items):
        return Unknown("a Fn::Select chooses nothing")
    return items[index]


def _split(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    between, text = found
    if isinstance(text, Unknown):
        return Unknown(text.reason)
    if not isinstance(between, str) or not between or not isinstance(text, str):
        return Unknown("a Fn::Split has arguments of another form")
    if any(logical_id == "AWS" for _, logical_id, _ in references_in(text)):
        return Unknown("a text that is known at deployment only is split")  # as a stack's id, which has parts
    return split_text(text, between)


def _if(at: Resolving, argument: Any, depth: int) -> Any:
    if not isinstance(argument, list) or len(argument) != 3 or not isinstance(argument[0], str):
        return Unknown("a Fn::If has arguments of another form")
    holds = at.scope.condition(argument[0])
    if not isinstance(holds, Unknown):
        return at.value(argument[1] if holds else argument[2], depth)
    then, otherwise = (at.value(one, depth) for one in argument[1:])
    alike = then == otherwise and _first_unknown([then, otherwise]) is None
    return then if alike else Unknown(holds.reason)


def _find_in_map(at: Resolving, argument: Any, depth: int) -> Any:
    if not isinstance(argument, list) or len(argument) not in (3, 4):
        return Unknown("a Fn::FindInMap has arguments of another form")
    keys = [at.value(key, depth) for key in argument[:3]]
    for key in keys:
        if isinstance(key, Unknown):
            return Unknown(key.reason)
    at_key = at.scope.mapping(str(keys[0]))
    for key in keys[1:]:
        at_key = at_key.get(str(comparable(key))) if isinstance(at_key, dict) else None
    if at_key is not None:
        return at_key
    if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
        return at.value(argument[3]["DefaultValue"], depth)
    return Unknown(f"Mappings have no {'.'.join(str(key) for key in keys)}")


def _import_value(at: Resolving, argument: Any, depth: int) -> Any:
    name = at.value(argument, depth)
    if isinstance(name, Unknown):
        return Unknown(name.reason)
    return at.scope.imported(name) if isinstance(name, str) else Unknown("a Fn::ImportValue names nothing")


def _stack_output(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.value(argument, depth)
    if isinstance(found, dict):
        stack, output = found.get("StackName"), found.get("OutputName")
        if isinstance(stack, str) and isinstance(output, str):
            return at.scope.output_of(stack, found.get("Region"), output)
    return Unknown("a Fn::GetStackOutput names nothing")


def _base64(at: Resolving, argument: Any, depth: int) -> Any:
    del at, argument, depth
    return Unknown("Fn::Base64 is not evaluated")


def _length(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth)
    return found if isinstance(found, Unknown) else len(found)


def _to_json(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.value(argument, depth)
    if first := _first_unknown(found):
        return first
    try:
        return text_of([json.dumps(found)])
    except (TypeError, ValueError):
        return Unknown("a Fn::ToJsonString has no JSON value")


def _sam(at: Resolving, argument: Any, depth: int) -> Any:
    """Written by sam.py alone: what only SAM knows, with the reason."""
    del at, depth
    known = isinstance(argument, list) and argument and isinstance(argument[0], str)
    return Unknown(argument[0] if known else "Fn::Sam is not evaluated")


def _condition(at: Resolving, argument: Any, depth: int) -> Any:
    del depth
    # {"Condition": name} is a function in Conditions, and a key of resources and policies elsewhere.
    return at.scope.condition(argument) if isinstance(argument, str) else {"Condition": argument}


def _equals(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 2)
    if isinstance(found, Unknown):
        return found
    one, other = map(comparable, found)
    if first := _first_unknown(found):
        alike = same_text(one, other)
        return first if alike is None else alike
    return bool(one == other)


def _all(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth)
    if isinstance(found, Unknown):
        return found
    if any(one is False for one in found):
        return False
    return _first_unknown(found) or all(one is True for one in found)


def _any(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth)
    if isinstance(found, Unknown):
        return found
    if any(one is True for one in found):
        return True
    return _first_unknown(found) or False


def _not(at: Resolving, argument: Any, depth: int) -> Any:
    found = at.arguments(argument, depth, 1)
    if isinstance(found, Unknown):
        return found
    (one,) = found
    return not one if isinstance(one, bool) else _first_unknown(one) or Unknown("a Fn::Not has no condition")


FUNCTIONS: dict[str, Function] = {
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
    "Fn::Sam": _sam,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json,
    "Fn::Equals": _equals,
    "Fn::And": _all,
    "Fn::Or": _any,
    "Fn::Not": _not,
}


def _first_unknown(value: Any, depth: int = 0) -> Unknown | None:
    if isinstance(value, Unknown):
        return Unknown(value.reason)
    if depth > DEPTH_MAX:
        return Unknown("the template is nested too deep")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for one in inner if (found := _first_unknown(one, depth + 1))), None)

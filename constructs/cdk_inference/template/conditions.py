"""Conditions: the branches that are chosen, and what the default of a parameter switches off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.resolve import Scope
from cdk_inference.template.values import items, mapping

if TYPE_CHECKING:
    from cdk_inference.template.stacks import Stack

_DEPTH_MAX = 60  # levels; the evaluation of a template ends before
_VALUES_MAX = 10_000  # of one condition that are looked at
_NO_VALUE = {"Ref": "AWS::NoValue"}


def chosen(written: Any, scope: Scope, depth: int = 0) -> Any:
    """`written` with the branch in place of each Fn::If whose condition is known, and without AWS::NoValue.

    So each item of a list stands where its value stands after evaluation. Returns `written` itself where nothing is
    chosen.
    """
    if depth > _DEPTH_MAX:
        return written
    if isinstance(written, list):
        found = [one for one in (chosen(item, scope, depth + 1) for item in written) if one != _NO_VALUE]
        same = len(found) == len(written) and all(one is item for one, item in zip(found, written, strict=True))
        return written if same else found
    if not isinstance(written, dict):
        return written
    match written:
        case {"Fn::If": [str(name), then, otherwise]} if len(written) == 1:
            holds = scope.condition(name)
            if not isinstance(holds, Unknown):
                return chosen(then if holds else otherwise, scope, depth + 1)
            sides = [chosen(one, scope, depth + 1) for one in (then, otherwise)]
            return written if sides[0] is then and sides[1] is otherwise else {"Fn::If": [name, *sides]}
    made = {key: chosen(one, scope, depth + 1) for key, one in written.items()}
    if all(made[key] is one and one != _NO_VALUE for key, one in written.items()):
        return written
    return {key: one for key, one in made.items() if one != _NO_VALUE}


@dataclass(frozen=True, kw_only=True)
class SwitchedOff:
    """A resource that is not there because a parameter has its default. parameters: those of the outermost stack."""

    stack: Stack
    logical_id: str
    type: str
    condition: str
    parameters: tuple[str, ...]


def switched_off(stack: Stack) -> Iterator[SwitchedOff]:
    """Yields what the defaults of parameters switch off; not what a value that was given does."""
    behind: dict[str, tuple[str, ...]] = {}
    for logical_id, written in stack.written.items() if stack.template.get("Conditions") else ():
        resource = mapping(written)
        kind, name = resource.get("Type"), resource.get("Condition")
        if not isinstance(kind, str) or not isinstance(name, str) or stack.condition(name) is not False:
            continue
        if name not in behind:
            found = sorted(_defaults(stack, {"Condition": name}))
            behind[name] = tuple(found)
        if behind[name]:
            yield SwitchedOff(stack=stack, logical_id=logical_id, type=kind, condition=name, parameters=behind[name])


def _defaults(stack: Stack, written: Any) -> set[str]:
    """The parameters of the outermost stack that have their default, and that `written` depends on."""
    declared = mapping(stack.template.get("Parameters"))
    conditions: set[str] = set()
    found: set[str] = set()
    todo = [written]
    for one in todo:
        if len(todo) > _VALUES_MAX:
            break
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            todo += one.values()
            name = one.get("Condition")
            if isinstance(name, str) and name not in conditions:
                conditions.add(name)
                todo.append(stack.written_condition(name))
            for name in _named(one):
                if name in declared:
                    found |= _behind(stack, name)
    return found


def _named(function: Mapping[str, Any]) -> list[str]:
    """What Ref, or the text of Fn::Sub, names."""
    match function:
        case {"Ref": str(name)}:
            return [name]
        case {"Fn::Sub": written}:
            text = items(written)[0] if items(written) else written
            return [one.partition("}")[0].strip() for one in text.split("${")[1:]] if isinstance(text, str) else []
    return []


def _behind(stack: Stack, parameter: str) -> set[str]:
    """The parameter, or those of the outer stack that its value is made of, without what was given."""
    if stack.outer is None:
        return set() if parameter in stack.given else {parameter}
    for logical_id, nested in stack.outer.nested.items():
        if nested is stack:
            passed = mapping(mapping(stack.outer.written.get(logical_id)).get("Properties")).get("Parameters")
            return _defaults(stack.outer, mapping(passed).get(parameter))
    return set()

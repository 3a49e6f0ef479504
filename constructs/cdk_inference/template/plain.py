"""A template as it would be without parameters, conditions and Mappings: what is known stands in it as a value.

References to resources stay references, in one form each: {"Ref": id}, {"Fn::GetAtt": [id, attribute]}, and Fn::Join of
such parts. What is not known, or comes from another stack, stays as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.references import marks_in, reference
from cdk_inference.template.resolve import NO_VALUE, Scope, resolve
from cdk_inference.template.shapes import intrinsic, mapping
from cdk_inference.template.stacks import Resource, Stack

_DEPTH_MAX = 60
_ATTRIBUTES = ("DeletionPolicy", "UpdateReplacePolicy")


def plain_template(stack: Stack, also: Iterable[Resource] = ()) -> dict[str, Any]:
    """The resources of `stack`: their types, properties and policies. The rest of the template is left out.

    also: resources of other stacks, which are put among them under "stack/logical id".
    """
    scope = _References(stack)
    made = {}
    for resource in stack.resources():
        properties = mapping(resource.written.get("Properties"))
        plain = {name: _plain(value, scope, 0) for name, value in properties.items()}
        kept = {name: value for name, value in plain.items() if value is not NO_VALUE}
        attributes = {name: resource.written[name] for name in _ATTRIBUTES if name in resource.written}
        made[resource.logical_id] = {"Type": resource.type, **attributes, "Properties": kept}
    for resource in also:
        names = mapping(resource.written.get("Properties"))
        properties = {name: _referring(resource.get(name), stack.key, 0) for name in names}
        made[f"{resource.stack.name}/{resource.logical_id}"] = {"Type": resource.type, "Properties": properties}
    return {"Resources": made}


class _References:
    """A stack as the functions see it, in which attributes of resources are references and nothing else."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        return reference(self.stack.key, logical_id, attribute or "Ref")

    def imported(self, name: str) -> Any:
        return Unknown(f"{name} is an export of another stack")

    def output_of(self, stack: str, region: Any, output: str) -> Any:
        del region
        return Unknown(f"{output} is an output of {stack}")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stack, name)


def _plain(written: Any, scope: _References, depth: int) -> Any:
    """`written`, value by value: a function is evaluated as a whole."""
    if depth > _DEPTH_MAX:
        return "nested too deep"
    if isinstance(written, dict) and not intrinsic(written):
        made = {key: _plain(one, scope, depth + 1) for key, one in written.items()}
        return {key: one for key, one in made.items() if one is not NO_VALUE}
    if isinstance(written, list):
        items = [_plain(one, scope, depth + 1) for one in written]
        return [one for one in items if one is not NO_VALUE]
    found = resolve(written, cast(Scope, scope))
    return written if _unknown(found, 0) else _referring(found, scope.stack.key, 0)


def _unknown(value: Any, depth: int) -> bool:
    if isinstance(value, Unknown) or depth > _DEPTH_MAX:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_unknown(one, depth + 1) for one in inner)


def _referring(value: Any, key: str, depth: int) -> Any:
    """`value` with functions in place of marks."""
    if isinstance(value, dict):
        return {name: _referring(one, key, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_referring(one, key, depth + 1) for one in value]
    if not isinstance(value, str):
        return value
    parts = [part if isinstance(part, str) else _function(part, key) for part in marks_in(value)]
    if len(parts) == 1:
        return parts[0]
    return {"Fn::Join": ["", parts]} if parts else value


def _function(mark: tuple[str, str, str], key: str) -> Any:
    stack, logical_id, attribute = mark
    if stack != key:
        return f"${{{stack}.{logical_id}.{attribute}}}"  # of another stack
    if logical_id == "AWS":
        return {"Ref": f"AWS::{attribute}"}
    return {"Ref": logical_id} if attribute == "Ref" else {"Fn::GetAtt": [logical_id, attribute]}

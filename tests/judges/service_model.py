"""Judges a CloudFormation template by AWS's own API models.

botocore checks neither enums nor patterns nor most bounds before it sends a request; this walker does.
"""

import json
from functools import cache
from typing import Any

import botocore.session

from rehearsal.leaves import bounds, complaint, shown
from tests.judges.api_calls import SKIPPED, TABLE, Call, Resource

_NO_VALUE = {"Ref": "AWS::NoValue"}


@cache
def model_of(service: str) -> Any:
    """botocore's model of a service, read once."""
    return botocore.session.Session().get_service_model(service)


def _intrinsic(value: object) -> str | None:
    """The name of the intrinsic function, or None for a plain value."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    (name,) = value
    return name if name == "Ref" or str(name).startswith("Fn::") else None


def _has_intrinsic(value: object) -> bool:
    if _intrinsic(value):
        return True
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_has_intrinsic(child) for child in children)


class _Walk:
    """One resource against its calls."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.model = model_of(resource.service)
        self.found: list[str] = []

    def report(self, where: str, message: str) -> None:
        self.found.append(f"{where}: {message} ({self.resource.service} {self.model.api_version})")

    def value(self, value: Any, shape: Any, where: str, path: str) -> None:
        intrinsic = _intrinsic(value)
        if intrinsic == "Fn::If":
            for branch in (1, 2):
                self.value(value["Fn::If"][branch], shape, f"{where}.Fn::If[{branch}]", path)
        elif intrinsic is not None:
            return  # known at deployment only
        elif path in self.resource.documents:
            self.document(value, shape, where)
        elif path in self.resource.tag_maps:
            self.tag_map(value, shape, where)
        elif shape.type_name == "structure":
            self.structure(value, shape, where, path, frozenset())
        elif shape.type_name == "list":
            self.items(value, shape, where, path)
        elif shape.type_name == "map":
            self.map(value, shape, where, path)
        elif (message := complaint(value, shape)) is not None:
            self.report(where, message)

    def structure(self, value: Any, shape: Any, where: str, path: str, supplied: frozenset[str]) -> None:
        if not isinstance(value, dict):
            self.report(where, f"{shown(value)} is not of type structure ({shape.name})")
            return
        given = set(supplied)
        for name, child in value.items():
            if child == _NO_VALUE:
                continue
            child_path = f"{path}.{name}" if path else name
            if child_path in self.resource.ignored:
                given.add(name)
                continue
            if not path and name in self.resource.stands_for:
                given |= self.resource.stands_for[name]
            elif not path and name in self.resource.other_calls:
                self.call(child, self.resource.other_calls[name], f"{where}.{name}", name)
            elif (member := self.member(path, name)) in shape.members:
                given.add(member)
                self.value(child, shape.members[member], f"{where}.{name}", child_path)
            else:
                self.report(where, f"unknown member {name!r} of {shape.name}")
        for missing in (name for name in shape.required_members if name not in given):
            self.report(where, f"missing required member {missing!r} of {shape.name}")

    def member(self, path: str, name: str) -> str:
        """The API's name for a property; the empty string for an API name that CloudFormation renamed."""
        prefix = f"{path}." if path else ""
        renamed = self.resource.renamed
        if prefix + name in renamed:
            return renamed[prefix + name]
        taken = {api for cfn, api in renamed.items() if cfn.rpartition(".")[0] == path}
        return "" if name in taken else name

    def call(self, value: Any, call: Call, where: str, path: str) -> None:
        """A property that belongs to another operation."""
        if call.each:
            if not isinstance(value, list):
                if _intrinsic(value) is None:
                    self.report(where, f"{shown(value)} is not of type list ({call.operation})")
                return
            for index, item in enumerate(value):
                one = Call(call.operation, call.member, supplied=call.supplied)
                self.call(item, one, f"{where}[{index}]", f"{path}[]")
            return
        shape = self.model.operation_model(call.operation).input_shape
        if call.member:
            for member in call.member.split("."):
                shape = shape.members[member]
        if call.member and not call.supplied:
            self.value(value, shape, where, path)
        elif _intrinsic(value) is None:
            self.structure(value, shape, where, path, call.supplied)

    def items(self, value: Any, shape: Any, where: str, path: str) -> None:
        if not isinstance(value, list):
            self.report(where, f"{shown(value)} is not of type list ({shape.name})")
            return
        present = [(index, item) for index, item in enumerate(value) if item != _NO_VALUE]
        certain = not any(_intrinsic(item) == "Fn::If" for _, item in present)
        if certain and (message := bounds(len(present), "items", shape)) is not None:
            self.report(where, message)
        for index, item in present:
            self.value(item, shape.member, f"{where}[{index}]", f"{path}[]")

    def map(self, value: Any, shape: Any, where: str, path: str) -> None:
        if not isinstance(value, dict):
            self.report(where, f"{shown(value)} is not of type map ({shape.name})")
            return
        present = {key: child for key, child in value.items() if child != _NO_VALUE}
        if (message := bounds(len(present), "items", shape)) is not None:
            self.report(where, message)
        for key, child in present.items():
            self.value(key, shape.key, f"{where} key", f"{path}.")
            self.value(child, shape.value, f"{where}.{key}", f"{path}.")

    def tag_map(self, value: Any, shape: Any, where: str) -> None:
        for index, tag in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(tag, dict) or set(tag) != {"Key", "Value"}:
                self.report(f"{where}[{index}]", f"{shown(tag)} is not a tag of Key and Value ({shape.name})")
                continue
            self.value(tag["Key"], shape.key, f"{where}[{index}].Key", "")
            self.value(tag["Value"], shape.value, f"{where}[{index}].Value", "")

    def document(self, value: Any, shape: Any, where: str) -> None:
        if not isinstance(value, dict | str):
            self.report(where, f"{shown(value)} is neither a JSON object nor a string ({shape.name})")
        elif not _has_intrinsic(value):
            text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            if (message := complaint(text, shape)) is not None:
                self.report(where, message)


def findings(template: dict[str, Any]) -> list[str]:
    """Every property that the API models would refuse, as 'LogicalId.Properties.Path: message (service version)'."""
    found: list[str] = []
    for logical_id, body in template.get("Resources", {}).items():
        resource = TABLE.get(body["Type"])
        if resource is not None:
            walk = _Walk(resource)
            shape = walk.model.operation_model(resource.operation).input_shape
            walk.structure(body.get("Properties", {}), shape, f"{logical_id}.Properties", "", resource.supplied)
            found += walk.found
    return found


def unchecked(template: dict[str, Any]) -> list[str]:
    """The resource types of a template that no table knows, sorted."""
    types = {body["Type"] for body in template.get("Resources", {}).values()}
    return sorted(types - set(TABLE) - set(SKIPPED))

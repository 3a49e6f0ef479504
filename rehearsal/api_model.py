"""Checks a call by botocore's service model: members, types, enums, patterns, bounds, required members.

botocore itself checks neither enums nor patterns nor most bounds before it sends a request.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session

from rehearsal.leaves import bounds, complaint, shown


class RefusedError(Exception):
    """A call that the API or a rule refuses. `code` is the API's error code, `rule` the id of the rule, if one did."""

    def __init__(self, message: str, *, code: str = "ValidationException", rule: str = "") -> None:
        super().__init__(message)
        self.code, self.rule = code, rule


@cache
def _session() -> Any:
    return botocore.session.Session()


@cache
def model_of(service: str) -> Any:
    """Returns botocore's model of a service, read once."""
    return _session().get_service_model(service)


def conformed(service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """Returns the input as the API takes it: CloudFormation's texts made numbers and booleans.

    Raises:
        RefusedError: All problems at once.
    """
    model = model_of(service)
    problems: list[str] = []
    shape = model.operation_model(operation).input_shape
    value = _value(params, shape, "", problems)
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        raise RefusedError(
            f"{operation}, {count} by the API's model ({service} {model.api_version}): {'; '.join(problems)}"
        )
    assert isinstance(value, dict)
    return value


def renamed(service: str, operation: str, params: dict[str, Any]) -> dict[str, Any]:
    """Returns CloudFormation's properties with the API's spelling, where only the first letter's case differs."""
    value = _respelled(params, model_of(service).operation_model(operation).input_shape)
    assert isinstance(value, dict)
    return value


def _respelled(value: Any, shape: Any) -> Any:
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        names = {key: key if key in shape.members else members.get(key.lower(), key) for key in value}
        return {names[key]: _respelled(child, shape.members.get(names[key])) for key, child in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [_respelled(item, shape.member) for item in value]
    return value


def _value(value: Any, shape: Any, path: str, problems: list[str]) -> Any:
    where = path or shape.name
    if shape.type_name == "structure":
        return _structure(value, shape, path, problems)
    if shape.type_name == "list":
        if not isinstance(value, list):
            problems.append(f"{where}: {shown(value)} is not of type list")
            return value
        if (message := bounds(len(value), "items", shape)) is not None:
            problems.append(f"{where}: {message}")
        return [_value(item, shape.member, f"{path}[{number}]", problems) for number, item in enumerate(value)]
    if shape.type_name == "map":
        if not isinstance(value, dict):
            problems.append(f"{where}: {shown(value)} is not of type map")
            return value
        if (message := bounds(len(value), "items", shape)) is not None:
            problems.append(f"{where}: {message}")
        for key in value:
            if (message := complaint(key, shape.key)) is not None:
                problems.append(f"{where}, key: {message}")
        return {key: _value(child, shape.value, f"{path}.{key}", problems) for key, child in value.items()}
    if shape.type_name in ("timestamp", "blob"):
        return value
    if shape.type_name == "string" and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)  # CloudFormation writes a number where the API takes text: {"Amount": 100}
    if (message := complaint(value, shape)) is not None:
        problems.append(f"{where}: {message}")
        return value
    return _typed(value, shape.type_name)


def _structure(value: Any, shape: Any, path: str, problems: list[str]) -> Any:
    if not isinstance(value, dict):
        problems.append(f"{path or shape.name}: {shown(value)} is not of type structure")
        return value
    prefix = f"{path}." if path else ""
    problems += [f"{prefix}{name}: unknown member of {shape.name}" for name in value if name not in shape.members]
    problems += [f"{prefix}{name}: required, missing" for name in shape.required_members if name not in value]
    if shape.metadata.get("union") and len(value) != 1:
        problems.append(f"{path}: got {sorted(value)}; allowed: exactly one member of {shape.name}")
    return {
        name: _value(child, shape.members[name], f"{prefix}{name}", problems)
        for name, child in value.items()
        if name in shape.members
    }


def _typed(value: Any, kind: str) -> Any:
    if kind in ("integer", "long"):
        return int(float(value))
    if kind in ("float", "double"):
        return float(value)
    if kind == "boolean" and isinstance(value, str):
        return value == "true"
    return value

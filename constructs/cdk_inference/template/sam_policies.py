"""The policies of a SAM function or state machine: ARNs to attach, and documents in the role.

A policy template of SAM is the statements in facts/sam_policies.csv.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
(read 2026-11-29)
"""

from __future__ import annotations

import functools
import json
from typing import Any

from cdk_inference.facts import table
from cdk_inference.template.values import intrinsic, mapping

_SERVICE_ROLES = ("AWSLambdaBasicExecutionRole", "AWSLambdaVPCAccessExecutionRole", "AWSLambdaRole")
_NO_VALUE = {"Ref": "AWS::NoValue"}


def policies_of(written: Any, role: str) -> tuple[list[Any], list[Any]]:
    """(ARNs, inline policies) of SAM's property Policies: names, ARNs, documents, or SAM's policy templates."""
    attached: list[Any] = []
    inline: list[Any] = []
    listed = [] if written is None else written if isinstance(written, list) else [written]
    for number, one in enumerate(listed):
        arn, document = _one(one)
        if arn is not None:
            attached.append(arn)
        else:
            inline.append(_named(document, f"{role}Policy{number}"))
    return attached, inline


def _one(written: Any) -> tuple[Any, Any]:
    """(ARN, None) or (None, document or function of documents)."""
    match written:
        case str():
            return _arn(written), None
        case {"Fn::If": [str(condition), then, otherwise]}:
            sides = [(None, None) if one == _NO_VALUE else _one(one) for one in (then, otherwise)]
            for at in (0, 1):
                if sides[0][1 - at] is None and sides[1][1 - at] is None:
                    chosen = [_NO_VALUE if side[at] is None else side[at] for side in sides]
                    found = {"Fn::If": [condition, *chosen]}
                    return (found, None) if at == 0 else (None, found)
        case dict() if "Statement" in written:
            return None, written
        case dict() if intrinsic(written) and "Fn::If" not in written:
            return written, None
        case dict() if len(written) == 1:
            (name,) = written
            document = _from_template(str(name), written[name])
            if document is not None:
                return None, document
            return None, {"Fn::Sam": [f"it is SAM's policy template {str(name)[:60]}", written]}
    return None, {"Fn::Sam": ["the policies have another form", written]}


def _from_template(name: str, parameters: Any) -> dict[str, Any] | None:
    """The document of a policy template; None where SAM has none of the name."""
    if name not in _templates():
        return None
    return {"Version": "2012-10-17", "Statement": _filled(json.loads(_templates()[name]), mapping(parameters))}


@functools.cache
def _templates() -> dict[str, str]:
    return {row["template"]: row["statements"] for row in table("sam_policies").rows()}


def _filled(value: Any, parameters: dict[str, Any]) -> Any:
    """A policy template with the values of its parameters."""
    if isinstance(value, list):
        return [_filled(one, parameters) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and "Ref" in value:
        missing = {"Fn::Sam": ["the policy template has no value for a parameter", value["Ref"]]}
        return parameters.get(value["Ref"], missing)
    return {key: _filled(one, parameters) for key, one in value.items()}


def _named(document: Any, name: str) -> Any:
    if isinstance(document, dict) and "Fn::If" in document:
        condition, *sides = document["Fn::If"]
        return {"Fn::If": [condition, *(one if one == _NO_VALUE else _named(one, name) for one in sides)]}
    return {"PolicyName": name, "PolicyDocument": document}


def _arn(name: str) -> Any:
    if name.startswith("arn:"):
        return name
    path = "service-role/" if name in _SERVICE_ROLES else ""
    return {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::aws:policy/{path}{name}"}

"""The policies of a SAM function or state machine: ARNs to attach, and documents in the role.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html#sam-function-policies
(read 2026-11-29)
"""

from __future__ import annotations

from typing import Any

from cdk_inference.template.values import intrinsic

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
            return None, {"Fn::Sam": [f"it is SAM's policy template {str(name)[:60]}", written]}
    return None, {"Fn::Sam": ["the policies have another form", written]}


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

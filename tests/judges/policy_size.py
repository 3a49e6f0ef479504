"""IAM's limits of a role, over a template: characters of a managed policy, and policies of a role.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
"""

from __future__ import annotations

import json
import re
from typing import Any

CHARACTERS_MAX = 6144  # white space is not counted
POLICIES_MAX = 10


def size(document: Any) -> int:
    """Characters of a policy document once every name in it is known."""
    return len(re.sub(r"\s", "", json.dumps(filled_in(document), separators=(",", ":"))))


def filled_in(value: Any) -> Any:
    """`value` with long names in the place of those that are known at deployment only."""
    if isinstance(value, list):
        return [filled_in(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Join" in value:
        return value["Fn::Join"][0].join(map(filled_in, value["Fn::Join"][1]))
    if "Ref" in value:
        return "aws-us-gov"
    if "Fn::GetAtt" in value:
        return "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-" + "0" * 32
    return {name: filled_in(one) for name, one in value.items()}


def findings(template: dict[str, Any]) -> list[str]:
    """Returns a line for each managed policy, and each role, beyond IAM's limits."""
    found = []
    for name, one in template["Resources"].items():
        properties = one.get("Properties", {})
        if one["Type"] == "AWS::IAM::ManagedPolicy" and (got := size(properties["PolicyDocument"])) > CHARACTERS_MAX:
            found.append(f"{name}: {got} characters")
        if one["Type"] == "AWS::IAM::Role" and (got := len(properties.get("ManagedPolicyArns", []))) > POLICIES_MAX:
            found.append(f"{name}: {got} policies")
    return found

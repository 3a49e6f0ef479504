"""A synthesized template as it would be once deployed: intrinsic functions replaced by text, and who has which policies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rehearsal.iam import Policies
from rehearsal.iam_conditions import as_list

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Deployment:
    """`values` are what references give, "LogicalId" or "LogicalId.Attribute"; one that is missing stands for itself."""

    region: str = "us-east-1"
    account: str = "111122223333"
    partition: str = "aws"
    values: Mapping[str, str] = field(default_factory=dict)

    def resolve(self, value: Any) -> Any:
        """`value` without intrinsic functions; another function than these is an error."""
        if isinstance(value, list):
            return [self.resolve(one) for one in value]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                return self._reference(argument)
            if name.startswith("Fn::"):
                return self._function(name, argument)
        return {key: self.resolve(one) for key, one in value.items()}

    def _reference(self, name: str) -> str:
        pseudo = {
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": "amazonaws.com",
        }
        return pseudo.get(name) or self.values.get(name, f"<{name}>")

    def _function(self, name: str, argument: Any) -> Any:
        if name == "Fn::Join":
            return argument[0].join(str(self.resolve(one)) for one in argument[1])
        if name == "Fn::GetAtt":
            return self._reference(argument if isinstance(argument, str) else ".".join(argument))
        if name == "Fn::ImportValue":
            return self._reference(str(self.resolve(argument)))
        if name == "Fn::Select":
            return self.resolve(argument[1])[int(self.resolve(argument[0]))]
        if name == "Fn::Split":
            return str(self.resolve(argument[1])).split(argument[0])
        if name == "Fn::Sub":
            text, given = (argument, {}) if isinstance(argument, str) else argument
            return re.sub(
                r"\$\{([^!}][^}]*)\}",
                lambda match: str(self.resolve(given[match[1]])) if match[1] in given else self._reference(match[1]),
                text,
            )
        raise ValueError(f"not resolved: {name}")

    def identity_of(self, template: Mapping[str, Any], role: str) -> Policies:
        """The policies of the role with this logical id: its own, attached ones, and its boundary."""
        resources: Resources = template["Resources"]
        properties = resources[role]["Properties"]
        documents = [one["PolicyDocument"] for one in properties.get("Policies", ())]
        attached = [one["Ref"] for one in properties.get("ManagedPolicyArns", ()) if "Ref" in one]
        for name, resource in resources.items():
            if resource["Type"] in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy") and (
                name in attached or {"Ref": role} in as_list(resource["Properties"].get("Roles", []))
            ):
                documents.append(resource["Properties"]["PolicyDocument"])
        boundary = properties.get("PermissionsBoundary")
        limit = None if boundary is None else resources[boundary["Ref"]]["Properties"]["PolicyDocument"]
        return Policies(
            identity=[self.resolve(one) for one in documents],
            boundary=None if limit is None else self.resolve(limit),
        )

    def policy_of(self, template: Mapping[str, Any], logical_id: str, name: str = "PolicyDocument") -> Any:
        """A policy that a resource carries itself, as a VPC endpoint, a key or a topic does."""
        document = self.resolve(template["Resources"][logical_id]["Properties"][name])
        return json.loads(document) if isinstance(document, str) else document

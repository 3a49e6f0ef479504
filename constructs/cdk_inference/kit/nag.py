"""Acknowledging findings of cdk-nag: reasons, and wildcard resources as cdk-nag writes them in a finding's id.

Ids are cdk-nag's, with the rule pack in front, as its report prints them.
"""

from __future__ import annotations

import functools
import json
from typing import Any, NamedTuple

import jsii
from aws_cdk import Validations
from constructs import IConstruct

COMPLIANCE_PACKS = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")


class Reason(NamedTuple):
    """A rule and why it is accepted here."""

    rule: str
    reason: str


def acknowledge(construct: IConstruct, reasons: list[Reason]) -> None:
    """Records `reasons` on `construct`, all in one entry of its metadata.

    `Validations.acknowledge` makes an entry of each, with a stack trace that ends in Node: half of all that an
    endpoint takes above its resources. The CDK and cdk-nag read every rule of an entry, spaces as hyphens
    (collect-acknowledged-rule-ids and validation-id in aws-cdk-lib 2.275.0, nag-pack in cdk-nag 3.0.2).
    """
    if reasons:
        data = {rule.replace(" ", "-"): why for rule, why in reasons}
        # What Node.add_metadata does once it has checked the types of its arguments.
        jsii.invoke(construct.node, "addMetadata", [_metadata_key(), data])


@functools.cache
def _metadata_key() -> str:
    return Validations.ACKNOWLEDGED_RULES_METADATA_KEY


def flat(value: Any) -> str:
    """CloudFormation's intrinsics as cdk-nag flattens them (lib/utils/flatten-cfn-reference in cdk-nag 3.0.2)."""
    if isinstance(value, str):
        return value.replace("${", "<").replace("}", ">")
    if isinstance(value, dict) and len(value) == 1:
        ((name, argument),) = value.items()
        if name == "Fn::Join":
            return str(argument[0]).join(flat(part) for part in argument[1])
        if name == "Fn::GetAtt":
            return f"<{flat(argument[0])}.{flat(argument[1])}>"
        if name == "Ref":
            return f"<{flat(argument)}>"
        if name in ("Fn::Sub", "Fn::ImportValue"):
            return flat(argument)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

"""Findings about a network that are accepted, and why: one table, read by people who audit it."""

from __future__ import annotations

from cdk_inference.kit.nag import Reason

_WHY = (
    "SecurityGroup: nothing in this VPC is in its default group, every resource has a group of its own; emptying the "
    "default one from a template takes a Lambda function that may change security groups. "
    "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html"
)
DEFAULT_GROUP = [
    Reason(f"{pack}::{pack}-VPCDefaultSecurityGroupClosed", _WHY)
    for pack in ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")
]


def flow_log_streams(resource: str) -> list[Reason]:
    """For the policy of the role that writes flow logs: `resource` is the wildcard as cdk-nag writes it."""
    why = (
        "Resource: VPC flow logs name their log streams after network interfaces, inside this one log group. "
        "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-cwl.html"
    )
    return [Reason(f"AwsSolutions::AwsSolutions-IAM5[Resource::{resource}]", why)]

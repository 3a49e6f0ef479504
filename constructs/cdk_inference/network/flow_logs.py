"""A VPC's flow logs: which connections were made, kept for a number of days.

The role may do what the CDK's own FlowLog lets its role do (aws-cdk-lib 2.275.0), by a policy that is not inline:
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_inference.endpoints.log_key import allow_endpoint_logs
from cdk_inference.endpoints.place import Place
from cdk_inference.endpoints.reasons import acknowledge
from cdk_inference.endpoints.wildcards import flat
from cdk_inference.network import findings

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

LOG_GROUP_PREFIX = "/cdk-inference/flow-logs/"
_ACTIONS = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


def make_flow_logs(
    scope: Construct, place: Place, name: str, vpc_id: str, *, days: int, keep: bool, key: kms.IKey | None
) -> None:
    """A log group, what writes it, and the flow log of `vpc_id`; `name` is the group's last part."""
    group_name = f"{LOG_GROUP_PREFIX}{name}"
    if key is not None:
        allow_endpoint_logs(key, place, LOG_GROUP_PREFIX)
    group = logs.CfnLogGroup(
        scope,
        "FlowLogGroup",
        log_group_name=group_name,
        retention_in_days=days,
        kms_key_id=None if key is None else key.key_arn,
    )
    group.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if keep else RemovalPolicy.DESTROY)
    arn = place.arn("logs", f"log-group:{group_name}")
    role = iam.Role(
        scope,
        "FlowLogRole",
        description="Writes the flow logs of one VPC",
        assumed_by=iam.ServicePrincipal(
            "vpc-flow-logs.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        ),
    )
    policy = iam.ManagedPolicy(
        scope,
        "FlowLogPolicy",
        description="What the flow logs of one VPC need, and nothing else",
        roles=[role],
        statements=[iam.PolicyStatement(sid="FlowLogs", actions=list(_ACTIONS), resources=[arn, f"{arn}:*"])],
    )
    flow_log = ec2.CfnFlowLog(
        scope,
        "FlowLog",
        resource_id=vpc_id,
        resource_type="VPC",
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_group_name=group_name,
        deliver_logs_permission_arn=role.role_arn,
    )
    flow_log.add_resource_dependency(group)
    flow_log.node.add_dependency(policy)
    # Only pseudo parameters are in it, so this is its final form.
    streams = flat(Stack.of(scope).resolve(f"{arn}:*"))
    acknowledge(policy.node.default_child or policy, findings.flow_log_streams(streams))

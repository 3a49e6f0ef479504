"""A VPC's flow logs: which connections were made, kept for a number of days.

The role may do what the CDK's own FlowLog lets its role do (aws-cdk-lib 2.275.0), by a policy that is not inline:
https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
"""

from __future__ import annotations

from aws_cdk import Aws, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.kit.interfaces import Key, as_role, service_principal
from cdk_inference.kit.log_groups import make_log_group
from cdk_inference.kit.nag import acknowledge, flat
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.network import nag_reasons

LOG_GROUP_PREFIX = "/cdk-inference/flow-logs/"
_ACTIONS = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")


def make_flow_logs(
    scope: Construct, place: StackContext, name: str, vpc_id: str, *, days: int, keep: bool, key: Key | None
) -> None:
    """A log group, what writes it, and the flow log of `vpc_id`; `name` is the group's last part."""
    group_name = f"{LOG_GROUP_PREFIX}{name}"
    group = make_log_group(
        scope, "FlowLogGroup", place, name=group_name, prefix=LOG_GROUP_PREFIX, retention_days=days, keep=keep, key=key
    )
    arn = place.arn("logs", f"log-group:{group_name}")
    role = iam.Role(
        scope,
        "FlowLogRole",
        description="Writes the flow logs of one VPC",
        assumed_by=service_principal(
            "vpc-flow-logs.amazonaws.com", {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        ),
    )
    policy = iam.ManagedPolicy(
        scope,
        "FlowLogPolicy",
        description="What the flow logs of one VPC need, and nothing else",
        roles=[as_role(role)],
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
    acknowledge(policy.node.default_child or policy, nag_reasons.flow_log_streams(streams))

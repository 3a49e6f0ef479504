"""The metering function with its role, its log group and its schedule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_inference.cost import findings
from cdk_inference.cost.meter_asset import code_folder
from cdk_inference.cost.rate import MINUTE
from cdk_inference.endpoints.log_key import allow_endpoint_logs
from cdk_inference.endpoints.place import Place
from cdk_inference.endpoints.reasons import acknowledge
from cdk_inference.endpoints.wildcards import flat
from cdk_inference.pricing import Price

if TYPE_CHECKING:  # loading aws_lambda takes longer than making all alarms, and only metering needs it
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_

# One per account and region, and CloudFormation refuses a second: two would publish different prices under one name.
FUNCTION_NAME = "cdk-inference-metering"
LOG_GROUP_NAME = f"/aws/lambda/{FUNCTION_NAME}"
NAMESPACE = "CdkInference/Cost"
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-24)
_TIMEOUT_MINUTES_MAX = 15
_MEMORY_MB = 256


def make_function(
    scope: Construct,
    place: Place,
    prices: Sequence[Price],
    *,
    every_minutes: int,
    log_retention_days: int,
    key: kms.IKey | None,
) -> None:
    """Runs every `every_minutes`. A run that fails is not repeated: the next one reads everything anew."""
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_s3_assets as assets

    if key is not None:
        allow_endpoint_logs(key, place, LOG_GROUP_NAME)
    group = logs.CfnLogGroup(
        scope,
        "LogGroup",
        log_group_name=LOG_GROUP_NAME,
        retention_in_days=log_retention_days,
        kms_key_id=None if key is None else key.key_arn,
    )
    # Its name is fixed: kept, it would be in the way of the next deployment, and what it says is in the metrics.
    group.apply_removal_policy(RemovalPolicy.DESTROY)
    role, policy = _role(scope, place)
    with code_folder(place.region, prices) as folder:
        code = assets.Asset(scope, "Code", path=str(folder))
    function = lambda_.CfnFunction(
        scope,
        "Function",
        function_name=FUNCTION_NAME,
        description="Counts the instances of every SageMaker endpoint here, and what they cost an hour",
        # The newest: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (cfn-lint 1.58.0, 2026-10-20)
        runtime=lambda_.Runtime.PYTHON_3_14.name,
        architectures=[lambda_.Architecture.ARM_64.name],
        handler="meter.index.handler",
        code=lambda_.CfnFunction.CodeProperty(s3_bucket=code.s3_bucket_name, s3_key=code.s3_object_key),
        role=role.role_arn,
        memory_size=_MEMORY_MB,
        timeout=min(every_minutes, _TIMEOUT_MINUTES_MAX) * MINUTE,
        # Two readings never overlap.
        reserved_concurrent_executions=1,
    )
    function.add_resource_dependency(group)
    function.node.add_dependency(policy)
    acknowledge(function, findings.METER)
    lambda_.CfnEventInvokeConfig(
        scope,
        "Runs",
        function_name=function.ref,
        qualifier="$LATEST",
        maximum_retry_attempts=0,
        maximum_event_age_in_seconds=every_minutes * MINUTE,
    )
    _schedule(scope, function, every_minutes)


def _schedule(scope: Construct, function: lambda_.CfnFunction, every_minutes: int) -> None:
    from aws_cdk import aws_events as events
    from aws_cdk import aws_lambda as lambda_

    rule = events.CfnRule(
        scope,
        "Schedule",
        description=f"Runs {FUNCTION_NAME}",
        schedule_expression=f"rate({every_minutes} minute{'' if every_minutes == 1 else 's'})",
        state="ENABLED",
        targets=[
            events.CfnRule.TargetProperty(
                id="Function",
                arn=function.attr_arn,
                # A reading that comes late is of no use: the next one is due.
                retry_policy=events.CfnRule.RetryPolicyProperty(maximum_event_age_in_seconds=every_minutes * MINUTE),
            )
        ],
    )
    lambda_.CfnPermission(
        scope,
        "Permission",
        action="lambda:InvokeFunction",
        function_name=function.ref,
        principal="events.amazonaws.com",
        source_arn=rule.attr_arn,
    )


def _role(scope: Construct, place: Place) -> tuple[iam.Role, iam.ManagedPolicy]:
    role = iam.Role(
        scope,
        "Role",
        description="Counts instances of SageMaker endpoints and publishes the numbers",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
    )
    endpoints, configs = place.arn("sagemaker", "endpoint/*"), place.arn("sagemaker", "endpoint-config/*")
    streams = place.arn("logs", f"log-group:{LOG_GROUP_NAME}:*")
    policy = iam.ManagedPolicy(
        scope,
        "Policy",
        description="What the metering function needs, and nothing else",
        roles=[role],
        statements=[
            iam.PolicyStatement(sid="ListEndpoints", actions=["sagemaker:ListEndpoints"], resources=["*"]),
            iam.PolicyStatement(sid="Endpoints", actions=["sagemaker:DescribeEndpoint"], resources=[endpoints]),
            iam.PolicyStatement(
                sid="EndpointConfigs", actions=["sagemaker:DescribeEndpointConfig"], resources=[configs]
            ),
            iam.PolicyStatement(
                sid="Publish",
                actions=["cloudwatch:PutMetricData"],
                resources=["*"],
                conditions={"StringEquals": {"cloudwatch:namespace": NAMESPACE}},
            ),
            iam.PolicyStatement(
                sid="MeterLogs", actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=[streams]
            ),
        ],
    )
    # Only pseudo parameters are in these, so this is their final form.
    shown = [flat(Stack.of(scope).resolve(arn)) for arn in (endpoints, configs, streams)]
    acknowledge(policy.node.default_child or policy, findings.meter_policy(*shown))
    return role, policy

"""The metering function: its code with the prices of its region, its role, its schedule and its log group."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.cost import nag_reasons
from cdk_inference.cost.metric_math import MINUTE
from cdk_inference.kit.interfaces import Key, as_role, service_principal
from cdk_inference.kit.log_groups import make_log_group
from cdk_inference.kit.nag import acknowledge, flat
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.pricing import Price

_SOURCE = Path(__file__).with_name("meter")


def prices_text(region: str, prices: Sequence[Price]) -> str:
    """prices.json. The same prices are the same text, so the same asset and the same template."""
    rows = {
        price.item: {"usd": price.usd, "kind": price.kind, "date": price.date}
        | ({"discount": price.discount} if price.discount else {})
        for price in sorted(prices, key=lambda price: price.item)
    }
    return json.dumps({"region": region, "usd_per_hour": rows}, indent=1) + "\n"


@contextmanager
def code_folder(region: str, prices: Sequence[Price]) -> Iterator[Path]:
    """A folder to make the asset from; the CDK copies it while a function is made, so it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        package = Path(name) / _SOURCE.name
        package.mkdir()
        for file in sorted(_SOURCE.glob("*.py")):
            shutil.copyfile(file, package / file.name)
        (package / "prices.json").write_text(prices_text(region, prices), encoding="utf-8")
        yield Path(name)


if TYPE_CHECKING:  # loading aws_lambda takes longer than making all alarms, and only metering needs it
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
    place: StackContext,
    prices: Sequence[Price],
    *,
    every_minutes: int,
    retention_days: int,
    key: Key | None,
    reserve_concurrency: bool,
) -> None:
    """Runs every `every_minutes`. A run that fails is not repeated: the next one reads everything anew."""
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_s3_assets as assets

    # Its name is fixed: kept, it would be in the way of the next deployment, and what it says is in the metrics.
    group = make_log_group(
        scope,
        "LogGroup",
        place,
        name=LOG_GROUP_NAME,
        prefix=LOG_GROUP_NAME,
        retention_days=retention_days,
        keep=False,
        key=key,
    )
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
        # Two readings never overlap. Lambda keeps 100 executions of an account's quota that nothing may reserve:
        # https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (read 2026-11-29)
        reserved_concurrent_executions=1 if reserve_concurrency else None,
    )
    function.add_resource_dependency(group)
    function.node.add_dependency(policy)
    acknowledge(function, nag_reasons.METER)
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


def _role(scope: Construct, place: StackContext) -> tuple[iam.Role, iam.ManagedPolicy]:
    role = iam.Role(
        scope,
        "Role",
        description="Counts instances of SageMaker endpoints and publishes the numbers",
        assumed_by=service_principal("lambda.amazonaws.com"),
    )
    endpoints, configs = place.arn("sagemaker", "endpoint/*"), place.arn("sagemaker", "endpoint-config/*")
    streams = place.arn("logs", f"log-group:{LOG_GROUP_NAME}:*")
    policy = iam.ManagedPolicy(
        scope,
        "Policy",
        description="What the metering function needs, and nothing else",
        roles=[as_role(role)],
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
    acknowledge(policy.node.default_child or policy, nag_reasons.meter_policy(*shown))
    return role, policy

"""Names in templates where stack and variant have names that are nearly as long as AWS takes them."""

from __future__ import annotations

import aws_cdk as cdk

from cdk_inference.cost import BurnRate, CostControls, MonthlyBudget, UnitCost
from cdk_inference.endpoints import RealtimeEndpoint, Variant
from cdk_inference.health import HealthAlarms
from cdk_inference.rollout import AllAtOnce, RollbackWhen
from cdk_inference.scaling import Step, StepScaling
from tests.costs import topic_of
from tests.support import CONTEXT, llm, models, of_type, template_of

STACK_NAME, VARIANT_NAME = "s" * 124, "v" * 60


def test_alarms_keep_to_255_characters_and_to_names_of_their_own() -> None:
    stack = cdk.Stack(cdk.App(context=CONTEXT), STACK_NAME, env=cdk.Environment(region="us-east-1"))
    server = llm(models(stack))
    steps = StepScaling(
        metric="ConcurrentRequestsPerModel", steps=(Step(at=8, change=1),), max_capacity=2, name="n" * 64
    )
    variant = Variant(name=VARIANT_NAME, server=server, hardware="ml.g6.2xlarge", traffic_percent=10, scaling=steps)
    chat = RealtimeEndpoint(
        stack,
        "Chat",
        server=server,
        hardware="ml.g6.2xlarge",
        more_variants=[variant],
        rollout=AllAtOnce(rollback_when=RollbackWhen(p99_milliseconds=2000)),
        alarm_topic=topic_of(stack),
    )
    CostControls(
        stack,
        "Cost",
        targets=[chat],
        alarm_topic=topic_of(stack),
        monthly_budget=MonthlyBudget(usd=5000),
        unit_cost=UnitCost(usd_per_1000_requests=1),
    )
    template = template_of(stack)
    alarms = of_type(template, "AWS::CloudWatch::Alarm") + of_type(template, "AWS::CloudWatch::CompositeAlarm")
    names = [alarm["AlarmName"] for alarm in alarms]
    # For each of two variants 2 rollback, 3 idle, 1 under-use; besides 3 other-config, 1 scaling, 1 burn rate, 1 unit cost.
    assert len(set(names)) == len(names) == 18
    assert max(map(len, names)) == 255
    assert all(len(one["PolicyName"]) <= 256 for one in of_type(template, "AWS::ApplicationAutoScaling::ScalingPolicy"))


def test_metric_maths_keeps_to_its_limits() -> None:
    """255 characters for an id, 2,048 for an expression: botocore 1.44.5, cloudwatch.MetricDataQuery."""
    stack = cdk.Stack(cdk.App(context=CONTEXT), STACK_NAME, env=cdk.Environment(region="us-east-1"))
    server = llm(models(stack))
    variants = [
        Variant(name=f"{VARIANT_NAME}{number}", server=server, hardware="ml.g6.2xlarge", traffic_percent=10)
        for number in range(3)
    ]
    targets = [
        RealtimeEndpoint(stack, f"{number}{'e' * 240}", server=server, hardware="ml.g6.2xlarge", more_variants=variants)
        for number in range(3)
    ]
    topic = topic_of(stack)
    cost, limit = UnitCost(usd_per_1000_requests=1), BurnRate(usd_per_hour=50)
    CostControls(stack, "Cost", targets=targets, alarm_topic=topic, burn_rate=limit, unit_cost=cost)
    HealthAlarms(stack, "Health", targets=targets, alarm_topic=topic)
    alarms = of_type(template_of(stack), "AWS::CloudWatch::Alarm")
    metrics = [(alarm["AlarmName"], one) for alarm in alarms for one in alarm.get("Metrics", ())]
    assert max(len(one["Id"]) for _, one in metrics) <= 255
    assert 500 < max(len(one.get("Expression", "")) for _, one in metrics) <= 2048
    assert len({(alarm, one["Id"]) for alarm, one in metrics}) == len(metrics)

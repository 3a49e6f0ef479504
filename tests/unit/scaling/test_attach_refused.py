"""Metrics of the app that no policy can read, and policies of another kind: refused before anything is made."""

from __future__ import annotations

import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.kit.autoscaling import attach
from cdk_inference.scaling import (
    TargetBacklog,
    TargetMetric,
)
from tests.scalables import queue, variant
from tests.support import new_stack


def refusal(metric: object) -> str:
    stack = new_stack()
    target = variant("realtime", "chat")
    with pytest.raises(ConfigurationError) as caught:
        attach(stack, TargetMetric(metric=metric, value=1, max_capacity=2), target, depends_on=[])
    return str(caught.value)


def expression(text: str, count: int = 1, **more: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    used: dict[str, cloudwatch.IMetric] = {f"m{number}": queue() for number in range(count)}
    return cloudwatch.MathExpression(expression=text, using_metrics={**used, **more})


def test_more_than_ten_metrics() -> None:
    assert refusal(expression("+".join(f"m{number}" for number in range(10)), 10)) == (
        "scaling of fleet-chat-AllTraffic: scaling.metric: got '11 metrics'; allowed: at most 10 metrics, the expression "
        "included; fix: read fewer"
    )


def test_an_expression_in_an_expression_and_a_name_that_is_taken() -> None:
    assert refusal(expression("m0/e1+result", e1=expression("m0"), result=queue())) == (
        "scaling of fleet-chat-AllTraffic has 2 problems:\n"
        "  1. scaling.metric: got ['e1']; allowed: metrics in the expression, not expressions; fix: write one expression "
        "over metrics\n"
        "  2. scaling.metric: got 'result'; allowed: metrics with ids other than result; fix: rename it in using_metrics "
        "and in the expression"
    )


def test_an_expression_that_is_too_long() -> None:
    assert refusal(expression("m0" + "+m0" * 1000)) == (
        "scaling of fleet-chat-AllTraffic: scaling.metric: got '3002 characters'; allowed: an expression of at most 2048 "
        "characters; fix: shorten it"
    )


def test_a_search() -> None:
    text = "SUM(SEARCH('{AWS/SageMaker,EndpointName} Invocations', 'Sum'))"
    assert refusal(cloudwatch.MathExpression(expression=text)) == (
        f"scaling of fleet-chat-AllTraffic: scaling.metric: got {text!r}; allowed: an expression without SEARCH: it "
        "cannot feed an alarm; fix: name the metrics in using_metrics"
    )


def test_a_metric_of_another_region() -> None:
    assert refusal(queue().with_(region="eu-west-1", account="111111111111")) == (
        "scaling of fleet-chat-AllTraffic: scaling.metric: got {'region': 'eu-west-1'}; "
        "allowed: a metric of this account and region, which is all that Application Auto Scaling reads; fix: copy the "
        "metric into this account and region, or scale by one that is here"
    )


@pytest.mark.parametrize("region", ["us-east-1", None])
def test_a_metric_that_a_construct_hands_out_is_here(region: str | None) -> None:
    stack = new_stack(region=region)
    metric = queue().attach_to(stack)
    policy = TargetMetric(metric=metric, value=1, max_capacity=2)
    assert attach(stack, policy, variant("realtime", "chat"), depends_on=[]) is not None


def test_a_policy_of_another_kind_is_refused_before_anything_is_made() -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        attach(stack, TargetBacklog(per_instance=1, max_instances=2), variant("realtime", "chat"), depends_on=[])
    assert str(caught.value) == (
        "scaling of fleet-chat-AllTraffic: scaling: got 'TargetBacklog'; allowed: for a real-time variant: FixedCount, "
        "TargetConcurrency, TargetInvocations, TargetUtilization, TargetMetric, PoolLoad, StepScaling, ScheduledCount, "
        "CombinedPolicies; fix: use TargetConcurrency or TargetInvocations; a real-time endpoint does not publish "
        "ApproximateBacklogSizePerInstance: no page lists it; "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22); "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-detailed-observability-metric-mapping.html "
        "(read 2026-11-23)"
    )
    assert stack.node.children == []

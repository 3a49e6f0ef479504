"""Metrics of the app that no policy can read, where the target is, and policies of another kind."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.scaling import ScalableTarget, TargetBacklog, TargetMetric
from tests.each import each
from tests.scalables import queue, variant
from tests.support import new_stack


def problems(metric: object, account: str = "222222222222", region: str = "us-east-1") -> list[str]:
    target = ScalableTarget.variant("realtime", "fleet-chat", "AllTraffic", account=account, region=region)
    policy = TargetMetric(metric=metric, value=1, max_capacity=2)
    return [str(problem) for problem in policy.problems_for(target)]


def expression(text: str, count: int = 1, **more: cloudwatch.IMetric) -> cloudwatch.MathExpression:
    used: dict[str, cloudwatch.IMetric] = {f"m{number}": queue() for number in range(count)}
    return cloudwatch.MathExpression(expression=text, using_metrics={**used, **more})


def test_more_than_ten_metrics() -> None:
    assert problems(expression("+".join(f"m{number}" for number in range(10)), 10)) == [
        "scaling.metric: got '11 metrics'; allowed: at most 10 metrics, the expression included; fix: read fewer"
    ]


def test_an_expression_in_an_expression_and_a_name_that_is_taken() -> None:
    assert problems(expression("m0/e1+result", e1=expression("m0"), result=queue())) == [
        "scaling.metric: got ['e1']; allowed: metrics in the expression, not expressions; fix: write one expression "
        "over metrics",
        "scaling.metric: got 'result'; allowed: metrics with ids other than result; fix: rename it in using_metrics "
        "and in the expression",
    ]


def test_an_expression_that_is_too_long() -> None:
    assert problems(expression("m0" + "+m0" * 1000)) == [
        "scaling.metric: got '3002 characters'; allowed: an expression of at most 2048 characters; fix: shorten it"
    ]


def test_a_search() -> None:
    text = "SUM(SEARCH('{AWS/SageMaker,EndpointName} Invocations', 'Sum'))"
    assert problems(cloudwatch.MathExpression(expression=text)) == [
        f"scaling.metric: got {text!r}; allowed: an expression without SEARCH: it cannot feed an alarm; fix: name the "
        "metrics in using_metrics"
    ]


def test_a_metric_of_another_account_and_region() -> None:
    assert problems(queue().with_(region="eu-west-1", account="111111111111")) == [
        "scaling.metric: got {'account': '111111111111', 'region': 'eu-west-1'}; allowed: a metric of this account and "
        "region, which is all that Application Auto Scaling reads; fix: copy the metric into this account and region, "
        "or scale by one that is here"
    ]


def test_where_the_target_is_may_be_known_at_deployment_only() -> None:
    metric = queue().with_(region="eu-west-1", account="111111111111")
    assert problems(metric, account=cdk.Aws.ACCOUNT_ID, region=cdk.Aws.REGION) == []


@each("region", ["us-east-1", None])
def test_a_metric_that_a_construct_hands_out_is_here(region: str | None) -> None:
    stack = new_stack(region=region)
    assert problems(queue().attach_to(stack), account=stack.account, region=stack.region) == []


def test_a_policy_of_another_kind() -> None:
    found = TargetBacklog(per_instance=1, max_instances=2).problems_for(variant("realtime", "chat"))
    assert [str(problem) for problem in found] == [
        "scaling: got 'TargetBacklog'; allowed: for a real-time variant: FixedCount, TargetConcurrency, "
        "TargetInvocations, TargetUtilization, TargetMetric, PoolLoad, StepScaling, ScheduledCount, "
        "CombinedPolicies; fix: use TargetConcurrency or TargetInvocations: a real-time endpoint does not publish "
        "ApproximateBacklogSizePerInstance"
    ]

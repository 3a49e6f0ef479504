"""The kind of an alarm: hand-written ones by their metrics and words, and every one that the constructs make."""

from __future__ import annotations

from typing import Any

from cdk_inference.template import deployment_of
from cdk_inference.template.alarm_kinds import kind_by_metrics
from tests.each import each


def metric(name: str, operator: str = "GreaterThanThreshold", statistic: str = "Sum", **more: Any) -> dict[str, Any]:
    return {"MetricName": name, "Statistic": statistic, "ComparisonOperator": operator, **more}


def maths(
    expression: str, *names: str, operator: str = "GreaterThanThreshold", stat: str = "Sum", **more: Any
) -> dict[str, Any]:
    stats = [
        {"Id": f"m{n}", "MetricStat": {"Metric": {"MetricName": name}, "Stat": stat}} for n, name in enumerate(names)
    ]
    return {"Metrics": [{"Id": "e", "Expression": expression}, *stats], "ComparisonOperator": operator, **more}


def promql(query: str, **more: Any) -> dict[str, Any]:
    return {"EvaluationCriteria": {"PromQLCriteria": {"Query": query}}, **more}


LESS = "LessThanOrEqualToThreshold"
COST = {
    "the bill": metric("EstimatedCharges", statistic="Maximum"),
    "tokens": maths("0.1 * m0", "InputTokenCount"),
    "an own metric of money": metric("HourlyCostUSD"),
    "no requests": metric("Invocations", LESS),
    "a hardly used GPU": metric("GPUUtilization", LESS, "Average"),
    "instances times a price": maths("1.2 * m0 / 5", "CPUUtilization", stat="SampleCount"),
    "use of the hardware by latency": maths("m0 / 600", "ModelLatency", "CPUUtilization", operator=LESS),
    "dollars by PromQL": promql("500 * count(node_cpu)", AlarmDescription="Above 2 USD per million tokens."),
    "words alone": metric("Daily", AlarmName="FinOps-MonthlySpendTooHigh"),
}
HEALTH = {
    "answers with status 5xx": metric("Invocation5XXErrors"),
    "a share of them": maths("100 * m0 / m1", "Invocation5XXErrors", "Invocations"),
    "a share of them, by the samples of requests": maths("m0 / m1", "ModelErrors", "Invocations", stat="SampleCount"),
    "latency": metric("ModelLatency", statistic="p99"),
    "missing instances": metric("CPUUtilization", "LessThanThreshold", "SampleCount"),
    "at the maximum": metric("CPUUtilization", statistic="SampleCount"),
    "at the maximum, by maths": maths(
        "m0 / 5", "CPUUtilization", stat="SampleCount", AlarmDescription="All instances run: at the maximum."
    ),
    "a full GPU": metric("GPUMemoryUtilization", statistic="Maximum"),
    "a backlog": metric("ApproximateBacklogSize"),
    "no copy": metric("NoCapacityInvocationFailures"),
    "throttled": metric("InvocationThrottles"),
    "a band of latency": metric("ModelLatency", "LessThanLowerOrGreaterThanUpperThreshold"),
    "first token by PromQL": promql(
        'histogram_quantile(0.99, rate({__name__=~"vllm:time_to_first_token_seconds","aws.sagemaker.endpoint.name"="cost"}'
        "[5m])) > 2"
    ),
    "words alone": metric("Probe", AlarmName="chat-endpoint-down"),
}
OTHER = {"many requests": metric("Invocations"), "nothing": {}, "a name without a hint": metric("Temperature")}
CASES = [
    (kind, *case) for kind, cases in (("cost", COST), ("health", HEALTH), ("other", OTHER)) for case in cases.items()
]


@each(("kind", "properties"), [(kind, one) for kind, _, one in CASES])
def test_kind(kind: str, properties: dict[str, Any]) -> None:
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": properties}
    (stack,) = deployment_of({"s": {"Resources": {"It": alarm}}}, "us-east-1").stacks
    (found,) = stack.resources("AWS::CloudWatch::Alarm")
    assert kind_by_metrics(found) == kind

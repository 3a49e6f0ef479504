"""What becomes of the policies in a template, judged by AWS's own API models and by cfn-lint."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.kit.autoscaling import attach
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    Policy,
    PoolLoad,
    ProvisionedConcurrency,
    ScalableTarget,
    ScheduledBounds,
    ScheduledCount,
    Step,
    StepScaling,
    TargetBacklog,
    TargetConcurrency,
    TargetConcurrencyPerCopy,
    TargetInvocationsPerCopy,
    TargetMetric,
    TargetProvisionedUtilization,
    TargetUtilization,
)
from tests.each import each
from tests.judges import lint, service_model
from tests.scalables import queue, variant
from tests.support import Template, new_stack, template_of

POOLS = ("ml.g6e.2xlarge", "ml.g6.2xlarge")
MORNING = ScheduledBounds(schedule="cron(0 8 ? * MON-FRI *)", time_zone="Europe/Berlin", min_capacity=2, max_capacity=6)
EVENING = ScheduledBounds(
    schedule="cron(0 20 ? * MON-FRI *)", time_zone="Europe/Berlin", min_capacity=0, max_capacity=6
)


# name -> (policy, target)
CASES: dict[str, tuple[Any, ScalableTarget]] = {
    "concurrency": (
        TargetConcurrency(per_instance=8, max_instances=4, scale_in=False, windows=(MORNING,)),
        variant("realtime", "concurrency"),
    ),
    "gpu": (TargetUtilization(of="gpu", percent=70, max_capacity=4), variant("realtime", "gpu", "ml.g6.12xlarge")),
    "pools": (
        PoolLoad(max_concurrency={"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}, load=0.7, max_instances=6),
        variant("realtime", "pools", *POOLS),
    ),
    "own": (lambda: TargetMetric(metric=queue(), value=10, max_capacity=4), variant("realtime", "own")),
    "percentile": (
        lambda: TargetMetric(metric=queue("p90"), value=10, max_capacity=4),
        variant("realtime", "percentile"),
    ),
    "math": (
        lambda: TargetMetric(
            metric=cloudwatch.MathExpression(
                expression="FILL(waiting,0)/workers",
                using_metrics={"waiting": queue("Sum"), "workers": queue("SampleCount")},
                label="waiting per worker",
            ),
            value=10,
            max_capacity=4,
            name="waiting",
        ),
        variant("realtime", "math"),
    ),
    "backlog": (
        TargetBacklog(per_instance=5, min_instances=0, max_instances=4, windows=(MORNING, EVENING)),
        variant("async", "backlog"),
    ),
    "busy-backlog": (TargetBacklog(per_instance=5, max_instances=4), variant("async", "busy-backlog")),
    "steps": (
        CombinedPolicies(
            policies=(
                StepScaling(
                    metric="ApproximateBacklogSize",
                    steps=(Step(at=10, change=1), Step(at=50, change=3)),
                    min_capacity=0,
                    max_capacity=8,
                ),
                StepScaling(
                    metric="ApproximateBacklogSize",
                    steps=(Step(at=1, change=-1),),
                    breaching=10,
                    evaluated=10,
                    min_capacity=0,
                    max_capacity=8,
                ),
            )
        ),
        variant("async", "steps"),
    ),
    "own-steps": (
        lambda: StepScaling(metric=queue(), steps=(Step(at=10, change=1),), period_seconds=10, max_capacity=8),
        variant("realtime", "own-steps"),
    ),
    "math-steps": (
        lambda: StepScaling(
            metric=cloudwatch.MathExpression(expression="FILL(waiting,0)", using_metrics={"waiting": queue("Sum")}),
            steps=(Step(at=10, change=1),),
            max_capacity=8,
            name="waiting-out",
        ),
        variant("realtime", "math-steps"),
    ),
    "clock": (
        ScheduledCount(
            windows=(
                ScheduledBounds(schedule="at(2027-01-31T08:00:00)", time_zone="UTC", min_capacity=4, max_capacity=4),
            )
        ),
        variant("realtime", "clock"),
    ),
    "copies": (
        TargetConcurrencyPerCopy(per_copy=4, min_copies=0, max_copies=3),
        ScalableTarget.component("fleet-copies"),
    ),
    "busy-copies": (
        CombinedPolicies(
            policies=(
                TargetInvocationsPerCopy(per_copy_per_minute=600, max_copies=3),
                TargetUtilization(of="gpu", percent=70, max_capacity=3),
            )
        ),
        ScalableTarget.component("fleet-busy-copies"),
    ),
    "serverless": (
        TargetProvisionedUtilization(utilization=0.5, max_concurrency=10, allow_untested=True),
        variant("serverless", "serverless"),
    ),
    "fixed": (FixedCount(instances=2), variant("realtime", "fixed")),
    "fixed-copies": (FixedCopies(copies=2), ScalableTarget.component("fleet-fixed-copies")),
    "fixed-serverless": (ProvisionedConcurrency(executions=2), variant("serverless", "fixed-serverless")),
}


def thing(scope: Construct, target: ScalableTarget) -> cdk.CfnResource:
    """A bare endpoint or component, as what is scaled."""
    if target.kind != "component":
        return sagemaker.CfnEndpoint(
            scope, "Resource", endpoint_name=target.endpoint_name, endpoint_config_name="config"
        )
    return sagemaker.CfnInferenceComponent(
        scope,
        "Resource",
        inference_component_name=target.component_name,
        endpoint_name="shared",
        variant_name="AllTraffic",
        specification=sagemaker.CfnInferenceComponent.InferenceComponentSpecificationProperty(
            model_name="model",
            compute_resource_requirements=(
                sagemaker.CfnInferenceComponent.InferenceComponentComputeResourceRequirementsProperty(
                    min_memory_required_in_mb=1024
                )
            ),
        ),
        runtime_config=sagemaker.CfnInferenceComponent.InferenceComponentRuntimeConfigProperty(copy_count=1),
    )


@functools.cache
def template() -> Template:
    """Every case in one stack."""
    stack = new_stack()
    for name, (policy, target) in CASES.items():
        scope = Construct(stack, name)
        made: Policy = policy() if callable(policy) else policy
        attach(scope, made, target, depends_on=[thing(scope, target)])
    return template_of(stack)


def of(case: str, kind: str) -> list[dict[str, Any]]:
    """Resources of one case of a type, whole."""
    prefix = case.replace("-", "")
    found = template()["Resources"].items()
    return [
        one
        for id, one in found
        if one["Type"] == kind and id.startswith(prefix) and id[len(prefix) :].startswith(("Scal", "Wake"))
    ]


def target_of(case: str) -> dict[str, Any]:
    (found,) = of(case, "AWS::ApplicationAutoScaling::ScalableTarget")
    properties = found["Properties"]
    assert isinstance(properties, dict)
    return properties


def policies_of(case: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in of(case, "AWS::ApplicationAutoScaling::ScalingPolicy")]


def alarms_of(case: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in of(case, "AWS::CloudWatch::Alarm")]


def tracking_of(case: str) -> dict[str, Any]:
    (policy,) = policies_of(case)
    configuration = policy["TargetTrackingScalingPolicyConfiguration"]
    assert isinstance(configuration, dict)
    return configuration


def test_the_api_models_have_no_objection() -> None:
    assert service_model.findings(template()) == []
    assert service_model.unchecked(template()) == []


def test_cfn_lint_has_no_objection() -> None:
    assert lint.findings(template(), "us-east-1") == []


@each("case", ["fixed", "fixed-copies", "fixed-serverless"])
def test_a_fixed_count_registers_nothing(case: str) -> None:
    assert of(case, "AWS::ApplicationAutoScaling::ScalableTarget") == []
    assert policies_of(case) == []


@each(
    ("case", "resource_id", "dimension"),
    [
        ("concurrency", "endpoint/fleet-concurrency/variant/AllTraffic", "sagemaker:variant:DesiredInstanceCount"),
        ("backlog", "endpoint/fleet-backlog/variant/AllTraffic", "sagemaker:variant:DesiredInstanceCount"),
        (
            "serverless",
            "endpoint/fleet-serverless/variant/AllTraffic",
            "sagemaker:variant:DesiredProvisionedConcurrency",
        ),
        ("copies", "inference-component/fleet-copies", "sagemaker:inference-component:DesiredCopyCount"),
    ],
)
def test_each_kind_has_its_resource_id_and_dimension(case: str, resource_id: str, dimension: str) -> None:
    found = target_of(case)
    assert (found["ResourceId"], found["ScalableDimension"]) == (resource_id, dimension)
    assert found["ServiceNamespace"] == "sagemaker"


@each("case", [name for name in CASES if not name.startswith("fixed")])
def test_the_target_waits_for_what_is_scaled(case: str) -> None:
    (found,) = of(case, "AWS::ApplicationAutoScaling::ScalableTarget")
    (before,) = found["DependsOn"]
    assert before == case.replace("-", "") or before.startswith(case.replace("-", ""))
    assert template()["Resources"][before]["Type"] in ("AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent")


def test_scale_in_can_be_off() -> None:
    assert tracking_of("concurrency")["DisableScaleIn"] is True
    assert "DisableScaleIn" not in tracking_of("gpu")


def test_windows_are_scheduled_actions_of_the_target() -> None:
    assert target_of("backlog")["ScheduledActions"] == [
        {
            "ScheduledActionName": "window-1",
            "Schedule": "cron(0 8 ? * MON-FRI *)",
            "Timezone": "Europe/Berlin",
            "ScalableTargetAction": {"MinCapacity": 2, "MaxCapacity": 6},
        },
        {
            "ScheduledActionName": "window-2",
            "Schedule": "cron(0 20 ? * MON-FRI *)",
            "Timezone": "Europe/Berlin",
            "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 6},
        },
    ]


def test_a_count_by_the_clock_has_no_policy() -> None:
    assert policies_of("clock") == []
    assert (target_of("clock")["MinCapacity"], target_of("clock")["MaxCapacity"]) == (1, 1)
    assert len(target_of("clock")["ScheduledActions"]) == 1


def test_gpu_use_is_multiplied_by_the_gpus() -> None:
    assert tracking_of("gpu") == {
        "CustomizedMetricSpecification": {
            "Namespace": "/aws/sagemaker/Endpoints",
            "MetricName": "GPUUtilization",
            "Statistic": "Average",
            "Dimensions": [
                {"Name": "EndpointName", "Value": "fleet-gpu"},
                {"Name": "VariantName", "Value": "AllTraffic"},
            ],
        },
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 300,
        "TargetValue": 280,
    }


def test_pools_are_weighed_and_empty_ones_left_out() -> None:
    metrics = tracking_of("pools")["CustomizedMetricSpecification"]["Metrics"]
    assert [one["Id"] for one in metrics] == ["m1", "m2", "result"]
    assert metrics[0] == {
        "Id": "m1",
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SageMaker",
                "MetricName": "ConcurrentRequestsPerModel",
                "Dimensions": [
                    {"Name": "EndpointName", "Value": "fleet-pools"},
                    {"Name": "VariantName", "Value": "AllTraffic"},
                    {"Name": "InstanceType", "Value": "ml.g6e.2xlarge"},
                ],
            },
            "Stat": "Average",
        },
        "ReturnData": False,
    }
    assert metrics[2] == {
        "Id": "result",
        "Label": "mean load of the pools",
        "Expression": "(FILL(m1,0)/20+FILL(m2,0)/8)/((FILL(m1,-1)>=0)+(FILL(m2,-1)>=0))",
        "ReturnData": True,
    }
    assert tracking_of("pools")["TargetValue"] == 0.7


def test_a_metric_of_the_app() -> None:
    assert tracking_of("own")["CustomizedMetricSpecification"] == {
        "Namespace": "Own",
        "MetricName": "Waiting",
        "Statistic": "Average",
        "Dimensions": [{"Name": "Queue", "Value": "chat"}],
    }


def test_a_percentile_is_a_query() -> None:
    (query,) = tracking_of("percentile")["CustomizedMetricSpecification"]["Metrics"]
    assert (query["MetricStat"]["Stat"], query["ReturnData"]) == ("p90", True)


def test_an_expression_of_the_app() -> None:
    (policy,) = policies_of("math")
    assert policy["PolicyName"] == "fleet-math-waiting"
    metrics = policy["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]["Metrics"]
    assert [(one["Id"], one["ReturnData"]) for one in metrics] == [
        ("waiting", False),
        ("workers", False),
        ("result", True),
    ]
    assert metrics[2]["Expression"] == "FILL(waiting,0)/workers"
    assert metrics[2]["Label"] == "waiting per worker"


def test_the_backlog_has_the_endpoint_as_only_dimension() -> None:
    assert tracking_of("busy-backlog")["CustomizedMetricSpecification"] == {
        "Namespace": "AWS/SageMaker",
        "MetricName": "ApproximateBacklogSizePerInstance",
        "Statistic": "Average",
        "Dimensions": [{"Name": "EndpointName", "Value": "fleet-busy-backlog"}],
    }


def test_nothing_wakes_what_never_sleeps() -> None:
    assert alarms_of("busy-backlog") == []
    assert alarms_of("busy-copies") == []


def test_what_wakes_an_asynchronous_variant() -> None:
    _, step = policies_of("backlog")
    assert step["PolicyName"] == "fleet-backlog-wake"
    assert step["StepScalingPolicyConfiguration"] == {
        "AdjustmentType": "ChangeInCapacity",
        "Cooldown": 300,
        "MetricAggregationType": "Average",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    }
    (alarm,) = alarms_of("backlog")
    (wake,) = (id for id in template()["Resources"] if id.startswith("backlogWakePolicy"))
    assert alarm == {
        "AlarmActions": [{"Fn::GetAtt": [wake, "Arn"]}],
        "AlarmDescription": "fleet-backlog has requests in its queue and no instance: one is started.",
        "AlarmName": "fleet-backlog-AllTraffic-wake",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "DatapointsToAlarm": 2,
        "Dimensions": [{"Name": "EndpointName", "Value": "fleet-backlog"}],
        "EvaluationPeriods": 2,
        "MetricName": "HasBacklogWithoutCapacity",
        "Namespace": "AWS/SageMaker",
        "Period": 60,
        "Statistic": "Average",
        "Threshold": 1,
        "TreatMissingData": "notBreaching",
    }


def test_what_wakes_an_inference_component_at_one_failed_request() -> None:
    _, step = policies_of("copies")
    assert step["StepScalingPolicyConfiguration"] == {
        "AdjustmentType": "ChangeInCapacity",
        "Cooldown": 60,
        "MetricAggregationType": "Maximum",
        "StepAdjustments": [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}],
    }
    (alarm,) = alarms_of("copies")
    assert (alarm["MetricName"], alarm["Statistic"], alarm["Period"]) == ("NoCapacityInvocationFailures", "Sum", 60)
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert (alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (1, 1)
    assert alarm["Dimensions"] == [{"Name": "InferenceComponentName", "Value": "fleet-copies"}]
    assert alarm["AlarmName"] == "fleet-copies-wake"


def test_steps_both_ways_and_what_wakes() -> None:
    out, back, _ = policies_of("steps")
    assert out["StepScalingPolicyConfiguration"]["StepAdjustments"] == [
        {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 40, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 40, "ScalingAdjustment": 3},
    ]
    assert back["StepScalingPolicyConfiguration"]["StepAdjustments"] == [
        {"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}
    ]
    alarms = alarms_of("steps")
    assert [(one["AlarmName"], one["ComparisonOperator"], one["Threshold"]) for one in alarms] == [
        ("fleet-steps-AllTraffic-ApproximateBacklogSize-out", "GreaterThanOrEqualToThreshold", 10),
        ("fleet-steps-AllTraffic-ApproximateBacklogSize-in", "LessThanOrEqualToThreshold", 1),
        ("fleet-steps-AllTraffic-wake", "GreaterThanOrEqualToThreshold", 1),
    ]


def test_steps_over_an_expression() -> None:
    (alarm,) = alarms_of("math-steps")
    assert alarm["AlarmName"] == "fleet-math-steps-AllTraffic-waiting-out"
    assert [(one["Id"], one["ReturnData"]) for one in alarm["Metrics"]] == [("expr_1", True), ("waiting", False)]
    assert alarm["Metrics"][1]["MetricStat"]["Period"] == 60


def test_a_component_has_a_normalized_metric_that_needs_no_sum() -> None:
    _, use = policies_of("busy-copies")
    configuration = use["TargetTrackingScalingPolicyConfiguration"]
    assert configuration["TargetValue"] == 70
    assert configuration["CustomizedMetricSpecification"] == {
        "Namespace": "/aws/sagemaker/InferenceComponents",
        "MetricName": "GPUUtilizationNormalized",
        "Statistic": "Average",
        "Dimensions": [{"Name": "InferenceComponentName", "Value": "fleet-busy-copies"}],
    }


def test_every_alarm_has_a_name_of_its_own_that_is_not_the_services_and_an_action() -> None:
    alarms = [one["Properties"] for one in template()["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    names = [one["AlarmName"] for one in alarms]
    assert len(set(names)) == len(names) == 7
    assert [name for name in names if name.startswith("TargetTracking")] == []
    assert all(len(one["AlarmActions"]) == 1 for one in alarms)


def test_numbers_that_are_known_at_deployment_only() -> None:
    stack = new_stack()
    number = cdk.CfnParameter(stack, "Number", type="Number").value_as_number
    count: Any = number
    bounds = {"min_capacity": count, "max_capacity": count}
    window = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=count, max_capacity=count)
    policy = StepScaling(
        metric="ModelLatency",
        steps=(Step(at=1, change=1),),
        breaching=count,
        evaluated=count,
        cooldown_seconds=count,
        windows=(window,),
        **bounds,
    )
    attach(stack, policy, variant("realtime", "chat"), depends_on=[])
    found = template_of(stack)["Resources"]
    (target,) = (one for one in found.values() if one["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget")
    (alarm,) = (one for one in found.values() if one["Type"] == "AWS::CloudWatch::Alarm")
    ref = {"Ref": "Number"}
    assert (target["Properties"]["MinCapacity"], target["Properties"]["MaxCapacity"]) == (ref, ref)
    assert (alarm["Properties"]["DatapointsToAlarm"], alarm["Properties"]["EvaluationPeriods"]) == (ref, ref)

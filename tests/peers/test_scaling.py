"""How scaling goes wrong with other tools, as their users reported it: here it cannot happen."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.hardware import instance_types
from cdk_inference.metrics import NotPublished, published
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    ScalableTarget,
    StepScaling,
    TargetBacklog,
    TargetConcurrency,
    TargetConcurrencyPerCopy,
    TargetInvocations,
    TargetInvocationsPerCopy,
    TargetMetric,
)
from tests.each import each
from tests.support import llm, models, new_stack, of_type, template_of
from tests.synthesized import SUBJECTS, templates

pytestmark = pytest.mark.xdist_group("synthesized")

POLICY, TARGET, ALARM = (
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::CloudWatch::Alarm",
)


def every(kind: str) -> list[dict[str, Any]]:
    return [found for name in SUBJECTS for stack in templates(name) for found in of_type(stack.template, kind)]


def test_every_type_can_be_scaled_trainium_too() -> None:
    """aws-sagemaker-alpha refuses autoscaling on ml.trn*, taking a T at the beginning for burstable."""
    policy = TargetConcurrency(per_instance=4, max_instances=2)
    refused = [
        known.name
        for known in instance_types()
        if policy.problems_for(ScalableTarget.variant("realtime", "e", "v", hardware=(known,)))
    ]
    assert refused == []


@each("policy", [TargetConcurrency, TargetInvocations])
def test_zero_is_never_taken_for_something_else(policy: Any) -> None:
    """aws-sagemaker-alpha makes the initial count of it; generative-ai-cdk-constructs passes it on, and it is refused.

    awslabs/generative-ai-cdk-constructs, aws/aws-cdk
    """
    value = {"per_instance": 1} if policy is TargetConcurrency else {"per_instance_per_minute": 1}
    with pytest.raises(ConfigurationError) as caught:
        policy(**value, min_instances=0, max_instances=1)
    assert "a real-time endpoint cannot scale to zero (asynchronous endpoints and inference components can)" in str(
        caught.value
    )
    stack = new_stack()
    with pytest.raises(ConfigurationError):
        RealtimeEndpoint(
            stack,
            "Chat",
            server=llm(models(stack)),
            hardware="ml.g6.2xlarge",
            scaling=TargetMetric(metric="CPUUtilization", value=50, min_capacity=0, max_capacity=1),
        )


def test_asynchronous_endpoints_scale_on_what_they_publish_by_their_name_alone() -> None:
    """Others use InvocationsPerInstance, or the dimensions Endpoint and Variant."""
    assert isinstance(published("InvocationsPerInstance", "async"), NotPublished)
    assert TargetInvocations(per_instance_per_minute=1, max_instances=1).problems_for(
        ScalableTarget.variant("async", "e", "v")
    )
    specifications = [
        one["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
        for one in every(POLICY)
        if "ApproximateBacklogSizePerInstance" in str(one)
    ]
    assert specifications
    assert all([one["Name"] for one in found["Dimensions"]] == ["EndpointName"] for found in specifications)


def test_whatever_may_rest_at_zero_is_woken() -> None:
    """Target tracking alone never wakes it, users say; AWS's sample alarm wants two failures in a minute.

    hashicorp/terraform-provider-aws 40606
    """
    asleep = [one["ResourceId"] for one in every(TARGET) if one["MinCapacity"] == 0]
    assert len(asleep) >= 3
    alarms = [one for one in every(ALARM) if one.get("AlarmName", "").endswith("-wake")]
    assert len(alarms) == len(asleep)
    assert {(one["Threshold"], one["ComparisonOperator"]) for one in alarms} == {(1, "GreaterThanOrEqualToThreshold")}
    assert {one["MetricName"] for one in alarms} == {"HasBacklogWithoutCapacity", "NoCapacityInvocationFailures"}
    for policy in (
        TargetBacklog(per_instance=1, min_instances=0, max_instances=1),
        TargetConcurrencyPerCopy(per_copy=1, min_copies=0, max_copies=1),
        TargetInvocationsPerCopy(per_copy_per_minute=1, min_copies=0, max_copies=1),
    ):
        asynchronous = isinstance(policy, TargetBacklog)
        target = ScalableTarget.variant("async", "e", "v") if asynchronous else ScalableTarget.component("c")
        assert [part.name for part in policy.parts(target)][-1] == "wake"


def test_a_variant_with_a_model_has_no_managed_instance_scaling() -> None:
    """SageMaker refuses it since about 2026-04: hashicorp/terraform-provider-aws 45926."""
    variants = [one for config in every("AWS::SageMaker::EndpointConfig") for one in config["ProductionVariants"]]
    managed = [one for one in variants if "ManagedInstanceScaling" in one]
    assert managed
    assert [one for one in managed if "ModelName" in one] == []


def test_llms_can_be_scaled_on_what_is_published_every_ten_seconds() -> None:
    """One-minute averages are too slow for them."""
    kinds = {
        one.get("TargetTrackingScalingPolicyConfiguration", {})
        .get("PredefinedMetricSpecification", {})
        .get("PredefinedMetricType")
        for one in every(POLICY)
    }
    assert {
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
        "SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution",
    } <= kinds


def test_nothing_copies_less_than_one_without_a_way_back() -> None:
    with pytest.raises(ConfigurationError):
        FixedCopies(copies=0)


def test_a_template_names_no_alarm_as_the_service_does() -> None:
    """The service may only touch alarms whose names begin so, and would take them for its own."""
    assert [one["AlarmName"] for one in every(ALARM) if str(one.get("AlarmName")).startswith("TargetTracking")] == []


def test_steps_and_tracking_on_one_target_are_refused() -> None:
    from cdk_inference.scaling import Step

    with pytest.raises(ConfigurationError):
        CombinedPolicies(
            policies=(
                TargetConcurrency(per_instance=1, max_instances=2),
                StepScaling(metric="ConcurrentRequestsPerModel", steps=(Step(at=4, change=1),), max_capacity=2),
            )
        )


def test_an_update_keeps_a_scaled_out_count() -> None:
    """aws/aws-cdk 23151, aws/sagemaker-python-sdk 3126, hashicorp/terraform-provider-aws 48990."""
    stack = new_stack()
    scaling = TargetConcurrency(per_instance=4, max_instances=3)
    RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", scaling=scaling)
    (endpoint,) = of_type(template_of(stack), "AWS::SageMaker::Endpoint")
    assert endpoint["RetainAllVariantProperties"] is True

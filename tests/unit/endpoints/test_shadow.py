"""A shadow variant: gets copies, answers nobody."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint, ShadowVariant, Variant
from cdk_inference.rollout import Canary, Rolling
from cdk_inference.scaling import FixedCount, TargetConcurrency
from tests.each import each
from tests.refusals import refusal_of
from tests.support import Template, encoder, llm, models, new_stack, of_type, only, template_of

SCALED = TargetConcurrency(per_instance=8, max_instances=4)


def made(hardware: str = "ml.g6.2xlarge", *, variant: dict[str, Any] | None = None, **more: Any) -> Template:
    stack = new_stack()
    bucket = models(stack)
    server = encoder(bucket) if hardware.startswith("ml.inf") else llm(bucket)
    given = {"sampling_percent": 25, "server": encoder(bucket), "hardware": "ml.inf2.xlarge", **(variant or {})}
    RealtimeEndpoint(stack, "Chat", server=server, hardware=hardware, shadow=ShadowVariant(**given), **more)
    return template_of(stack)


@functools.cache
def scaled() -> Template:
    return made(variant={"instances": 2}, scaling=SCALED)


def refusal(**more: Any) -> str:
    return refusal_of(made, **more)


def test_it_stands_beside_the_production_variant_on_hardware_of_its_own() -> None:
    config = only(scaled(), "AWS::SageMaker::EndpointConfig")
    (own,), (shadow,) = config["ProductionVariants"], config["ShadowProductionVariants"]
    assert (own["VariantName"], own["InitialVariantWeight"], own["InstanceType"]) == ("AllTraffic", 1, "ml.g6.2xlarge")
    assert (shadow["VariantName"], shadow["InitialVariantWeight"], shadow["InstanceType"]) == (
        "Shadow",
        0.25,
        "ml.inf2.xlarge",
    )
    assert shadow["InitialInstanceCount"] == 2
    assert shadow["InferenceAmiVersion"] != own["InferenceAmiVersion"]
    assert ("VolumeSizeInGB" in own, "VolumeSizeInGB" in shadow) == (False, True)


def test_the_role_reads_both_models_and_pulls_both_images() -> None:
    statements = {one["Sid"]: one for one in only(scaled(), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]}
    assert len(statements["Image"]["Resource"]) == 2
    assert {"Model", "Model2"} <= statements.keys()


def test_it_is_neither_scaled_nor_watched() -> None:
    (target,) = of_type(scaled(), "AWS::ApplicationAutoScaling::ScalableTarget")
    assert target["ResourceId"] == "endpoint/fleet-chat/variant/AllTraffic"
    assert [one["AlarmName"] for one in of_type(scaled(), "AWS::CloudWatch::Alarm")] == ["fleet-chat-rollback-5xx"]


def test_its_share_follows_the_template_while_counts_are_kept() -> None:
    properties = only(scaled(), "AWS::SageMaker::Endpoint")
    assert properties["ExcludeRetainedVariantProperties"] == [{"VariantPropertyType": "DesiredWeight"}]


def test_its_metrics() -> None:
    stack = new_stack()
    bucket = models(stack)
    shadow = ShadowVariant(name="Chip", sampling_percent=100, server=encoder(bucket), hardware="ml.inf2.xlarge")
    chat = RealtimeEndpoint(stack, "Chat", server=llm(bucket), hardware="ml.g6.2xlarge", shadow=shadow)
    assert chat.variant("Chip").metric_model_latency().dimensions == {
        "EndpointName": "fleet-chat",
        "VariantName": "Chip",
    }
    with pytest.raises(ConfigurationError, match=r"hardware of kind gpu, not ml\.inf2\.xlarge"):
        chat.variant("Chip").metric_gpu_utilization()


# --- what is refused


@each("share", [0, -1, 101, "20", True, float("nan")])
def test_shares_that_are_none(share: Any) -> None:
    assert refusal(variant={"sampling_percent": share}) == (
        f"ShadowVariant: sampling_percent: got {share!r}; allowed: a number above 0, at most 100; fix: give the share "
        "that is copied"
    )


def test_counts_and_names_that_are_none() -> None:
    assert refusal(variant={"instances": 0, "name": "a_b"}) == (
        "ShadowVariant has 2 problems:\n"
        "  1. instances: got 0; allowed: a whole number from 1; fix: give a count of 1 or more\n"
        "  2. name: got 'a_b'; allowed: letters, digits and single hyphens between them, up to 63 characters; fix: for "
        'example "Challenger"'
    )


def test_the_name_of_the_endpoints_own_variant() -> None:
    assert refusal(variant={"name": "allTraffic"}) == (
        "RealtimeEndpoint fleet/Chat: shadow.name: got 'allTraffic'; allowed: a name other than AllTraffic, whatever the "
        "case; fix: rename it"
    )


def test_beside_one_production_variant_only() -> None:
    stack = new_stack()
    other = Variant(name="B", traffic_percent=5, server=llm(models(stack)), hardware="ml.g6.2xlarge")
    assert refusal(more_variants=[other]) == (
        "RealtimeEndpoint fleet/Chat: shadow: got '2 production variants'; allowed: one production variant together with a shadow variant; fix: compare in a shadow first and share the traffic afterwards, or make a second endpoint"
    )


def test_inf1_on_either_side() -> None:
    lines = refusal(variant={"hardware": "ml.inf1.xlarge"}).splitlines()
    assert (
        "  2. shadow.hardware: got 'ml.inf1.xlarge'; allowed: hardware other than Inf1 in a shadow test; fix: use Inf2 "
        "or a GPU"
    ) in lines
    assert "hardware: got 'ml.inf1.xlarge'; allowed: hardware other than Inf1 in a shadow test" in refusal(
        hardware="ml.inf1.xlarge"
    )


def test_updates_in_batches_and_in_steps() -> None:
    two = FixedCount(instances=2)
    assert refusal(scaling=two, variant={"instances": 2}, rollout=Rolling(percent=50)) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'Rolling'; allowed: another rollout: with several variants SageMaker "
        "ignores Rolling and updates all at once, unwatched; fix: use AllAtOnce(...), Canary(...) or Linear(...)"
    )
    assert refusal(scaling=two, rollout=Canary(percent=10)) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'Canary with 1 instance for shadow'; allowed: Canary with at least 2 "
        "instances: a step is at most 50 %; fix: use AllAtOnce(...), or run more instances"
    )


def test_problems_are_told_under_the_name_that_was_written() -> None:
    assert refusal(variant={"hardware": "ml.inf2.3xlarge"}).startswith(
        "RealtimeEndpoint fleet/Chat: shadow.hardware: got 'ml.inf2.3xlarge'; allowed: an instance type of SageMaker "
    )


@each("shadow", ["Shadow", {"name": "Shadow"}, 1])
def test_a_shadow_that_is_none(shadow: Any) -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware="ml.g6.2xlarge", shadow=shadow)
    assert str(caught.value) == (
        f"RealtimeEndpoint fleet/Chat: shadow: got {shadow!r}; allowed: ShadowVariant or None; fix: "
        "shadow=ShadowVariant(...)"
    )

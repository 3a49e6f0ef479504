"""Several production variants by share of the traffic, and a shadow beside one."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_inference.endpoints import CapacityReservation, InstancePools, RealtimeEndpoint, ShadowVariant, Variant
from cdk_inference.errors import ConfigurationError
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import FixedCount, TargetConcurrency
from tests.judges import lint, service_model
from tests.support import Template, encoder, llm, models, new_stack, of_type, only, template_of

SUBJECT = "RealtimeEndpoint fleet/Chat"
CONFIG, TARGET = "AWS::SageMaker::EndpointConfig", "AWS::ApplicationAutoScaling::ScalableTarget"
SCALED = TargetConcurrency(per_instance=4, max_instances=3)
PLAN = "arn:aws:sagemaker:us-east-1:111122223333:ml-reservation/abc"


def build(stack: cdk.Stack, **arguments: Any) -> RealtimeEndpoint:
    """The main variant runs `llm`; a callable argument gets that server."""
    server = llm(models(stack))
    made = {name: value(server) if callable(value) else value for name, value in arguments.items()}
    return RealtimeEndpoint(stack, "Chat", **{"server": server, "hardware": "ml.g6.2xlarge", **made})


def template(**arguments: Any) -> Template:
    stack = new_stack()
    build(stack, **arguments)
    found = template_of(stack)
    assert service_model.findings(found) == []
    assert lint.findings(found, "us-east-1") == []
    return found


def refusal(**arguments: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        build(new_stack(), **arguments)
    return str(caught.value)


def challenger(server: Any, /, **changes: Any) -> Variant:
    other = llm(server.model.bucket, max_model_len=1024)
    return Variant(**{"name": "B", "traffic_percent": 10, "server": other, "hardware": "ml.g5.2xlarge", **changes})


def shadow(server: Any, /, **changes: Any) -> ShadowVariant:
    return ShadowVariant(**{"sampling_percent": 25, "server": server, "hardware": "ml.g5.2xlarge", **changes})


def weights(found: Template) -> dict[str, float]:
    return {one["VariantName"]: one["InitialVariantWeight"] for one in only(found, CONFIG)["ProductionVariants"]}


def test_the_endpoints_own_variant_gets_what_the_others_leave() -> None:
    found = template(more_variants=lambda server: [challenger(server)])
    assert weights(found) == {"AllTraffic": 90, "B": 10}
    types = [one["InstanceType"] for one in only(found, CONFIG)["ProductionVariants"]]
    assert types == ["ml.g6.2xlarge", "ml.g5.2xlarge"]
    assert len(of_type(found, "AWS::SageMaker::Model")) == 2


@settings(max_examples=15)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=3))
def test_shares_make_a_hundred(shares: list[int]) -> None:
    def beside(server: Any) -> list[Variant]:
        return [challenger(server, name=f"V{place}", traffic_percent=share) for place, share in enumerate(shares)]

    stack = new_stack()
    build(stack, more_variants=beside)
    config = stack.node.find_child("Chat").node.find_child("Config")
    found = stack.resolve(config.production_variants)
    assert sum(one["initialVariantWeight"] for one in found) == 100


def test_alone_its_weight_is_one_as_ever() -> None:
    assert weights(template()) == {"AllTraffic": 1}


def test_each_variant_has_rollback_alarms_and_the_update_reads_them_all() -> None:
    found = template(more_variants=lambda server: [challenger(server)])
    names = ["fleet-chat-rollback-5xx", "fleet-chat-b-rollback-5xx"]
    alarms = {one["AlarmName"]: one for one in of_type(found, "AWS::CloudWatch::Alarm")}
    assert list(alarms) == names
    for name, variant in zip(names, ("AllTraffic", "B"), strict=True):
        assert {"Name": "VariantName", "Value": variant} in alarms[name]["Dimensions"]
    rollback = only(found, "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert [one["AlarmName"] for one in rollback["Alarms"]] == names
    statements = only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    (reading,) = (one for one in statements if one["Sid"] == "RollbackAlarms")
    assert len(reading["Resource"]) == 2


def test_counts_are_kept_and_shares_are_the_templates() -> None:
    found = only(
        template(scaling=SCALED, more_variants=lambda server: [challenger(server)]), "AWS::SageMaker::Endpoint"
    )
    assert found["RetainAllVariantProperties"] is True
    assert found["ExcludeRetainedVariantProperties"] == [{"VariantPropertyType": "DesiredWeight"}]
    alone = only(template(scaling=SCALED), "AWS::SageMaker::Endpoint")
    assert "ExcludeRetainedVariantProperties" not in alone


def test_a_fixed_count_beside_a_scaled_one_follows_the_template() -> None:
    """Counts of all variants are kept while one is scaled, so the fixed one is held by a target of its own."""
    found = template(scaling=SCALED, more_variants=lambda server: [challenger(server, scaling=FixedCount(instances=2))])
    targets = {one["ResourceId"]: (one["MinCapacity"], one["MaxCapacity"]) for one in of_type(found, TARGET)}
    assert targets == {
        "endpoint/fleet-chat/variant/AllTraffic": (1, 3),
        "endpoint/fleet-chat/variant/B": (2, 2),
    }
    assert of_type(template(more_variants=lambda server: [challenger(server)]), TARGET) == []


def test_a_shadow_gets_copies_and_answers_nobody() -> None:
    found = only(template(shadow=shadow), CONFIG)
    (copied,) = found["ShadowProductionVariants"]
    assert (copied["VariantName"], copied["InitialVariantWeight"], copied["InitialInstanceCount"]) == (
        "Shadow",
        0.25,
        1,
    )
    assert [one["InitialVariantWeight"] for one in found["ProductionVariants"]] == [1]


def test_a_shadow_on_another_chip_brings_its_host_image_and_its_volume() -> None:
    def on_inferentia(server: Any) -> ShadowVariant:
        return ShadowVariant(sampling_percent=100, server=encoder(server.model.bucket), hardware="ml.inf2.xlarge")

    stack = new_stack()
    build(stack, shadow=on_inferentia, encryption_key=kms.Key(stack, "Key"))
    found = template_of(stack)
    (copied,) = only(found, CONFIG)["ShadowProductionVariants"]
    assert copied["InferenceAmiVersion"] == "al2-ami-sagemaker-inference-neuron-2"
    assert copied["VolumeSizeInGB"] == 30
    (main,) = only(found, CONFIG)["ProductionVariants"]
    assert "VolumeSizeInGB" not in main
    # One of the two takes a volume, so the key is given; on the other it does not apply.
    assert "KmsKeyId" in only(found, CONFIG)


def test_metrics_of_each_variant() -> None:
    endpoint = build(new_stack(), more_variants=lambda server: [challenger(server)])
    assert endpoint.variant("B").metric_invocations().dimensions == {"EndpointName": "fleet-chat", "VariantName": "B"}
    with pytest.raises(ConfigurationError) as caught:
        endpoint.variant("C")
    assert str(caught.value) == (
        f"{SUBJECT}: name: got 'C'; allowed: AllTraffic, B; fix: write the name of one of the variants"
    )


def test_variants_take_their_models_from_a_bucket_later() -> None:
    stack = new_stack()
    bucket = models(stack)
    server = llm(None)
    pools = InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge"), servers={"ml.g5.2xlarge": llm(None)})
    bound = challenger(llm(bucket), server=server, hardware=pools).in_bucket(bucket)
    assert bound.server.model.bucket is bucket
    assert isinstance(bound.hardware, InstancePools)
    assert bound.hardware.servers["ml.g5.2xlarge"].model.bucket is bucket
    assert shadow(server).in_bucket(bucket).server.model.bucket is bucket


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"more_variants": "B"},
            "more_variants: got 'B'; allowed: a list of Variant; fix: more_variants=[Variant(...)]",
        ),
        ({"shadow": "B"}, "shadow: got 'B'; allowed: ShadowVariant or None; fix: shadow=ShadowVariant(...)"),
        (
            {"more_variants": lambda server: [challenger(server, name="alltraffic")]},
            "more_variants: got ['AllTraffic', 'alltraffic']; allowed: a name of its own for each variant; fix: rename "
            "one of them",
        ),
        (
            {"more_variants": lambda server: [challenger(server, traffic_percent=60, name=name) for name in "BC"]},
            "more_variants: got '120 % of the requests'; allowed: 100 together; the endpoint's own variant gets what is "
            "left; fix: lower traffic_percent",
        ),
        (
            {
                "more_variants": lambda server: [
                    challenger(server, traffic_percent=1, name=name) for name in "BCDEFGHIJK"
                ]
            },
            "more_variants: got '10 more'; allowed: 10 variants, the endpoint's own among them; fix: make a second "
            "endpoint",
        ),
        (
            {"more_variants": lambda server: [challenger(server)], "shadow": shadow},
            "shadow: got '2 production variants'; allowed: one production variant beside a shadow variant; fix: compare "
            "in a shadow first and share the traffic afterwards, or make a second endpoint",
        ),
        (
            {
                "more_variants": lambda server: [challenger(server, scaling=FixedCount(instances=2))],
                "scaling": FixedCount(instances=2),
                "rollout": Rolling(percent=50),
            },
            "rollout: got 'Rolling'; allowed: another rollout: with several variants SageMaker ignores Rolling and "
            "updates all at once, unwatched; fix: use AllAtOnce(...), Canary(...) or Linear(...)",
        ),
        (
            {
                "more_variants": lambda server: [
                    challenger(server, server=llm(server.model.bucket, tensor_parallel_degree=2))
                ]
            },
            "more_variants[0].server.tensor_parallel_degree: got 2; allowed: 1 to 1: ml.g5.2xlarge has 1 GPU; fix: lower "
            "the degree to 1, or choose hardware with more GPUs",
        ),
        (
            {"shadow": lambda server: shadow(server, hardware="ml.inf1.xlarge", server=encoder(server.model.bucket))},
            "shadow.hardware: got 'ml.inf1.xlarge'; allowed: hardware other than Inf1 in a shadow test; fix: use Inf2 or "
            "a GPU",
        ),
        (
            {
                "reservation": CapacityReservation(arn=PLAN),
                "hardware": InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge")),
            },
            "reservation: got 'a reservation with InstancePools'; allowed: one instance type: a reservation holds one, "
            "and SageMaker would not fall back to another; fix: choose one of the two",
        ),
        (
            {"reservation": CapacityReservation(arn=PLAN), "shadow": shadow},
            "reservation: got 'a reservation with 2 variants'; allowed: one variant: a plan serves one endpoint, on one "
            "type; fix: drop the others",
        ),
        (
            {"reservation": PLAN},
            f"reservation: got '{PLAN}'; allowed: CapacityReservation or None; fix: "
            "reservation=CapacityReservation(arn=...)",
        ),
    ],
)
def test_what_does_not_go_together(arguments: dict[str, Any], message: str) -> None:
    found = refusal(**arguments)
    assert message in [found.removeprefix(f"{SUBJECT}: "), *(line[5:] for line in found.splitlines())]


def test_instances_from_a_reservation() -> None:
    (variant,) = only(template(reservation=CapacityReservation(arn=PLAN)), CONFIG)["ProductionVariants"]
    assert variant["CapacityReservationConfig"] == {
        "CapacityReservationPreference": "capacity-reservations-only",
        "MlReservationArn": PLAN,
    }


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        (
            Variant,
            {"name": "b_c", "traffic_percent": 101},
            "Variant has 2 problems:\n"
            "  1. name: got 'b_c'; allowed: letters, digits and single hyphens between them, up to 63 characters; fix: "
            'for example "Challenger"\n'
            "  2. traffic_percent: got 101; allowed: a number from 0 to 100; fix: give the share of the requests",
        ),
        (
            ShadowVariant,
            {"sampling_percent": 0, "instances": 0},
            "ShadowVariant has 2 problems:\n"
            "  1. sampling_percent: got 0; allowed: a number above 0, at most 100; fix: give the share that is copied\n"
            "  2. instances: got 0; allowed: a whole number from 1; fix: give a count of 1 or more",
        ),
        (
            CapacityReservation,
            {"arn": "reserved"},
            "CapacityReservation: arn: got 'reserved'; allowed: the ARN of an ML capacity reservation; fix: copy it from "
            "`aws sagemaker describe-training-plan`",
        ),
    ],
)
def test_values_that_are_none(kind: type, arguments: dict[str, Any], message: str) -> None:
    beside = {"name": "B", "server": None, "hardware": "ml.g5.xlarge"} if kind is not CapacityReservation else {}
    with pytest.raises(ConfigurationError) as caught:
        kind(**{**beside, **arguments})
    assert str(caught.value) == message

"""Several production variants: shares, counts, alarms, names, and what they cannot have together."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import InstancePools, RealtimeEndpoint, Variant
from cdk_inference.endpoints.variant_spec import additional_variant_problems, own_weight
from cdk_inference.rollout import AllAtOnce, Canary, RollbackWhen, Rolling
from cdk_inference.scaling import FixedCount, ScheduledBounds, TargetConcurrency
from cdk_inference.serving import S3Model
from tests.each import each
from tests.refusals import refusal_of
from tests.support import Template, encoder, llm, models, new_stack, of_type, only, template_of

SCALED = TargetConcurrency(per_instance=8, min_instances=2, max_instances=4)
TWO = FixedCount(instances=2)


def variant(stack: cdk.Stack, name: str = "Challenger", share: float = 20, **more: Any) -> Variant:
    given = {"server": llm(models_of(stack), max_model_len=4096), "hardware": "ml.g6.2xlarge", **more}
    return Variant(name=name, traffic_percent=share, **given)


def models_of(stack: cdk.Stack) -> Any:
    return stack.node.try_find_child("Models") or models(stack)


def endpoint(stack: cdk.Stack, **more: Any) -> RealtimeEndpoint:
    given = {"server": llm(models_of(stack)), "hardware": "ml.g6.2xlarge", **more}
    return RealtimeEndpoint(stack, "Chat", **given)


def made(*variants: dict[str, Any], **more: Any) -> Template:
    stack = new_stack()
    given = {name: value(stack) if callable(value) else value for name, value in more.items()}
    endpoint(stack, more_variants=[variant(stack, **one) for one in variants], **given)
    return template_of(stack)


@functools.cache
def both() -> Template:
    """The endpoint's own variant scales, the other one is fixed."""
    return made({"scaling": TWO, "share": 12.5}, scaling=SCALED)


def refusal(*variants: dict[str, Any], **more: Any) -> str:
    return refusal_of(made, *variants, **more)


def in_config(template: Template) -> list[dict[str, Any]]:
    found = only(template, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert isinstance(found, list)
    return found


def bounds(template: Template) -> dict[str, tuple[int, int]]:
    found = of_type(template, "AWS::ApplicationAutoScaling::ScalableTarget")
    return {one["ResourceId"].rsplit("/", 1)[1]: (one["MinCapacity"], one["MaxCapacity"]) for one in found}


def alarm_names(template: Template) -> list[str]:
    return [one["AlarmName"] for one in of_type(template, "AWS::CloudWatch::Alarm")]


def test_each_has_its_share_its_count_and_its_model() -> None:
    own, other = in_config(both())
    assert (own["VariantName"], own["InitialVariantWeight"], own["InitialInstanceCount"]) == ("AllTraffic", 87.5, 2)
    assert (other["VariantName"], other["InitialVariantWeight"], other["InitialInstanceCount"]) == (
        "Challenger",
        12.5,
        2,
    )
    assert own["ModelName"] != other["ModelName"]
    assert len(of_type(both(), "AWS::SageMaker::Model")) == 2


def test_equal_servers_share_a_model() -> None:
    stack = new_stack()
    bucket = models(stack)
    endpoint(stack, server=llm(bucket), more_variants=(variant(stack, server=llm(bucket)),))
    template = template_of(stack)
    assert len(of_type(template, "AWS::SageMaker::Model")) == 1
    assert [one["InitialVariantWeight"] for one in in_config(template)] == [80, 20]


def test_an_update_keeps_counts_and_sets_shares_again() -> None:
    properties = only(both(), "AWS::SageMaker::Endpoint")
    assert properties["RetainAllVariantProperties"] is True
    assert properties["ExcludeRetainedVariantProperties"] == [{"VariantPropertyType": "DesiredWeight"}]


def test_where_nothing_scales_an_update_sets_everything() -> None:
    template = made({})
    properties = only(template, "AWS::SageMaker::Endpoint")
    assert not properties.keys() & {"RetainAllVariantProperties", "ExcludeRetainedVariantProperties"}
    assert bounds(template) == {}


def test_a_fixed_count_beside_a_scaled_one_follows_the_template() -> None:
    assert bounds(both()) == {"AllTraffic": (2, 4), "Challenger": (2, 2)}
    assert bounds(made({"scaling": SCALED}, scaling=FixedCount(instances=3))) == {
        "AllTraffic": (3, 3),
        "Challenger": (2, 4),
    }
    assert len(of_type(both(), "AWS::ApplicationAutoScaling::ScalingPolicy")) == 1


def test_the_endpoints_own_variant_keeps_its_logical_ids() -> None:
    """Variants come and go; what is registered under the endpoint itself must not be replaced by that."""
    alone, beside = made(scaling=SCALED), both()
    kinds = ("AWS::ApplicationAutoScaling", "AWS::CloudWatch", "AWS::SageMaker")
    own = {id for id, one in alone["Resources"].items() if one["Type"].startswith(kinds)}
    assert own <= beside["Resources"].keys()


def test_each_has_a_rollback_alarm_and_the_role_may_read_both() -> None:
    assert alarm_names(both()) == ["fleet-chat-rollback-5xx", "fleet-chat-rollback-5xx-challenger"]
    rollback = only(both(), "AWS::SageMaker::Endpoint")["DeploymentConfig"]["AutoRollbackConfiguration"]
    assert [one["AlarmName"] for one in rollback["Alarms"]] == alarm_names(both())
    statements = only(both(), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    (read,) = (one for one in statements if one["Sid"] == "RollbackAlarms")
    assert [one["Fn::Join"][1][-1] for one in read["Resource"]] == [f":alarm:{name}" for name in alarm_names(both())]


def test_a_variant_and_an_endpoint_of_the_joined_name_have_alarms_of_their_own() -> None:
    stack = new_stack()
    endpoint(stack, more_variants=[variant(stack, "b")])
    RealtimeEndpoint(stack, "Chat-b", server=llm(models_of(stack)), hardware="ml.g6.2xlarge")
    names = alarm_names(template_of(stack))
    assert len(set(names)) == len(names) == 3


def test_variants_may_be_called_like_parts_of_the_endpoint() -> None:
    names = ("Model", "Role", "Resource", "ScalableTarget", "Config")
    found = bounds(made(*({"name": name, "share": 10} for name in names), scaling=SCALED))
    assert {name: found[name] for name in names} == dict.fromkeys(names, (1, 1))


def test_the_alarm_on_another_config_looks_where_the_requests_go() -> None:
    template = made({"share": 100}, alarm_topic=lambda stack: sns.Topic(stack, "Alarms"))
    (traffic,) = (one for one in of_type(template, "AWS::CloudWatch::Alarm") if one["AlarmName"].endswith("-traffic"))
    assert traffic["Dimensions"][1] == {"Name": "VariantName", "Value": "Challenger"}
    assert (traffic["MetricName"], traffic["Statistic"], traffic["EvaluationPeriods"]) == ("Invocations", "Sum", 1)


def test_the_volume_key_goes_where_any_variant_takes_one() -> None:
    key = {"encryption_key": lambda stack: kms.Key(stack, "Key")}
    volume = {"hardware": "ml.inf2.xlarge"}
    stack = new_stack()
    other = variant(stack, server=encoder(models_of(stack)), **volume)
    endpoint(stack, encryption_key=kms.Key(stack, "Key"), more_variants=[other])
    template = template_of(stack)
    assert "KmsKeyId" in only(template, "AWS::SageMaker::EndpointConfig")
    assert ["VolumeSizeInGB" in one for one in in_config(template)] == [False, True]
    assert "KmsKeyId" not in only(made({}, **key), "AWS::SageMaker::EndpointConfig")


def test_metrics_of_each() -> None:
    stack = new_stack()
    chat = endpoint(stack, more_variants=[variant(stack)])
    dimensions = {"EndpointName": "fleet-chat", "VariantName": "Challenger"}
    assert chat.variant("Challenger").metric_invocations().dimensions == dimensions
    with pytest.raises(ConfigurationError) as caught:
        chat.variant("challenger")
    assert str(caught.value) == (
        "RealtimeEndpoint fleet/Chat: name: got 'challenger'; allowed: AllTraffic, Challenger; fix: write the name of "
        "one of the variants"
    )


def test_a_model_bound_later() -> None:
    stack = new_stack()
    server = llm(None)  # type: ignore[arg-type]
    pools = InstancePools(types=("ml.g6.2xlarge", "ml.g6.4xlarge"), servers={"ml.g6.4xlarge": server})
    bound = variant(stack, server=server, hardware=pools).in_bucket(models_of(stack))
    assert isinstance(bound.hardware, InstancePools)
    for one in (bound.server, bound.hardware.servers["ml.g6.4xlarge"]):
        assert isinstance(one.model, S3Model)
        assert one.model.bucket is not None


@given(st.lists(st.floats(0, 100), max_size=9))
def test_shares_are_100_together(shares: list[float]) -> None:
    total = sum(shares)
    if total <= 100:
        assert own_weight(shares) >= 0
        assert own_weight(shares) + total == pytest.approx(100 if shares else 1)


@each("shares", [(2.9, 69.4, 27.7), (16.1, 16.8, 1.7, 65.4), (0.1,) * 9])
def test_sums_of_fractions_are_not_more_than_they_say(shares: tuple[float, ...]) -> None:
    """The first two are 100 together, and sum() makes more of them."""
    server = llm(None)  # type: ignore[arg-type]
    variants = [
        Variant(name=f"V{number}", traffic_percent=share, server=server, hardware="ml.g6.2xlarge")
        for number, share in enumerate(shares)
    ]
    assert additional_variant_problems("AllTraffic", variants, None, None) == []


# --- what is refused


def told(**arguments: Any) -> str:
    return refusal_of(Variant, **{"name": "B", "traffic_percent": 1, "server": None, "hardware": "", **arguments})


@each("share", [-1, 100.1, "20", True, None, float("nan"), float("inf")])
def test_shares_that_are_none(share: Any) -> None:
    assert told(traffic_percent=share) == (
        f"Variant: traffic_percent: got {share!r}; allowed: a number from 0 to 100; fix: give the share of the requests"
    )


def test_a_share_that_is_known_at_deployment_only() -> None:
    number = cdk.CfnParameter(new_stack(), "Share", type="Number").value_as_number
    assert told(traffic_percent=number) == (
        "Variant: traffic_percent: got 'a value known at deployment only'; allowed: a number from 0 to 100; fix: give "
        "the share of the requests"
    )


@each("name", ["", "-a", "a_b", "a" * 64, 7, None])
def test_names_that_sagemaker_does_not_take(name: Any) -> None:
    assert told(name=name) == (
        f"Variant: name: got {name!r}; allowed: letters, digits and single hyphens between them, up to 63 characters; "
        'fix: for example "Challenger"'
    )


def test_more_than_all_requests() -> None:
    assert refusal({"name": "B", "share": 60}, {"name": "C", "share": 60}) == (
        "RealtimeEndpoint fleet/Chat: more_variants: got '120 % of the requests'; allowed: 100 together; the endpoint's own variant gets the rest; fix: lower traffic_percent"
    )


def test_one_name_twice_whatever_the_case() -> None:
    assert refusal({"name": "b"}, {"name": "B"}, {"name": "alltraffic"}) == (
        "RealtimeEndpoint fleet/Chat has 2 problems:\n"
        "  1. more_variants[1].name: got 'B'; allowed: a name other than AllTraffic, b, whatever the case; fix: rename it\n"
        "  2. more_variants[2].name: got 'alltraffic'; allowed: a name other than AllTraffic, b, B, whatever the case; "
        "fix: rename it"
    )


def test_ten_variants_are_the_most() -> None:
    nine = [{"name": f"V{number}", "share": 1} for number in range(9)]
    assert len(in_config(made(*nine))) == 10
    assert refusal(*nine, {"name": "V9", "share": 1}) == (
        "RealtimeEndpoint fleet/Chat: more_variants: got '10 more'; allowed: 10 variants, the endpoint's own among them; "
        "fix: make a second endpoint"
    )


def test_an_update_has_ten_alarms_at_most() -> None:
    when = AllAtOnce(rollback_when=RollbackWhen(p99_milliseconds=900))
    five = [{"name": f"V{number}", "share": 1} for number in range(5)]
    assert len(alarm_names(made(*five[:4], rollout=when))) == 10
    assert refusal(*five, rollout=when) == (
        "RealtimeEndpoint fleet/Chat: rollout.rollback_when.p99_milliseconds: got 900; allowed: none with more than 5 "
        "variants: an update has 10 alarms; fix: leave it out: errors are watched all the same"
    )


def test_rolling_updates_are_for_one_variant() -> None:
    assert refusal({"scaling": TWO}, scaling=TWO, rollout=Rolling(percent=50)) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'Rolling'; allowed: another rollout: with several variants SageMaker "
        "ignores Rolling and updates all at once, unwatched; fix: use AllAtOnce(...), Canary(...) or Linear(...)"
    )


def test_a_step_of_an_update_needs_two_instances_of_each_variant() -> None:
    assert refusal({}, scaling=TWO, rollout=Canary(percent=10)) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'Canary with 1 instance for more_variants[0]'; allowed: Canary with "
        "at least 2 instances: a step is at most 50 %; fix: use AllAtOnce(...), or run more instances"
    )


def test_a_window_counts_as_a_count() -> None:
    night = ScheduledBounds(schedule="cron(0 20 * * ? *)", time_zone="UTC", min_capacity=1, max_capacity=4)
    scaling = TargetConcurrency(per_instance=8, min_instances=2, max_instances=4, windows=(night,))
    assert refusal(scaling=scaling, rollout=Canary(percent=10)) == (
        "RealtimeEndpoint fleet/Chat: rollout: got 'Canary with 1 instance'; allowed: Canary with at least 2 instances: "
        "a step is at most 50 %; fix: use AllAtOnce(...), or run more instances"
    )


def test_problems_are_told_under_the_name_that_was_written() -> None:
    wrong = {"hardware": "ml.g6.3xlarge", "routing": "FASTEST", "scaling": 2, "startup": 60}
    first, *others = refusal({}, {"name": "C", **wrong}).splitlines()
    assert first == "RealtimeEndpoint fleet/Chat has 4 problems:"
    assert [one.split(": got ")[0].strip() for one in others] == [
        "1. more_variants[1].hardware",
        "2. more_variants[1].scaling",
        "3. more_variants[1].startup",
        "4. more_variants[1].routing",
    ]


@each("variants", ["B", {"name": "B"}, [{"name": "B"}], None])
def test_variants_that_are_none(variants: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        endpoint(new_stack(), more_variants=variants)
    assert str(caught.value) == (
        f"RealtimeEndpoint fleet/Chat: more_variants: got {variants!r}; allowed: a list of Variant; fix: "
        "more_variants=[Variant(...)]"
    )

"""The pure part of the metering function: from answers of DescribeEndpoint to data points, and nothing is lost."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.cost.metering.meter.counting import asked_for, endpoint_points, measured, region_points

PRICED = {"ml.g5.xlarge": 1.41, "ml.g6.2xlarge": 1.222, "ml.inf2.xlarge": 0.99}
TYPES = (*PRICED, "ml.p5en.48xlarge", "ml.trn2.48xlarge")
OLD, NEW = "config-1", "config-2"


@functools.cache
def answer_shape() -> Any:
    return botocore.session.Session().get_service_model("sagemaker").operation_model("DescribeEndpoint").output_shape


def answered(**parts: Any) -> dict[str, Any]:
    """An answer of DescribeEndpoint, as AWS's own model has it."""
    answer = {
        "EndpointName": "chat",
        "EndpointArn": "arn:aws:sagemaker:us-east-1:111122223333:endpoint/chat",
        "EndpointConfigName": OLD,
        "EndpointStatus": "InService",
        "CreationTime": 0,
        "LastModifiedTime": 0,
        **parts,
    }
    report = ParamValidator().validate(answer, answer_shape())
    assert not report.has_errors(), report.generate_report()
    return answer


def plain(name: str, count: int) -> dict[str, Any]:
    return {"VariantName": name, "CurrentInstanceCount": count}


def pools(name: str, counts: dict[str, int], rest: int = 0) -> dict[str, Any]:
    listed = [{"InstanceType": kind, "CurrentInstanceCount": count} for kind, count in counts.items()]
    return {"VariantName": name, "CurrentInstanceCount": sum(counts.values()) + rest, "InstancePools": listed}


def serverless(name: str) -> dict[str, Any]:
    return {"VariantName": name, "CurrentServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 5}}


def pending(*variants: dict[str, Any], config: str = NEW) -> dict[str, Any]:
    return {"EndpointConfigName": config, "ProductionVariants": list(variants)}


def shown(points: Any) -> dict[tuple[str, ...], float]:
    """(metric, values of dimensions) -> value; a metric that comes twice is an error."""
    found = [((one["MetricName"], *(pair["Value"] for pair in one["Dimensions"])), one["Value"]) for one in points]
    assert len(dict(found)) == len(found)
    return dict(found)


def points_of(answer: dict[str, Any], types: dict[tuple[str, str], str] | None = None) -> dict[tuple[str, ...], float]:
    return shown(endpoint_points(measured(answer, types or {}), PRICED))


def test_one_type() -> None:
    answer = answered(ProductionVariants=[plain("AllTraffic", 3)])
    assert asked_for(answer) == [OLD]
    assert points_of(answer, {(OLD, "AllTraffic"): "ml.g5.xlarge"}) == {
        ("Instances", "chat", "AllTraffic"): 3,
        ("UsdPerHour", "chat"): 4.23,
    }


def test_nothing_runs_costs_nothing_and_nobody_is_asked_for_the_type() -> None:
    answer = answered(ProductionVariants=[plain("AllTraffic", 0)])
    assert asked_for(answer) == []
    assert points_of(answer) == {("Instances", "chat", "AllTraffic"): 0, ("UsdPerHour", "chat"): 0}


def test_pools_are_counted_by_type_down_to_zero() -> None:
    answer = answered(ProductionVariants=[pools("AllTraffic", {"ml.g6.2xlarge": 0, "ml.g5.xlarge": 2})])
    assert asked_for(answer) == []
    assert points_of(answer) == {
        ("Instances", "chat", "AllTraffic"): 2,
        ("Instances", "chat", "AllTraffic", "ml.g6.2xlarge"): 0,
        ("Instances", "chat", "AllTraffic", "ml.g5.xlarge"): 2,
        ("UsdPerHour", "chat"): 2.82,
    }


def test_a_type_without_a_price_has_no_dollars_and_is_counted() -> None:
    one = measured(answered(ProductionVariants=[pools("A", {"ml.g5.xlarge": 2, "ml.trn2.48xlarge": 1})]), {})
    assert ("UsdPerHour", "chat") not in shown(endpoint_points(one, PRICED))
    assert shown(region_points([one], PRICED)) == {("UsdPerHour",): 2.82, ("UnpricedInstances",): 1}
    assert one.unpriced(PRICED) == [("A", "ml.trn2.48xlarge", 1)]


def test_a_type_without_a_price_of_which_nothing_runs_is_no_matter() -> None:
    one = measured(answered(ProductionVariants=[pools("A", {"ml.g5.xlarge": 2, "ml.trn2.48xlarge": 0})]), {})
    assert shown(endpoint_points(one, PRICED))["UsdPerHour", "chat"] == 2.82
    assert shown(region_points([one], PRICED))[("UnpricedInstances",)] == 0


def test_a_type_that_nobody_knows_has_no_price() -> None:
    one = measured(answered(ProductionVariants=[plain("AllTraffic", 2)]), {})
    assert shown(endpoint_points(one, PRICED)) == {("Instances", "chat", "AllTraffic"): 2}
    assert one.unpriced(PRICED) == [("AllTraffic", None, 2)]


def test_what_no_pool_accounts_for_has_no_price() -> None:
    one = measured(answered(ProductionVariants=[pools("AllTraffic", {"ml.g5.xlarge": 2}, rest=1)]), {})
    assert one.unpriced(PRICED) == [("AllTraffic", None, 1)]


def test_an_update_runs_two_fleets() -> None:
    new = {"VariantName": "AllTraffic", "InstanceType": "ml.inf2.xlarge", "CurrentInstanceCount": 2}
    answer = answered(ProductionVariants=[plain("AllTraffic", 3)], PendingDeploymentSummary=pending(new))
    assert asked_for(answer) == [OLD]
    assert points_of(answer, {(OLD, "AllTraffic"): "ml.g5.xlarge"}) == {
        ("Instances", "chat", "AllTraffic"): 5,
        ("UsdPerHour", "chat"): 6.21,
    }


def test_a_creation_runs_one_fleet_though_it_may_be_shown_twice() -> None:
    new = {"VariantName": "AllTraffic", "InstanceType": "ml.g5.xlarge", "CurrentInstanceCount": 2}
    both = answered(ProductionVariants=[plain("AllTraffic", 1)], PendingDeploymentSummary=pending(new, config=OLD))
    alone = answered(PendingDeploymentSummary=pending(new, config=OLD))
    types = {(OLD, "AllTraffic"): "ml.g5.xlarge"}
    assert points_of(both, types) == points_of(alone, types)
    assert points_of(alone, types)["Instances", "chat", "AllTraffic"] == 2


def test_a_shadow_variant_is_billed_too() -> None:
    types = {(OLD, "AllTraffic"): "ml.g5.xlarge", (OLD, "Next"): "ml.inf2.xlarge"}
    answer = answered(ProductionVariants=[plain("AllTraffic", 1)], ShadowProductionVariants=[plain("Next", 1)])
    assert points_of(answer, types)["UsdPerHour", "chat"] == 2.4


def test_a_serverless_endpoint_publishes_nothing() -> None:
    one = measured(answered(ProductionVariants=[serverless("AllTraffic")]), {})
    assert list(endpoint_points(one, PRICED)) == []
    assert one.serverless == ("AllTraffic",)


def test_an_endpoint_whose_instances_are_not_numbered_is_not_at_zero() -> None:
    one = measured(answered(ProductionVariants=[{"VariantName": "AllTraffic"}, plain("B", 0)]), {})
    assert shown(endpoint_points(one, PRICED)) == {("Instances", "chat", "B"): 0}
    assert one.uncounted == ("AllTraffic",)


def test_an_endpoint_without_variants_publishes_nothing() -> None:
    answer = answered(EndpointStatus="Creating")
    assert points_of(answer) == {}


def test_a_region_without_endpoints_costs_nothing() -> None:
    assert shown(region_points([], PRICED)) == {("UsdPerHour",): 0, ("UnpricedInstances",): 0}


@dataclass
class Fleet:
    """Made-up variants, and what is true of them."""

    variants: list[dict[str, Any]]
    types: dict[tuple[str, str], str]
    truth: Counter[tuple[str, str | None]]
    counted: bool


@st.composite
def fleets(draw: st.DrawFn, config: str) -> Fleet:
    made = Fleet([], {}, Counter(), True)
    for name in draw(st.lists(st.sampled_from("ABCD"), unique=True)):
        count = st.integers(0, 1000)
        match draw(st.sampled_from(("plain", "told", "unknown", "pools", "serverless", "silent"))):
            case "plain":
                kind, number = draw(st.sampled_from(TYPES)), draw(count)
                made.variants.append(plain(name, number))
                made.types[config, name] = kind
                made.truth[name, kind] += number
            case "told" if config == NEW:
                kind, number = draw(st.sampled_from(TYPES)), draw(count)
                made.variants.append({**plain(name, number), "InstanceType": kind})
                made.truth[name, kind] += number
            case "unknown":
                number = draw(count)
                made.variants.append(plain(name, number))
                made.truth[name, None] += number
            case "pools":
                numbers = draw(st.dictionaries(st.sampled_from(TYPES), count, min_size=1, max_size=5))
                rest = draw(st.integers(0, 2))
                made.variants.append(pools(name, numbers, rest))
                made.truth.update({(name, kind): number for kind, number in numbers.items()})
                made.truth[name, None] += rest
            case "silent":
                made.variants.append({"VariantName": name})
                made.counted = False
            case _:
                made.variants.append(serverless(name))
    return made


@st.composite
def endpoints(draw: st.DrawFn) -> tuple[dict[str, Any], dict[tuple[str, str], str], Counter[Any], bool]:
    old, new = draw(fleets(OLD)), draw(fleets(NEW))
    parts: dict[str, Any] = {}
    split = draw(st.integers(0, len(old.variants)))
    if old.variants[:split]:
        parts["ProductionVariants"] = old.variants[:split]
    if old.variants[split:]:
        parts["ShadowProductionVariants"] = old.variants[split:]
    if new.variants:
        parts["PendingDeploymentSummary"] = pending(*new.variants)
    truth = Counter(old.truth)
    truth.update(new.truth)
    return answered(**parts), {**old.types, **new.types}, truth, old.counted and new.counted


@given(endpoints())
def test_every_instance_is_either_priced_or_unpriced(made: Any) -> None:
    answer, types, truth, counted = made
    one = measured(answer, types)
    region = shown(region_points([one], PRICED))
    usd = sum(PRICED[kind] * number for (_, kind), number in truth.items() if kind in PRICED)
    unpriced = sum(number for (_, kind), number in truth.items() if kind not in PRICED)
    assert region[("UsdPerHour",)] == pytest.approx(usd, abs=1e-6)
    assert region[("UnpricedInstances",)] == unpriced
    own = shown(endpoint_points(one, PRICED))
    by_variant: Counter[str] = Counter()
    for (name, _), number in truth.items():
        by_variant[name] += number
    assert {key[2]: value for key, value in own.items() if key[0] == "Instances" and len(key) == 3} == by_variant
    known = counted and not unpriced and bool(truth)
    assert own.get(("UsdPerHour", "chat")) == (pytest.approx(usd, abs=1e-6) if known else None)


@given(endpoints())
def test_pools_add_up_to_their_variant(made: Any) -> None:
    answer, types, truth, _ = made
    own = shown(endpoint_points(measured(answer, types), PRICED))
    for key, value in own.items():
        if len(key) == 4:
            assert value == truth[key[2], key[3]]
            assert value <= own[key[:3]]


@given(endpoints())
def test_only_configurations_that_can_help_are_asked_for(made: Any) -> None:
    answer, types, _, _ = made
    asked = asked_for(answer)
    assert set(asked) <= {OLD, NEW}
    helpful = {key: kind for key, kind in types.items() if key[0] in asked}
    found, all_known = measured(answer, helpful), measured(answer, types)
    assert found.usd_per_hour(PRICED) == all_known.usd_per_hour(PRICED)
    assert sum(n for _, _, n in found.unpriced(PRICED)) == sum(n for _, _, n in all_known.unpriced(PRICED))


@given(st.lists(endpoints(), max_size=4))
def test_the_region_is_the_sum_of_its_endpoints(made: Any) -> None:
    found = [measured(answer, types) for answer, types, _, _ in made]
    whole = shown(region_points(found, PRICED))
    parts = [shown(region_points([one], PRICED)) for one in found]
    assert whole[("UsdPerHour",)] == pytest.approx(sum(part[("UsdPerHour",)] for part in parts), abs=1e-5)
    assert whole[("UnpricedInstances",)] == sum(part[("UnpricedInstances",)] for part in parts)

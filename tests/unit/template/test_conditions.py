"""Branches that a condition chooses, lists that keep their order, and what a default switches off."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from cdk_inference.pricing import estimate, price_book
from cdk_inference.review.load import load_side
from cdk_inference.review.pairing import pair_up
from cdk_inference.template import Stack, Unknown, deployment_of, load_deployment, read_hosting, switched_off
from tests.each import each
from tests.unit.template.test_hosting import ONE, config, endpoint, target, variants_of

BOOK = price_book([], datetime.date(2026, 11, 24))
PARAMETERS = {"Stage": {"Type": "String", "Default": "dev"}, "Open": {"Type": "String"}, "Key": {"Type": "String"}}
CONDITIONS = {
    "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
    "Dev": {"Fn::Not": [{"Condition": "Prod"}]},
    "Unsure": {"Fn::Equals": [{"Ref": "Open"}, "x"]},
    "Elsewhere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
    "Named": {"Fn::Equals": [{"Fn::Sub": "${Stage}-x"}, "prod-x"]},
}
HEAD = {"Parameters": PARAMETERS, "Conditions": CONDITIONS}
NO_VALUE = {"Ref": "AWS::NoValue"}


def stack(resources: dict[str, Any], given: dict[str, str] | None = None) -> Stack:
    return deployment_of({"S": {**HEAD, "Resources": resources}}, "us-east-1", given).stacks[0]


def when(condition: str, then: Any, otherwise: Any = NO_VALUE) -> dict[str, Any]:
    return {"Fn::If": [condition, then, otherwise]}


@each(
    ("written", "chosen"),
    [
        ([{"Ref": "Key"}, when("Prod", "a"), "b"], [{"Ref": "Key"}, "b"]),
        ([{"Ref": "Key"}, when("Dev", "a"), "b"], [{"Ref": "Key"}, "a", "b"]),
        ([when("Unsure", "a"), "b"], [when("Unsure", "a"), "b"]),
        ([when("Unsure", when("Prod", "a", "c")), "b"], [when("Unsure", "c"), "b"]),
        ({"x": when("Prod", 1), "y": when("Dev", {"z": when("Prod", 1, 2)})}, {"y": {"z": 2}}),
        (["a", NO_VALUE, "b"], ["a", "b"]),
    ],
)
def test_what_is_written_stands_where_its_value_stands(written: Any, chosen: Any) -> None:
    (found,) = stack({"R": {"Type": "T", "Properties": {"P": written}}}).resources()
    assert found.written["Properties"]["P"] == chosen


def test_what_is_not_chosen_is_not_copied() -> None:
    written = {"Type": "T", "Properties": {"P": [{"Ref": "Key"}, {"a": 1}]}}
    (found,) = stack({"R": written}).resources()
    assert found.written["Properties"] is written["Properties"]


TYPES = ("ml.g5.2xlarge", "ml.g5.xlarge")
BIG, SMALL = (
    ONE | {"InstanceType": kind, "InitialInstanceCount": count} for kind, count in zip(TYPES, (4, 1), strict=True)
)
WHOLE = {"Type": "AWS::SageMaker::EndpointConfig"}


@each(
    "settings",
    [
        WHOLE | {"Properties": when("Prod", config(BIG)["Properties"], config(SMALL)["Properties"])},
        WHOLE | {"Properties": {"ProductionVariants": when("Prod", [BIG], [SMALL])}},
        config(when("Prod", BIG, SMALL)),
        config(ONE | {"InstanceType": when("Prod", *TYPES), "InitialInstanceCount": when("Prod", 4, 1)}),
        config(when("Prod", BIG), when("Dev", SMALL)),
    ],
)
def test_what_is_chosen_as_a_whole_is_priced(settings: Any) -> None:
    resources = {"Config": settings, "Chat": endpoint()}
    for given, kind, count in ((None, TYPES[1], 1), ({"Stage": "prod"}, TYPES[0], 4)):
        (variant,) = variants_of(read_hosting(stack(resources, given).deployment))
        assert (variant.types, variant.instances.highest) == ((kind,), count)


@each("name", [True, 5, ["Open"], {"Ref": "Open"}])
def test_a_condition_without_a_name_never_counts_as_one_that_holds(name: Any) -> None:
    resources = {"Config": WHOLE, "Chat": endpoint() | {"Condition": name}}
    (found,) = read_hosting(stack(resources).deployment).endpoints
    assert found.resource.exists == Unknown("a condition has no name")


@each(("stage", "exists"), [("dev", False), ("prod", True)])
def test_a_condition_is_found_by_a_name_in_a_function(stage: str, exists: bool) -> None:
    template = {
        "Transform": "AWS::LanguageExtensions",
        "Conditions": {"Isprod": {"Fn::Equals": [stage, "prod"]}},
        "Resources": {
            "Fn::ForEach::Stages": [
                "Stage",
                ["prod"],
                {"Chat${Stage}": endpoint() | {"Condition": {"Fn::Sub": "Is${Stage}"}}},
            ]
        },
    }
    (made,) = deployment_of({"S": template}, "us-east-1").stacks
    assert (made.resource("Chatprod") is not None) == exists


def test_properties_of_an_unknown_condition_are_not_known_unless_they_are_alike() -> None:
    chosen = when("Unsure", config(BIG)["Properties"], config(SMALL)["Properties"])
    resources = {"Config": WHOLE | {"Properties": chosen}, "Chat": endpoint()}
    (found,) = read_hosting(stack(resources).deployment).endpoints
    assert found.hosted.variants == Unknown("the parameter Open has no default")
    alike = ONE | {"InstanceType": when("Unsure", "ml.g5.xlarge", "ml.g5.xlarge")}
    (variant,) = variants_of(read_hosting(stack({"Config": config(alike), "Chat": endpoint()}).deployment))
    assert variant.types == ("ml.g5.xlarge",)


def off(made: Stack) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.logical_id, one.parameters) for one in switched_off(made)]


@each(
    ("condition", "given", "listed"),
    [
        ("Prod", None, ("Stage",)),
        ("Named", None, ("Stage",)),
        ("Dev", None, None),
        ("Prod", {"Stage": "dev"}, None),
        ("Prod", {"Stage": "prod"}, None),
        ("Dev", {"Stage": "prod"}, None),
        ("Unsure", None, None),
        ("Elsewhere", None, None),
        ("Missing", None, None),
    ],
)
def test_what_a_default_switches_off(
    condition: str, given: dict[str, str] | None, listed: tuple[str, ...] | None
) -> None:
    made = stack({"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Condition": condition}}, given)
    assert off(made) == ([("Alarm", listed)] if listed else [])


def test_a_nested_stack_is_switched_by_the_outer_ones_default(tmp_path: Path) -> None:
    passed = {"Stage": {"Ref": "Environment"}, "Open": "x", "Key": "k"}
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "inner.json", "Parameters": passed}}
    outer = {"Parameters": {"Environment": {"Type": "String", "Default": "dev"}}, "Resources": {"N": nested}}
    inner = {**HEAD, "Resources": {"Alarm": {"Type": "AWS::CloudWatch::Alarm", "Condition": "Prod"}}}
    for name, written in (("outer", outer), ("inner", inner)):
        (tmp_path / f"{name}.json").write_text(json.dumps(written))
    paths = [tmp_path / "outer.json"]
    assert off(load_deployment(paths, None).stacks[1]) == [("Alarm", ("Environment",))]
    assert off(load_deployment(paths, None, parameters={"Environment": "dev"}).stacks[1]) == []


def test_an_estimate_lists_it() -> None:
    resources = {"Config": config(ONE), "Chat": endpoint(), "T": target() | {"Condition": "Prod"}}
    resources |= {f"A{n}": {"Type": "AWS::CloudWatch::Alarm", "Condition": "Named"} for n in range(7)}
    kinds = "1 AWS::ApplicationAutoScaling::ScalableTarget, 7 AWS::CloudWatch::Alarm"
    note = f"not created with the default of Stage, and not included: {kinds}"
    assert estimate(stack(resources).deployment, BOOK).notes == (note,)
    assert estimate(stack(resources, {"Stage": "dev"}).deployment, BOOK).notes == ()


ITEMS = [
    {"AttributeName": {"Ref": "Key"}, "AttributeType": "S"},
    when("Prod", {"AttributeName": "s", "AttributeType": "S"}),
]
SCHEMA = [
    {"AttributeName": {"Ref": "Key"}, "KeyType": "HASH"},
    when("Prod", {"AttributeName": "s", "KeyType": "RANGE"}),
]
ORDERS = {"Type": "AWS::DynamoDB::Table", "Properties": {"AttributeDefinitions": ITEMS, "KeySchema": SCHEMA}}


@each(
    "added",
    [
        {"Outputs": {"O": {"Value": "x"}}},
        {"Parameters": {**PARAMETERS, "More": {"Type": "String"}}},
        {"Mappings": {"M": {"a": {"b": "c"}}}},
        {"Conditions": {**CONDITIONS, "More": {"Fn::Equals": ["a", "b"]}}},
    ],
)
def test_a_list_with_a_conditional_item_is_the_same_beside_other_changes(added: Any, tmp_path: Path) -> None:
    before = {**HEAD, "Resources": {"Orders": ORDERS}}
    sides = []
    for name, template in (("old", before), ("new", {**before, **added})):
        (tmp_path / f"{name}.json").write_text(json.dumps(template))
        sides.append(load_side(f"--{name}", tmp_path / f"{name}.json", "us-east-1"))
    (pair,) = pair_up(*sides, files=True).stacks
    assert list(pair.resources["Orders"].changes) == []

"""Fn::ForEach is written out where its list is known."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from cdk_inference.pricing import estimate, price_book
from cdk_inference.template import Stack, Unknown, deployment_of, loops, opaque_parts
from tests.each import each
from tests.unit.template.test_hosting import ONE, config, endpoint

BOOK = price_book([], datetime.date(2026, 11, 24))


def stack(resources: dict[str, Any], given: dict[str, str] | None = None, **sections: Any) -> Stack:
    parameters = {"Names": {"Type": "CommaDelimitedList", "Default": "a,b"}, "Open": {"Type": "CommaDelimitedList"}}
    template = {"Transform": "AWS::LanguageExtensions", "Parameters": parameters, "Resources": resources, **sections}
    return deployment_of({"S": template}, "us-east-1", given).stacks[0]


def topic(name: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}


def names(made: Stack) -> dict[str, Any]:
    return {one.logical_id: one.get("TopicName") for one in made.resources("AWS::SNS::Topic")}


TOPICS = {"T${N}": topic({"Fn::Sub": "x-${N}"})}


@each(
    ("loop", "made"),
    [
        (["N", ["a", "b"], TOPICS], {"Ta": "x-a", "Tb": "x-b"}),
        (["N", {"Ref": "Names"}, TOPICS], {"Ta": "x-a", "Tb": "x-b"}),
        (["N", [1, 2], TOPICS], {"T1": "x-1", "T2": "x-2"}),
        (["N", [{"Ref": "AWS::Region"}], {"T": topic({"Ref": "N"})}], {"T": "us-east-1"}),
        (["N", ["10.0.0.1"], {"T&{N}": topic("${N}")}], {"T10001": "10.0.0.1"}),
        (["N", {"Fn::FindInMap": ["Lists", "a", "b"]}, TOPICS], {"Tm": "x-m"}),
        (["N", [], TOPICS], {}),
        (["N", ["a"], {"A${N}": topic({"Ref": "N"}), "B${N}": topic("${M}")}], {"Aa": "a", "Ba": "${M}"}),
        (
            ["N", ["a", "b"], {"Fn::ForEach::In": ["M", ["1", "2"], {"T${N}${M}": topic("${N}-${M}")}]}],
            {"Ta1": "a-1", "Ta2": "a-2", "Tb1": "b-1", "Tb2": "b-2"},
        ),
    ],
)
def test_resources_are_made(loop: list[Any], made: dict[str, str]) -> None:
    found = stack({"Fn::ForEach::X": loop}, Mappings={"Lists": {"a": {"b": ["m"]}}})
    assert names(found) == made
    assert list(opaque_parts(found)) == []


def test_a_list_may_be_given() -> None:
    assert names(stack({"Fn::ForEach::X": ["N", {"Ref": "Open"}, TOPICS]}, {"Open": "c"})) == {"Tc": "x-c"}


def test_conditions_outputs_and_properties_have_loops() -> None:
    properties = {"Fn::ForEach::P": ["N", ["TopicName", "DisplayName"], {"${N}": "is-${N}"}]}
    made = stack(
        {"T": {"Type": "AWS::SNS::Topic", "Condition": "Isb", "Properties": properties}},
        Conditions={"Fn::ForEach::C": ["N", ["a", "b"], {"Is${N}": {"Fn::Equals": ["${N}", "b"]}}]},
        Outputs={"Fn::ForEach::O": ["N", ["a"], {"O${N}": {"Value": "v-${N}"}}]},
    )
    (found,) = made.resources("AWS::SNS::Topic")
    assert (found.get("TopicName"), found.get("DisplayName"), found.exists) == ("is-TopicName", "is-DisplayName", True)
    assert made.output("Oa") == "v-a"


@each(
    "loop",
    [
        ["N", {"Ref": "Open"}, TOPICS],
        ["N", ["a", {"Ref": "Missing"}], TOPICS],
        ["N", "a,b", TOPICS],
        ["N", ["a"]],
        [5, ["a"], TOPICS],
        ["N", [str(n) for n in range(3000)], TOPICS],
        ["N", [str(n) for n in range(20)], {"Fn::ForEach::Y": ["M", [str(n) for n in range(200)], TOPICS]}],
        ["N", [str(n) for n in range(100)], {"T${N}": topic("${N}" * 10_000)}],
    ],
)
def test_other_loops_are_listed(loop: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The last three become too large, at a hundredth of what is read."""
    monkeypatch.setattr(loops, "_VALUES_MAX", loops._VALUES_MAX // 100)
    (part,) = opaque_parts(stack({"Fn::ForEach::X": loop}))
    assert (part.logical_id, part.what) == ("Fn::ForEach::X", "resources made in a loop")


def test_a_property_made_in_a_loop_over_an_unknown_list_is_not_known() -> None:
    properties = {"Fn::ForEach::P": ["N", {"Ref": "Open"}, {"${N}": 1}], "TopicName": "x"}
    made = stack({"T": {"Type": "AWS::SNS::Topic", "Properties": properties}})
    assert names(made) == {"T": Unknown("a macro or a loop may change it when the stack is deployed")}


def test_endpoints_of_a_loop_are_priced() -> None:
    loop = {
        "Config${N}": config(ONE | {"VolumeSizeInGB": 30}),
        "Chat${N}": endpoint({"Fn::Sub": "chat-${N}"}, {"Fn::GetAtt": ["Config${N}", "EndpointConfigName"]}),
    }
    found = estimate(stack({"Fn::ForEach::X": ["N", ["a", "b", "c"], loop]}).deployment, BOOK)
    # 3 times 2 of ml.g5.xlarge at 1.41, with 2 volumes of 30 GB at 0.14
    assert (found.endpoints, round(found.maximum.usd, 2)) == (3, round(3 * (2 * 1.41 * 730 + 2 * 30 * 0.14), 2))

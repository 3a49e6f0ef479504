"""Texts with holes: the same, different, or not known; whatever a parameter without a default holds."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.unknown import Unknown
from cdk_inference.template import deployment_of, same_text, text_in
from cdk_inference.template.values import readable, unknown_mark
from tests.each import each

HEAD: dict[str, Any] = {
    "Parameters": {
        **{name: {"Type": "String"} for name in ("Team", "Stage", "Index")},
        "List": {"Type": "CommaDelimitedList"},
    },
    "Mappings": {"Sizes": {"a": {"x": "1"}}},
    "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Stage"}, "live"]}},
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
}
OTHER = {
    **HEAD,
    "Mappings": {"Sizes": {"a": {"x": "2"}}},
    "Conditions": {"Live": {"Fn::Equals": [{"Ref": "Team"}, "live"]}},
}


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


def value(written: Any, template: dict[str, Any] = HEAD) -> Any:
    (stack,) = deployment_of({"S": template}, "us-east-1").stacks
    return stack.resolve(written)


IF = {"Fn::If": ["Live", "a", "b"]}
FIND = {"Fn::FindInMap": ["Sizes", {"Ref": "Index"}, "x"]}


@each(
    ("one", "other", "same"),
    [
        (sub("mlops-${Team}-live"), sub("mlops-${Team}-live"), True),
        (sub("mlops-${Team}-live"), {"Fn::Join": ["-", ["mlops", {"Ref": "Team"}, "live"]]}, True),
        (sub("mlops-${Team}-live"), sub("${Team}-live"), False),
        (sub("orders-${Team}"), sub("parcels-${Team}"), False),
        (sub("orders-${Team}"), sub("orders-${Stage}"), None),
        (sub("orders-${Team}"), sub("parcels-${Stage}"), False),
        (sub("${Team}-orders"), sub("${Stage}-parcels"), False),
        (sub("${Team}-a-${Stage}"), sub("${Team}-b-${Stage}"), False),
        (sub("${Team}-a-${Stage}"), sub("${Team}-ab-${Stage}"), False),
        (sub("a${Team}"), sub("${Team}a"), None),  # "a" makes them the same
        (sub("a${Team}"), sub("${Team}b"), None),  # one beginning and one end: not looked into
        (sub("${Team}${Team}"), sub("${Team}"), None),  # empty makes them the same
        (sub("${Team}${Team}x"), sub("${Team}"), False),
        (sub("${Team}-${Stage}"), sub("${Stage}-${Team}"), None),
        (sub("a-${Team}-z"), "a-b-z", None),
        (sub("a-${Team}-z"), "b-b-z", False),
        (sub("a-${Team}-z"), "a-z", False),
        (sub("a-${Team}-m-${Stage}-z"), "a-1-n-2-z", False),
        (sub("a-${Team}-m-${Stage}-z"), "a-1-m-2-z", None),
        ({"Ref": "Team"}, {"Ref": "Team"}, True),
        ({"Ref": "Team"}, "anything", None),
        ({"Ref": "Team"}, "", None),
        ("a", "b", False),
        (IF, IF, True),
        (IF, {"Fn::If": ["Live", "a", "c"]}, None),
        (IF, {"Ref": "Stage"}, None),
        ("{{resolve:ssm:/a}}-x", "{{resolve:ssm:/a}}-x", True),
        ("{{resolve:ssm:/a}}-x", "{{resolve:ssm:/a}}-y", False),
        ("{{resolve:ssm:/a}}", "{{resolve:ssm:/b}}", None),
        (sub("{{resolve:ssm:/${Team}}}"), sub("{{resolve:ssm:/${Team}}}-x"), None),
        (sub("${Queue}-x"), sub("${Queue}-y"), False),
        (sub("${Queue}"), sub("x-${Queue}"), None),  # it may be another queue
        ({"Fn::Join": ["", {"Ref": "List"}]}, {"Fn::Join": ["-", {"Ref": "List"}]}, None),
        ({"Fn::Select": [0, {"Ref": "List"}]}, {"Fn::Select": [0, {"Ref": "List"}]}, True),
        ({"Fn::Select": [0, {"Ref": "List"}]}, {"Fn::Select": [1, {"Ref": "List"}]}, None),
        (5, 6, None),
    ],
)
def test_two_texts_are_the_same_or_not_whatever_is_in_the_holes(one: Any, other: Any, same: bool | None) -> None:
    assert same_text(value(one), value(other)) is same
    assert same_text(value(other), value(one)) is same


@each(("written", "same"), [(IF, None), (FIND, None), (sub("x-${Team}"), True)])
def test_the_same_words_about_another_condition_or_table_are_another_value(written: Any, same: bool | None) -> None:
    assert same_text(value(written), value(written, OTHER)) is same


def test_the_parameters_of_two_stacks_are_two() -> None:
    first, second = deployment_of({"A": HEAD, "B": HEAD}, "us-east-1").stacks
    assert same_text(first.resolve({"Ref": "Team"}), second.resolve({"Ref": "Team"})) is None


def test_equals_is_decided_where_no_value_matters() -> None:
    def condition(*both: Any) -> Any:
        return value({"Fn::Equals": list(both)})

    assert condition(sub("a-${Team}"), sub("b-${Team}")) is False
    assert condition({"Ref": "Team"}, {"Ref": "Team"}) is True
    assert condition({"Ref": "Team"}, "x") == Unknown("the parameter Team has no default")


def test_a_text_with_a_hole_can_be_read_by_people() -> None:
    text = text_in(value(sub("mlops-${Team}-live-${Queue.QueueName}")))
    assert text is not None
    assert readable(text) == "mlops-${Team}-live-${Queue.QueueName}"
    assert readable(text_in(value(IF)) or "") == "(unknown)"
    assert text_in(5) is None


MARKS = {name: unknown_mark("why", name) for name in "XY"}
PARTS = st.lists(st.sampled_from("ab-XY"), max_size=6)


@given(PARTS, PARTS, st.lists(st.text("ab-", max_size=2), min_size=2, max_size=2))
def test_a_certain_answer_holds_for_every_value(one: list[str], other: list[str], values: list[str]) -> None:
    def marked(parts: list[str]) -> str:
        return "".join(MARKS.get(part, part) for part in parts)

    def filled(parts: list[str]) -> str:
        return re.sub("[XY]", lambda match: values["XY".index(match[0])], "".join(parts))

    same = same_text(Unknown("why", text=marked(one)), Unknown("why", text=marked(other)))
    assert same is None or same is (filled(one) == filled(other))

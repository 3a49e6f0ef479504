"""Acknowledging in a CDK app: what the template has is what the review reads."""

from __future__ import annotations

import datetime
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_inference.acknowledge import acknowledge
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.review.finding import Finding
from cdk_inference.template import deployment_of
from cdk_inference.template.acknowledgements import Acknowledgement, acknowledgements
from tests.each import each
from tests.support import new_stack, template_of


def read(template: dict[str, Any]) -> list[Acknowledgement | str]:
    """As the review has them."""
    (stack,) = deployment_of({"S": template}, None).stacks
    return list(acknowledgements(stack))


def test_what_is_written_is_what_is_read() -> None:
    stack = new_stack()
    bucket = s3.Bucket(stack, "Files")
    acknowledge(bucket, rule="data-replaced", reason="empty", expires="2026-12-31")
    acknowledge(stack, rule="data-removed", logical_id="Old", reason="gone since March")
    acknowledge(stack, rule="export-in-use", reason="deployed first")
    logical_id = stack.get_logical_id(bucket.node.default_child)  # type: ignore[arg-type]
    assert read(template_of(stack)) == [
        Acknowledgement(
            stack="S",
            rule="data-replaced",
            logical_id=logical_id,
            reason="empty",
            expires=datetime.date(2026, 12, 31),
        ),
        Acknowledgement(stack="S", rule="data-removed", logical_id="Old", reason="gone since March", expires=None),
        Acknowledgement(stack="S", rule="export-in-use", logical_id="", reason="deployed first", expires=None),
    ]


def test_other_metadata_stays() -> None:
    stack = new_stack()
    s3.Bucket(stack, "Files")
    stack.template_options.metadata = {"Team": "ml", "CdkInference": {"other": 1}}
    acknowledge(stack, rule="stack-gone", reason="why not")
    assert template_of(stack)["Metadata"] == {
        "Team": "ml",
        "CdkInference": {"other": 1, "acknowledge": [{"rule": "stack-gone", "reason": "why not"}]},
    }


def test_in_a_nested_stack_it_stands_in_the_nested_template() -> None:
    stack = new_stack()
    inner = cdk.NestedStack(stack, "Inner")
    acknowledge(s3.Bucket(inner, "Files"), rule="data-replaced", reason="empty")
    assert stack.template_options.metadata is None
    assert inner.template_options.metadata is not None


def test_everything_wrong_comes_at_once() -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        acknowledge(Construct(stack, "Group"), rule="Data Removed", reason=" ", expires="tomorrow")
    assert str(caught.value) == (
        "acknowledge has 4 problems:\n"
        "  1. rule: got 'Data Removed'; allowed: a rule's id, lower case with hyphens; fix: copy it from the review\n"
        "  2. reason: got ' '; allowed: a sentence; fix: write why it is acceptable\n"
        "  3. expires: got 'tomorrow'; allowed: a day, YYYY-MM-DD; fix: write for example expires=\"2026-12-31\"\n"
        "  4. scope: got 'fleet/Group'; allowed: a resource, a construct around one, or a stack; "
        "fix: name its part that is one, or pass the stack and logical_id=..."
    )


GOOD = {"rule": "replaced", "logical_id": "A", "reason": "r"}


@each(
    ("written", "told"),
    [
        ({}, "it is not a list"),
        ([1], "entry 1 should have rule, logical_id, reason, expires"),
        ([GOOD, {**GOOD, "until": 1}], "entry 2 should have rule, logical_id, reason, expires, not until"),
        ([{**GOOD, "rule": None}], "entry 1 has no rule"),
        ([{**GOOD, "reason": "  "}], "entry 1 has no reason"),
        ([{**GOOD, "logical_id": ["A"]}], "entry 1 has a logical_id that is not text"),
        ([{**GOOD, "expires": "soon"}], "entry 1 expires on no day: write YYYY-MM-DD"),
    ],
)
def test_what_is_none_is_told(written: Any, told: str) -> None:
    found = read({"Metadata": {"CdkInference": {"acknowledge": written}}, "Resources": {}})
    assert [one for one in found if isinstance(one, str)] == [told]


@each("metadata", [None, [], {"CdkInference": 3}, {"CdkInference": {}}])
def test_other_metadata_has_none(metadata: Any) -> None:
    assert read({"Metadata": metadata, "Resources": {}}) == []


def finding(**changes: str) -> Finding:
    told: dict[str, Any] = {"rule": "replaced", "level": "error", "stack": "S", "logical_id": "A", "type": ""}
    return Finding(**{**told, "what": "", "means": "", "safe": "", **changes})


@each(
    ("found", "covered"),
    [
        (finding(), True),
        (finding(rule="moved"), False),
        (finding(logical_id="B"), False),
        (finding(stack="T"), False),
        (finding(logical_id=""), False),
        (finding(stack="A", logical_id=""), True),
    ],
)
def test_it_covers_its_rule_at_its_resource(found: Finding, covered: bool) -> None:
    one = Acknowledgement(stack="S", rule="replaced", logical_id="A", reason="r", expires=None)
    assert one.covers(found.rule, found.stack, found.logical_id) == covered

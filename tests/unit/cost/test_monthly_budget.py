"""What a monthly budget is: values, and why others are refused."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_iam as iam

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import CostTag, DenyNewEndpoints, MonthlyBudget
from tests.each import each
from tests.refusals import refusal_of
from tests.support import new_stack

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"usd": 0}, "usd: got 0; allowed: a number above 0, at most 1e+20; fix: write US dollars per month"),
    ({"usd": "100"}, "usd: got '100'; allowed: a number above 0, at most 1e+20; fix: write US dollars per month"),
    (
        {"actual_percent": (8000,)},
        "actual_percent[0]: got 8000; allowed: a number above 0, at most 1000; fix: write 80 for 80 %",
    ),
    (
        {"actual_percent": (0.8,)},
        "actual_percent[0]: got 0.8; allowed: 1 to 1000, in percent; fix: write 80 for 80 %",
    ),
    (
        {"actual_percent": 80},
        "actual_percent: got 80; allowed: a list of percentages of the budget; fix: for example actual_percent=[80, 100]",
    ),
    (
        {"forecast_percent": (100, 100)},
        "forecast_percent: got (100, 100); allowed: each percentage once; fix: leave out the second",
    ),
    (
        {"actual_percent": (), "forecast_percent": ()},
        "actual_percent, forecast_percent: got '0 thresholds'; allowed: 1 to 5 together: AWS's guide gives a budget no more; fix: "
        "keep those that change what you do",
    ),
    (
        {"actual_percent": (25, 50, 75, 100), "forecast_percent": [100, 120]},
        "actual_percent, forecast_percent: got '6 thresholds'; allowed: 1 to 5 together: AWS's guide gives a budget no more; fix: "
        "keep those that change what you do",
    ),
    ({"count_credits": 1}, "count_credits: got 1; allowed: False, True; fix: choose one of these"),
    (
        {"metric": "Hours"},
        "metric: got 'Hours'; allowed: UnblendedCost, AmortizedCost, NetUnblendedCost, NetAmortizedCost, BlendedCost; fix: "
        "choose one of these",
    ),
    (
        {"tag": ("application", "inference")},
        "tag: got ('application', 'inference'); allowed: CostTag or None; fix: tag=CostTag(key=..., value=...)",
    ),
    (
        {"on_exceeded": "deny"},
        "on_exceeded: got 'deny'; allowed: DenyNewEndpoints or None; fix: on_exceeded=DenyNewEndpoints(roles=[...])",
    ),
]


@each(("changes", "message"), REFUSED)
def test_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        MonthlyBudget(**{"usd": 100, **changes})
    assert str(caught.value) == f"MonthlyBudget: {message}"


def test_five_thresholds_are_allowed() -> None:
    assert MonthlyBudget(usd=0.01, actual_percent=(25, 50, 75, 100), forecast_percent=(1000,)).usd == 0.01


TAGS: list[tuple[str, str, str]] = [
    ("user:team", "a", "key: got 'user:team'; allowed: the key as resources carry it; fix: write 'team'"),
    (
        "",
        "a",
        "key: got ''; allowed: 1 to 128 letters, digits, spaces and _ . : / = + - @; fix: write the key of the tag",
    ),
    (
        "team",
        "a$b",
        "value: got 'a$b'; allowed: 1 to 256 letters, digits, spaces and _ . : / = + - @; fix: write the value of the tag",
    ),
]


@each(("key", "value", "message"), TAGS)
def test_a_tag_that_is_none(key: str, value: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        CostTag(key=key, value=value)
    assert str(caught.value) == f"CostTag: {message}"


def refused_action(**changes: Any) -> str:
    role = iam.Role.from_role_name(new_stack(), "Team", "team")
    return refusal_of(DenyNewEndpoints, **{"roles": [role], **changes})


@each(
    ("changes", "message"),
    [
        (
            {"roles": []},
            "roles: got (); allowed: 1 to 100 roles (aws_iam.IRole); fix: for example "
            "roles=[iam.Role.from_role_name(stack, ...)]",
        ),
        (
            {"roles": ["team"]},
            "roles[0]: got 'team'; allowed: a role (aws_iam.IRole); fix: for example "
            "roles=[iam.Role.from_role_name(stack, ...)]",
        ),
        ({"approval": "AUTOMATIC"}, "approval: got 'AUTOMATIC'; allowed: manual, automatic; fix: choose one of these"),
        (
            {"at_percent": 0.8},
            "at_percent: got 0.8; allowed: 1 to 1000, in percent; fix: write 80 for 80 %",
        ),
    ],
)
def test_an_action_that_cannot_be(changes: dict[str, Any], message: str) -> None:
    assert refused_action(**changes) == f"DenyNewEndpoints: {message}"


@each(
    "name",
    ["AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint", "AWSReservedSSO_DataScience_58d850857657c5c1"],
)
def test_a_role_that_only_aws_changes(name: str) -> None:
    role = iam.Role.from_role_name(new_stack(), "Role", name)
    assert refused_action(roles=[role]) == (
        f"DenyNewEndpoints: roles[0]: got '{name}'; allowed: a role that IAM lets an account change: this one only AWS can; "
        "fix: leave it out"
    )

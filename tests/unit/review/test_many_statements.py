"""Roles with more statements than a review compares one by one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.review.iam import compare, patterns
from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import Review, review
from cdk_inference.template import deployment_of

ADMIN = {"Effect": "Allow", "Action": "*", "Resource": "*"}
TEXTS = st.text("ab*?:$\ue000\ue001", max_size=6)


def _statements(effect: str, since: int, count: int = 30) -> list[dict[str, Any]]:
    names = range(since, since + count)
    return [{"Effect": effect, "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::models-{one}/*"} for one in names]


def _reviewed(*sides: list[dict[str, Any]]) -> Review:
    return review(pair_up(_loaded(sides[0]), _loaded(sides[1])))


def _loaded(statements: list[dict[str, Any]]) -> Loaded:
    policy = {"PolicyName": "models", "PolicyDocument": {"Version": "2012-10-17", "Statement": statements}}
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    role = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}, "Policies": [policy]}
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}
    return Loaded(deployment=deployment_of({"S": template}, "us-east-1"), unread=())


def test_the_statements_that_allow_most_are_compared_and_the_others_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_PAIRS_MAX", 100)
    found = _reviewed(_statements("Allow", 0), [*_statements("Allow", 100), ADMIN])
    assert "permission-admin" in [one.rule for one in found.findings]
    assert [one.why for one in found.not_compared] == [
        "whether Role is allowed more: its statements are more than are compared"
    ]


def test_many_denials_are_not_compared_with_many_permissions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_PAIRS_MAX", 100)
    denied = _statements("Deny", 200)
    allowed_now = _reviewed(_statements("Allow", 0, 2), [*_statements("Allow", 100, 5), *denied])
    not_denied = _reviewed([*_statements("Allow", 0, 10), *denied], _statements("Allow", 0, 10))
    for found in (allowed_now, not_denied):
        whys = [one.why.partition(": ")[2] for one in found.not_compared]
        assert whys == ["its statements are more than are compared"]


def test_many_denials_hide_no_statement_that_allows_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "_PAIRS_MAX", 100)
    found = _reviewed(_statements("Allow", 0, 2), [*_statements("Allow", 100, 5), ADMIN, *_statements("Deny", 200)])
    assert "permission-admin" in [one.rule for one in found.findings]


def test_as_many_as_are_compared_leave_nothing_open() -> None:
    found = _reviewed(_statements("Allow", 0), _statements("Allow", 0)[::-1])
    assert (found.findings, found.not_compared) == ((), ())


@given(TEXTS, TEXTS)
def test_a_different_begin_decides_as_symbol_by_symbol(one: str, other: str) -> None:
    symbols = [patterns._symbols(text) for text in (one, other)]
    if "*" not in (one, other) and one != other:
        loose = [patterns._loose(text) for text in symbols]
        assert patterns.overlaps(one, other) == patterns._meet(*loose)
        if "*" in one or "?" in one:
            assert (patterns.covers(one, other) is patterns.Sure.YES) == patterns._absorbs(*symbols)

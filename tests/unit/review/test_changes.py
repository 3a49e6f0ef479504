"""Harmful and harmless changes of templates as people write them: none missed, none told of for nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import review
from cdk_inference.review.rule import in_scope
from cdk_inference.template import deployment_of
from tests.unit.review.changed import all_changes, templates
from tests.unit.review.transitions import REGION, TODAY, Transition, found


@pytest.mark.parametrize("change", all_changes(), ids=lambda change: f"{change.rule}: {change.id}")
def test_the_findings_are_those_expected(change: Transition) -> None:
    made = review(change.pair())
    assert found(made) == sorted(change.expected)
    if "untold" in change.more:
        assert [str(one).removeprefix("S/") for one in made.not_compared] == change.more["untold"]
    if "says" in change.more:
        assert [one.what for one in made.findings] == change.more["says"]


# Arguments of this package's constructs: a template has none of them.
OF_CONSTRUCTS = ("FixedCount", "FixedCopies", "ScheduledBounds", "keep_logs", "rollout=", "the constructs")


@pytest.mark.parametrize("change", all_changes(), ids=lambda change: f"{change.rule}: {change.id}")
def test_templates_of_others_read_nothing_about_constructs(change: Transition) -> None:
    for one in review(change.pair()).findings:
        assert not [word for word in OF_CONSTRUCTS if word in f"{one.what} {one.means} {one.safe}"]


def test_there_are_many_of_both() -> None:
    kinds = [change.kind for change in all_changes()]
    assert kinds.count("violating") >= 60
    assert kinds.count("passing") >= 60
    assert len({change.id for change in all_changes()}) == len(kinds)


@pytest.mark.parametrize("template", templates().values(), ids=templates())
@pytest.mark.parametrize("more", [{}, {"Outputs": {"One": {"Value": "1"}}}], ids=["itself", "an output more"])
def test_nothing_is_found_between_a_template_and_itself(template: dict[str, Any], more: dict[str, Any]) -> None:
    base, head = (Loaded(deployment=deployment_of({"S": {**template, **one}}, REGION), unread=()) for one in ({}, more))
    assert review(pair_up(base, head, today=TODAY)).findings == ()


BESIDE = {"encryption-lost", "retention-shortened"}


@pytest.mark.parametrize("change", [one for one in all_changes() if one.id == "backups-of-another-service"])
def test_services_that_serve_no_inference_are_looked_at_where_it_is_wanted(change: Transition) -> None:
    assert review(change.pair()).findings == ()
    assert {one.rule for one in review(change.pair(), all_services=True).findings} == BESIDE


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("AWS::SageMaker::Endpoint", True),
        ("AWS::EC2::VPCEndpoint", True),
        ("AWS::EC2::SecurityGroupIngress", True),
        ("AWS::EC2::Instance", False),
        ("AWS::RDS::DBInstance", False),
        ("Custom::Mine", True),
        ("", True),
    ],
)
def test_what_the_review_is_about(kind: str, expected: bool) -> None:
    assert in_scope(kind) is expected

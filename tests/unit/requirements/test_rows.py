"""Each requirement against hand-made resources: what violates it is found by that row alone, what meets it is not.

tests/data/requirements/<topic>.yaml has the resources. Without a row its cases are found by nothing.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from cdk_inference.requirements import TOPICS, Judgement, Requirement, by_topic, judge, requirements
from cdk_inference.template.deployments import deployment_of
from cdk_inference.template.load import load_object
from tests.each import each

CASES = Path(__file__).parents[2] / "data/requirements"
IDS = [one.id for one in requirements()]


@functools.cache
def cases(topic: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """id -> "violates" and "meets" -> resources."""
    return load_object(CASES / f"{topic}.yaml", "cases")


ROWS = [(topic, one) for topic, rows in by_topic().items() for one in rows]


def judged(one: Requirement, case: dict[str, Any]) -> Judgement:
    """All requirements over the resources of a case, or over one resource with these properties."""
    resources = case.get("Resources", {"It": {"Type": one.type, "Properties": case}})
    return judge(deployment_of({"stack": {"Resources": resources}}, "us-east-1"))


def test_there_are_at_least_forty_and_every_id_is_its_own() -> None:
    assert len(IDS) >= 40
    assert len(set(IDS)) == len(IDS)


@each("topic", TOPICS)
def test_every_row_has_cases_and_every_case_a_row(topic: str) -> None:
    assert list(cases(topic)) == [one.id for one in by_topic()[topic]]


@each(("topic", "one"), ROWS)
def test_what_violates_a_row_is_found_by_this_row_alone(topic: str, one: Requirement) -> None:
    for case in cases(topic)[one.id]["violates"]:
        assert {found.requirement.id for found in judged(one, case).violations} == {one.id}, case


@each(("topic", "one"), ROWS)
def test_what_meets_a_row_is_checked_and_found_by_none(topic: str, one: Requirement) -> None:
    for case in cases(topic)[one.id]["meets"]:
        found = judged(one, case)
        assert [violation.sentence for violation in found.violations] == [], case
        assert [left.why for left in found.not_checked if left.rule == one.id] == [], case

"""The table of transitions: what the rules find in each, and that every rule is needed."""

from __future__ import annotations

import pytest

from cdk_inference.review.reviewing import review
from cdk_inference.review.rule import Rule
from cdk_inference.review.rules import all_rules
from tests.each import each
from tests.unit.review.transitions import KINDS, Transition, cases, found

pytestmark = pytest.mark.xdist_group("cases")

by_rule = each("rule", all_rules)


@each("case", cases)
def test_the_findings_are_those_expected(case: Transition) -> None:
    assert found(review(case.pair(), all_services=True)) == sorted(case.expected)


@by_rule
def test_without_the_rule_a_case_fails(rule: Rule) -> None:
    others = [other for other in all_rules() if other is not rule]
    own_first = sorted(cases(), key=lambda case: case.rule != rule.id)
    needed = any(
        found(review(case.pair(), only=others, all_services=True)) != sorted(case.expected) for case in own_first
    )
    assert needed, f"no case needs this rule: add one to tests/data/review/{rule.id}.yaml"


@by_rule
def test_a_rule_has_cases_of_each_kind(rule: Rule) -> None:
    own = [case for case in cases() if case.rule == rule.id]
    missing = set(KINDS) - {case.kind for case in own}
    assert not missing, f"tests/data/review/{rule.id}.yaml has no case of kind {' or '.join(sorted(missing))}"
    for case in own:
        hits = any(line.split()[1] == rule.id for line in case.expected)
        assert hits == (case.kind == "violating"), case.id


def test_many_cases_are_harmless_to_their_rule() -> None:
    harmless = [case for case in cases() if case.kind != "violating"]
    assert len(harmless) >= 120


def test_ids_are_unique() -> None:
    assert len({case.id for case in cases()}) == len(cases())
    assert len({rule.id for rule in all_rules()}) == len(all_rules())


def test_a_rule_stands_in_the_module_of_its_name() -> None:
    names = [(rule.check or rule.check_all or rule.check_found).__module__.rpartition(".")[2] for rule in all_rules()]  # type: ignore[union-attr]
    assert names == [rule.id.replace("-", "_") for rule in all_rules()]

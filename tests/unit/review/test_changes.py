"""Harmful and harmless changes of templates as people write them: none missed, none told of for nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import review
from cdk_inference.review.rule import in_scope
from tests.each import each
from tests.unit.review.changed import FORMS, all_changes, changes, parameters, template
from tests.unit.review.transitions import TODAY, Transition, deployment, found

pytestmark = pytest.mark.xdist_group("changes")

by_form = pytest.mark.parametrize("form", FORMS)
# Arguments of this package's constructs: a template has none of them.
OF_CONSTRUCTS = ("FixedCount", "FixedCopies", "ScheduledBounds", "keep_logs", "rollout=", "the constructs")


def expected(change: Transition) -> dict[str, Any]:
    """Returns the findings written down for a change. No text of a finding is about constructs."""
    written = {"untold": change.more.get("untold"), "says": change.more.get("says"), "means": change.more.get("means")}
    return {"found": sorted(change.expected), "of constructs": [], **written}


def reviewed(change: Transition) -> dict[str, Any]:
    """Returns the same parts of the review of a change."""
    made = review(change.pair())
    texts = [f"{one.what} {one.means} {one.safe}" for one in made.findings]
    untold = [str(one).removeprefix("S/") for one in made.not_compared]
    return {
        "found": found(made),
        "of constructs": [text for text in texts if any(word in text for word in OF_CONSTRUCTS)],
        "untold": untold if "untold" in change.more else None,
        "says": [one.what for one in made.findings] if "says" in change.more else None,
        "means": [one.means for one in made.findings] if "means" in change.more else None,
    }


@by_form
def test_the_findings_are_those_expected(form: str) -> None:
    wrong = {one.id: (made, expected(one)) for one in changes(form) if (made := reviewed(one)) != expected(one)}
    assert not wrong, "\n".join(f"{id}:\n  found    {made}\n  expected {what}" for id, (made, what) in wrong.items())


def test_there_are_many_of_both() -> None:
    kinds = [change.kind for change in all_changes()]
    assert kinds.count("violating") >= 60
    assert kinds.count("passing") >= 60
    assert len({change.id for change in all_changes()}) == len(kinds)


Template = dict[str, Any]


def more_outputs(template: Template) -> Template:
    """The template with one output more."""
    return {**template, "Outputs": {**template.get("Outputs", {}), "OneMore": {"Value": "1"}}}


def without_defaults(template: Template) -> Template:
    """The template with parameters that have no value."""
    without = ("Default", "AllowedValues")
    given = {
        name: {key: value for key, value in one.items() if key not in without}
        for name, one in template.get("Parameters", {}).items()
    }
    return {**template, "Parameters": given}


def with_conditional_items(template: Template) -> Template:
    """The template with a condition of an unknown parameter on the last item of each list of a property."""
    return {
        **template,
        "Parameters": {**template.get("Parameters", {}), "Maybe": {"Type": "String"}},
        "Conditions": {**template.get("Conditions", {}), "Perhaps": {"Fn::Equals": [{"Ref": "Maybe"}, "yes"]}},
        "Resources": {name: _conditional(one) for name, one in template["Resources"].items()},
    }


def _conditional(value: Any, properties: bool = False) -> Any:
    if isinstance(value, dict):
        inside = properties or "Properties" in value
        functions = any(key.startswith("Fn::") for key in value)
        return {key: one if functions else _conditional(one, inside) for key, one in value.items()}
    if isinstance(value, list) and value and properties:
        *first, last = (_conditional(one, True) for one in value)
        return [*first, {"Fn::If": ["Perhaps", last, {"Ref": "AWS::NoValue"}]}]
    return value


def everywhere(template: Template, change: Callable[[Template], Template]) -> Template:
    """The template, or each of its stacks or files, changed."""
    for key in ("stacks", "files"):
        if key in template:
            return {key: {name: change(one) for name, one in template[key].items()}}
    return change(template)


def same(template: Template) -> Template:
    """The template itself."""
    return template


@by_form
def test_nothing_is_found_between_a_template_and_itself(form: str) -> None:
    for both in (same, without_defaults, with_conditional_items):
        given = parameters(form) if both is not without_defaults else {}
        base = everywhere(template(form), both)
        for head in (same, more_outputs):
            sides = (Loaded(deployment=deployment(one, given), unread=()) for one in (base, everywhere(base, head)))
            assert review(pair_up(*sides, today=TODAY)).findings == (), (both.__name__, head.__name__)


def test_there_are_many_forms() -> None:
    assert len(FORMS) >= 30
    for kind in ("violating", "passing"):
        assert len({one.rule for one in all_changes() if one.kind == kind}) >= 28


BESIDE = {"encryption-lost", "retention-shortened"}


def test_services_that_serve_no_inference_are_looked_at_where_it_is_wanted() -> None:
    (change,) = (one for one in all_changes() if one.id == "backups-of-another-service")
    assert review(change.pair()).findings == ()
    assert {one.rule for one in review(change.pair(), all_services=True).findings} == BESIDE


@each(
    ("kind", "within"),
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
def test_what_the_review_is_about(kind: str, within: bool) -> None:
    assert in_scope(kind) is within

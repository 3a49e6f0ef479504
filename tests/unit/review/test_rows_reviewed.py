"""The templates of each row of the table of updates, as the constructs make them, through the whole review."""

from __future__ import annotations

import pytest

from cdk_inference.review import BY_ID, Outcome, Sure
from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import Review, review
from cdk_inference.template import deployment_of
from tests.each import each
from tests.support import Template
from tests.unit.review.cases import CASES, Case, sides

pytestmark = pytest.mark.xdist_group("transitions")

FAILS = "error endpoint-update-fails"
DOUBTFUL = "warning endpoint-update-fails"
GONE = "error endpoint-gone"
UPDATED = "note endpoint-updated"
# Rows whose templates differ in more than the row is about, or that another rule is about.
MORE = {
    "rollout-none": ["error rollback-removed"],
    "logs-kept": ["warning policy-loosened"],
    "copies-scaled-back": ["warning endpoint-updated"],
    "component-removed": [GONE],
    "endpoint-renamed": [GONE, "warning data-replaced"],
}

# What else lies between the templates: the role of the endpoint follows what it reads, writes and asks.
FOLLOWS = "note permission-broader"
WIDER = "warning permission-broader"
OPENED = "error isolation-lost"
# Beside these: who may assume the role is named by the region, and a component that moves runs as the role of another
# endpoint.
MORE_BESIDES = {
    "region": ["warning trust-broader"],
    "component-moved": [FOLLOWS],
}
BESIDES = {
    **dict.fromkeys(("model", "model-autoscaled", "model-serverless", "adapter", "async-settings-prefix"), FOLLOWS),
    **dict.fromkeys(("region", "alarms-latency", "variant-added", "variant-added-autoscaled"), FOLLOWS),
    **dict.fromkeys(("variant-renamed", "variant-renamed-autoscaled", "kind", "from-serverless"), FOLLOWS),
    **dict.fromkeys(("component-rollout", "component-added", "component-added-adapter"), FOLLOWS),
    **dict.fromkeys(("component-renamed", "component-moved", "endpoint-renamed"), FOLLOWS),
    **dict.fromkeys(("vpc", "encryption-key", "data-capture"), WIDER),
    **dict.fromkeys(("network-isolation", "to-serverless"), OPENED),
}


def reviewed(before: Template, after: Template) -> Review:
    """The review of two templates of one stack."""
    base, head = (Loaded(deployment=deployment_of({"S": side}, "us-east-1"), unread=()) for side in (before, after))
    return review(pair_up(base, head))


def expected(case: Case) -> list[str]:
    """By the outcome of the row."""
    row = BY_ID[case.row]
    if case.id in MORE:
        return MORE[case.id]
    if row.outcome in (Outcome.TWO_DEPLOYMENTS, Outcome.REFUSED):
        return [DOUBTFUL if row.sure is Sure.UNKNOWN else FAILS]
    return [GONE] if row.outcome is Outcome.NEW_NAME else [UPDATED]


@each("case", CASES)
def test_a_row_is_one_finding_of_its_outcome(case: Case) -> None:
    before, after, _ = sides()[case.id]
    found = reviewed(before, after)
    besides = [*([BESIDES[case.id]] if case.id in BESIDES else []), *MORE_BESIDES.get(case.id, ())]
    assert sorted(f"{one.level} {one.rule}" for one in found.findings) == sorted([*expected(case), *besides])
    assert found.not_compared == ()


@each("case", CASES)
def test_nothing_is_found_between_a_template_and_itself(case: Case) -> None:
    for side in sides()[case.id]:
        if side is not None:
            found = reviewed(side, side)
            assert (found.findings, found.not_compared) == ((), ())

"""What the monthly budget of a template covers: by its tag, wherever the endpoints are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.pricing.estimates import estimate
from cdk_inference.template import Deployment, Stack, Unknown, load_deployment
from tests.each import each
from tests.unit.pricing.test_estimate import BOOK, G5, TAGS, WORKDAYS, budget, chat
from tests.unit.template.test_hosting import config, endpoint, target

CARRIED = {"Tags": [{"Key": "cost-controls", "Value": "fleet-Cost"}]}
OLDER = {"CostFilters": {"TagKeyValue": ["user:cost-controls$fleet-Cost"]}}
NONE = "nothing that is priced carries its tag or is in its stack, so its part of the cost is unknown"
COMBINED = "its filter combines tags or leaves some out, so its part of the cost is unknown"


def tagged(name: str) -> dict[str, Any]:
    found = endpoint(name)
    return {**found, "Properties": found["Properties"] | CARRIED}


@each(
    ("stacks", "covered"),
    [
        # CostControls in a stack of its own, and CostControls of one of two endpoints: 2 instances of 1.41 each.
        (({"Config": config(G5), "Chat": tagged("chat")}, {"B": budget(**TAGS)}), 2 * 1.41 * 730),
        (({"Config": config(G5), "Chat": tagged("chat"), "Other": endpoint("other"), "B": budget(**TAGS)},), 2058.6),
        (({"Config": config(G5), "Chat": tagged("chat"), "Other": endpoint("other"), "B": budget(**OLDER)},), 2058.6),
        # Tags of whole stacks are in no template.
        (({"Config": config(G5), "Chat": endpoint(), "Other": endpoint("other"), "B": budget(**OLDER)},), 4 * 1029.3),
        # What is not known counts with the stack of the budget.
        (({"Config": config(G5), "Chat": tagged("chat"), "T": target("endpoint/x/variant/y"), "B": budget(**TAGS)},), 2058.6),
        (({"Config": config(G5), "Chat": endpoint()}, {"B": budget(**TAGS)}), Unknown(NONE)),
        (({"Config": config(G5), "Chat": tagged("chat"), "B": budget(FilterExpression={"Not": TAGS["FilterExpression"]})},), Unknown(COMBINED)),
        (({"Config": config(G5), "Chat": tagged("chat"), "B": budget(FilterExpression={"And": 2 * [TAGS["FilterExpression"]]})},), Unknown(COMBINED)),
    ],
)  # fmt: skip
def test_a_budget_with_a_tag_covers_what_carries_it(stacks: tuple[dict[str, Any], ...], covered: Any) -> None:
    made = Deployment()
    for number, resources in enumerate(stacks):
        template = {"Resources": resources}
        made.stacks.append(
            Stack(key=str(number), name=f"s{number}", region="us-east-1", template=template, deployment=made)
        )
    (found,) = estimate(made, BOOK).budgets
    if isinstance(covered, Unknown):
        assert (found.usd, estimate(made, BOOK).verdict) == (covered, "NO BUDGET SET")
    else:
        assert (found.usd, found.maximum.usd) == (3000, pytest.approx(covered))
        assert found.maximum.at_least == ("T" in stacks[0])


@each(
    ("limit", "verdict"),
    [
        # By day 4 instances for 10 h of 5 days, else 1: (4 x 50 + 118) / 168 = 1.892857 x 1.41 x 730 = 1948.32.
        # Beside it 1 to 4 by load: 1029.30 at least, 2977.62 together; 4117.20 each at maximum.
        (2977, "OVER BUDGET"),
        (2978, "MAY EXCEED BUDGET"),
        (8234, "MAY EXCEED BUDGET"),
        (8235, "WITHIN BUDGET"),
    ],
)
def test_a_schedule_counts_beside_what_load_decides(limit: int, verdict: str) -> None:
    by_clock = target(MinCapacity=1, MaxCapacity=4, ScheduledActions=WORKDAYS)
    by_load = target("endpoint/other/variant/A", MinCapacity=1, MaxCapacity=4)
    limited = budget(BudgetLimit={"Amount": limit, "Unit": "USD"})
    assert estimate(chat(G5, T=by_clock, Other=endpoint("other"), U=by_load, B=limited), BOOK).verdict == verdict


def test_a_budget_with_a_tag_covers_nested_stacks(tmp_path: Path) -> None:
    inner = {"Resources": {"Config": config(G5), "Chat": endpoint()}}
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "inner.json"}}
    (tmp_path / "inner.json").write_text(json.dumps(inner))
    (tmp_path / "outer.json").write_text(json.dumps({"Resources": {"In": nested, "B": budget(**TAGS)}}))
    (found,) = estimate(load_deployment([tmp_path], "us-east-1"), BOOK).budgets
    assert found.maximum.usd == pytest.approx(2 * 1.41 * 730)

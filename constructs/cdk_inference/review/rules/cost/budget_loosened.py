"""A budget that is removed or alerts later."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.protections.budgets import BUDGETS, BUDGETS_GONE, loosened_budgets
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.removals import removed_protectors
from cdk_inference.review.rule import Rule
from cdk_inference.template.values import readable

_MEANS = "alerts come later, reach fewer people, or stop; accelerators bill around the clock"
_SAFE = "keep it; if more may be spent, raise the limit and keep every subscriber"


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Budgets, their actions, and what looks for anomalies."""
    ways_of: dict[ResourcePair, list[str]] = {}
    for pair, way in loosened_budgets(deployments):
        ways_of.setdefault(pair, []).append(way)
    for pair, ways in ways_of.items():
        yield pair.hit(readable("; ".join(ways[:4])), _MEANS, _SAFE, "error" if pair.after is None else None)
    for stack in deployments.stacks:
        for loss in loosened(stack, BUDGETS):
            yield loss.pair.hit(loss.what, loss.means, _SAFE)
    for removed in removed_protectors(deployments, BUDGETS_GONE):
        yield removed.pair.hit("it is removed", removed.row.lost, _SAFE)


RULE = Rule(
    id="budget-loosened",
    level="warning",
    title="A budget that is removed or alerts later",
    why=(
        "Budgets, their actions, monitors and subscriptions of cost anomalies: gone, with a higher limit or threshold, "
        "or without one of its subscribers; an action that needs approval, or is on fewer roles; or a budget that "
        "covers less: other filters, type, unit, period or end. A budget that is gone is an error. A lower limit, an "
        "earlier threshold, or another budget with the same filters that alerts as early, is not a finding."
    ),
    source="https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html (read 2026-11-24)",
    check_all=check,
)

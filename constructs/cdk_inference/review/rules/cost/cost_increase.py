"""What a change costs more."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.core.pages import page
from cdk_inference.review.cost import CostChange, CostDifference
from cdk_inference.review.finding import Hit, Level
from cdk_inference.review.formatting import listed
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule

_SAFE = "check that it is intended; `cdk-inference estimate` lists the costs"


def check_all(deployments: DeploymentPair) -> Iterator[Hit]:
    """The total against the gate, then what has no price."""
    cost = deployments.cost
    if cost is None:
        return
    beyond = cost.beyond()
    if beyond:
        yield _hit(
            cost.total, f"all endpoints together cost {amounts(cost.total)}", f"above the limit of {beyond}", "error"
        )
    for change in cost.unknown:
        yield _unknown(change, cost)


def _unknown(change: CostChange, cost: CostDifference) -> Hit:
    means = "its cost is not included"
    if cost.gate:
        means += ", so the limit cannot be checked"
    name = "it" if change.logical_id else change.resource
    what = f"{name} changes, and its cost is unknown: {listed(change.unknown)}"
    return _hit(change, what, means, "warning" if cost.gate else "note")


def _hit(change: CostChange, what: str, means: str, level: Level | None) -> Hit:
    return Hit(
        stack=change.stack,
        logical_id=change.logical_id,
        type="",
        what=what,
        means=means,
        safe=_SAFE,
        level=level,
    )


def amounts(change: CostChange) -> str:
    """By how much it changes, and from what to what, in US dollars a month."""
    low, high = change.usd
    before, after = change.before, change.after
    if abs(low - high) < 0.005:
        return f"{_signed(low)} a month: from {before.maximum.usd:,.2f} to {after.maximum.usd:,.2f} US dollars"
    return (
        f"{_signed(low)} a month at minimum and {_signed(high)} at maximum capacity: from {before.minimum.usd:,.2f} to "
        f"{after.minimum.usd:,.2f}, and from {before.maximum.usd:,.2f} to {after.maximum.usd:,.2f} US dollars"
    )


def _signed(usd: float) -> str:
    return f"{'+' if usd >= 0 else '-'}${abs(usd):,.2f}"


RULE = Rule(
    id="cost-increase",
    level="error",
    title="A change that costs more than allowed, or an unknown amount",
    why=(
        "By `cdk-inference estimate`, at minimum and at maximum capacity, with the prices of `--prices`. Each "
        "format shows the difference of each resource; it is a finding if the total grows by more than "
        "`--max-increase-usd` or `--max-increase-percent`. Changed resources without a price are a note, with a limit "
        "a warning; they never count as 0. Removed stacks keep costing and are left out."
    ),
    source=page("prices"),
    check_all=check_all,
)

"""Monthly budgets that the templates themselves declare (AWS::Budgets::Budget), held against the estimate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_inference.pricing.amounts import HOURS_PER_MONTH, Line, Total, total
from cdk_inference.template import Deployment, Resource, Unknown

BUDGET = "AWS::Budgets::Budget"
# A budget that leaves out credits and refunds covers what others cover.
_HARMLESS_DIMENSIONS = {"RECORD_TYPE"}


@dataclass(frozen=True, kw_only=True)
class TemplateBudget:
    """A budget of a template and what it covers.

    Args:
        usd: US dollars in a month; Unknown with the reason if it cannot be compared.
        minimum: What its stack costs, or all stacks if no tag limits the budget; so for `expected` and `maximum`.
    """

    stack: str
    logical_id: str
    usd: float | Unknown
    minimum: Total
    expected: Total | None
    maximum: Total

    @property
    def exceeded(self) -> bool:
        """Whether the minimum, or what is expected, is above the budget."""
        found = [self.minimum.usd, *([self.expected.usd] if self.expected else [])]
        return not isinstance(self.usd, Unknown) and max(found) > self.usd

    @property
    def exceeded_at_maximum(self) -> bool:
        """Whether maximum capacity is above the budget."""
        return not isinstance(self.usd, Unknown) and self.maximum.usd > self.usd


def template_budgets(deployment: Deployment, lines: Sequence[Line]) -> tuple[TemplateBudget, ...]:
    """Returns every budget of `deployment`, each with the sums of the lines that it covers."""
    return tuple(
        _budget(resource, lines)
        for stack in deployment.stacks
        for resource in stack.resources(BUDGET)
        if resource.exists is not False
    )


def day_reached(budget_usd: float, monthly_usd: float) -> int:
    """Returns the day of a month of 730 hours on which spending `monthly_usd` evenly reaches `budget_usd`."""
    return math.floor(budget_usd / monthly_usd * HOURS_PER_MONTH / 24) + 1


def _budget(resource: Resource, lines: Sequence[Line]) -> TemplateBudget:
    written = resource.get("Budget")
    covered = [line for line in lines if line.stack == resource.stack.name] if _tagged(written) else list(lines)
    minimum, maximum = (total(getattr(line.monthly, name) for line in covered) for name in ("minimum", "maximum"))
    assert minimum is not None  # only what is expected can be not given
    assert maximum is not None
    return TemplateBudget(
        stack=resource.stack.name,
        logical_id=resource.logical_id,
        usd=resource.exists if isinstance(resource.exists, Unknown) else _usd(written),
        minimum=minimum,
        expected=total(line.monthly.expected for line in covered),
        maximum=maximum,
    )


def _usd(written: Any) -> float | Unknown:
    if not isinstance(written, dict):
        return written if isinstance(written, Unknown) else Unknown("it declares no Budget")
    kind, every = written.get("BudgetType"), written.get("TimeUnit")
    if (kind, every) != ("COST", "MONTHLY"):
        return Unknown(f"its type is {kind} and its time unit {every}, not COST and MONTHLY")
    if dimensions := set(_dimensions(written)) - _HARMLESS_DIMENSIONS:
        return Unknown(f"its filter names {', '.join(sorted(dimensions))}, so its part of the cost is unknown")
    limit = written.get("BudgetLimit")
    amount: Any = limit.get("Amount") if isinstance(limit, dict) else limit
    try:
        usd = float(amount)
    except (TypeError, ValueError):
        return amount if isinstance(amount, Unknown) else Unknown("its limit is not a number in the template")
    return usd if isinstance(limit, dict) and limit.get("Unit") == "USD" else Unknown("its limit is not in USD")


def _tagged(written: Any) -> bool:
    """Whether a tag limits what a budget covers, as `CostControls` writes it."""
    return any(key in ("Tags", "TagKeyValue") for key, _ in _items(written))


def _dimensions(written: Any) -> Iterator[str]:
    for key, value in _items(written):
        if key == "Dimensions" and isinstance(value, dict):
            yield str(value.get("Key"))
        elif key == "CostFilters" and isinstance(value, dict):
            yield from (str(name) for name in value if name != "TagKeyValue")


def _items(written: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(written, dict):
        for key, value in written.items():
            yield str(key), value
            yield from _items(value)
    elif isinstance(written, list):
        for value in written:
            yield from _items(value)

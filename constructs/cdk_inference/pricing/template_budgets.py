"""Monthly budgets that the templates themselves declare (AWS::Budgets::Budget), held against the estimate."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cdk_inference.pricing.amounts import HOURS_PER_MONTH, Amount, Line, Total, total
from cdk_inference.template import Deployment, Resource, Unknown
from cdk_inference.template.hosted import ENDPOINT
from cdk_inference.template.values import items, mapping

BUDGET = "AWS::Budgets::Budget"
# A budget that leaves out credits and refunds covers what others cover.
_HARMLESS_DIMENSIONS = {"RECORD_TYPE"}
# (stack's name, region, logical id) of each endpoint -> (key, value) of its tags.
_Tagged = Mapping[tuple[str, str | None, str], set[tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class TemplateBudget:
    """A budget of a template and what it covers.

    Args:
        usd: US dollars in a month; Unknown with the reason if it cannot be compared.
        minimum: What it covers costs; so for `expected` and `maximum`. Without a tag that is everything; with one, the
            endpoints that carry the tag in any stack, and where none does, the budget's stack and those nested in it.
        least: What a month costs at least: what is expected, and the minimum where load decides.
    """

    stack: str
    logical_id: str
    usd: float | Unknown
    minimum: Total
    least: Total
    expected: Total | None
    maximum: Total

    @property
    def exceeded(self) -> bool:
        """Whether what a month costs at least is above the budget."""
        return not isinstance(self.usd, Unknown) and self.least.usd > self.usd

    @property
    def exceeded_at_maximum(self) -> bool:
        """Whether maximum capacity is above the budget."""
        return not isinstance(self.usd, Unknown) and self.maximum.usd > self.usd


def template_budgets(deployment: Deployment, lines: Sequence[Line]) -> tuple[TemplateBudget, ...]:
    """Returns every budget of `deployment`, each with the sums of the lines that it covers."""
    budgets = [one for stack in deployment.stacks for one in stack.resources(BUDGET) if one.exists is not False]
    endpoints = [one for stack in deployment.stacks for one in stack.resources(ENDPOINT)] if budgets else []
    tagged = {(one.stack.name, one.stack.region, one.logical_id): set(_tags_on(one)) for one in endpoints}
    return tuple(_budget(one, lines, tagged) for one in budgets)


def day_reached(budget_usd: float, monthly_usd: float) -> int:
    """Returns the day of a month of 730 hours on which spending `monthly_usd` evenly reaches `budget_usd`."""
    return math.floor(budget_usd / monthly_usd * HOURS_PER_MONTH / 24) + 1


def _budget(resource: Resource, lines: Sequence[Line], tagged: _Tagged) -> TemplateBudget:
    written = resource.get("Budget")
    usd = resource.exists if isinstance(resource.exists, Unknown) else _usd(written)
    covered = _tagged_lines(resource, lines, tagged) if _tagged(written) else list(lines)
    if lines and not covered and not isinstance(usd, Unknown):
        usd = Unknown("nothing that is priced carries its tag or is in its stack, so its part of the cost is unknown")
    minimum, maximum = (total(getattr(line.monthly, name) for line in covered) for name in ("minimum", "maximum"))
    least = total(map(_least, covered))
    assert minimum is not None  # only what is expected can be not given
    assert least is not None
    assert maximum is not None
    return TemplateBudget(
        stack=resource.stack.name,
        logical_id=resource.logical_id,
        usd=usd,
        minimum=minimum,
        least=least,
        expected=total(line.monthly.expected for line in covered),
        maximum=maximum,
    )


def _least(line: Line) -> Amount:
    expected = line.monthly.expected
    return expected if isinstance(expected, float) else line.monthly.minimum


def _usd(written: Any) -> float | Unknown:
    if not isinstance(written, dict):
        return written if isinstance(written, Unknown) else Unknown("it declares no Budget")
    kind, every = written.get("BudgetType"), written.get("TimeUnit")
    if (kind, every) != ("COST", "MONTHLY"):
        return Unknown(f"its type is {kind} and its time unit {every}, not COST and MONTHLY")
    if dimensions := set(_dimensions(written)) - _HARMLESS_DIMENSIONS:
        return Unknown(f"its filter names {', '.join(sorted(dimensions))}, so its part of the cost is unknown")
    if len(_called(written, "Tags")) > 1 or any(_tagged(one) for one in _called(written, "Not")):
        return Unknown("its filter combines tags or leaves some out, so its part of the cost is unknown")
    limit = written.get("BudgetLimit")
    amount: Any = limit.get("Amount") if isinstance(limit, dict) else limit
    try:
        usd = float(amount)
    except (TypeError, ValueError):
        return amount if isinstance(amount, Unknown) else Unknown("its limit is not a number in the template")
    return usd if isinstance(limit, dict) and limit.get("Unit") == "USD" else Unknown("its limit is not in USD")


def _tagged_lines(budget: Resource, lines: Sequence[Line], tagged: _Tagged) -> list[Line]:
    """The lines of endpoints with one of the tags of a budget; without any, those of its stack and the nested ones.

    A tag that the deployment sets on a whole stack is in no template.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-resource-tags.html (read 2026-11-30)
    """
    tags = set(_tags(budget.get("Budget")))
    deployment = budget.stack.deployment
    stacks = {(stack.name, stack.region) for stack in deployment.stacks if budget.stack in stack.around()}
    carrying = {place: not tags.isdisjoint(one) for place, one in tagged.items()}
    if not any(carrying.values()):
        carrying = {}
    # Other lines, such as a nested stack that was not read, count with their stack.
    own = (((line.stack, line.region) in stacks, line) for line in lines)
    return [line for inside, line in own if carrying.get((line.stack, line.region, line.logical_id), inside)]


def _tags_on(resource: Resource) -> Iterator[tuple[str, str]]:
    """(key, value) of each tag that a template shows."""
    yield from ((str(mapping(one).get("Key")), str(mapping(one).get("Value"))) for one in items(resource.get("Tags")))


def _tags(written: Any) -> Iterator[tuple[str, str]]:
    """(key, value) of each tag that a filter names: in `FilterExpression`, or as "user:key$value" in `CostFilters`."""
    for value in _called(written, "Tags"):
        yield from ((str(mapping(value).get("Key")), str(one)) for one in items(mapping(value).get("Values")))
    for value in _called(written, "TagKeyValue"):
        for one in items(value):
            key, _, wanted = str(one).removeprefix("user:").partition("$")
            yield key, wanted


def _tagged(written: Any) -> bool:
    """Whether a tag limits what a budget covers, as `CostControls` writes it."""
    return bool(_called(written, "Tags") or _called(written, "TagKeyValue"))


def _dimensions(written: Any) -> Iterator[str]:
    for key, value in _items(written):
        if key == "Dimensions" and isinstance(value, dict):
            yield str(value.get("Key"))
        elif key == "CostFilters" and isinstance(value, dict):
            yield from (str(name) for name in value if name != "TagKeyValue")


def _called(written: Any, name: str) -> list[Any]:
    return [value for key, value in _items(written) if key == name]


def _items(written: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(written, dict):
        for key, value in written.items():
            yield str(key), value
            yield from _items(value)
    elif isinstance(written, list):
        for value in written:
            yield from _items(value)

"""Texts of an estimate, the same in every format: the headline, amounts, prices, reasons."""

from __future__ import annotations

from cdk_inference.cli.formatters.base import clean, money
from cdk_inference.pricing.amounts import HOURS_PER_MONTH, Amount, Line, Total
from cdk_inference.pricing.estimates import Estimate
from cdk_inference.pricing.price import DERIVED
from cdk_inference.pricing.template_budgets import day_reached
from cdk_inference.template import Unknown

COLUMNS = ("resource", "what", "$/hour", "$/month at minimum", "expected", "at maximum", "price")
# Compared in tests/unit/pricing/test_price_book.py.
DERIVED_ERROR = (
    "derived prices were within 0.5 % of all 61 published prices that they could be compared with (g4dn, g5, g6, p4d "
    "and p5)"
)
BY_USE = "data in and out of endpoints, requests, logs, metrics, alarms, and a second fleet during blue/green updates"


def headline(estimate: Estimate) -> str:
    """The verdict and the total, on one line."""
    verdict = estimate.verdict
    counted = "1 endpoint" if estimate.endpoints == 1 else f"{estimate.endpoints} endpoints"
    number = len(estimate.lines)
    if verdict == "NOTHING TO PRICE" and number:
        listed = "1 resource" if number == 1 else f"{number} resources"
        return f"{verdict}: {listed} billed by usage only (see --usage); {counted}"
    if verdict == "NOTHING TO PRICE":
        return f"{verdict}: no endpoints, and no usage of Bedrock models"
    nothing = all(isinstance(line.monthly.maximum, Unknown) for line in estimate.lines)
    words = "nothing could be priced" if nothing else _range(estimate)
    unknown = sum(bool(line.unknown) for line in estimate.lines)
    if unknown and not nothing:
        words = f"{words}; {unknown} of {number} lines unknown"
    budget = f"; budget {_budget(estimate)}" if _budget(estimate) else ""
    return f"{verdict}: {words}{budget}; {counted}"


def _budget(estimate: Estimate) -> str:
    if estimate.budget_usd is not None:
        return money(estimate.budget_usd)
    compared = [one for one in estimate.budgets if not isinstance(one.usd, Unknown)]
    if len(compared) > 1:
        return f"of {len(compared)} in the templates"
    return "".join(f"{money(one.usd)} of {clean(one.logical_id)}" for one in compared if isinstance(one.usd, float))


def budget_words(estimate: Estimate) -> list[str]:
    """How the budgets compare, and on which day of a month they would be reached at maximum capacity."""
    if estimate.budget_usd is not None:
        reached = _reached(estimate.budget_usd, estimate.maximum)
        return [f"budget {money(estimate.budget_usd)}: {reached}"] if reached else []
    found = []
    for one in estimate.budgets:
        named = clean(f"budget {one.logical_id} of {one.stack}")
        if isinstance(one.usd, Unknown):
            found.append(f"{named}: not compared: {clean(one.usd.reason)}")
            continue
        low, high = total_words(one.minimum), total_words(one.maximum)
        covered = low if low == high else f"{low} to {high}"
        reached = _reached(one.usd, one.maximum)
        found.append(f"{named}, {money(one.usd)}: it covers {covered} a month{'; ' if reached else ''}{reached}")
    return found


def _reached(budget_usd: float, maximum: Total) -> str:
    if maximum.usd <= budget_usd:
        return ""
    latest = "at the latest " if maximum.at_least else ""
    return f"at maximum capacity it is reached {latest}on day {day_reached(budget_usd, maximum.usd)} of the month"


def _range(estimate: Estimate) -> str:
    low, high, expected = estimate.minimum, estimate.maximum, estimate.expected
    if low == high == expected:
        return f"{total_words(low)} a month"
    middle = "" if expected is None else f", expected {total_words(expected)}"
    at_least = "at least " if low.at_least or high.at_least else ""
    return f"{at_least}{money(low.usd)} to {money(high.usd)} a month{middle}"


def total_words(total: Total | None) -> str:
    """A total in words: a part that is not known makes it "at least"."""
    if total is None:
        return "not given"
    return f"at least {money(total.usd)}" if total.at_least else money(total.usd)


def hourly_total(total: Total | None) -> str:
    """The same by the hour."""
    if total is None:
        return "not given"
    return total_words(Total(total.usd / HOURS_PER_MONTH, total.at_least))


def amount(value: Amount) -> str:
    """One amount of a line."""
    if value is None:
        return "not given"
    return "unknown" if isinstance(value, Unknown) else money(value)


def hourly(line: Line) -> str:
    """By the hour, at minimum and at maximum capacity."""
    ends = []
    for value in (line.monthly.minimum, line.monthly.maximum):
        ends.append(amount(value / HOURS_PER_MONTH if isinstance(value, float) else value))
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"


def kinds(line: Line) -> str:
    """The kinds of the prices in a line."""
    month = line.monthly
    if all(isinstance(value, Unknown) for value in (month.minimum, month.maximum)):
        return "unknown"
    found = dict.fromkeys(price.kind + (", discounted" if price.discount else "") for price in line.prices)
    return ", ".join(found) or ("community data" if line.source else "")


def cells(line: Line) -> tuple[str, ...]:
    """A line under `COLUMNS`."""
    month = line.monthly
    amounts = (amount(value) for value in (month.minimum, month.expected, month.maximum))
    return clean(line.resource), clean(line.what), hourly(line), *amounts, kinds(line)


def total_cells(estimate: Estimate) -> tuple[str, ...]:
    """The totals under `COLUMNS`."""
    low, high = hourly_total(estimate.minimum), hourly_total(estimate.maximum)
    by_hour = low if low == high else f"{low} to {high}"
    totals = (estimate.minimum, estimate.expected, estimate.maximum)
    return "total", "", by_hour, *(total_words(one) for one in totals), ""


def price_words(estimate: Estimate) -> list[str]:
    """Every price that was used, those of one kind, day and source together."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for price in dict.fromkeys(price for line in estimate.lines for price in line.prices):
        origin = (price.region, price.kind, price.date, price.discount, price.source)
        usd = f"{price.usd:.10f}".rstrip("0").rstrip(".")
        groups.setdefault(origin, []).append(f"{price.item} ${usd} per {price.unit}")
    found = []
    for (region, kind, date, discount, source), items in groups.items():
        named = ", ".join(part for part in (region, kind, date, discount) if part)
        found.append(clean(f"{named}: {', '.join(items)} ({source})"))
    found += dict.fromkeys(clean(f"tokens: {line.source}") for line in estimate.lines if line.source)
    return found


def has_derived(estimate: Estimate) -> bool:
    """Whether a price that was used is derived."""
    return any(price.kind == DERIVED for line in estimate.lines for price in line.prices)


def reasons(estimate: Estimate) -> list[str]:
    """What is not known, and why."""
    return [clean(f"{line.resource}, {line.what}: {reason}") for line in estimate.lines for reason in line.unknown]


def remarks(estimate: Estimate) -> list[str]:
    """What to know about lines and sums."""
    found = [clean(f"{line.resource}, {line.kind}: {note}") for line in estimate.lines for note in line.notes]
    found += [clean(note) for note in estimate.notes]
    found += budget_words(estimate)
    if estimate.holds_until is not None:
        found.append(f"these prices expire after {estimate.holds_until}; `cdk-inference prices refresh` updates them")
    if has_derived(estimate):
        found.append(DERIVED_ERROR)
    return list(dict.fromkeys(found))


def outside(estimate: Estimate) -> str:
    """What is not in the sums."""
    types = ", ".join(f"{count} {clean(kind)}" for kind, count in estimate.outside.items())
    return f"{BY_USE}; {types}" if types else BY_USE

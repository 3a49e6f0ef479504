"""The estimate of a deployment: lines, totals and the verdict. A value; how it is shown is for others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdk_inference.core.checks import number_above
from cdk_inference.core.errors import ExitStatus, raise_problems
from cdk_inference.pricing.amounts import Line, Total, total
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.endpoint_lines import endpoint_lines
from cdk_inference.pricing.other_lines import check_usage, outside, token_lines, unknown_lines, usage_names
from cdk_inference.pricing.region_names import region_problem
from cdk_inference.pricing.template_budgets import TemplateBudget, template_budgets
from cdk_inference.pricing.usage import EndpointUsage, Usage
from cdk_inference.template import Deployment, EndpointInTemplate, Unknown, read_hosting, switched_off
from cdk_inference.template.hosted import COMPONENT

_NOTHING = Usage()
# The verdict of budgets that the templates declare. Such a budget alerts; the command fails only where it is sure.
MAY_EXCEED, AS_FAR_AS_KNOWN = "MAY EXCEED BUDGET", "WITHIN BUDGET AS FAR AS KNOWN"


_STATUS = {
    "OVER BUDGET": ExitStatus.NOT_OK,
    "PARTLY UNKNOWN": ExitStatus.NOT_KNOWN,
    "UNKNOWN": ExitStatus.NOT_KNOWN,
}


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """US dollars in a month of 730 hours.

    endpoints: how many. expected: None if it is not given for some line. outside: type of resource -> how many were not
    looked at. order: where prices were looked up. budget_usd: what was given; without it, `budgets` of the templates
    count. holds_until: the last day on which every price here is used; None without prices.
    """

    lines: tuple[Line, ...]
    endpoints: int
    minimum: Total
    expected: Total | None
    maximum: Total
    budget_usd: float | None
    outside: Mapping[str, int]
    notes: tuple[str, ...]
    order: tuple[str, ...]
    date: str
    budgets: tuple[TemplateBudget, ...] = ()
    holds_until: str | None = None

    @property
    def verdict(self) -> str:
        """ "WITHIN BUDGET", "OVER BUDGET", "NO BUDGET SET", "PARTLY UNKNOWN", "UNKNOWN" or "NOTHING TO PRICE", or
        of the templates' budgets `MAY_EXCEED` or `AS_FAR_AS_KNOWN`.

        A given budget is held against what is expected, and against the maximum where that is not given. Above it is
        over; below it is within only if everything is known. What is paid by use alone is nothing to price unless a
        budget is given. A template's budget is over only if its minimum is, or
        what is expected.
        """
        if not self.lines or (self.budget_usd is None and all(line.by_use for line in self.lines)):
            return "NOTHING TO PRICE"
        if all(isinstance(line.monthly.maximum, Unknown) for line in self.lines):
            return "UNKNOWN"
        if self.budget_usd is None:
            return self._verdict_of_templates()
        measure = self.expected or self.maximum
        if self.minimum.usd > self.budget_usd or measure.usd > self.budget_usd:
            return "OVER BUDGET"
        return "PARTLY UNKNOWN" if measure.at_least else "WITHIN BUDGET"

    def _verdict_of_templates(self) -> str:
        compared = [one for one in self.budgets if not isinstance(one.usd, Unknown)]
        if not compared:
            return "NO BUDGET SET"
        if any(one.exceeded for one in compared):
            return "OVER BUDGET"
        if any(one.exceeded_at_maximum for one in compared):
            return MAY_EXCEED
        return AS_FAR_AS_KNOWN if any(one.maximum.at_least for one in compared) else "WITHIN BUDGET"

    @property
    def status(self) -> ExitStatus:
        """The exit status: 0 fine, 1 over budget, 3 not known."""
        return _STATUS.get(self.verdict, ExitStatus.OK)


def estimate(
    deployment: Deployment,
    book: PriceBook,
    usage: Usage = _NOTHING,
    budget_usd: float | None = None,
    region: str | None = None,
) -> Estimate:
    """Prices everything in `deployment`. Raises ConfigurationError for a budget, region or usage that cannot be meant.

    region: of the models that only the usage file names, where the stacks have no common one.
    """
    if budget_usd is not None:
        raise_problems("--budget", number_above("usd", budget_usd, 0, "write US dollars for a month", high=1e12))
    if region is not None:
        raise_problems("estimate", region_problem("--region", region, book.own_regions))
    found = read_hosting(deployment)
    check_usage(usage, found, deployment)
    lines = [line for one in found.endpoints for line in endpoint_lines(one, book, _usage_of(one, usage))]
    lines += token_lines(deployment, book, usage, region)
    lines += unknown_lines(deployment, found)
    minimum, maximum = (total(getattr(line.monthly, name) for line in lines) for name in ("minimum", "maximum"))
    assert minimum is not None  # only what is expected can be not given
    assert maximum is not None
    return Estimate(
        lines=tuple(lines),
        endpoints=len(found.endpoints),
        minimum=minimum,
        expected=total(line.monthly.expected for line in lines),
        maximum=maximum,
        budget_usd=budget_usd,
        outside=dict(sorted(outside(deployment).items())),
        notes=(*_notes(deployment), *_to_give(deployment, lines), *_switched_off(deployment)),
        order=book.order,
        date=book.today.isoformat(),
        budgets=template_budgets(deployment, lines),
        holds_until=_holds_until(lines),
    )


def _holds_until(lines: Sequence[Line]) -> str | None:
    days = [day for line in lines for day in line.holds_until]
    return min(days).isoformat() if days else None


def _usage_of(endpoint: EndpointInTemplate, usage: Usage) -> dict[str, EndpointUsage]:
    """Variant's name ("": the endpoint) -> usage."""
    found: dict[str, EndpointUsage] = {}
    for key, value in usage.endpoints.items():
        name, _, variant = key.partition("/")
        if name in usage_names(endpoint):
            found[variant] = value
    return found


def _to_give(deployment: Deployment, lines: Sequence[Line]) -> Iterator[str]:
    """The parameters that lines are not known for want of, where a value can be given."""
    outer = [stack for stack in deployment.stacks if stack.outer is None]
    missing = [name for stack in outer for name in stack.without_value()]
    reasons = {reason for line in lines for reason in line.unknown}
    wanted = [name for name in dict.fromkeys(missing) if f"the parameter {name} has no default" in reasons]
    if wanted:
        yield f"unknown without values for these parameters (--parameters): {', '.join(wanted)}"


def _switched_off(deployment: Deployment) -> Iterator[str]:
    """What defaults leave out, by the parameters that do."""
    found: dict[tuple[str, ...], Counter[str]] = {}
    for stack in deployment.stacks:
        for one in switched_off(stack):
            found.setdefault(one.parameters, Counter())[one.type] += 1
    for parameters, kinds in found.items():
        listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        default = "default" if len(parameters) == 1 else "defaults"
        yield f"not created with the {default} of {' and '.join(parameters)}, and not included: {listed}"


def _notes(deployment: Deployment) -> list[str]:
    components = sum(1 for stack in deployment.stacks for _ in stack.resources(COMPONENT))
    if not components:
        return []
    words = "1 inference component runs" if components == 1 else f"{components} inference components run"
    return [f"{words} on the instances of endpoints, which are priced above"]

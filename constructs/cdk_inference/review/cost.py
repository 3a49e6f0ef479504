"""What a change costs: the estimate before and after, resource by resource and in total."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cdk_inference.core.checks import number_above
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.pricing import Estimate, Line, PriceBook, Total, estimate
from cdk_inference.pricing.amounts import total
from cdk_inference.review.finding import natural
from cdk_inference.template import Deployment

_CENT = 0.005  # less is no difference
_USD_MAX = 1e12
_PERCENT_MAX = 1e6

StackContext = tuple[str, str | None, str, str]


@dataclass(frozen=True, kw_only=True)
class Gate:
    """How much more a month may cost, at minimum or at maximum capacity, in US dollars and in percent of before.

    Each 0 or more; None: no limit. Raises ConfigurationError.
    """

    usd: float | None = None
    percent: float | None = None

    def __post_init__(self) -> None:
        raise_problems(
            "review",
            _limit("--max-increase-usd", self.usd, "US dollars for a month", _USD_MAX),
            _limit("--max-increase-percent", self.percent, "a percentage", _PERCENT_MAX),
        )

    def __bool__(self) -> bool:
        return self.usd is not None or self.percent is not None


def _limit(argument: str, value: float | None, what: str, most: float) -> Problem | None:
    return None if value in (None, 0) else number_above(argument, value, 0, f"write 0 or {what}", high=most)


@dataclass(frozen=True, kw_only=True)
class Ends:
    """US dollars a month at minimum and at maximum capacity."""

    minimum: Total
    maximum: Total

    @property
    def known(self) -> bool:
        """Whether no part is unknown."""
        return not (self.minimum.at_least or self.maximum.at_least)


@dataclass(frozen=True, kw_only=True)
class CostChange:
    """One resource, or "" for all. unknown: why a part has no price, before or after.

    compared: the parts priced on both sides, before and after. A part priced on one side only is left out.
    """

    stack: str
    resource: str
    logical_id: str
    before: Ends
    after: Ends
    unknown: tuple[str, ...] = ()
    compared: tuple[Ends, Ends]

    @property
    def known(self) -> bool:
        """Whether every part is priced before and after."""
        return self.before.known and self.after.known

    @property
    def usd(self) -> tuple[float, float]:
        """By how much it changes, at minimum and at maximum capacity."""
        old, new = self.compared
        return new.minimum.usd - old.minimum.usd, new.maximum.usd - old.maximum.usd

    @property
    def differs(self) -> bool:
        """By a cent at least."""
        return any(abs(usd) >= _CENT for usd in self.usd)


@dataclass(frozen=True, kw_only=True)
class CostDifference:
    """changes: resources whose cost differs, the largest increase first. unknown: those that differ and have no price.

    Stacks that are gone are left out: they go on costing what they cost.
    """

    total: CostChange
    changes: tuple[CostChange, ...]
    unknown: tuple[CostChange, ...]
    gate: Gate

    def beyond(self) -> str:
        """Which limit the increase is above, in words; "" where it is within both."""
        before, _ = self.total.compared
        for usd, was in zip(self.total.usd, (before.minimum.usd, before.maximum.usd), strict=True):
            if self.gate.usd is not None and usd > self.gate.usd + _CENT:
                return f"{self.gate.usd:,.2f} US dollars"
            if self.gate.percent is not None and usd >= _CENT and usd > was * self.gate.percent / 100 + _CENT:
                return f"{self.gate.percent:g} %"
        return ""


def cost_difference(
    before: Deployment, after: Deployment, book: PriceBook, gate: Gate, stacks: frozenset[str]
) -> CostDifference:
    """The difference of the two estimates. stacks: names of those that are compared."""
    old, new = (_lines(estimate(side, book), stacks) for side in (before, after))
    places = {place: (old.get(place, []), new.get(place, [])) for place in {**new, **old}}
    found = {place: _change(place, *sides) for place, sides in places.items()}
    changes = [one for one in found.values() if one.differs]
    # The same words on both sides: nothing about it has changed.
    unknown = [found[place] for place, (was, becomes) in places.items() if _words(was) != _words(becomes)]
    comparable = [_comparable(*sides) for sides in places.values()]
    compared = tuple(_ends([line for sides in comparable for line in sides[at]]) for at in (0, 1))
    everything = replace(_change(("", None, "", ""), _flat(old), _flat(new)), compared=(compared[0], compared[1]))
    return CostDifference(
        total=everything,
        changes=tuple(sorted(changes, key=lambda one: (-round(max(one.usd), 2), one.stack, natural(one.resource)))),
        unknown=tuple(one for one in unknown if not one.known),
        gate=gate,
    )


def _lines(found: Estimate, stacks: frozenset[str]) -> dict[StackContext, list[Line]]:
    grouped: dict[StackContext, list[Line]] = {}
    for line in found.lines:
        if line.stack in stacks or not line.stack:
            grouped.setdefault((line.stack, line.region, line.resource, line.logical_id), []).append(line)
    return grouped


def _flat(grouped: dict[StackContext, list[Line]]) -> list[Line]:
    return [line for lines in grouped.values() for line in lines]


def _words(lines: Iterable[Line]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(line.kind, line.what, line.unknown) for line in lines]


def _change(place: StackContext, old: list[Line], new: list[Line]) -> CostChange:
    comparable, before, after = _comparable(old, new), _ends(old), _ends(new)
    everything = comparable == (old, new)
    reasons = dict.fromkeys(reason for line in (*old, *new) for reason in line.unknown)
    return CostChange(
        stack=place[0],
        resource=place[2],
        logical_id=place[3],
        before=before,
        after=after,
        unknown=tuple(reasons),
        compared=(before, after) if everything else (_ends(comparable[0]), _ends(comparable[1])),
    )


def _comparable(old: list[Line], new: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of both sides without the kinds of which a part loses or gets its price."""
    apart = [{(line.kind, line.what) for line in side if line.unknown} for side in (old, new)]
    without = {kind for kind, _ in apart[0] ^ apart[1]}
    return [line for line in old if line.kind not in without], [line for line in new if line.kind not in without]


def _ends(lines: list[Line]) -> Ends:
    low, high = (total(getattr(line.monthly, name) for line in lines) for name in ("minimum", "maximum"))
    assert low is not None  # only what is expected can be not given
    assert high is not None
    return Ends(minimum=low, maximum=high)

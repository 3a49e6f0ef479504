"""How many instances, copies or provisioned executions run: at any moment, and over a week of their schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from cdk_inference.core.unknown import Unknown, unless_token
from cdk_inference.hosting.minimum_over_time import MinimumOverTime, ScheduledAction, minimum_over_time

_SUSPENDED = Unknown("scheduled scaling is suspended, or may be")


@dataclass(frozen=True, kw_only=True)
class CountRange:
    """The bounds of a count. Made by `CountRange.fixed(...)` or `CountRange.scheduled(...)`.

    lowest, highest: at any moment, the time before the first action of a schedule included.
    minimums: the minimum over the time of a schedule; None without one that sets a minimum; Unknown where it cannot be
        averaged.
    scales_from_zero: whether at some time the minimum is 0 and the maximum is not, so that load has to start a count.
    """

    lowest: int | Unknown
    highest: int | Unknown
    minimums: MinimumOverTime | Unknown | None = None
    scales_from_zero: bool = False

    @classmethod
    def fixed(cls, count: int | Unknown) -> Self:
        """A count that nothing changes. A CDK token is Unknown."""
        return cls.scheduled(count, count)

    @classmethod
    def scheduled(
        cls,
        minimum: int | Unknown,
        maximum: int | Unknown,
        actions: Sequence[ScheduledAction] = (),
        *,
        suspended: bool = False,
    ) -> Self:
        """Bounds that scheduled actions may change. CDK tokens are Unknown.

        The bounds themselves hold until the first action, and again whenever a deployment changes them; so they count
        at any moment, and not in averages.

        suspended: whether the actions may not happen. What one of them has set before still holds.
        """
        low, high = unless_token(minimum), unless_token(maximum)
        lows = [low, *(unless_token(action.minimum) for action in actions if action.minimum is not None)]
        highs = [high, *(unless_token(action.maximum) for action in actions if action.maximum is not None)]
        pairs = [(low, high)]
        pairs += [
            (
                low if action.minimum is None else unless_token(action.minimum),
                high if action.maximum is None else unless_token(action.maximum),
            )
            for action in actions
        ]
        minimums = minimum_over_time(actions)
        return cls(
            lowest=_unknown(lows) or min(count for count in lows if isinstance(count, int)),
            # An action may raise the minimum alone, and the count with it.
            highest=_unknown([*highs, *lows]) or max(count for count in [*highs, *lows] if isinstance(count, int)),
            minimums=_SUSPENDED if suspended and minimums is not None else minimums,
            scales_from_zero=any(least == 0 and most != 0 for least, most in pairs),
        )

    @property
    def average_lowest(self) -> float | Unknown:
        """The lowest count averaged over the schedule: of a week, or of a year where days or months matter."""
        return self.minimums.average if isinstance(self.minimums, MinimumOverTime) else self.minimums or self.lowest

    @property
    def month_lowest(self) -> float | Unknown:
        """The count that every month has at least, on average: what a month's bill is at least.

        As `average_lowest`, of the cheapest month of the year where months differ; `lowest` where the schedule cannot
        be averaged.
        """
        return self.minimums.average_of_lowest_month if isinstance(self.minimums, MinimumOverTime) else self.lowest

    @property
    def peak_lowest(self) -> int | Unknown:
        """The largest minimum of the schedule: a limit for an hour must lie above the cost of so many."""
        return self.minimums.peak if isinstance(self.minimums, MinimumOverTime) else self.minimums or self.lowest

    @property
    def expected(self) -> float | Unknown | None:
        """How many run on average, where the clock or nothing decides; None where load does."""
        return self.average_lowest if self.minimums is not None or self.lowest == self.highest else None

    @property
    def in_words(self) -> str:
        """For example "1 to 8", "2" or "? to 8"."""
        low, high = ("?" if isinstance(count, Unknown) else str(count) for count in (self.lowest, self.highest))
        return low if low == high else f"{low} to {high}"


def peak_together(weighted: Iterable[tuple[float, CountRange]]) -> float:
    """The largest sum of weight x lowest count that is certain to be reached at one time.

    Schedules of one time zone are added minute by minute; for the others, and for what is not known (0), the sum takes
    the least that they ever need.
    """
    least = 0.0
    groups: dict[tuple[str, int], list[tuple[float, MinimumOverTime]]] = {}
    for weight, counts in weighted:
        minimums = counts.minimums
        if isinstance(minimums, MinimumOverTime):
            groups.setdefault((minimums.time_zone, minimums.days), []).append((weight, minimums))
            least += weight * minimums.lowest
        elif isinstance(counts.lowest, int):
            least += weight * counts.lowest
    gains = []
    for group in groups.values():
        moments = {minute for _, minimums in group for minute, _ in minimums.steps}
        peak = max(sum(weight * minimums.at(moment) for weight, minimums in group) for moment in moments)
        gains.append(peak - sum(weight * minimums.lowest for weight, minimums in group))
    return least + max(gains, default=0.0)


def _unknown(counts: Sequence[int | Unknown]) -> Unknown | None:
    return next((count for count in counts if isinstance(count, Unknown)), None)

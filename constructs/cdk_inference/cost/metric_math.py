"""Dollars per hour as metric maths: what is counted, times its price, added up."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aws_cdk import Duration

from cdk_inference.hosting import CountRange

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

MINUTE, HOUR = 60, 3600
# CloudWatch's limit for a math alarm, fixed:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
METRICS_MAX = 10
# Of the name's readable part, so that the names of that many metrics fit twice into an expression, which has 2,048
# characters at most; a name has 255 (botocore 1.44.5, cloudwatch.MetricDataQuery, read 2026-11-30).
_READABLE_MAX = 70


@dataclass(frozen=True, kw_only=True)
class Term:
    """A part of a sum: `usd` per hour for each unit of `metric`.

    name: what the metric is called in the expression; one name for one metric in every graph.
    """

    name: str
    usd: float
    metric: cloudwatch.Metric


class Priced(Protocol):
    """Something that costs money and whose price is known."""

    @property
    def counts(self) -> CountRange:
        """How many instances run."""
        ...

    @property
    def lowest_usd(self) -> float:
        """What an instance costs in an hour at least, US dollars."""
        ...

    @property
    def publish_seconds(self) -> int:
        """How often it is counted."""
        ...

    @property
    def prices_in_words(self) -> tuple[str, ...]:
        """Each price with its kind and day."""
        ...

    def terms(self, period: int) -> list[Term]:
        """What is added up, over periods of so many seconds."""
        ...


def name_in_maths(path: str, what: str, period: int) -> str:
    """A name for a metric of the target at `path`, the same wherever it stands; it begins with a small letter."""
    readable = re.sub(r"[^a-z0-9]+", "_", f"{path.rpartition('/')[2]} {what}".lower())[:_READABLE_MAX]
    return f"m_{readable}_{hashlib.sha256(f'{path} {what} {period}'.encode()).hexdigest()[:8]}"


def metrics_of(priced: Sequence[Priced]) -> int:
    """How many metrics the sum reads."""
    return sum(len(one.terms(MINUTE)) for one in priced)


def in_alarms(priced: Sequence[Priced]) -> list[list[Priced]]:
    """`priced` in order, in groups whose metrics one alarm reads."""
    found: list[list[Priced]] = [[]]
    for one in priced:
        if found[-1] and metrics_of([*found[-1], one]) > METRICS_MAX:
            found.append([])
        found[-1].append(one)
    return found


def period_of(priced: Sequence[Priced]) -> int:
    """Seconds in which each of them is counted at least once, and at least a minute."""
    return max([MINUTE, *(one.publish_seconds for one in priced)])


def summed(terms: Sequence[Term]) -> tuple[str, dict[str, cloudwatch.IMetric]]:
    """The sum, and the metrics in it.

    Plus and minus count a missing side as 0, so what does not run costs nothing:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (read 2026-11-22)
    """
    parts = [f"{'-' if term.usd < 0 else '+'} {written(abs(term.usd))} * {term.name}" for term in terms]
    return " ".join(parts).removeprefix("+ "), {term.name: term.metric for term in terms}


def expression(
    text: str, metrics: Mapping[str, cloudwatch.IMetric], period: int, label: str
) -> cloudwatch.MathExpression:
    """The expression, over periods of so many seconds."""
    from aws_cdk import aws_cloudwatch as cloudwatch

    return cloudwatch.MathExpression(
        expression=text, using_metrics=metrics, period=Duration.seconds(period), label=label
    )


def dollars_per_hour(priced: Sequence[Priced], label: str, least_seconds: int = MINUTE) -> cloudwatch.MathExpression:
    """The sum over all of them, in periods of so many seconds or of the next multiple in which each is counted."""
    period = math.lcm(period_of(priced), least_seconds)
    terms = [term for one in priced for term in one.terms(period)]
    if len(terms) <= METRICS_MAX:
        return expression(*summed(terms), period, label)
    # An expression has 2,048 characters at most (botocore 1.44.5, cloudwatch.MetricDataQuery): a sum of sums has room.
    parts: dict[str, cloudwatch.IMetric] = {}
    for start in range(0, len(terms), METRICS_MAX):
        some = terms[start : start + METRICS_MAX]
        name = name_in_maths(f"{' '.join(term.name for term in some)}/part", "dollars", period)
        parts[name] = expression(*summed(some), period, "dollars, a part")
    return expression(" + ".join(parts), parts, period, label)


def written(number: float) -> str:
    """Never 1e-05, which metric maths does not promise to read."""
    return f"{number:.12f}".rstrip("0").rstrip(".")

"""How many instances a rate of requests needs, and which throughput makes a type as cheap as something else."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing.amounts import HOURS_PER_MONTH
from cdk_inference.pricing.bedrock_request import BedrockRequest
from cdk_inference.pricing.choices import Candidate, Choice
from cdk_inference.pricing.measured import Throughput

# Mean lengths that differ by more are another load: comparisons are refused at the same limit.
LENGTH_DIFFERENCE_PERCENT = 5
_SECONDS_PER_HOUR = 3600
_ROUNDING = 1e-9  # 50 / (50 / 29) is 29 instances, not 30


@dataclass(frozen=True, kw_only=True)
class RequestRate:
    """A constant rate of requests of one length; every number above 0."""

    requests_per_second: float
    prompt_tokens: int
    output_tokens: int


@dataclass(frozen=True, kw_only=True)
class InstanceCount:
    """Whole instances, at least 1. low, high: at the ends of the measurement's interval."""

    estimate: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class BreakEven:
    """What one instance has to serve to cost as much per request as something else.

    Args:
        than: A type, or a model of Bedrock.
        times: Of what one instance of that type serves; None for a model of Bedrock.
        requests_per_second: Of an instance that is kept busy; Unknown where the other type was not measured.
        instances: The most that cost no more a month than Bedrock at the rate, 0 or more; None for a type.
    """

    than: str
    requests_per_second: float | Unknown
    times: float | None = None
    instances: int | None = None


@dataclass(frozen=True, kw_only=True)
class RateRow:
    """One type at the rate.

    Args:
        instances: Unknown where it was not measured.
        other: The break-even with the cheapest other type; Unknown where a price is missing.
        bedrock: The break-even with the model of Bedrock; None where none is compared.
    """

    candidate: Candidate
    instances: InstanceCount | Unknown
    other: BreakEven | Unknown
    bedrock: BreakEven | Unknown | None

    def usd_per_month(self, count: int) -> float | Unknown:
        """Dollars of `count` instances in a month of 730 hours."""
        price = self.candidate.price
        return price if isinstance(price, Unknown) else count * price.usd * HOURS_PER_MONTH


@dataclass(frozen=True, kw_only=True)
class AtRate:
    """Every type that holds the model, at a rate, beside a model of Bedrock.

    Args:
        unused: Why measurements do not count.
    """

    rate: RequestRate
    rows: tuple[RateRow, ...]
    bedrock: BedrockRequest | None
    unused: tuple[str, ...]

    @property
    def cheapest(self) -> RateRow | None:
        """The measured type that costs least a month; None where no measured type has a price."""
        costs = [
            (usd, row)
            for row in self.rows
            if isinstance(row.instances, InstanceCount)
            and not isinstance(usd := row.usd_per_month(row.instances.estimate), Unknown)
        ]
        return min(costs, key=lambda one: one[0])[1] if costs else None


def usable(measured: Mapping[str, Throughput], rate: RequestRate, region: str) -> Mapping[str, Throughput]:
    """Returns the measurements of this region and these lengths; no others count."""
    return {name: one for name, one in measured.items() if _why_not(one, rate, region) is None}


def at_rate(
    choice: Choice, rate: RequestRate, measured: Mapping[str, Throughput], bedrock: BedrockRequest | None = None
) -> AtRate:
    """Returns what each type needs at a rate.

    Args:
        choice: Made with those of `measured` that are usable.
        rate: The rate.
        measured: Everything that was measured.
        bedrock: What is compared with.
    """
    held = {one.hardware.name for one in choice.candidates}
    reasons = {name: _why_not(one, rate, choice.region) for name, one in measured.items()}
    reasons |= {name: "the model does not fit on this type" for name in measured if name not in held}
    return AtRate(
        rate=rate,
        rows=tuple(
            RateRow(
                candidate=one,
                instances=_instances(one, rate),
                other=_as_other(choice, one),
                bedrock=None if bedrock is None else _as_bedrock(one, bedrock, rate),
            )
            for one in choice.candidates
        ),
        bedrock=bedrock,
        unused=tuple(f"{name}: {why}" for name, why in reasons.items() if why is not None),
    )


def _why_not(one: Throughput, rate: RequestRate, region: str) -> str | None:
    if one.requests_per_second is None:
        return "requests_per_second is not stated"
    if one.region is not None and one.region != region:
        return f"measured in {one.region}, not in {region}"
    for what, measured, wanted in (
        ("prompt_tokens", one.prompt_tokens, rate.prompt_tokens),
        ("output_tokens", one.output_tokens, rate.output_tokens),
    ):
        if measured is None:
            return f"{what} is not stated, so the load may differ"
        if abs(measured - wanted) > wanted * LENGTH_DIFFERENCE_PERCENT / 100:
            return f"measured with {measured:g} {what}, not {wanted} (within {LENGTH_DIFFERENCE_PERCENT} %)"
    return None


def _requests_per_second(one: Candidate) -> float | None:
    return None if one.throughput is None else one.throughput.requests_per_second


def _instances(one: Candidate, rate: RequestRate) -> InstanceCount | Unknown:
    served = _requests_per_second(one)
    if served is None:
        return Unknown("not measured")
    assert one.throughput is not None
    low, high = one.throughput.requests_interval or (served, served)
    count, fewest, most = (
        max(1, math.ceil(rate.requests_per_second / value - _ROUNDING)) for value in (served, high, low)
    )
    return InstanceCount(estimate=count, low=fewest, high=most)


def _as_other(choice: Choice, one: Candidate) -> BreakEven | Unknown:
    if isinstance(one.price, Unknown):
        return one.price
    other = _cheapest_measured(choice, one) or choice.cheapest_other(one)
    if other is None or isinstance(other.price, Unknown):
        return Unknown("no other type with a price fits the model")
    times, served = one.price.usd / other.price.usd, _requests_per_second(other)
    wanted = Unknown(f"{other.hardware.name} is not measured") if served is None else served * times
    return BreakEven(than=other.hardware.name, times=times, requests_per_second=wanted)


def _cheapest_measured(choice: Choice, one: Candidate) -> Candidate | None:
    """By dollars per request of an instance that is kept busy."""
    costs = [
        (cost, other)
        for other in choice.candidates
        if other is not one
        and other.throughput is not None
        and not isinstance(other.price, Unknown)
        and (cost := other.throughput.usd_per_1000_requests(other.price.usd)) is not None
    ]
    return min(costs, key=lambda found: found[0])[1] if costs else None


def _as_bedrock(one: Candidate, bedrock: BedrockRequest, rate: RequestRate) -> BreakEven | Unknown:
    if isinstance(one.price, Unknown):
        return one.price
    month = bedrock.usd_per_month(rate.requests_per_second)
    return BreakEven(
        than=bedrock.model,
        requests_per_second=one.price.usd / _SECONDS_PER_HOUR / bedrock.usd_per_request,
        instances=math.floor(month / (one.price.usd * HOURS_PER_MONTH) + _ROUNDING),
    )

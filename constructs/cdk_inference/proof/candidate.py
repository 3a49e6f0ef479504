"""A candidate of a comparison: what answers the requests, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass, field

from cdk_inference.core.unknown import Unknown


@dataclass(frozen=True, kw_only=True)
class HourlyPrice:
    """The price of all instances of a candidate together, kept running.

    Args:
        usd_per_hour: Of one instance, in `currency`.
        instances: How many ran during the measurement.
        date: Day on which the source had the price.
        source: Where the price comes from.
    """

    usd_per_hour: float
    instances: int
    date: str
    source: str
    currency: str = "USD"

    @property
    def usd_per_second(self) -> float:
        """Of all instances together."""
        return self.usd_per_hour * self.instances / 3600


@dataclass(frozen=True, kw_only=True)
class PricePerToken:
    """The price of a model that is billed by the token."""

    usd_per_million_input: float
    usd_per_million_output: float
    date: str
    source: str
    currency: str = "USD"


CandidatePrice = HourlyPrice | PricePerToken | Unknown


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One candidate of a comparison.

    Args:
        name: As claims refer to it.
        price: Unknown, with the reason, where the price book has none.
        facts: What ran, in words: model, instance type, image, region, URL. Written beside every verdict.
    """

    name: str
    price: CandidatePrice
    facts: dict[str, str] = field(default_factory=dict)

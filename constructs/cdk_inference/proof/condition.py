"""The condition under which candidates are compared: a latency target, a rate, or a number of requests at once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdk_inference.core.errors import Problem, raise_problems

LATENCIES = ("ttft", "latency")
_QUANTITY = re.compile(r"(ttft|latency) p(\d{1,2}(?:\.\d)?)")
_TARGET = re.compile(r"(ttft|latency) p(\d{1,2}(?:\.\d)?) <= (\d+(?:\.\d+)?) (ms|s)")
_RATE = re.compile(r"(\d+(?:\.\d+)?) requests/s")
_CONCURRENCY = re.compile(r"(\d+) at once")
_SHOWN = "'ttft p95 <= 500 ms', 'latency p50 <= 2 s', '20 requests/s' or '8 at once'"


@dataclass(frozen=True, kw_only=True)
class Quantile:
    """A percentile of a latency, as in "ttft p95"."""

    latency: str
    percent: float

    def __str__(self) -> str:
        return f"{self.latency} p{self.percent:g}"


@dataclass(frozen=True, kw_only=True)
class LatencyTarget:
    """Throughput is compared where `quantile` reaches `seconds`."""

    quantile: Quantile
    seconds: float

    def __str__(self) -> str:
        return f"{self.quantile} <= {self.seconds * 1000:g} ms"


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Open loop at a fixed rate."""

    per_second: float

    def __str__(self) -> str:
        return f"{self.per_second:g} requests/s"


@dataclass(frozen=True, kw_only=True)
class Concurrency:
    """Closed loop with a fixed number of requests at once."""

    at_once: int

    def __str__(self) -> str:
        return f"{self.at_once} at once"


Condition = LatencyTarget | Rate | Concurrency


def parse_condition(text: str, argument: str = "at") -> Condition:
    """Returns the condition that `text` describes. Raises ConfigurationError."""
    if (found := _TARGET.fullmatch(text)) is not None:
        seconds = float(found[3]) / (1000 if found[4] == "ms" else 1)
        if seconds > 0 and float(found[2]) > 0:
            return LatencyTarget(quantile=Quantile(latency=found[1], percent=float(found[2])), seconds=seconds)
    if (found := _RATE.fullmatch(text)) is not None and float(found[1]) > 0:
        return Rate(per_second=float(found[1]))
    if (found := _CONCURRENCY.fullmatch(text)) is not None and int(found[1]) > 0:
        return Concurrency(at_once=int(found[1]))
    raise_problems("condition", Problem(argument, text, _SHOWN, "write it in one of these forms"))
    raise AssertionError  # raise_problems has raised


def parse_quantile(text: str) -> Quantile | None:
    """Returns the percentile that `text` describes, as in "ttft p95"; None for any other text."""
    found = _QUANTITY.fullmatch(text)
    return None if found is None or float(found[2]) == 0 else Quantile(latency=found[1], percent=float(found[2]))

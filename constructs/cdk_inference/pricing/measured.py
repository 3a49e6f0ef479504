"""Throughput that you measured on one instance, from a TOML file.

["ml.g6e.12xlarge"]
requests_per_second = 4.0      # that one instance holds within your latency
tokens_per_second = 1600       # of answers, over all requests; either of the two may be left out
prompt_tokens = 2000           # mean of a request; `choose` at a rate needs both lengths
output_tokens = 400
region = "us-east-1"           # leave it out if the numbers count in every region
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.hardware import type_problem
from cdk_inference.pricing.price import amount_problem
from cdk_inference.pricing.region_names import region_problem

_SECONDS_PER_HOUR = 3600
_AMOUNTS = {
    "requests_per_second": "write what one instance does in a second",
    "tokens_per_second": "write what one instance does in a second",
    "prompt_tokens": "write the mean of a request",
    "output_tokens": "write the mean of a request",
}
_RATES = ("requests_per_second", "tokens_per_second")
_REGION = "region"


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """What one instance does, kept busy; None: not measured or not stated.

    Args:
        requests_per_second: Requests.
        tokens_per_second: Tokens of answers, over all requests.
        requests_interval: The ends of the interval of `requests_per_second`.
        prompt_tokens: Mean of a request. output_tokens: Mean of an answer.
        region: Where it was measured; None: it counts in every region.
        what: What ran and how sure it is, in words.
    """

    requests_per_second: float | None = None
    tokens_per_second: float | None = None
    requests_interval: tuple[float, float] | None = None
    prompt_tokens: float | None = None
    output_tokens: float | None = None
    region: str | None = None
    what: str = ""

    def usd_per_1000_requests(self, usd_per_hour: float) -> float | None:
        """While the instance is kept busy."""
        if self.requests_per_second is None:
            return None
        return usd_per_hour / (self.requests_per_second * _SECONDS_PER_HOUR) * 1000

    def usd_per_million_tokens(self, usd_per_hour: float) -> float | None:
        """While the instance is kept busy."""
        if self.tokens_per_second is None:
            return None
        return usd_per_hour / (self.tokens_per_second * _SECONDS_PER_HOUR) * 1e6


def read_measured(path: Path) -> Mapping[str, Throughput]:
    """Instance type -> throughput. Raises ConfigurationError."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(str(path), [Problem("file", why, "TOML", _SHOWN)]) from None
    found = {}
    for name, written in content.items():
        where = f"{path}, {name}"
        no_rate = Problem(name, written, f"a table with {' or '.join(_RATES)}", _SHOWN)
        if not isinstance(written, dict) or not written:
            raise_problems(where, no_rate)
        raise_problems(where, type_problem("type", name), *(_value_problem(*one) for one in written.items()))
        raise_problems(where, None if set(_RATES) & written.keys() else no_rate)
        found[name] = Throughput(**written, what=str(path))
    return found


def _value_problem(key: str, value: object) -> Problem | None:
    if key in _AMOUNTS:
        return amount_problem(key, value, _AMOUNTS[key], 1e9)
    if key == _REGION:
        if isinstance(value, str):
            return region_problem(key, value)
        return Problem(key, value, "the name of a region", "leave it out if the numbers count in every region")
    return Problem(key, value, ", ".join([*_AMOUNTS, _REGION]), "correct the name")


_SHOWN = f"{page('choosing')} shows one"

"""Throughput that you measured on one instance, from a TOML file.

["ml.g6.12xlarge"]
requests_per_second = 4.5      # that one instance holds within your latency
tokens_per_second = 1900       # of answers, over all requests; either of the two may be left out
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.hardware import type_problem
from cdk_inference.pricing.price import amount_problem

_SECONDS_PER_HOUR = 3600
_KEYS = ("requests_per_second", "tokens_per_second")


@dataclass(frozen=True, kw_only=True)
class Throughput:
    """Of one instance; None: not measured."""

    requests_per_second: float | None = None
    tokens_per_second: float | None = None

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
        if not isinstance(written, dict) or not written:
            raise_problems(where, Problem(name, written, f"a table with {' or '.join(_KEYS)}", _SHOWN))
        raise_problems(
            where,
            type_problem("type", name),
            *(
                amount_problem(key, value, "write what one instance does in a second", 1e9)
                if key in _KEYS
                else Problem(key, value, ", ".join(_KEYS), "correct the name")
                for key, value in written.items()
            ),
        )
        found[name] = Throughput(**written)
    return found


_SHOWN = "docs/choosing.md shows one"

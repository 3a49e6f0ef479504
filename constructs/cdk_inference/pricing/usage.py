"""Usage in a month, which templates do not hold: from a TOML, JSON or YAML file.

[endpoints.inference-prod-fleet-chat]      # name or logical id; "/<variant>" after it if there are several
average_instances = 3.5
instance_type = "ml.g6.12xlarge"           # of the pools, the one that it runs on
requests_per_month = 1_000_000             # serverless
seconds_per_request = 0.2                  # serverless
captured_gb_per_month = 40                 # data capture: what is kept in S3

[tokens."us.anthropic.claude-haiku-4-5-20251001-v1:0"]   # a model or profile id, or the logical id of a profile
input_tokens_per_month = 200_000_000
output_tokens_per_month = 20_000_000       # also cache_read_, cache_write_, batch_input_, batch_output_
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page
from cdk_inference.pricing.tokens import TOKENS
from cdk_inference.template import TemplateError
from cdk_inference.template.load import load_object

_NUMBERS = ("average_instances", "requests_per_month", "seconds_per_request", "captured_gb_per_month")
_SUFFIX = "_tokens_per_month"
_MOST = 1e18


@dataclass(frozen=True, kw_only=True)
class EndpointUsage:
    """Of one endpoint, or of one of its variants. None: not given."""

    average_instances: float | None = None
    instance_type: str | None = None
    requests_per_month: float | None = None
    seconds_per_request: float | None = None
    captured_gb_per_month: float | None = None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """`endpoints`: name -> usage; `tokens`: model -> kind of token -> tokens in a month."""

    endpoints: Mapping[str, EndpointUsage] = field(default_factory=dict)
    tokens: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def read_usage(path: Path) -> Usage:
    """The usage in a file. Raises ConfigurationError."""
    content = _content(path)
    _known(str(path), content, ("endpoints", "tokens"))
    endpoints = {}
    for name, written in _tables(str(path), content, "endpoints").items():
        where = f"{path}, endpoints.{name}"
        _known(where, written, (*_NUMBERS, "instance_type"))
        kind = written.get("instance_type")
        raise_problems(
            where,
            *(_amount(key, written[key]) for key in _NUMBERS if key in written),
            None
            if kind is None or isinstance(kind, str)
            else Problem("instance_type", kind, "a type's name", "as text"),
        )
        endpoints[name] = EndpointUsage(**written)
    tokens = {}
    for name, written in _tables(str(path), content, "tokens").items():
        where = f"{path}, tokens.{name}"
        _known(where, written, tuple(kind + _SUFFIX for kind in TOKENS))
        raise_problems(where, *(_amount(key, value) for key, value in written.items()))
        tokens[name] = {key.removesuffix(_SUFFIX): float(value) for key, value in written.items()}
    return Usage(endpoints=endpoints, tokens=tokens)


def _content(path: Path) -> dict[str, Any]:
    if path.suffix != ".toml":
        try:
            return load_object(path, "a usage file")
        except TemplateError as error:
            raise ConfigurationError("--usage", [Problem("file", str(error), "TOML, JSON or YAML", _SHOWN)]) from None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(str(path), [Problem("file", why, "TOML, JSON or YAML", _SHOWN)]) from None


def _tables(where: str, content: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    found = content.get(key, {})
    if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()):
        return found
    raise ConfigurationError(where, [Problem(key, found, "a table for each name", _SHOWN)])


def _known(where: str, written: Mapping[str, Any], names: tuple[str, ...]) -> None:
    wrong = [
        Problem(str(key), written[key], ", ".join(names), "correct the name") for key in written if key not in names
    ]
    raise_problems(where, *wrong)


def _amount(key: str, value: Any) -> Problem | None:
    if not isinstance(value, bool) and isinstance(value, (int, float)) and 0 <= value <= _MOST:
        return None
    return Problem(key, value, f"a number from 0 to {_MOST:g}", "write what a month has")


_SHOWN = f"{page('prices')} shows one"

"""Output formats of estimates, reviews and checks, one in each module: its `FORMATTER`. The one in use is loaded."""

from __future__ import annotations

import importlib

from cdk_inference.cli.formatters.base import CheckFormatter, EstimateFormatter, ReviewFormatter

ESTIMATE_FORMATS = ("table", "json", "markdown", "html")
REVIEW_FORMATS = ("table", "markdown", "json", "html", "sarif")

CHECK_FORMATS = ("table", "json", "sarif")

__all__ = [
    "CHECK_FORMATS",
    "ESTIMATE_FORMATS",
    "REVIEW_FORMATS",
    "check_formatter",
    "estimate_formatter",
    "review_formatter",
]


def estimate_formatter(name: str) -> EstimateFormatter:
    """Returns the formatter of one of `ESTIMATE_FORMATS`."""
    found = _formatter(name)
    assert isinstance(found, EstimateFormatter), name
    return found


def review_formatter(name: str) -> ReviewFormatter:
    """Returns the formatter of one of `REVIEW_FORMATS`."""
    found = _formatter(name)
    assert isinstance(found, ReviewFormatter), name
    return found


def check_formatter(name: str) -> CheckFormatter:
    """Returns the formatter of one of `CHECK_FORMATS`."""
    found = _formatter(f"check_{name}")
    assert isinstance(found, CheckFormatter), name
    return found


def _formatter(name: str) -> object:
    return importlib.import_module(f"{__name__}.{name}").FORMATTER

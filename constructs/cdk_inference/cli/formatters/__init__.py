"""Output formats of estimates and reviews, one in each module: its `FORMATTER`. Only the one in use is loaded."""

from __future__ import annotations

import importlib

from cdk_inference.cli.formatters.base import EstimateFormatter, ReviewFormatter

ESTIMATE_FORMATS = ("table", "json", "markdown", "html")
REVIEW_FORMATS = ("table", "markdown", "json", "html", "sarif")

__all__ = ["ESTIMATE_FORMATS", "REVIEW_FORMATS", "estimate_formatter", "review_formatter"]


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


def _formatter(name: str) -> object:
    return importlib.import_module(f"{__name__}.{name}").FORMATTER

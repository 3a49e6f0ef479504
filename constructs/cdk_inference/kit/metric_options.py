"""Problems of a metric's options, found before the CDK gets them: a number of the wrong kind ends its process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cdk_inference.core.alike import nearest
from cdk_inference.core.checks import has_members
from cdk_inference.core.errors import Problem, raise_problems


def _text(value: object) -> bool:
    return isinstance(value, str)


def _unit(value: object) -> bool:
    from aws_cdk import aws_cloudwatch as cloudwatch

    return isinstance(value, cloudwatch.Unit)


_TEXT = (_text, "a text")
_KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "period": (lambda value: has_members(value, "to_seconds"), "a duration, as aws_cdk.Duration.minutes(5)"),
    "statistic": (_text, 'a text, as "Sum", "Average" or "p99"'),
    "label": _TEXT,
    "color": (_text, 'a text, as "#ff7f0e"'),
    "unit": (_unit, "a unit, as aws_cloudwatch.Unit.COUNT"),
    "dimensions_map": (
        lambda value: (
            isinstance(value, Mapping) and all(isinstance(part, str) for item in value.items() for part in item)
        ),
        "a mapping of texts to texts",
    ),
    "region": _TEXT,
    "account": _TEXT,
    "stack_region": _TEXT,
    "stack_account": _TEXT,
    "id": _TEXT,
    "visible": (lambda value: isinstance(value, bool), "True or False"),
}


def option_problems(options: Mapping[str, Any]) -> list[Problem]:
    """Returns a problem for each option that no metric has, or that is of another kind."""
    found = []
    for name, value in options.items():
        if name not in _KINDS:
            near = nearest(name, _KINDS)
            fix = f"write {near}" if near else "leave it out"
            found.append(Problem(name, value, f"an option of a metric: {', '.join(_KINDS)}", fix))
        elif not _KINDS[name][0](value):
            found.append(Problem(name, value, _KINDS[name][1], "leave it out for the default"))
    return found


def check_options(subject: str, options: Mapping[str, Any]) -> None:
    """Raises ConfigurationError with every problem of `options`, which are those of `MetricOptions`."""
    raise_problems(subject, *option_problems(options))

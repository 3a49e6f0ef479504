"""The path from a metric, or an event, to the person who is notified, besides the alarm itself.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-suppression.html (read 2026-11-29)
"""

from __future__ import annotations

from typing import Any

from cdk_inference.review.formatting import value
from cdk_inference.review.protections.comparators import fewer, larger, lowered, number, switched_off
from cdk_inference.review.protections.protection import Protection, rows

_SILENT = "what it starts and whom it notifies no longer get its events"


def _nothing_left(was: Any, becomes: Any) -> str:
    """https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (read 2026-11-30)"""
    return f"is 0 (was {value(was)})" if number(becomes) == 0 and number(was) != 0 else ""


def _other_unit(was: Any, becomes: Any) -> str:
    """Only points of the unit count, and most metrics have one unit."""
    return f"is {value(becomes)} (was {value(was)})" if becomes is not None and becomes != was else ""


REPORTS: tuple[Protection, ...] = (
    *rows(
        "AWS::CloudWatch::CompositeAlarm",
        "its notification comes later, or the cause is over before it",
        (("ActionsSuppressorWaitPeriod",), larger()),
        (("ActionsSuppressorExtensionPeriod",), larger()),
    ),
    *rows(
        "AWS::CloudWatch::Alarm",
        "if the metric has no data points with that unit, the alarm never fires",
        (("Unit",), _other_unit),
    ),
    *rows(
        "AWS::CloudWatch::Alarm",
        "percentiles of few data points are ignored",
        (("EvaluateLowSampleCountPercentile",), lowered("ignore", "evaluate", default="evaluate")),
    ),
    *rows("AWS::Lambda::EventSourceMapping", _SILENT, (("Enabled",), switched_off(default=True))),
    *rows(
        "AWS::Lambda::Function",
        "Lambda refuses every call, until the number is raised",
        (("ReservedConcurrentExecutions",), _nothing_left),
    ),
    *rows(
        "AWS::Events::Rule",
        _SILENT,
        (("State",), lowered("DISABLED", "ENABLED", default="ENABLED")),
        (("Targets",), fewer("Id", "Arn")),
    ),
)

"""Data that expires sooner than before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cdk_inference.review.changes import MISSING
from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import value
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule

# Type -> (path, what a missing value is, its unit, what is lost).
_LOGS = "log events that are older are deleted, those of last night's incident too"
_BACKUPS = "backups that are older are deleted; 0 deletes all and stops them"
_PERIODS: dict[str, tuple[tuple[str, ...], float | None, str, str]] = {
    "AWS::Logs::LogGroup": (("RetentionInDays",), math.inf, "days", _LOGS),
    "AWS::RDS::DBInstance": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::RDS::DBCluster": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::DocDB::DBCluster": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::Neptune::DBCluster": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::SQS::Queue": (("MessageRetentionPeriod",), None, "seconds", "messages that wait longer are lost"),
    "AWS::Kinesis::Stream": (("RetentionPeriodHours",), None, "hours", "records that wait longer are lost"),
}
_SWITCHES: dict[str, tuple[tuple[str, ...], tuple[Any, ...], str]] = {
    "AWS::DynamoDB::Table": (
        ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
        (True, "true"),
        "the table can no longer be restored to a moment before a mistake",
    ),
    "AWS::S3::Bucket": (
        ("VersioningConfiguration", "Status"),
        ("Enabled",),
        "objects that are overwritten or deleted from now on are gone",
    ),
}


def check(pair: StackPair) -> Iterator[Hit]:
    """Of what is on both sides and known on both."""
    for resource in pair.of(*_PERIODS, *_SWITCHES):
        if resource.type in _PERIODS:
            path, missing, unit, lost = _PERIODS[resource.type]
            change = resource.changed(*path)
            if change is not None and change.known:
                was, becomes = (_number(one, missing) for one in (change.before, change.after))
                if was is not None and becomes is not None and becomes < was:
                    yield resource.hit(
                        f"its {path[-1]} goes from {_period(was)} to {_period(becomes)} {unit}",
                        lost,
                        "export what is still needed first, or keep the time",
                    )
        elif resource.type in _SWITCHES:
            path, on, lost = _SWITCHES[resource.type]
            change = resource.changed(*path)
            if change is not None and change.known and change.before in on and change.after not in on:
                yield resource.hit(
                    f"its {'.'.join(path)} goes from {value(change.before)} to {value(change.after)}",
                    lost,
                    "keep it switched on",
                )


def _number(found: Any, missing: float | None) -> float | None:
    if found is MISSING or found is None:
        return missing
    try:
        return float(found)
    except (TypeError, ValueError, OverflowError):
        return None


def _period(number: float) -> str:
    return "no end" if math.isinf(number) else f"{number:g}"


RULE = Rule(
    id="retention-shortened",
    level="warning",
    title="Data that expires sooner, or is no longer recoverable",
    why=(
        "A shorter retention deletes what is older as soon as it is deployed. Looked at are log groups, backups of "
        "databases, queues, streams, versions of objects and point-in-time recovery. Longer is no finding."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html "
    "(read 2026-11-24)",
    check=check,
)

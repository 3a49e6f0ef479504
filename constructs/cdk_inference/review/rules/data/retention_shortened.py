"""Data that expires sooner than before."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from cdk_inference.review.changes import MISSING
from cdk_inference.review.finding import Hit
from cdk_inference.review.formatting import value
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.protections.comparators import switched_off
from cdk_inference.review.protections.expiry import expiry_sooner
from cdk_inference.review.protections.protection import loosened, rows
from cdk_inference.review.rule import Rule

# Type -> (path, what a missing value is, its unit, what is lost).
_LOGS = "older log events are deleted, including those of last night's incident"
_BACKUPS = "older backups are deleted; 0 deletes all backups and disables them"
_PERIODS: dict[str, tuple[tuple[str, ...], float | None, str, str]] = {
    "AWS::Logs::LogGroup": (("RetentionInDays",), math.inf, "days", _LOGS),
    "AWS::RDS::DBInstance": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::RDS::DBCluster": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::DocDB::DBCluster": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::Neptune::DBCluster": (("BackupRetentionPeriod",), None, "days", _BACKUPS),
    "AWS::Bedrock::Agent": (("MemoryConfiguration", "StorageDays"), None, "days", "older conversations are forgotten"),
    "AWS::SQS::Queue": (("MessageRetentionPeriod",), None, "seconds", "messages that wait longer are lost"),
    "AWS::Kinesis::Stream": (("RetentionPeriodHours",), None, "hours", "records that wait longer are lost"),
}
_EXPIRING = (
    "AWS::S3::Bucket",
    "AWS::ECR::Repository",
    "AWS::DynamoDB::Table",
    "AWS::DynamoDB::GlobalTable",
    "AWS::OpenSearchServerless::LifecyclePolicy",
)
_KEY = "AWS::KMS::Key"
_WINDOW_DAYS = (
    30.0  # https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html (read 2026-11-29)
)
_RECOVERY = "PointInTimeRecoverySpecification"
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoverySpecification.html
# (read 2026-11-30)
_RECOVERY_DAYS = 35.0
_SWITCHES: dict[str, tuple[tuple[str, ...], tuple[Any, ...], str]] = {
    "AWS::DynamoDB::Table": (
        ("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
        (True, "true"),
        "the table can no longer be restored to a point before a mistake",
    ),
    "AWS::S3::Bucket": (
        ("VersioningConfiguration", "Status"),
        ("Enabled",),
        "objects that are overwritten or deleted from now on are gone",
    ),
}


_REPLICAS = rows(
    "AWS::DynamoDB::GlobalTable",
    "the table can no longer be restored to a point before a mistake",
    (("Replicas", "[Region]", _RECOVERY, "PointInTimeRecoveryEnabled"), switched_off()),
)


def check(pair: StackPair) -> Iterator[Hit]:
    """Of what is on both sides and known on both."""
    for loss in loosened(pair, _REPLICAS):
        yield loss.pair.hit(loss.what, loss.means, "keep it switched on")
    for resource in pair.of(*_EXPIRING):
        if resource.before is not None and resource.after is not None and resource.changes:
            sooner = tuple(dict.fromkeys(expiry_sooner(resource.before, resource.after)))
            if sooner:
                yield resource.hit(
                    "; ".join(sooner),
                    "older data is deleted and cannot be restored",
                    "first copy the data that is still needed",
                )
    for resource in pair.of(_KEY):
        yield from _keys(resource)
    for resource in pair.of("AWS::DynamoDB::Table"):
        yield from _recovery(resource)
    for resource in pair.of(*_PERIODS, *_SWITCHES):
        if resource.type in _PERIODS:
            path, missing, unit, lost = _PERIODS[resource.type]
            change = resource.changed(*path)
            if change is not None and change.known:
                was, becomes = (_number(one, missing) for one in (change.before, change.after))
                if was is not None and becomes is not None and becomes < was:
                    yield resource.hit(
                        f"its {path[-1]} changes from {_period(was)} to {_period(becomes)} {unit}",
                        lost,
                        "first export the data that is still needed, or keep the retention",
                    )
        elif resource.type in _SWITCHES:
            path, on, lost = _SWITCHES[resource.type]
            change = resource.changed(*path)
            if change is not None and change.known and change.before in on and change.after not in on:
                yield resource.hit(
                    f"its {'.'.join(path)} changes from {value(change.before)} to {value(change.after)}",
                    lost,
                    "keep it switched on",
                )


def _keys(resource: ResourcePair) -> Iterator[Hit]:
    """Keys that are switched off, or gone sooner once they are deleted."""
    change = resource.changed("Enabled")
    if change is not None and change.known and change.after in (False, "false"):
        yield resource.hit(
            f"its Enabled changes from {value(change.before)} to false",
            "data encrypted with it can no longer be read by anyone",
            "first check in CloudTrail who still uses the key",
            "error",
        )
    change = resource.changed("PendingWindowInDays")
    if change is not None and change.known:
        was, becomes = _number(change.before, _WINDOW_DAYS), _number(change.after, _WINDOW_DAYS)
        if was is not None and becomes is not None and becomes < was:
            yield resource.hit(
                f"its PendingWindowInDays changes from {was:g} to {becomes:g} days",
                "there is less time to cancel its deletion, which makes all data encrypted with it unreadable",
                "keep the window",
            )


def _recovery(resource: ResourcePair) -> Iterator[Hit]:
    """Tables that stay recoverable, for fewer days."""
    change = resource.changed(_RECOVERY, "RecoveryPeriodInDays")
    if change is None or not change.known or resource.before is None:
        return
    was, becomes = _number(change.before, _RECOVERY_DAYS), _number(change.after, _RECOVERY_DAYS)
    on = resource.before.get(_RECOVERY, "PointInTimeRecoveryEnabled") in (True, "true")
    if on and was is not None and becomes is not None and becomes < was:
        yield resource.hit(
            f"its RecoveryPeriodInDays changes from {was:g} to {becomes:g}",
            "the table can no longer be restored to a point before that",
            "keep the period",
        )


def _number(found: Any, missing: float | None) -> float | None:
    if found is MISSING or found is None:
        return missing
    try:
        return float(found)
    except (TypeError, ValueError, OverflowError):
        return None


def _period(number: float) -> str:
    return "no end" if math.isinf(number) else f"{number:,.10g}"


RULE = Rule(
    id="retention-shortened",
    level="warning",
    title="Data that expires sooner, or is no longer recoverable",
    why=(
        "A shorter retention deletes older data as soon as it is deployed. Checked are log groups, backups of "
        "databases, queues, streams, versions of objects and point-in-time recovery; lifecycles of objects and images, "
        "and times to live of items. A key that is disabled is an error: data encrypted with it can no longer be "
        "read. Longer is not a finding."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html "
    "(read 2026-11-24)",
    check=check,
)

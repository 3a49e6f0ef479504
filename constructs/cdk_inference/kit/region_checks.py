"""What an endpoint refers to must be in its region, and a key must be a key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.kit.per_construct import PerConstruct


def key_problem(key: Any, region: str, owner: str = "endpoint", *, argument: str = "encryption_key") -> Problem | None:
    """Why `key` cannot encrypt what belongs to `owner` in `region`."""
    if not has_members(key, "key_arn", "add_to_resource_policy"):
        return Problem(argument, key, "a key (aws_kms.IKey)", "for example kms.Key.from_key_arn(...)")
    if ":alias/" in key.key_arn:
        # "You cannot use a key id, alias name, or alias ARN to identify a KMS key in an IAM policy statement":
        # https://docs.aws.amazon.com/kms/latest/developerguide/cmks-in-iam-policies.html (read 2026-11-23)
        allowed = "the key itself: an IAM policy that names an alias matches nothing"
        fix = "pass the key behind it, for example alias.alias_target_key or kms.Key.from_key_arn(...)"
        return Problem(argument, "an alias", allowed, fix)
    return region_problem(argument, key, region, "a key", owner)


def topic_problem(
    argument: str, topic: Any, region: str, owner: str = "alarm", *, optional: bool = False
) -> Problem | None:
    """Returns why alarms of `owner` in `region` cannot publish to `topic`. `optional` allows None, for no topic."""
    if topic is None and optional:
        return None
    if not has_members(topic, "topic_arn"):
        allowed = f"a topic (aws_sns.ITopic){' or None' if optional else ''}"
        return Problem(argument, topic, allowed, "for example AlarmTopic(...)")
    return region_problem(argument, topic, region, "a topic", owner)


def vpc_problem(argument: str, vpc: Any, region: str, owner: str = "endpoint") -> Problem | None:
    """Why nothing of `owner` in `region` can be in `vpc`."""
    found = region_problem(argument, vpc, region, "a VPC", owner)
    fix = f"pass a VPC of {region}, or move the {owner}"
    return None if found is None else replace(found, fix=fix)


def _region_of(resource: Any) -> str:
    return str(resource.env.region)


def region_problem(argument: str, resource: Any, region: str, what: str, owner: str = "endpoint") -> Problem | None:
    """Why `resource` cannot be used in `region`. It may be any object that fits; the CDK's know their region."""
    if is_token(region) or not has_members(resource, "env"):
        return None
    other = _regions.of(resource)
    if is_token(other) or other == region:
        return None
    allowed = f"{what} in {region}, the {owner}'s region"
    return Problem(argument, f"{what} in {other}", allowed, f"copy it to {region}, or move the {owner} to {other}")


# Resources are used by many endpoints, and every read calls Node three times.
_regions: PerConstruct[str] = PerConstruct(_region_of)

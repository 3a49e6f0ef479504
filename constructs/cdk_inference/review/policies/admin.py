"""Permissions with which one can give oneself all others.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html (read 2026-11-24)
"""

from __future__ import annotations

from cdk_inference.review.policies.compare import Box
from cdk_inference.review.policies.statement import ANYONE

_ADMIN_POLICIES = ("AdministratorAccess", "IAMFullAccess")
_ADMIN_ACTIONS = ("*", "iam:*")


def admin(box: Box) -> bool:
    """All actions, or all of IAM, on everything."""
    everything = box.resource.negated or ANYONE in box.resource.patterns
    all_actions = box.action.negated or any(one in _ADMIN_ACTIONS for one in box.action.patterns)
    return everything and all_actions and not box.conditions


def admin_policy(key: str) -> bool:
    """Whether a managed policy, by its ARN or name, is one of AWS's for administrators."""
    return key.rpartition("/")[2] in _ADMIN_POLICIES

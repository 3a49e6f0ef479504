"""How much a permission is: all that there is, or little.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html (read 2026-11-24)
"""

from __future__ import annotations

import re

from cdk_inference.review.iam.compare import Box
from cdk_inference.review.iam.statement import ANYONE
from cdk_inference.template.values import references_in

_ADMIN_POLICIES = ("AdministratorAccess", "IAMFullAccess")
_ADMIN_ACTIONS = ("*", "iam:*")
_DELICATE = ("iam", "sts", "kms", "secretsmanager", "organizations")


def admin(box: Box) -> bool:
    """All actions, or all of IAM, on everything."""
    everything = box.resource.negated or ANYONE in box.resource.patterns
    all_actions = box.action.negated or any(one in _ADMIN_ACTIONS for one in box.action.patterns)
    return everything and all_actions and not box.conditions


def small(box: Box) -> bool:
    """Actions and resources by name, of services that neither hand out permissions nor secrets."""
    named = not box.resource.negated and not box.action.negated
    actions = all("*" not in one and one.partition(":")[0] not in _DELICATE for one in box.action.patterns)
    return named and actions and all(_names_one(one) for one in box.resource.patterns)


def _names_one(resource: str) -> bool:
    """Whether it says more than a service and a kind of resource."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return bool(references_in(resource)) or "*" not in resource
    prefix, wildcard, _ = parts[5].partition("*")
    if not wildcard or parts[2] == "s3":
        return bool(prefix) and parts[4] != ANYONE
    return parts[4] != ANYONE and bool("".join(re.split("[/:]", prefix, maxsplit=1)[1:]))


def admin_policy(key: str) -> bool:
    """Whether a managed policy, by its ARN or name, is one of AWS's for administrators."""
    return key.rpartition("/")[2] in _ADMIN_POLICIES

"""Whether a statement lets everybody in.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of public"
(read 2026-11-24)
"""

from __future__ import annotations

import ipaddress

from cdk_inference.review.policies.compare import Box
from cdk_inference.review.policies.conditions import Clause
from cdk_inference.review.policies.patterns import unknown_in
from cdk_inference.review.policies.statement import ANYONE

# Keys whose value somebody owns.
_NARROWING = frozenset(
    {
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceowner",
        "aws:sourceorgid",
        "aws:sourceorgpaths",
        "aws:sourcevpc",
        "aws:sourcevpce",
        "aws:vpcsourceip",
        "aws:sourceip",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:userid",
        "kms:calleraccount",
        "sns:endpoint",
        "s3:dataaccesspointaccount",
        "s3:dataaccesspointarn",
        "elasticfilesystem:accessedviamounttarget",
        "sts:externalid",
        "lambda:eventsourcetoken",
        "saml:aud",
    }
)
_BITS_MIN = 8  # a network of more addresses than a /8 is taken for everybody


def public(box: Box) -> bool:
    """Whether anyone may use it: a principal "*", and no condition whose value somebody owns."""
    everyone = box.principal.negated or ANYONE in box.principal.patterns
    return everyone and not any(_narrows(clause) for clause in box.conditions)


def _narrows(clause: Clause) -> bool:
    if clause.key not in _NARROWING or not clause.positive or clause.if_exists or clause.sets == "forallvalues":
        return False
    return bool(clause.values) and all(unknown_in(value) or _owned(value) for value in clause.values)


def _owned(value: str) -> bool:
    try:
        network = ipaddress.ip_network(value, strict=False)
    except ValueError:
        parts = value.split(":", 5)
        # An ARN is somebody's by its account, or for a bucket by its name.
        fixed = (parts[4] or parts[5]) if len(parts) == 6 and parts[0] == "arn" else value
        return bool(fixed.strip("*?"))
    return network.prefixlen >= _BITS_MIN

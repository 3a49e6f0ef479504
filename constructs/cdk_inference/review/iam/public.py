"""Whether a statement lets everybody in.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of public"
(read 2026-11-24)
"""

from __future__ import annotations

import ipaddress
import re

from cdk_inference.review.iam.compare import Box
from cdk_inference.review.iam.conditions import Clause
from cdk_inference.review.iam.statement import ANYONE
from cdk_inference.template.values import unknown_in

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
        "lambda:eventsourcetoken",
    }
)
# Providers whose tokens everybody can get.
# https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws (read 2026-11-24)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html (read 2026-11-29)
# Provider -> the keys of which one has to name somebody.
_PROVIDERS = {
    "token.actions.githubusercontent.com": ("sub",),
    "gitlab.com": ("sub",),
    "app.terraform.io": ("sub",),
    "accounts.google.com": ("aud", "oaud", "sub"),
    "cognito-identity.amazonaws.com": ("aud", "sub"),
}
_BITS_MIN = 8  # a network of more addresses than a /8 is taken for everybody


def public(box: Box) -> bool:
    """Whether anyone may use it: a principal "*", and no condition whose value somebody owns.

    So it is with a provider that gives identities to everybody, unless the subject is named.
    """
    if box.principal.negated or ANYONE in box.principal.patterns:
        return not any(_narrows(clause) for clause in box.conditions)
    providers = [one for one in _PROVIDERS for text in box.principal.patterns if _of_provider(text, one)]
    return any(not any(_names_somebody(clause, one) for clause in box.conditions) for one in providers)


def _of_provider(principal: str, provider: str) -> bool:
    return principal.startswith("Federated:") and principal.endswith((f":{provider}", f"/{provider}"))


def _names_somebody(clause: Clause, provider: str) -> bool:
    """Whether the subject or audience begins with somebody's name: "repo:somebody/*", not "repo:*" or "repo:?*"."""
    if not clause.positive or clause.if_exists or clause.sets == "forallvalues":
        return False
    found = next((key for key in _PROVIDERS[provider] if clause.key == f"{provider}:{key}"), "")
    return bool(found) and all(unknown_in(value) or _named(value) for value in clause.values)


def _named(value: str) -> bool:
    fixed = re.split("[*?]", value)[0]
    return bool(fixed.partition(":")[2] if ":" in fixed else fixed)


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

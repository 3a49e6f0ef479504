"""Checks of who calls: public access blocks, and authorization of URLs, methods and metadata."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from cdk_inference.review.protections.comparators import lowered, switched_off, switched_on
from cdk_inference.review.protections.protection import Protection, rows

_BLOCK = "a policy or ACL can now make it public, and an existing one that does so takes effect"
NOBODY_ASKED = "anyone with its address can call it at your cost"
_FLAGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ACLS = ("PublicReadWrite", "PublicRead", "AuthenticatedRead", "Private")
_SHOWN_MAX = 3
_PATTERNS_MAX = 100
_CONFIG = "PublicAccessBlockConfiguration"


def _public_collections(was: Any, becomes: Any) -> str:
    """Network policies are JSON in a text: a list of policies, each of which may be AllowFromPublic."""
    more = _uncovered(*(_public(text) for text in (was, becomes)))
    return f"has AllowFromPublic for {', '.join(' '.join(one) for one in more[:_SHOWN_MAX])}" if more else ""


def _public(text: Any) -> set[tuple[str, ...]]:
    return {
        (str(rule.get("ResourceType")), str(where))
        for policy in _rules(text)
        if policy.get("AllowFromPublic") is True
        for rule in _list(policy.get("Rules"))
        if isinstance(rule, dict)
        for where in _list(rule.get("Resource"))
    }


def _uncovered(old: set[tuple[str, ...]], new: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What no old one allows, which may have an asterisk in each part."""
    patterns = [one for one in sorted(old) if any("*" in part for part in one)][:_PATTERNS_MAX]
    return sorted(one for one in new - old if not any(all(map(fnmatchcase, one, known)) for known in patterns))


def _more_allowed(was: Any, becomes: Any) -> str:
    """Data policies are JSON in a text: principals, and permissions on resources."""
    old, new = (_grants(text) for text in (was, becomes))
    more = _uncovered(old, new)
    return f"allows {', '.join(' '.join(one) for one in more[:_SHOWN_MAX])}" if more and old else ""


def _grants(text: Any) -> set[tuple[str, ...]]:
    return {
        (str(who), str(what), str(where))
        for policy in _rules(text)
        for rule in _list(policy.get("Rules"))
        if isinstance(rule, dict)
        for who in _list(policy.get("Principal"))
        for what in _list(rule.get("Permission"))
        for where in _list(rule.get("Resource"))
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _rules(text: Any) -> list[dict[str, Any]]:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return []
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


ACCESS: tuple[Protection, ...] = (
    *rows("AWS::S3::Bucket", _BLOCK, *(((_CONFIG, flag), switched_off()) for flag in _FLAGS)),
    # Without the property all four are on: aws-resource-s3-accesspoint.html (read 2026-11-24).
    *rows("AWS::S3::AccessPoint", _BLOCK, *(((_CONFIG, flag), switched_off(default=True)) for flag in _FLAGS)),
    *rows(
        "AWS::S3::Bucket",
        "the ACL makes its objects public",
        (("AccessControl",), lowered(*_ACLS, default="Private")),
    ),
    *rows("AWS::SecretsManager::ResourcePolicy", _BLOCK, (("BlockPublicPolicy",), switched_off())),
    *rows("AWS::Lambda::Url", NOBODY_ASKED, (("AuthType",), switched_on(off="AWS_IAM", default="NONE"))),
    *rows(
        "AWS::ApiGateway::Method",
        NOBODY_ASKED,
        (("AuthorizationType",), lowered("NONE", "AWS_IAM")),
        (("AuthorizationType",), lowered("NONE", "CUSTOM")),
        (("AuthorizationType",), lowered("NONE", "COGNITO_USER_POOLS")),
        (("ApiKeyRequired",), switched_off()),
    ),
    *rows(
        "AWS::ApiGatewayV2::Route",
        NOBODY_ASKED,
        (("AuthorizationType",), lowered("NONE", "AWS_IAM", default="NONE")),
        (("AuthorizationType",), lowered("NONE", "CUSTOM", default="NONE")),
        (("AuthorizationType",), lowered("NONE", "JWT", default="NONE")),
    ),
    *rows(
        "AWS::EC2::Instance",
        "a forged request inside the instance (SSRF) can read its credentials",
        (("MetadataOptions", "HttpTokens"), lowered("optional", "required")),
    ),
    *rows(
        "AWS::EC2::LaunchTemplate",
        "a forged request inside the instance (SSRF) can read its credentials",
        (("LaunchTemplateData", "MetadataOptions", "HttpTokens"), lowered("optional", "required")),
    ),
    *rows(
        "AWS::SageMaker::NotebookInstance",
        "anyone who opens the notebook has root on its machine",
        (("RootAccess",), lowered("Enabled", "Disabled", default="Enabled")),
    ),
    *rows(
        "AWS::OpenSearchServerless::SecurityPolicy",
        "the collection is reachable from the internet, protected only by its data policies",
        (("Policy",), _public_collections),
    ),
    *rows(
        "AWS::OpenSearchServerless::AccessPolicy",
        "they may do that with the data of the collection",
        (("Policy",), _more_allowed),
    ),
    *rows(
        "AWS::OpenSearchService::Domain",
        "anyone who can reach the domain can read all of it",
        (("AdvancedSecurityOptions", "Enabled"), switched_off()),
    ),
    *rows(
        "AWS::Cognito::UserPool",
        "a leaked password is enough to sign in",
        (("MfaConfiguration",), lowered("OFF", "OPTIONAL", "ON", default="OFF")),
    ),
)

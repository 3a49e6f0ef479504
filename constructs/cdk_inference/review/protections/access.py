"""Checks of who calls: public access blocks, and authorization of URLs, methods and metadata."""

from __future__ import annotations

from cdk_inference.review.protections.comparators import lowered, switched_off, switched_on
from cdk_inference.review.protections.protection import Protection, rows

_BLOCK = "a policy or an ACL can make it public from now on, and one that does so already takes effect"
NOBODY_ASKED = "anyone who has its address can call it, and you pay"
_FLAGS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_ACLS = ("PublicReadWrite", "PublicRead", "AuthenticatedRead", "Private")
_CONFIG = "PublicAccessBlockConfiguration"

ACCESS: tuple[Protection, ...] = (
    *rows("AWS::S3::Bucket", _BLOCK, *(((_CONFIG, flag), switched_off()) for flag in _FLAGS)),
    # Without the property all four are on: aws-resource-s3-accesspoint.html (read 2026-11-24).
    *rows("AWS::S3::AccessPoint", _BLOCK, *(((_CONFIG, flag), switched_off(default=True)) for flag in _FLAGS)),
    *rows(
        "AWS::S3::Bucket",
        "its objects become public by the ACL",
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
        "a request that is forged inside of the instance can read its credentials",
        (("MetadataOptions", "HttpTokens"), lowered("optional", "required")),
    ),
    *rows(
        "AWS::EC2::LaunchTemplate",
        "a request that is forged inside of the instance can read its credentials",
        (("LaunchTemplateData", "MetadataOptions", "HttpTokens"), lowered("optional", "required")),
    ),
    *rows(
        "AWS::OpenSearchService::Domain",
        "whoever reaches the domain reads all of it",
        (("AdvancedSecurityOptions", "Enabled"), switched_off()),
    ),
    *rows(
        "AWS::Cognito::UserPool",
        "a password that leaked is enough to sign in",
        (("MfaConfiguration",), lowered("OFF", "OPTIONAL", "ON", default="OFF")),
    ),
)

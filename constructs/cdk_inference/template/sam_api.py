"""APIs of AWS SAM: who may call each route, and the resource policy of the API.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-apiauth.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-resourcepolicystatement.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html
(read 2026-11-30)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_inference.template.values import intrinsic, mapping, referenced

# Kind of event -> (type of its API, property that names the API, type of a route)
ROUTES = {
    "Api": ("AWS::Serverless::Api", "RestApiId", "AWS::ApiGateway::Method"),
    "HttpApi": ("AWS::Serverless::HttpApi", "ApiId", "AWS::ApiGatewayV2::Route"),
}
_INVOKE = "execute-api:Invoke"
_ANY = "execute-api:/*"
# List of a resource policy -> (effect, condition operator, condition key) of the statement that SAM makes of it.
_LISTS = {
    "IpRangeWhitelist": ("Deny", "NotIpAddress", "aws:SourceIp"),
    "IpRangeBlacklist": ("Deny", "IpAddress", "aws:SourceIp"),
    "IntrinsicVpcWhitelist": ("Deny", "StringNotEquals", "aws:SourceVpc"),
    "IntrinsicVpcBlacklist": ("Deny", "StringEquals", "aws:SourceVpc"),
    "IntrinsicVpceWhitelist": ("Deny", "StringNotEquals", "aws:SourceVpce"),
    "IntrinsicVpceBlacklist": ("Deny", "StringEquals", "aws:SourceVpce"),
}


def route(kind: str, event: Mapping[str, Any], apis: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
    """The properties of a route of a function; None where its API is known at deployment only.

    apis: logical id -> properties, with the defaults; "" for the one that SAM makes by itself.
    """
    _, named, _ = ROUTES[kind]
    api = event.get(named)
    target = "" if api is None else api if isinstance(api, str) else referenced(api)
    if target not in apis:
        return None
    auth, own = mapping(apis[target].get("Auth")), mapping(event.get("Auth"))
    authorizer = own.get("Authorizer", auth.get("DefaultAuthorizer"))
    made = {named: api, "AuthorizationType": _type(kind, authorizer, mapping(auth.get("Authorizers")))}
    if kind == "Api":
        made["ApiKeyRequired"] = own.get("ApiKeyRequired", auth.get("ApiKeyRequired"))
    return made


def _type(kind: str, authorizer: Any, authorizers: Mapping[str, Any]) -> Any:
    if authorizer is None or authorizer == "NONE":
        return "NONE"
    if not isinstance(authorizer, str) or authorizer == "AWS_IAM":
        return authorizer
    written = mapping(authorizers.get(authorizer))
    if kind == "HttpApi":
        return "CUSTOM" if "FunctionArn" in written else "JWT"
    return "COGNITO_USER_POOLS" if "UserPoolArn" in written else "CUSTOM"


def other_auth(auth: Any) -> Any:
    """What of an API's Auth is neither in its routes nor in its resource policy."""
    if not isinstance(auth, dict) or intrinsic(auth):
        return auth
    known = ("DefaultAuthorizer", "ApiKeyRequired", "ResourcePolicy")
    return {key: value for key, value in auth.items() if key not in known} or None


def resource_policy(written: Any) -> Any:
    """The policy of an API; a list of accounts, addresses or networks is a statement."""
    if not isinstance(written, dict) or intrinsic(written):
        return written
    statements: list[Any] = []
    allow = {"Effect": "Allow", "Principal": "*", "Action": _INVOKE, "Resource": _ANY}
    for name, (effect, operator, key) in _LISTS.items():
        if name in written:
            statements += [allow] if allow not in statements else []
            statements.append({**allow, "Effect": effect, "Condition": {operator: {key: written[name]}}})
    for name, effect in (("AwsAccountWhitelist", "Allow"), ("AwsAccountBlacklist", "Deny")):
        if name in written:
            statements.append({**allow, "Effect": effect, "Principal": {"AWS": written[name]}})
    custom = written.get("CustomStatements")
    statements += custom if isinstance(custom, list) else [] if custom is None else [custom]
    rest = sorted(set(written) - {*_LISTS, "AwsAccountWhitelist", "AwsAccountBlacklist", "CustomStatements"})
    if rest:
        statements.append({"Fn::Sam": ["SAM writes the statement", {name: written[name] for name in rest}]})
    return {"Version": "2012-10-17", "Statement": statements}

"""Policies that narrow what others allow: a permissions boundary, a service control policy, a VPC endpoint's policy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cdk_inference.bedrock.additional_access import BEARER, CREATE_JOB, OPENAI, AdditionalAccess
from cdk_inference.bedrock.conditions import Conditions
from cdk_inference.bedrock.models import FoundationModel, Model
from cdk_inference.bedrock.statements import (
    INVOKE,
    THROUGH,
    Reach,
    Statement,
    allow,
    deny,
    guardrail_statements,
    reach,
)
from cdk_inference.core.location import Location

Document = dict[str, Any]

VERSION = "2012-10-17"


def deny_statements(
    models: Sequence[Model],
    location: Location,
    conditions: Conditions | None = None,
    further: AdditionalAccess | None = None,
) -> list[Statement]:
    """Denies every call of a model except those that `statements` allows, whatever other policies allow.

    For a permissions boundary beside a statement that allows, or for a service control policy. A service control policy
    holds for whole accounts: it then denies models to everybody in them.
    """
    conditions, further = conditions or Conditions(), further or AdditionalAccess()
    touched = [reach(one, location) for one in models]
    entries = list(dict.fromkeys(arn for one in touched for arn in one.entries))
    answering = list(dict.fromkeys(arn for one in touched for arn in one.models))
    found: list[Statement] = [
        {
            "Sid": "DenyOtherModels",
            "Effect": "Deny",
            "Action": list(INVOKE),
            "NotResource": list(dict.fromkeys((*entries, *answering))),
        }
    ]
    found += _around_profiles(touched)
    found += [one for one in guardrail_statements(answering, conditions) if one["Effect"] == "Deny"]
    ids, organization = list(conditions.vpc_endpoint_ids), conditions.organization_id
    if ids:
        found.append(deny("DenyOutsideVpcEndpoint", INVOKE, entries, {"StringNotEquals": {"aws:SourceVpce": ids}}))
    if organization is not None:
        condition = {"StringNotEquals": {"aws:PrincipalOrgID": organization}}
        found.append(deny("DenyOtherOrganizations", INVOKE, entries, condition))
    return found + _other_ways(models, location, further)


def _around_profiles(touched: Sequence[Reach]) -> list[Statement]:
    """Denies models that are granted through profiles only to those who do not come through one of these."""
    flat = [inner for one in touched for inner in (one.inner or (one,))]
    direct = {arn for one in flat if one.profile is None for arn in one.models}
    through: dict[str, list[str]] = {}
    for one in flat:
        if one.profile is not None:
            for arn in one.models:
                through.setdefault(arn, []).append(one.profile)
    groups: dict[tuple[str, ...], list[str]] = {}
    for arn, profiles in through.items():
        if arn not in direct:
            groups.setdefault(tuple(dict.fromkeys(profiles)), []).append(arn)
    return [
        deny(f"DenyAroundProfile{number}", INVOKE, arns, {"StringNotEquals": {THROUGH: list(profiles)}})
        for number, (profiles, arns) in enumerate(groups.items(), 1)
    ]


def _other_ways(models: Sequence[Model], location: Location, further: AdditionalAccess) -> list[Statement]:
    found = []
    if further.batch_role_arn is None:
        found.append(deny("DenyBatch", (CREATE_JOB,), ["*"], {}))
    if further.api_keys == "none":
        found.append(deny("DenyApiKeys", BEARER, ["*"], {}))
    elif further.api_keys == "short-term":
        found += [
            deny(
                f"DenyLongTermApiKeys{number}",
                (action,),
                ["*"],
                {"StringNotEquals": {f"{action.partition(':')[0]}:BearerTokenType": "SHORT_TERM"}},
            )
            for number, action in enumerate(BEARER, 1)
        ]
    if further.openai_project is None:
        return [*found, deny("DenyOpenAiEndpoint", (OPENAI,), ["*"], {})]
    ids = [one.id for one in models if isinstance(one, FoundationModel)]
    project = location.arn("bedrock-mantle", f"project/{further.openai_project}")
    other = deny("DenyOtherProjects", (OPENAI,), [], {})
    del other["Resource"]
    return [
        *found,
        {**other, "NotResource": [project]},
        deny("DenyOtherModelsOfOpenAi", (OPENAI,), ["*"], {"StringNotEquals": {"bedrock-mantle:Model": ids}}),
    ]


def document(statements: Sequence[Statement]) -> Document:
    """A policy of these statements."""
    return {"Version": VERSION, "Statement": list(statements)}


def boundary_document(denials: Sequence[Statement]) -> Document:
    """A permissions boundary that leaves everything else to the role's own policies."""
    return document([allow("EverythingElse", ("*",), ["*"], {}), *denials])


def endpoint_statements(
    models: Sequence[Model], location: Location, conditions: Conditions | None = None
) -> list[Statement]:
    """What the policy of the interface endpoint bedrock-runtime lets through: these models, for any caller of the VPC.

    https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html (read 2026-11-22)
    """
    touched = [reach(one, location) for one in models]
    arns = [arn for one in touched for arn in (*one.entries, *one.models)]
    found = [allow("Models", INVOKE, arns, {})]
    if conditions is not None and conditions.guardrail is not None:
        found.append(allow("Guardrail", ("bedrock:ApplyGuardrail",), conditions.applied_arns, {}))
    return [{**one, "Principal": "*"} for one in found]

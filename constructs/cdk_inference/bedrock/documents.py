"""Policies that narrow what others allow: a permissions boundary, a service control policy, a VPC endpoint's policy."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.bedrock.additional_access import (
    API_KEYS,
    BEARER,
    CREATE_JOB,
    OPENAI,
    PASSED_TO_BEDROCK,
    RERANK_SID,
    AdditionalAccess,
    Operation,
    job_arns,
    operation_statements,
)
from cdk_inference.bedrock.conditions import Condition, Conditions
from cdk_inference.bedrock.models import FoundationModel, Model
from cdk_inference.bedrock.statements import (
    INVOKE,
    THROUGH,
    Reach,
    Statement,
    allow,
    deny,
    reach,
)
from cdk_inference.core.location import Location

Document = dict[str, Any]

VERSION = "2012-10-17"


# Ways to a model that no denial here names; most run under a role of their own, and which of them need InvokeModel of
# the caller besides was not established. Actions: cfn-lint 1.58.0 (read 2026-11-29)
NOT_DENIED = (
    "bedrock:InvokeAgent",
    "bedrock:InvokeInlineAgent",
    "bedrock:RetrieveAndGenerate",
    "bedrock:InvokeFlow",
    "bedrock:CreateEvaluationJob",
    "bedrock:CreateModelCustomizationJob",
    "bedrock:OptimizePrompt",
    "bedrock:CountTokens",
)


@dataclass(frozen=True, kw_only=True)
class Granted:
    """What one access allows: models called from a location, under conditions, and further ways to them."""

    models: Sequence[Model]
    location: Location
    conditions: Conditions = field(default_factory=Conditions)
    further: AdditionalAccess = field(default_factory=AdditionalAccess)

    @property
    def touched(self) -> list[Reach]:
        """What calls of the models touch."""
        return [reach(one, self.location) for one in self.models]

    @property
    def entries(self) -> list[str]:
        """The ARNs that callers name."""
        return [arn for one in self.touched for arn in one.entries]

    @property
    def answering(self) -> list[str]:
        """The ARNs of the models."""
        return [arn for one in self.touched for arn in one.models]


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
    return denials(
        [
            Granted(
                models=models,
                location=location,
                conditions=conditions or Conditions(),
                further=further or AdditionalAccess(),
            )
        ]
    )


def denials(granted: Sequence[Granted]) -> list[Statement]:
    """Denies every call of a model except those that one of `granted` allows."""
    entries = [arn for one in granted for arn in one.entries]
    answering = [arn for one in granted for arn in one.answering]
    started = [arn for one in granted for arn in one.further.invocation_arns(one.location)]
    found: list[Statement] = [
        {
            "Sid": "DenyOtherModels",
            "Effect": "Deny",
            "Action": list(INVOKE),
            "NotResource": list(dict.fromkeys((*entries, *answering, *started))),
        }
    ]
    found += _around_profiles([touched for one in granted for touched in one.touched])
    guardrails = _by_arn((one.answering, one.conditions.with_guardrail(negated=True)) for one in granted)
    endpoints = _by_arn((one.entries, one.conditions.outside_endpoints()) for one in granted)
    organizations = _by_arn((one.entries, one.conditions.outside_organization()) for one in granted)
    return [
        *found,
        *_unless("DenyWithoutGuardrail", guardrails),
        *_unless("DenyOutsideVpcEndpoint", endpoints),
        *_unless("DenyOtherOrganizations", organizations),
        *_other_ways(granted),
    ]


def _by_arn(rows: Iterable[tuple[Sequence[str], Condition]]) -> dict[str, list[Condition]]:
    """ARN -> the conditions of those who grant it."""
    found: dict[str, list[Condition]] = {}
    for arns, condition in rows:
        for arn in dict.fromkeys(arns):
            found.setdefault(arn, []).append(condition)
    return found


def _unless(sid: str, by_arn: Mapping[str, Sequence[Condition]]) -> list[Statement]:
    """Denies invoking each ARN where all of its (negated) conditions hold; not at all where one of them is empty."""
    return [deny(name, INVOKE, arns, condition) for name, arns, condition in _grouped(sid, by_arn)]


def _grouped(sid: str, conditions_of: Mapping[str, Sequence[Condition]]) -> list[tuple[str, list[str], Condition]]:
    """(statement id, keys, condition) for keys of one condition; keys with an empty condition are left out."""
    groups: dict[str, tuple[Condition, list[str]]] = {}
    for key, conditions in conditions_of.items():
        if all(conditions):
            condition = _all_of(conditions)
            groups.setdefault(json.dumps(condition, sort_keys=True), (condition, []))[1].append(key)
    return [
        (sid if len(groups) == 1 else f"{sid}{number}", keys, condition)
        for number, (condition, keys) in enumerate(groups.values(), 1)
    ]


def _all_of(conditions: Sequence[Condition]) -> Condition:
    """Negated conditions together: a list of values under a negated operator means none of them."""
    if len(conditions) == 1:
        return conditions[0]
    found: Condition = {}
    for condition in conditions:
        for operator, keys in condition.items():
            for key, value in keys.items():
                known = found.setdefault(operator, {}).setdefault(key, [])
                known += [one for one in (value if isinstance(value, list) else [value]) if one not in known]
    return found


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


def _other_ways(granted: Sequence[Granted]) -> list[Statement]:
    return [*_batch(granted), *_api_keys(granted), *_openai(granted), *_other_ways_from_elsewhere(granted)]


def _batch(granted: Sequence[Granted]) -> list[Statement]:
    """No job, or none of another model and none that runs as another role."""
    allowing = [one for one in granted if one.further.batch_role_arn is not None]
    if not allowing:
        return [deny("DenyBatch", (CREATE_JOB,), ["*"], {})]
    models = [arn for one in allowing for arn in (*one.entries, *one.answering)]
    jobs = [arn for one in allowing for arn in job_arns(one.location)]
    roles = [one.further.batch_role_arn for one in allowing if one.further.batch_role_arn is not None]
    return [
        _deny_others("DenyOtherBatch", CREATE_JOB, [*models, *jobs], {}),
        _deny_others("DenyOtherBatchRoles", "iam:PassRole", roles, PASSED_TO_BEDROCK),
    ]


def _api_keys(granted: Sequence[Granted]) -> list[Statement]:
    """The most that one of them allows."""
    api_keys = max((one.further.api_keys for one in granted), key=API_KEYS.index)
    if api_keys == "none":
        return [deny("DenyApiKeys", BEARER, ["*"], {})]
    if api_keys == "any":
        return []
    return [
        deny(
            f"DenyLongTermApiKeys{number}",
            (action,),
            ["*"],
            {"StringNotEquals": {f"{action.partition(':')[0]}:BearerTokenType": "SHORT_TERM"}},
        )
        for number, action in enumerate(BEARER, 1)
    ]


def _openai(granted: Sequence[Granted]) -> list[Statement]:
    allowing = [one for one in granted if one.further.openai_project is not None]
    if not allowing:
        return [deny("DenyOpenAiEndpoint", (OPENAI,), ["*"], {})]
    ids = [model.id for one in allowing for model in one.models if isinstance(model, FoundationModel)]
    projects = [one.location.arn("bedrock-mantle", f"project/{one.further.openai_project}") for one in allowing]
    other_models = {"StringNotEquals": {"bedrock-mantle:Model": list(dict.fromkeys(ids))}}
    return [
        _deny_others("DenyOtherProjects", OPENAI, projects, {}),
        deny("DenyOtherModelsOfOpenAi", (OPENAI,), ["*"], other_models),
    ]


def _other_ways_from_elsewhere(granted: Sequence[Granted]) -> list[Statement]:
    """The further ways carry the conditions on where a call comes from, as they do where they are granted."""
    outside = _by_arn((one.further.actions, one.conditions.outside_endpoints()) for one in granted)
    others = _by_arn((one.further.actions, one.conditions.outside_organization()) for one in granted)
    return [
        deny(name, actions, ["*"], condition)
        for sid, by_action in (
            ("DenyOtherWaysOutsideVpcEndpoint", outside),
            ("DenyOtherWaysOfOtherOrganizations", others),
        )
        for name, actions, condition in _grouped(sid, by_action)
    ]


def _deny_others(sid: str, action: str, allowed: Sequence[str], condition: Condition) -> Statement:
    """Denies `action` on everything but `allowed`."""
    found = {"Sid": sid, "Effect": "Deny", "Action": [action], "NotResource": list(dict.fromkeys(allowed))}
    return {**found, "Condition": condition} if condition else found


def document(statements: Sequence[Statement]) -> Document:
    """A policy of these statements."""
    return {"Version": VERSION, "Statement": list(statements)}


def boundary_document(denials: Sequence[Statement]) -> Document:
    """A permissions boundary that leaves everything else to the role's own policies."""
    return document([allow("EverythingElse", ("*",), ["*"], {}), *denials])


def endpoint_statements(
    models: Sequence[Model],
    location: Location,
    conditions: Conditions | None = None,
    operations: Sequence[Operation] = (),
) -> list[Statement]:
    """What the policy of the interface endpoint bedrock-runtime lets through: these models, for any caller of the VPC.

    Of `operations` those that this endpoint serves.

    https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html (read 2026-11-22)
    """
    touched = [reach(one, location) for one in models]
    arns = [arn for one in touched for arn in (*one.entries, *one.models)]
    found = [allow("Models", INVOKE, arns, {})]
    if conditions is not None and conditions.guardrail is not None:
        found.append(allow("Guardrail", ("bedrock:ApplyGuardrail",), conditions.applied_arns, {}))
    found += [one for one in operation_statements(models, location, operations, {}) if one["Sid"] != RERANK_SID]
    return [{**one, "Principal": "*"} for one in found]

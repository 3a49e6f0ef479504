"""What allows a caller to invoke one model, as IAM statements: the table of docs/bedrock.md is made from these.

A call through a profile is authorized several times: on the profile, and on the model in every region that the profile
may route to. What the caller names (the profile, or the model itself) carries the conditions on where the call comes
from; the model carries the guardrail, and that it was reached through this profile. So nobody gets at the model in
another way, and no authorization is required to have a key that AWS does not document for it: aws:SourceVpce in another
region than the caller's.

Pages, read 2026-11-22:
https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.bedrock.conditions import Condition, Conditions, together
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    InferenceProfile,
    Model,
)
from cdk_inference.core.location import Location

Statement = dict[str, Any]

# Converse and ConverseStream have no actions of their own:
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-prereq.html (read 2026-11-22)
INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")

THROUGH = "bedrock:InferenceProfileArn"
# What aws:RequestedRegion holds where global routing decides: global-cross-region-inference.html, see above.
UNSPECIFIED = {"StringEquals": {"aws:RequestedRegion": "unspecified"}}


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What a call of one model touches.

    entry: the ARN that the caller names. profile: the same, where it is a profile through which models are reached.
    regional: the models' ARNs with a region, routed: those without one, of global routing.
    """

    entry: str
    profile: str | None = None
    regional: tuple[str, ...] = ()
    routed: tuple[str, ...] = ()
    inner: tuple[Reach, ...] = field(default=())

    @property
    def models(self) -> tuple[str, ...]:
        """The ARNs of what answers; of one's own model, itself."""
        found = (*self.regional, *self.routed) or ((self.entry,) if not self.inner else ())
        return (*found, *(arn for one in self.inner for arn in one.models))

    @property
    def entries(self) -> tuple[str, ...]:
        """The ARNs that callers name, a router's own models included."""
        return (self.entry, *(arn for one in self.inner for arn in one.entries))


def model_arn(location: Location, model_id: str, region: str | None = None) -> str:
    """The ARN of a foundation model, which has no account. `region` "" is the one of global routing."""
    return location.arn("bedrock", f"foundation-model/{model_id}", account="", region=region)


def reach(model: Model, location: Location) -> Reach:
    """What a call of `model` from `location` touches. The model can be called there: `placement.problems_at`."""
    if isinstance(model, FoundationModel):
        arn = model_arn(location, model.id)
        return Reach(entry=arn, regional=(arn,))
    if isinstance(model, InferenceProfile):
        return _through(location.arn("bedrock", f"inference-profile/{model.id}"), model, location)
    if isinstance(model, ExistingProfile):
        return _through(model.arn, model.of, location)
    if isinstance(model, ExistingRouter):
        return Reach(entry=model.arn, inner=tuple(reach(one, location) for one in model.models))
    return Reach(entry=model.arn)


def _through(arn: str, of: FoundationModel | InferenceProfile, location: Location) -> Reach:
    if isinstance(of, FoundationModel):
        return Reach(entry=arn, profile=arn, regional=(model_arn(location, of.id),))
    model = of.model.id
    if of.is_global:
        return Reach(
            entry=arn, profile=arn, regional=(model_arn(location, model),), routed=(model_arn(location, model, ""),)
        )
    regions = dict.fromkeys((location.region, *(of.destinations_from(location.known_region) or ())))
    return Reach(entry=arn, profile=arn, regional=tuple(model_arn(location, model, region) for region in regions))


def statements(model: Model, location: Location, conditions: Conditions | None = None) -> list[Statement]:
    """What allows to invoke `model` from `location`, streaming included, and nothing else.

    With a guardrail the last two let the caller apply it, and deny calls of these models without it whatever other
    policies allow.
    """
    conditions = conditions or Conditions()
    return _of_reach(reach(model, location), conditions) + guardrail_statements(
        reach(model, location).models, conditions
    )


def _of_reach(touched: Reach, conditions: Conditions) -> list[Statement]:
    call, model = conditions.of_call(), conditions.with_guardrail()
    if touched.inner:
        inner = [statement for one in touched.inner for statement in _of_reach(one, conditions)]
        return [allow("Router", INVOKE, [touched.entry], call), *inner]
    if touched.profile is None:
        return [allow("Model", INVOKE, [touched.entry], together(call, model))]
    through = {"StringEquals": {THROUGH: touched.profile}}
    found = [
        allow("Profile", INVOKE, [touched.entry], call),
        allow("ModelThroughProfile", INVOKE, touched.regional, together(through, model)),
    ]
    if touched.routed:
        found.append(allow("ModelThroughGlobalRouting", INVOKE, touched.routed, together(UNSPECIFIED, through, model)))
    return found


def guardrail_statements(models: Sequence[str], conditions: Conditions) -> list[Statement]:
    """Allows to apply the guardrail, and denies `models` without it."""
    if conditions.guardrail is None:
        return []
    return [
        *apply_statements(conditions),
        deny("DenyWithoutGuardrail", INVOKE, models, conditions.with_guardrail(negated=True)),
    ]


def apply_statements(conditions: Conditions) -> list[Statement]:
    """Allows to apply the guardrail, and to read what it is encrypted with."""
    found = [allow("Guardrail", ("bedrock:ApplyGuardrail",), conditions.applied_arns, {})]
    if conditions.key_arn is not None:
        found.append(allow("GuardrailKey", ("kms:Decrypt",), [conditions.key_arn], {}))
    return found


def allow(sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition) -> Statement:
    """A statement that allows."""
    return _statement(sid, "Allow", actions, resources, condition)


def deny(sid: str, actions: Sequence[str], resources: Sequence[str], condition: Condition) -> Statement:
    """A statement that denies."""
    return _statement(sid, "Deny", actions, resources, condition)


def _statement(
    sid: str, effect: str, actions: Sequence[str], resources: Sequence[str], condition: Condition
) -> Statement:
    found: Statement = {
        "Sid": sid,
        "Effect": effect,
        "Action": list(actions),
        "Resource": list(dict.fromkeys(resources)),
    }
    return {**found, "Condition": condition} if condition else found

"""A guardrail that every call of a model in an account and region has to pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

from cdk_inference.bedrock.conditions import GuardrailLike
from cdk_inference.bedrock.guardrail import numbered_problem
from cdk_inference.bedrock.placement import guardrail_problems
from cdk_inference.core.checks import as_tuple, matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.once import once_problem, take_once
from cdk_inference.kit.stack_context import path_below, stack_context

ALL = "ALL"
_WHAT = "enforced guardrail"
# What the caller marked, or everything: cfn-lint 1.58.0, AWS::Bedrock::EnforcedGuardrailConfiguration (read 2026-11-24)
Guarded = Literal["SELECTIVE", "COMPREHENSIVE"]
_MODEL = r"[a-z0-9-]{1,63}\.[a-z0-9-]{1,63}(:[a-z0-9-]{1,63}){0,2}(/[a-z0-9]{12})?"


class EnforcedGuardrail(Construct):
    """Enforces a guardrail on every call of a model in the stack's account and region. One of these per region.

    **Every role that calls Bedrock then needs bedrock:ApplyGuardrail on this guardrail**, and in the tier STANDARD on
    its profiles; those that lack it get AccessDenied from the moment this is deployed, whoever made them. Give it
    first, with `guardrail.grant_apply(...)`, and deploy that (https://docs.aws.amazon.com/bedrock/latest/userguide/
    guardrails-resource-based-policies.html, read 2026-11-24).

    guardrail: with a numbered version; the draft is refused. A guardrail that is enforced cannot be deleted.
    models: ids of the models that it is enforced on. CloudFormation takes ids with one dot: deepseek.v3.1 cannot be
        named, and without `models` it is enforced on that one too. Default: all of them.
    except_models: ids of models that it is not enforced on. Default: none.
    system, messages: what of a call is looked at, "COMPREHENSIVE" (default: all of it) or "SELECTIVE" (what the caller
        marked, which leaves it to the caller).

    The API lists one configuration per region (https://docs.aws.amazon.com/bedrock/latest/APIReference/
    API_ListEnforcedGuardrailsConfiguration.html, read 2026-11-24): keep it in one stack of the account, as
    stacks/account.py does. It holds on bedrock-runtime; the OpenAI-compatible endpoint has no guardrails.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        guardrail: GuardrailLike,
        models: Sequence[str] = (),
        except_models: Sequence[str] = (),
        system: Guarded = "COMPREHENSIVE",
        messages: Guarded = "COMPREHENSIVE",
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        models, except_models = as_tuple(models), as_tuple(except_models)
        raise_problems(
            f"EnforcedGuardrail {path}",
            once_problem("scope", _WHAT, path, context, fix="put all policies into its guardrail"),
            _guardrail_problem(guardrail),
            *(guardrail_problems("guardrail", guardrail, context) if isinstance(guardrail, GuardrailLike) else ()),
            *_model_problems("models", models),
            *_model_problems("except_models", except_models),
            one_of("system", system, get_args(Guarded), "choose one of these"),
            one_of("messages", messages, get_args(Guarded), "choose one of these"),
        )
        super().__init__(scope, id)
        take_once(_WHAT, path, context)
        configuration = bedrock.CfnEnforcedGuardrailConfiguration
        configuration(
            self,
            "Resource",
            guardrail_identifier=guardrail.guardrail_id,
            guardrail_version=guardrail.guardrail_version,
            # Left out, it is enforced on all models.
            model_enforcement=configuration.ModelEnforcementProperty(
                included_models=list(models) or [ALL], excluded_models=list(except_models)
            )
            if models or except_models
            else None,
            selective_content_guarding=configuration.SelectiveContentGuardingProperty(system=system, messages=messages),
        )


def _guardrail_problem(guardrail: object) -> Problem | None:
    if not isinstance(guardrail, GuardrailLike):
        fix = "guardrail=Guardrail(...) or Guardrail.from_guardrail(...)"
        return Problem("guardrail", guardrail, "a guardrail with a version", fix)
    return numbered_problem("guardrail.guardrail_version", guardrail.guardrail_version)


def _model_problems(argument: str, models: object) -> list[Problem | None]:
    fix = f'for example {argument}=["amazon.nova-lite-v1:0"]'
    if not isinstance(models, tuple):
        return [Problem(argument, models, "a list of model ids", fix)]
    allowed = (
        "the id of a foundation model with one dot, which is what AWS::Bedrock::EnforcedGuardrailConfiguration takes "
        "(cfn-lint 1.58.0): no profile's prefix, and none of the ids with two dots"
    )
    return [matching(argument, one, _MODEL, allowed, fix) for one in models]

"""Ways to models besides invoking them: batch jobs, API keys, the OpenAI-compatible endpoint. Each is asked for.

Pages, read 2026-11-22:
https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-permissions.html
https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html
https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdk_inference.bedrock.conditions import Conditions, together
from cdk_inference.bedrock.models import FoundationModel, Model
from cdk_inference.bedrock.statements import Statement, allow, reach
from cdk_inference.core.checks import matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.location import Location

API_KEYS = ("none", "short-term", "any")
BEARER = ("bedrock:CallWithBearerToken", "bedrock-mantle:CallWithBearerToken")
OPENAI = "bedrock-mantle:CreateInference"
CREATE_JOB = "bedrock:CreateModelInvocationJob"
JOB_ACTIONS = (CREATE_JOB, "bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob")


@dataclass(frozen=True, kw_only=True)
class AdditionalAccess:
    """What else is allowed.

    api_keys: "none" (default), "short-term" for Bedrock API keys that live for hours, or "any" for those that live
        until somebody revokes them too.
    openai_project: the project of the OpenAI-compatible endpoint (bedrock-mantle) through which the models may be
        called, "default" where none was made. Default None: not at all. Guardrails, profiles and invocation logging do
        not exist there.
    batch_role_arn: the role that Bedrock takes to read prompts from S3 and write answers. Default None: no batch jobs.

    Raises ConfigurationError.
    """

    api_keys: str = "none"
    openai_project: str | None = None
    batch_role_arn: str | None = None

    def __post_init__(self) -> None:
        raise_problems(
            "AdditionalAccess",
            one_of("api_keys", self.api_keys, API_KEYS, 'api_keys="none"'),
            None
            if self.openai_project is None
            else matching(
                "openai_project",
                self.openai_project,
                r"[A-Za-z0-9_-]{1,64}",
                "letters, digits, hyphens and underscores",
                'openai_project="default", or the name of an AWS::BedrockMantle::Project',
            ),
        )

    def problems_with(self, models: Sequence[Model], conditions: Conditions) -> list[Problem]:
        """What cannot be had together."""
        found = []
        if self.openai_project is not None:
            if conditions.guardrail is not None:
                allowed = "no guardrail: the OpenAI-compatible endpoint applies none, so requiring one would be empty"
                fix = "leave openai_project out, or make a BedrockAccess of its own for it"
                found.append(Problem("openai_project", self.openai_project, allowed, fix))
            others = [one for one in models if not isinstance(one, FoundationModel)]
            if others:
                allowed = "FoundationModel only: the OpenAI-compatible endpoint has no profiles and no own models"
                fix = "make a BedrockAccess of its own for the models that are called there"
                found.append(Problem("openai_project", self.openai_project, allowed, fix))
        if self.batch_role_arn is not None and conditions.guardrail is not None:
            allowed = "no guardrail: CreateModelInvocationJob takes none, so a batch job would go around it"
            fix = "make a BedrockAccess of its own for batch jobs"
            found.append(Problem("batch_role", self.batch_role_arn, allowed, fix))
        return found


def further_statements(
    models: Sequence[Model], location: Location, conditions: Conditions, further: AdditionalAccess
) -> list[Statement]:
    """What allows the ways that `further` names."""
    call = conditions.of_call()
    found: list[Statement] = []
    if further.batch_role_arn is not None:
        arns = [arn for one in models for arn in reach(one, location).models]
        jobs = location.arn("bedrock", "model-invocation-job/*")
        passed = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
        found += [
            allow("BatchModels", (CREATE_JOB,), arns, call),
            allow("BatchJobs", JOB_ACTIONS, [jobs], call),
            allow("BatchRole", ("iam:PassRole",), [further.batch_role_arn], passed),
        ]
    actions = (BEARER[0],) if further.openai_project is None else BEARER
    if further.api_keys == "any":
        found.append(allow("ApiKeys", actions, ["*"], call))
    elif further.api_keys == "short-term":
        services = [action.partition(":")[0] for action in actions]
        found += [
            allow(
                f"ApiKeys{'' if service == 'bedrock' else 'OpenAi'}",
                [f"{service}:CallWithBearerToken"],
                ["*"],
                together(call, {"StringEquals": {f"{service}:BearerTokenType": "SHORT_TERM"}}),
            )
            for service in services
        ]
    if further.openai_project is not None:
        ids = [one.id for one in models if isinstance(one, FoundationModel)]
        project = location.arn("bedrock-mantle", f"project/{further.openai_project}")
        condition = together(call, {"StringEquals": {"bedrock-mantle:Model": ids}})
        found.append(allow("OpenAiEndpoint", (OPENAI,), [project], condition))
    return found


def marketplace_statements(product_ids: Sequence[str]) -> list[Statement]:
    """What allows to subscribe to these products of AWS Marketplace, once per account; no model is called with it.

    The key is there in Subscribe only: https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html (read
    2026-11-22).
    """
    products = {"ForAnyValue:StringEquals": {"aws-marketplace:ProductId": list(product_ids)}}
    return [
        allow("Subscribe", ("aws-marketplace:Subscribe",), ["*"], products),
        allow("Subscriptions", ("aws-marketplace:Unsubscribe", "aws-marketplace:ViewSubscriptions"), ["*"], {}),
    ]

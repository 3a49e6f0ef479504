"""Ways to models besides invoking them, each to be named: batch jobs, API keys, OpenAI's APIs, further operations.

Pages, read 2026-11-22, those on operations 2026-11-29:
https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-permissions.html
https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html
https://docs.aws.amazon.com/bedrock/latest/userguide/endpoints.html
https://docs.aws.amazon.com/bedrock/latest/userguide/count-tokens.html
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_StartAsyncInvoke.html
https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-prereq.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.bedrock.conditions import Condition, Conditions, together
from cdk_inference.bedrock.models import ExistingProfile, ExistingRouter, FoundationModel, InferenceProfile, Model
from cdk_inference.bedrock.statements import INVOKE, Statement, allow, model_arn, reach
from cdk_inference.core.checks import as_tuple, matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.location import Location

ApiKeys = Literal["none", "short-term", "any"]
API_KEYS: tuple[ApiKeys, ...] = get_args(ApiKeys)
BEARER = ("bedrock:CallWithBearerToken", "bedrock-mantle:CallWithBearerToken")
OPENAI = "bedrock-mantle:CreateInference"
CREATE_JOB = "bedrock:CreateModelInvocationJob"
JOB_ACTIONS = (CREATE_JOB, "bedrock:GetModelInvocationJob", "bedrock:StopModelInvocationJob")
PASSED_TO_BEDROCK: Condition = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}

AGREEMENT = (
    "bedrock:CreateFoundationModelAgreement",
    "bedrock:GetFoundationModelAvailability",
    "bedrock:GetUseCaseForModelAccess",
    "bedrock:ListFoundationModelAgreementOffers",
    "bedrock:PutUseCaseForModelAccess",
)

# Operations of models that InvokeModel does not cover.
Operation = Literal["count-tokens", "rerank", "async-invoke"]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)
COUNT_TOKENS, RERANK, ASYNC_INVOKE = OPERATIONS
# Its operation is one of bedrock-agent-runtime; those of the others are bedrock-runtime's: botocore 1.44.5.
RERANK_SID = "Rerank"


@dataclass(frozen=True, kw_only=True)
class AdditionalAccess:
    """What else is allowed.

    api_keys: "none" (default), "short-term" for Bedrock API keys that live for hours, or "any" for those that live
        until somebody revokes them too.
    openai_project: the project of the OpenAI-compatible endpoint (bedrock-mantle) through which the models may be
        called, "default" where none was made. Default None: not at all. Guardrails, profiles and invocation logging do
        not exist there.
    batch_role_arn: the role that Bedrock takes to read prompts from S3 and write answers. Default None: no batch jobs.
    operations: of `OPERATIONS`. Default: none.

    Raises ConfigurationError.
    """

    api_keys: ApiKeys = "none"
    openai_project: str | None = None
    batch_role_arn: str | None = None
    operations: tuple[Operation, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "operations", as_tuple(self.operations))
        raise_problems(
            "AdditionalAccess",
            *_operation_problems(self.operations),
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

    @property
    def actions(self) -> list[str]:
        """The actions of the ways that are allowed, of those that start something."""
        found = [] if self.batch_role_arn is None else [CREATE_JOB]
        found += [] if self.api_keys == "none" else list(BEARER)
        return found if self.openai_project is None else [*found, OPENAI]

    def invocation_arns(self, location: Location) -> list[str]:
        """What StartAsyncInvoke is authorized on beside the model."""
        return [location.arn("bedrock", "async-invoke/*")] if ASYNC_INVOKE in self.operations else []

    def problems_with(self, models: Sequence[Model], conditions: Conditions) -> list[Problem]:
        """What cannot be had together."""
        found = []
        if ASYNC_INVOKE in self.operations and conditions.guardrail is not None:
            allowed = "no guardrail: StartAsyncInvoke takes none, so every call would be denied"
            fix = "make a BedrockAccess of its own for asynchronous calls"
            found.append(Problem("operations", ASYNC_INVOKE, allowed, fix))
        if COUNT_TOKENS in self.operations and models and not any(_foundation_models(one) for one in models):
            allowed = "a model or profile of AWS's: CountTokens is authorized on foundation models only"
            found.append(Problem("operations", COUNT_TOKENS, allowed, "leave it out"))
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
        found += [
            allow("BatchModels", (CREATE_JOB,), arns, call),
            allow("BatchJobs", JOB_ACTIONS, job_arns(location), call),
            allow("BatchRole", ("iam:PassRole",), [further.batch_role_arn], PASSED_TO_BEDROCK),
        ]
    found += operation_statements(models, location, further.operations, call)
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


def job_arns(location: Location) -> list[str]:
    """Every batch job of the account and region: the id of one is known once it is made."""
    return [location.arn("bedrock", "model-invocation-job/*")]


def operation_statements(
    models: Sequence[Model], location: Location, operations: Sequence[str], call: Condition
) -> list[Statement]:
    """What allows `operations` on `models`, beside what allows to invoke these.

    CountTokens names a model, also where calls go through a profile. Rerank knows no resource, and needs InvokeModel on
    the model as well. StartAsyncInvoke is authorized as InvokeModel on the model and on the invocation.
    """
    found = []
    if COUNT_TOKENS in operations:
        ids = dict.fromkeys(one.id for model in models for one in _foundation_models(model))
        found.append(allow("CountTokens", ("bedrock:CountTokens",), [model_arn(location, id) for id in ids], call))
    if RERANK in operations:
        found.append(allow(RERANK_SID, ("bedrock:Rerank",), ["*"], call))
    if ASYNC_INVOKE in operations:
        invocations = [location.arn("bedrock", "async-invoke/*")]
        found.append(allow("AsyncInvoke", (INVOKE[0], "bedrock:GetAsyncInvoke"), invocations, call))
    return found


def _foundation_models(model: Model) -> list[FoundationModel]:
    """The models of AWS's behind `model`."""
    if isinstance(model, FoundationModel):
        return [model]
    if isinstance(model, InferenceProfile):
        return [model.model]
    if isinstance(model, ExistingProfile):
        return _foundation_models(model.of)
    if isinstance(model, ExistingRouter):
        return [found for one in model.models for found in _foundation_models(one)]
    return []


def _operation_problems(operations: object) -> list[Problem | None]:
    fix = 'for example operations=["count-tokens"]'
    if not isinstance(operations, tuple):
        return [Problem("operations", operations, f"a list of {', '.join(OPERATIONS)}", fix)]
    return [one_of(f"operations[{number}]", one, OPERATIONS, fix) for number, one in enumerate(operations)]


def marketplace_statements(product_ids: Sequence[str]) -> list[Statement]:
    """What allows to subscribe to these products of AWS Marketplace, once per account; no model is called with it.

    The agreement's operations know no resource, and each provider's first customer sends a form besides
    (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateFoundationModelAgreement.html and
    API_PutUseCaseForModelAccess.html, read 2026-11-29). What can be agreed to, the condition on the products limits.

    The key is there in Subscribe only: https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html (read
    2026-11-22).
    """
    products = {"ForAnyValue:StringEquals": {"aws-marketplace:ProductId": list(product_ids)}}
    return [
        allow("Subscribe", ("aws-marketplace:Subscribe",), ["*"], products),
        allow("Subscriptions", ("aws-marketplace:Unsubscribe", "aws-marketplace:ViewSubscriptions"), ["*"], {}),
        allow("Agreements", AGREEMENT, ["*"], {}),
    ]

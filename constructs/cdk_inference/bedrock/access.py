"""Access to models on Amazon Bedrock that is as wide as it must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock.additional_access import AdditionalAccess, ApiKeys, Operation, further_statements
from cdk_inference.bedrock.conditions import Conditions, GuardrailLike
from cdk_inference.bedrock.documents import Granted, boundary_document, denials, document, endpoint_statements
from cdk_inference.bedrock.granting import grant, policy_statement
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    InferenceProfile,
    Model,
    OwnModel,
    models_fix,
)
from cdk_inference.bedrock.placement import guardrail_problems, problems_at
from cdk_inference.bedrock.statements import Statement, statements
from cdk_inference.bedrock.target import AccessTarget, ModelTarget, id_of, name_of
from cdk_inference.core.checks import as_tuple, has_members
from cdk_inference.core.errors import ConfigurationError, Problem, attempt, raise_problems
from cdk_inference.core.location import Location
from cdk_inference.kit.iam import CONTROL_POLICY_CHARACTERS_MAX, POLICY_CHARACTERS_MAX, document_characters
from cdk_inference.kit.interfaces import Role
from cdk_inference.kit.stack_context import path_below, stack_context

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

_MODELS = (FoundationModel, InferenceProfile, OwnModel, ExistingProfile, ExistingRouter)
_ALLOWED = "FoundationModel, InferenceProfile, ApplicationProfile, PromptRouter, or an own model by its ARN"


class BedrockAccess(Construct):
    """Models on Bedrock and the conditions under which they may be called. It makes no resource itself.

    models: what may be called, each once: values, or an `ApplicationProfile` or `PromptRouter` made before.
    guardrail: every call must apply it, in this version. Default: none is required.
    any_version: whether any numbered version of it will do, so that callers work on while a newer one reaches them;
        older versions then pass until somebody deletes them. Default False.
    vpc_endpoints: calls must come through one of these, constructs or ids. Default: from anywhere.
    organization_id: callers' accounts must belong to it. Default: any.
    batch_role: batch jobs may be made that run as this role. It gets what such a job needs on Bedrock; its buckets are
        yours to grant. Default: no batch jobs.
    api_keys: "none" (default), "short-term" or "any": whether calls may be signed with Bedrock API keys.
    openai_project: the project of the OpenAI-compatible endpoint through which the models may be called too, "default"
        where none was made. Default: not at all.
    operations: what may be done with the models besides, of "count-tokens" (CountTokens), "rerank" (Rerank) and
        "async-invoke" (StartAsyncInvoke, GetAsyncInvoke; the bucket that gets the answer is yours to grant). Default:
        nothing.

    Attributes: `targets`, one `ModelTarget` per model, in order.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        models: Sequence[Model | ModelTarget],
        guardrail: GuardrailLike | None = None,
        any_version: bool = False,
        vpc_endpoints: Sequence[ec2.IInterfaceVpcEndpoint | str] = (),
        organization_id: str | None = None,
        batch_role: Role | None = None,
        api_keys: ApiKeys = "none",
        openai_project: str | None = None,
        operations: Sequence[Operation] = (),
    ) -> None:
        location, path = stack_context(scope), path_below(scope, id)
        conditions, further = _checked(
            f"BedrockAccess {path}",
            location,
            models=models,
            guardrail=guardrail,
            any_version=any_version,
            vpc_endpoints=vpc_endpoints,
            organization_id=organization_id,
            batch_role=batch_role,
            api_keys=api_keys,
            openai_project=openai_project,
            operations=operations,
        )
        super().__init__(scope, id)
        self._location, self._conditions, self._further = location, conditions, further
        self._models = [one.model if isinstance(one, ModelTarget) else one for one in models]
        self._granted = Granted(models=self._models, location=location, conditions=conditions, further=further)
        self.targets: tuple[ModelTarget, ...] = tuple(self._target(one) for one in models)
        if batch_role is not None:
            through = [one for one in self._models if not isinstance(one, FoundationModel)]
            needed = [statement for one in through for statement in statements(one, self._location)]
            if needed:
                grant(self, batch_role, needed)

    def _target(self, model: Model | ModelTarget) -> ModelTarget:
        made = model if isinstance(model, ModelTarget) else None
        value = model.model if isinstance(model, ModelTarget) else model
        # Two kinds of own models, or two scopes, may use one name.
        name = id_of(value) if made is None else made.node.path
        return AccessTarget(
            self,
            "".join(one if one.isalnum() else "-" for one in name),
            model=value,
            conditions=self._conditions,
            further=self._further,
            made=made,
        )

    def target(self, model: Model | ModelTarget | None = None) -> ModelTarget:
        """The target of one of the models; of the only one, if none is named. An `InferenceTarget`."""
        value = model.model if isinstance(model, ModelTarget) else model
        found = [one for one in self.targets if value is None or one.model == value]
        if len(found) == 1:
            return found[0]
        known = ", ".join(one.target_name for one in self.targets)
        problem = Problem("model", model, f"one of the models of this access: {known}", "name one: target(model)")
        raise ConfigurationError(f"BedrockAccess {self.node.path}", [problem])

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to invoke every model of this access under its conditions; nothing else."""
        needed = [one for model in self._models for one in statements(model, self._location, self._conditions)]
        return grant(
            self, grantee, needed + further_statements(self._models, self._location, self._conditions, self._further)
        )

    def deny_document(self, *others: BedrockAccess) -> iam.PolicyDocument:
        """Returns a service control policy that denies every other call of a model to everybody in the account.

        One document is for one account, and holds in all regions: **alone, it denies every call that begins in another
        region than this stack's.** Where an account has accesses in two regions, or two in one, each document names the
        others: `here.deny_document(there)`. Such documents can be attached together.

        Args:
            others: Accesses of the same account whose calls stay allowed.

        Raises:
            ConfigurationError: An access of another account, or more than fits into one control policy.
        """
        _raise_for_others(f"deny_document of BedrockAccess {self.node.path}", self, others)
        found = self._denials(*others)
        self._raise_if_large("deny_document", found, CONTROL_POLICY_CHARACTERS_MAX, "a service control policy")
        return iam.PolicyDocument.from_json(document(found))

    def boundary_document(self, *others: BedrockAccess) -> iam.PolicyDocument:
        """Returns the same as a permissions boundary: everything but models is left to the role's own policies.

        Raises:
            ConfigurationError: An access of another account, or more than fits into one managed policy.
        """
        _raise_for_others(f"boundary_document of BedrockAccess {self.node.path}", self, others)
        found = boundary_document(self._denials(*others))
        self._raise_if_large("boundary_document", found["Statement"], POLICY_CHARACTERS_MAX, "a managed policy")
        return iam.PolicyDocument.from_json(found)

    def _denials(self, *others: BedrockAccess) -> list[Statement]:
        return denials([one._granted for one in (self, *others)])

    def _raise_if_large(self, what: str, statements: Sequence[Statement], most: int, kind: str) -> None:
        count = document_characters(statements)
        allowed = f"up to {most}, the most of {kind}"
        fix = "allow fewer models in one access, or one profile in the place of several models"
        raise_problems(
            f"{what} of BedrockAccess {self.node.path}",
            None if count <= most else Problem("models", f"{count} characters", allowed, fix),
        )

    def endpoint_policy(self) -> list[iam.PolicyStatement]:
        """For the policy of the interface endpoint bedrock-runtime: it lets these models through, whoever calls."""
        found = endpoint_statements(self._models, self._location, self._conditions, self._further.operations)
        return [policy_statement(one) for one in found]


def _raise_for_others(subject: str, own: BedrockAccess, others: Sequence[object]) -> None:
    fix = "make a document for each account"
    found = []
    for number, one in enumerate(others):
        argument = f"others[{number}]"
        if not isinstance(one, BedrockAccess):
            found.append(Problem(argument, one, "a BedrockAccess", "here.deny_document(there)"))
            continue
        accounts = [place.known_account for place in (own._location, one._location)]
        if None not in accounts and accounts[0] != accounts[1]:
            found.append(Problem(argument, f"an access of {accounts[1]}", f"an access of {accounts[0]}", fix))
    raise_problems(subject, *found)


def _checked(
    subject: str,
    location: Location,
    *,
    models: Any,
    guardrail: GuardrailLike | None,
    any_version: bool,
    vpc_endpoints: Any,
    organization_id: str | None,
    batch_role: Role | None,
    api_keys: ApiKeys,
    openai_project: str | None,
    operations: Sequence[Operation],
) -> tuple[Conditions, AdditionalAccess]:
    """Returns the arguments as values.

    Raises:
        ConfigurationError: Every problem of every argument. An argument of another kind is left out of what is
            compared with others.
    """
    kinds = [_models_problem(models), _endpoints_problem(vpc_endpoints), _role_problem(batch_role)]
    endpoints = () if kinds[1] else vpc_endpoints
    conditions, of_conditions = attempt(
        lambda: Conditions(
            guardrail=guardrail,
            any_version=any_version,
            vpc_endpoint_ids=tuple(one if isinstance(one, str) else one.vpc_endpoint_id for one in endpoints),
            organization_id=organization_id,
        )
    )
    further, of_further = attempt(
        lambda: AdditionalAccess(
            api_keys=api_keys,
            openai_project=openai_project,
            batch_role_arn=None if batch_role is None or kinds[2] else batch_role.role_arn,
            operations=as_tuple(operations),
        )
    )
    known = [] if kinds[0] else models
    together = _problems(known, location, conditions or Conditions(), further or AdditionalAccess())
    raise_problems(subject, *kinds, *of_conditions, *of_further, *together)
    assert conditions is not None, "a refusal has problems"
    assert further is not None, "a refusal has problems"
    return conditions, further


def _models_problem(models: Any) -> Problem | None:
    some = isinstance(models, (list, tuple)) and len(models) > 0
    if some and all(isinstance(one, (*_MODELS, ModelTarget)) for one in models):
        return None
    return Problem("models", models, f"a list of {_ALLOWED}", models_fix(models))


def _endpoints_problem(endpoints: object) -> Problem | None:
    some = endpoints if isinstance(endpoints, (list, tuple)) else [None]
    if all(isinstance(one, str) or has_members(one, "vpc_endpoint_id") for one in some):
        return None
    allowed = "a list of interface endpoints (aws_ec2.IInterfaceVpcEndpoint) or their ids"
    return Problem("vpc_endpoints", endpoints, allowed, "vpc_endpoints=[path.endpoint]")


def _role_problem(role: object) -> Problem | None:
    if role is None or has_members(role, "role_arn", "add_to_principal_policy"):
        return None
    return Problem("batch_role", role, "a role (aws_iam.IRole)", "batch_role=iam.Role(...)")


def _problems(
    models: Sequence[Model | ModelTarget], location: Location, conditions: Conditions, further: AdditionalAccess
) -> list[Problem]:
    values = [one.model if isinstance(one, ModelTarget) else one for one in models]
    found = [
        problem
        for number, one in enumerate(values)
        for problem in (
            [Problem("models", name_of(one), "each model once", "leave one out")]
            if one in values[:number]
            else problems_at("models", one, location)
        )
    ]
    return [
        *dict.fromkeys(found),
        *guardrail_problems("guardrail", conditions.guardrail, location),
        *further.problems_with(values, conditions),
    ]

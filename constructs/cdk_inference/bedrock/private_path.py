"""The way from a VPC to Amazon Bedrock that lets through what is named, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, get_args

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock.additional_access import ASYNC_INVOKE, COUNT_TOKENS, RERANK
from cdk_inference.bedrock.conditions import Conditions, GuardrailLike
from cdk_inference.bedrock.documents import endpoint_statements
from cdk_inference.bedrock.granting import policy_statement
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
from cdk_inference.bedrock.target import ModelTarget
from cdk_inference.core.checks import as_tuple, has_members, instance_of, matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.location import Location
from cdk_inference.kit.iam import ENDPOINT_POLICY_CHARACTERS_MAX, document_characters
from cdk_inference.kit.interfaces import as_principal
from cdk_inference.kit.once import taken_in_vpc
from cdk_inference.kit.region_checks import vpc_problem
from cdk_inference.kit.stack_context import StackContext, path_below, stack_context
from cdk_inference.network import InferenceNetwork

HTTPS = 443
RUNTIME = "bedrock-runtime"
_MODELS = (FoundationModel, InferenceProfile, OwnModel, ExistingProfile, ExistingRouter, ModelTarget)
# EC2 takes few characters here, no apostrophe.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (read 2026-11-23)
_GROUP = "Interface endpoints of Amazon Bedrock: HTTPS in from the VPC, nothing out"


BedrockService = Literal["bedrock", "bedrock-agent", "bedrock-agent-runtime", "bedrock-mantle"]


class Door(NamedTuple):
    """An interface endpoint, `com.amazonaws.<region>.<name>`: who needs it, and what its actions begin with."""

    name: str
    why: str
    prefix: str


# https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html (read 2026-11-24)
INTERFACE_ENDPOINTS: tuple[Door, ...] = (
    Door(RUNTIME, "calls of models, and of guardrails by themselves", "bedrock"),
    Door(
        "bedrock", "reads and changes of models, profiles and guardrails; callers of models do not need it", "bedrock"
    ),
    Door("bedrock-agent", "making agents, knowledge bases and prompts", "bedrock"),
    Door("bedrock-agent-runtime", "calls of agents and knowledge bases", "bedrock"),
    Door("bedrock-mantle", "the OpenAI-compatible endpoint, which has no guardrails", "bedrock-mantle"),
)
_SERVICE_FIX = (
    "choose one of these; calls of models go into PrivatePath(models=..., operations=...). Of other services, FIPS "
    "endpoints included, make an ec2.InterfaceVpcEndpoint"
)
_BY_NAME = {door.name: door for door in INTERFACE_ENDPOINTS}


@dataclass(frozen=True, kw_only=True)
class ServiceAccess:
    """Another service of Bedrock that is reached, and how far.

    service: one of `INTERFACE_ENDPOINTS`, except bedrock-runtime, which every path has.
    actions: what is let through, at least one, without wildcards, as "bedrock:Retrieve".
    resources: on which ARNs, at least one; "*" only for actions that know no resource.

    Raises ConfigurationError.
    """

    service: BedrockService
    actions: tuple[str, ...]
    resources: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("actions", "resources"):
            object.__setattr__(self, name, as_tuple(getattr(self, name)))
        door = _BY_NAME.get(self.service) if isinstance(self.service, str) else None
        prefix = "bedrock" if door is None else door.prefix
        raise_problems(
            "ServiceAccess",
            one_of("service", self.service, get_args(BedrockService), _SERVICE_FIX),
            *_each("actions", self.actions, rf"{prefix}:[A-Za-z]+", f'whole names, as "{prefix}:..."'),
            *_each("resources", self.resources, r"arn:.+|\*", 'ARNs, or "*" for actions that know no resource'),
        )


def _each(argument: str, values: object, pattern: str, allowed: str) -> list[Problem | None]:
    fix = f'for example {argument}=("...",)'
    if not isinstance(values, tuple) or not values:
        return [Problem(argument, values, f"a tuple of {allowed}; at least one", fix)]
    return [matching(argument, one, pattern, allowed, fix) for one in values]


class PrivatePath(Construct):
    """Interface endpoints of Amazon Bedrock in a VPC, each billed per zone and hour; one path per VPC.

    vpc: an `InferenceNetwork`, or any VPC; it must have DNS support and host names on, since the endpoints answer under
        the names that SDKs use anyway.
    models: what can be called through it, as for `BedrockAccess`; all applications of the VPC together.
    guardrail: what can be applied through it besides. Default: none.
    additional_services: further services, each once. Default: none.
    operations: what else can be done with the models through it, "count-tokens" or "async-invoke", as for
        `BedrockAccess`; "rerank" is an operation of bedrock-agent-runtime, see `additional_services`. Default: nothing.
    subnets: where the endpoints are. Default: the VPC's private subnets, or its isolated ones if it has none.

    The endpoints' policies narrow what callers' roles allow, and grant nothing. They let through every caller of the
    VPC; who may call what, `BedrockAccess` says, and `BedrockAccess(vpc_endpoints=[path.endpoint])` refuses calls that
    come another way. A call that is routed to another region leaves the VPC in this one.

    Attributes: `endpoint`, that of bedrock-runtime; `endpoints`, service -> endpoint; `security_group`, which takes
    HTTPS from the VPC's addresses.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: InferenceNetwork | ec2.IVpc,
        models: Sequence[Model | ModelTarget],
        guardrail: GuardrailLike | None = None,
        additional_services: Sequence[ServiceAccess] = (),
        operations: Sequence[Literal["count-tokens", "async-invoke"]] = (),
        subnets: ec2.SubnetSelection | None = None,
    ) -> None:
        location = stack_context(scope)
        within = vpc.vpc if isinstance(vpc, InferenceNetwork) else vpc
        raise_problems(
            f"PrivatePath {path_below(scope, id)}",
            *_vpc_problems(within, additional_services, location),
            *guardrail_problems("guardrail", guardrail, location),
            *_operation_problems(operations),
            *_size_problems(models, guardrail, additional_services, operations, location),
            *_model_problems(models, location),
            *_service_problems(additional_services),
            instance_of(
                "subnets", subnets, (ec2.SubnetSelection, type(None)), "SubnetSelection or None", "leave it out"
            ),
        )
        conditions = Conditions(guardrail=guardrail)
        super().__init__(scope, id)
        values = [one.model if isinstance(one, ModelTarget) else one for one in models]
        policies = {
            RUNTIME: [policy_statement(one) for one in endpoint_statements(values, location, conditions, operations)]
        }
        for one in additional_services:
            policies[one.service] = [
                iam.PolicyStatement(
                    principals=[as_principal(iam.StarPrincipal())],
                    actions=list(one.actions),
                    resources=list(one.resources),
                )
            ]
        self.security_group = ec2.SecurityGroup(
            self, "SecurityGroup", vpc=within, description=_GROUP, allow_all_outbound=False
        )
        addresses = vpc.cidr if isinstance(vpc, InferenceNetwork) else within.vpc_cidr_block
        self.security_group.add_ingress_rule(ec2.Peer.ipv4(addresses), ec2.Port.tcp(HTTPS), "HTTPS from the VPC")
        made = {name: self._endpoint(within, subnets, name, statements) for name, statements in policies.items()}
        taken_in_vpc(within, location).update(dict.fromkeys(made, self.node.path))
        self.endpoint: ec2.InterfaceVpcEndpoint = made[RUNTIME]
        self.endpoints: Mapping[str, ec2.InterfaceVpcEndpoint] = MappingProxyType(made)

    def _endpoint(
        self, vpc: ec2.IVpc, subnets: ec2.SubnetSelection | None, name: str, statements: Sequence[iam.PolicyStatement]
    ) -> ec2.InterfaceVpcEndpoint:
        endpoint = ec2.InterfaceVpcEndpoint(
            self,
            "".join(part.capitalize() for part in name.split("-")),
            vpc=vpc,
            service=ec2.InterfaceVpcEndpointAwsService(name),
            private_dns_enabled=True,
            security_groups=[self.security_group],
            subnets=subnets,
            open=False,
        )
        for statement in statements:
            endpoint.add_to_policy(statement)
        return endpoint


def _vpc_problems(vpc: Any, also: object, location: StackContext) -> list[Problem]:
    if not has_members(vpc, "select_subnets", "vpc_cidr_block"):
        fix = "vpc=network, or for example ec2.Vpc.from_lookup(...)"
        return [Problem("vpc", vpc, "an InferenceNetwork or a VPC (aws_ec2.IVpc)", fix)]
    if elsewhere := vpc_problem("vpc", vpc, location.region, "path"):
        return [elsewhere]
    services = (
        [RUNTIME, *(one.service for one in also if isinstance(one, ServiceAccess))]
        if isinstance(also, (list, tuple))
        else []
    )
    # Two endpoints of one VPC cannot answer under one name:
    # https://github.com/hashicorp/terraform-provider-aws/issues/17535 (read 2026-11-24)
    reached = taken_in_vpc(vpc, location)
    taken = [name for name in services if name in reached]
    allowed = "one path to a service in a VPC: a name leads to one endpoint"
    return [Problem("vpc", f"a VPC with a path to {name}", allowed, "name all models in one path") for name in taken]


def _model_problems(models: object, location: Location) -> list[Problem]:
    known = isinstance(models, (list, tuple)) and len(models) > 0 and all(isinstance(one, _MODELS) for one in models)
    if not isinstance(models, (list, tuple)) or not known:
        return [Problem("models", models, "at least one model, as for BedrockAccess", models_fix(models))]
    values = [one.model if isinstance(one, ModelTarget) else one for one in models]
    return list(dict.fromkeys(problem for one in values for problem in problems_at("models", one, location)))


def _service_problems(also: object) -> list[Problem]:
    if not isinstance(also, (list, tuple)) or not all(isinstance(one, ServiceAccess) for one in also):
        return [
            Problem(
                "additional_services",
                also,
                "a list of ServiceAccess",
                "additional_services=[ServiceAccess(service=..., actions=..., resources=...)]",
            )
        ]
    names = [one.service for one in also]
    twice = dict.fromkeys(name for number, name in enumerate(names) if name in names[:number])
    return [
        Problem("additional_services", name, "each service once", "put its actions into one ServiceAccess")
        for name in twice
    ]


def _operation_problems(operations: object) -> list[Problem | None]:
    fix = 'for example operations=["count-tokens"]'
    if not isinstance(operations, (list, tuple)):
        return [Problem("operations", operations, "a list of operations", fix)]
    rerank = (
        'additional_services=[ServiceAccess(service="bedrock-agent-runtime", actions=("bedrock:Rerank",), '
        'resources=("*",))]'
    )
    return [
        one_of(f"operations[{number}]", one, (COUNT_TOKENS, ASYNC_INVOKE), rerank if one == RERANK else fix)
        for number, one in enumerate(operations)
    ]


def _size_problems(
    models: Any, guardrail: Any, services: Any, operations: Any, location: StackContext
) -> list[Problem | None]:
    """Policies that an endpoint does not hold; nothing where an argument is none."""
    wrong = [
        *_model_problems(models, location),
        *_service_problems(services),
        *(one for one in _operation_problems(operations) if one is not None),
    ]
    if wrong or not (guardrail is None or isinstance(guardrail, GuardrailLike)):
        return []
    values = [one.model if isinstance(one, ModelTarget) else one for one in models]
    runtime = endpoint_statements(values, location, Conditions(guardrail=guardrail), operations)
    sizes = [("models", document_characters(runtime))]
    for number, one in enumerate(services):
        statement = {"Effect": "Allow", "Principal": "*", "Action": list(one.actions), "Resource": list(one.resources)}
        sizes.append((f"additional_services[{number}]", document_characters([statement])))
    allowed = f"up to {ENDPOINT_POLICY_CHARACTERS_MAX}, the most of an endpoint's policy"
    return [
        Problem(argument, f"a policy of {size} characters", allowed, "let fewer through, or make a VPC for each part")
        for argument, size in sizes
        if size > ENDPOINT_POLICY_CHARACTERS_MAX
    ]

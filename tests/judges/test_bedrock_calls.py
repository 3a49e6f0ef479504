"""Which calls the synthesized policies of two teams allow: identity, boundary and VPC endpoint together."""

from __future__ import annotations

import dataclasses
import functools
import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from cdk_inference.bedrock import (
    ApplicationProfile,
    BedrockAccess,
    ExistingGuardrail,
    FoundationModel,
    ImportedModel,
    InferenceProfile,
    MarketplaceSubscriber,
    PromptRouter,
    ProvisionedModel,
)
from rehearsal.iam import Policies, Request, decide
from tests.bedrock_calls import ORGANIZATION, VPCE, Call, model_arn, own_arn
from tests.each import each
from tests.judges.deployed import Deployment
from tests.support import CONTEXT

pytestmark = pytest.mark.xdist_group("synthesized")

OPUS, SONNET, NOVA = "anthropic.claude-opus-5-5", "anthropic.claude-sonnet-5-5", "amazon.nova-pro-v1:0"
US = ("us-east-1", "us-east-2", "us-west-2")
GUARDRAIL = own_arn("guardrail/abcdef123456")
PROVISIONED, IMPORTED = own_arn("provisioned-model/abcdef123456"), own_arn("imported-model/abcdef123456")
SEARCH = own_arn("application-inference-profile/search000000")
SUPPORT = own_arn("application-inference-profile/support00000")
ROUTER = own_arn("prompt-router/router000000")
JOBS = "arn:aws:iam::111122223333:role/Jobs"


def build() -> tuple[dict[str, Any], dict[str, str]]:
    """The template and the logical ids of its roles: each with an access of its own."""
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "Teams", env=cdk.Environment(region="us-east-1"))
    guardrail = ExistingGuardrail(guardrail_arn=GUARDRAIL, guardrail_version="3")
    search = ApplicationProfile(stack, "Search", of=InferenceProfile(f"us.{OPUS}"), tags={"team": "search"})
    support = ApplicationProfile(stack, "Support", of=InferenceProfile(f"global.{SONNET}"), tags={"team": "support"})
    nova = (FoundationModel("amazon.nova-lite-v1:0"), FoundationModel(NOVA))
    router = PromptRouter(stack, "Router", models=nova, fallback=nova[0], quality_difference_percent=10)
    accesses: dict[str, BedrockAccess] = {
        "Plain": BedrockAccess(stack, "PlainAccess", models=[FoundationModel(NOVA)]),
        "Geo": BedrockAccess(stack, "GeoAccess", models=[InferenceProfile(f"us.{OPUS}")]),
        "Global": BedrockAccess(stack, "GlobalAccess", models=[InferenceProfile(f"global.{SONNET}")]),
        "SearchTeam": BedrockAccess(
            stack,
            "SearchAccess",
            models=[search],
            guardrail=guardrail,
            vpc_endpoints=[VPCE],
            organization_id=ORGANIZATION,
        ),
        "SearchTeamAnyVersion": BedrockAccess(
            stack, "SearchAnyAccess", models=[search], guardrail=guardrail, any_version=True
        ),
        "SupportTeam": BedrockAccess(stack, "SupportAccess", models=[support]),
        "Owners": BedrockAccess(
            stack, "OwnAccess", models=[ProvisionedModel(PROVISIONED), ImportedModel(IMPORTED), router]
        ),
        "Batch": BedrockAccess(
            stack,
            "BatchAccess",
            models=[FoundationModel(NOVA)],
            batch_role=iam.Role.from_role_arn(stack, "Jobs", JOBS, mutable=False),
        ),
        "BatchInside": BedrockAccess(
            stack,
            "BatchInsideAccess",
            models=[InferenceProfile(f"us.{OPUS}")],
            batch_role=iam.Role.from_role_arn(stack, "JobsInside", JOBS, mutable=False),
            vpc_endpoints=[VPCE],
            organization_id=ORGANIZATION,
            api_keys="short-term",
        ),
        "Operations": BedrockAccess(
            stack,
            "OperationsAccess",
            models=[InferenceProfile(f"us.{OPUS}"), FoundationModel("cohere.rerank-v3-5:0")],
            operations=["count-tokens", "rerank", "async-invoke"],
        ),
        "Keys": BedrockAccess(stack, "KeysAccess", models=[FoundationModel(NOVA)], api_keys="short-term"),
        "OpenAi": BedrockAccess(
            stack,
            "OpenAiAccess",
            models=[FoundationModel("openai.gpt-oss-120b")],
            api_keys="any",
            openai_project="default",
        ),
    }
    for name, access in accesses.items():
        limits = access.boundary_document()
        boundary = iam.ManagedPolicy(stack, f"{name}Boundary", document=limits)
        caller = iam.ServicePrincipal("lambda.amazonaws.com")
        access.grant_invoke(iam.Role(stack, name, assumed_by=caller))
        # A role of somebody who was given too much, inside the same boundary.
        wide = iam.Role(stack, f"{name}Wide", assumed_by=caller, permissions_boundary=boundary)
        wide.add_to_policy(iam.PolicyStatement(actions=["*"], resources=["*"]))
    MarketplaceSubscriber(stack, "Buyer", assumed_by=iam.AccountRootPrincipal(), product_ids=["prod-xdkflymybwmvi"])
    vpc = ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-0123456789abcdef0",
        availability_zones=["us-east-1a"],
        private_subnet_ids=["subnet-0123456789abcdef0"],
        private_subnet_route_table_ids=["rtb-0123456789abcdef0"],
    )
    door = ec2.InterfaceVpcEndpoint(
        stack,
        "Door",
        vpc=vpc,
        service=ec2.InterfaceVpcEndpointAwsService("bedrock-runtime"),
        open=False,
        security_groups=[
            ec2.SecurityGroup.from_security_group_id(stack, "Group", "sg-0123456789abcdef0", mutable=False)
        ],
    )
    for statement in accesses["SearchTeam"].endpoint_policy():
        door.add_to_policy(statement)
    template = json.loads((Path(app.synth().directory) / "Teams.template.json").read_text())
    names = {
        path.node.id: stack.get_logical_id(path.node.default_child)
        for path in stack.node.children
        if isinstance(path, iam.Role)
    }
    names["Buyer"] = next(key for key in template["Resources"] if key.startswith("BuyerRole"))
    names |= {
        "search": stack.get_logical_id(search.node.default_child),
        "support": stack.get_logical_id(support.node.default_child),
        "router": stack.get_logical_id(router.node.default_child),
        "door": stack.get_logical_id(door.node.default_child),
    }
    return template, names


@functools.cache
def deployed() -> tuple[dict[str, Any], dict[str, str], Deployment]:
    template, names = build()
    values = {
        f"{names['search']}.InferenceProfileArn": SEARCH,
        f"{names['support']}.InferenceProfileArn": SUPPORT,
        f"{names['router']}.PromptRouterArn": ROUTER,
    }
    return template, names, Deployment(values=values)


def policies(role: str, *, through_endpoint: bool = False) -> Policies:
    template, names, deployment = deployed()
    found = deployment.identity_of(template, names[role])
    if through_endpoint:
        found = dataclasses.replace(found, endpoint=deployment.policy_of(template, names["door"]))
    return found


PLAIN = Call(names=model_arn(NOVA, "us-east-1"))
GEO = Call(names=own_arn(f"inference-profile/us.{OPUS}"), model=OPUS, regions=US)
WORLD = Call(names=own_arn(f"inference-profile/global.{SONNET}"), model=SONNET, regions=None)
OF_SEARCH = Call(names=SEARCH, model=OPUS, regions=US, guardrail=f"{GUARDRAIL}:3", vpce=VPCE, organization=ORGANIZATION)
OF_SUPPORT = Call(names=SUPPORT, model=SONNET, regions=None)


def with_(call: Call, **changes: Any) -> Call:
    return dataclasses.replace(call, **changes)


# What, who, the call, whether it is allowed. "Wide" roles may do everything that their boundary leaves.
CALLS: list[tuple[str, str, Call, bool]] = [
    ("a model in its region", "Plain", PLAIN, True),
    ("streamed", "Plain", with_(PLAIN, streaming=True), True),
    ("another model", "Plain", with_(PLAIN, names=model_arn("amazon.nova-lite-v1:0", "us-east-1")), False),
    ("another version of it", "Plain", with_(PLAIN, names=model_arn("amazon.nova-pro-v1:0:300k", "us-east-1")), False),
    ("another region", "Plain", with_(PLAIN, names=model_arn(NOVA, "us-west-2"), source="us-west-2"), False),
    ("its profile", "Plain", Call(names=own_arn(f"inference-profile/us.{NOVA}"), model=NOVA, regions=US), False),
    ("a provisioned model", "Plain", Call(names=PROVISIONED), False),
    ("a geographic profile", "Geo", GEO, True),
    ("a geographic profile, streamed", "Geo", with_(GEO, streaming=True), True),
    ("its model without the profile", "Geo", with_(PLAIN, names=model_arn(OPUS, "us-east-1")), False),
    ("its model in a region it routes to", "Geo", with_(PLAIN, names=model_arn(OPUS, "us-west-2")), False),
    (
        "the profile from a region it routes to",
        "Geo",
        with_(GEO, names=own_arn(f"inference-profile/us.{OPUS}", "us-west-2"), source="us-west-2"),
        False,
    ),
    ("the profile, routed to a region more", "Geo", with_(GEO, regions=(*US, "us-west-1")), False),
    (
        "the global profile of the model",
        "Geo",
        Call(names=own_arn(f"inference-profile/global.{OPUS}"), model=OPUS, regions=None),
        False,
    ),
    (
        "another geography's profile",
        "Geo",
        Call(names=own_arn(f"inference-profile/eu.{OPUS}"), model=OPUS, regions=("eu-west-1",)),
        False,
    ),
    (
        "the same profile of another account",
        "Geo",
        with_(GEO, names=own_arn(f"inference-profile/us.{OPUS}", account="444455556666")),
        False,
    ),
    ("a team's profile, from outside the team", "Geo", with_(OF_SEARCH, guardrail=None, vpce=None), False),
    ("a global profile", "Global", WORLD, True),
    ("a global profile, streamed", "Global", with_(WORLD, streaming=True), True),
    ("the model of global routing, named itself", "Global", with_(PLAIN, names=model_arn(SONNET, "")), False),
    ("its model in the region", "Global", with_(PLAIN, names=model_arn(SONNET, "us-east-1")), False),
    (
        "the geographic profile of the model",
        "Global",
        Call(names=own_arn(f"inference-profile/us.{SONNET}"), model=SONNET, regions=US),
        False,
    ),
    (
        "the global profile from another region",
        "Global",
        with_(WORLD, names=own_arn(f"inference-profile/global.{SONNET}", "eu-west-1"), source="eu-west-1"),
        False,
    ),
    ("the team's own profile", "SearchTeam", OF_SEARCH, True),
    ("the team's own profile, streamed", "SearchTeam", with_(OF_SEARCH, streaming=True), True),
    ("the endpoint known in other regions too", "SearchTeam", with_(OF_SEARCH, far_vpce=True), True),
    ("without the guardrail", "SearchTeam", with_(OF_SEARCH, guardrail=None), False),
    ("with the guardrail's draft", "SearchTeam", with_(OF_SEARCH, guardrail=GUARDRAIL), False),
    ("with another version of it", "SearchTeam", with_(OF_SEARCH, guardrail=f"{GUARDRAIL}:30"), False),
    ("any version: another number", "SearchTeamAnyVersion", with_(OF_SEARCH, guardrail=f"{GUARDRAIL}:30"), True),
    ("any version: the draft", "SearchTeamAnyVersion", with_(OF_SEARCH, guardrail=GUARDRAIL), False),
    ("any version: none", "SearchTeamAnyVersion", with_(OF_SEARCH, guardrail=None), False),
    ("any version: of another", "SearchTeamAnyVersion", with_(OF_SEARCH, guardrail=f"{GUARDRAIL}4:3"), False),
    ("with another guardrail", "SearchTeam", with_(OF_SEARCH, guardrail=f"{own_arn('guardrail/zzz')}:3"), False),
    ("outside the VPC endpoint", "SearchTeam", with_(OF_SEARCH, vpce=None), False),
    ("through another VPC endpoint", "SearchTeam", with_(OF_SEARCH, vpce="vpce-00000000000000000"), False),
    ("from another organisation", "SearchTeam", with_(OF_SEARCH, organization="o-zzzzzzzzzz"), False),
    ("the other team's profile", "SearchTeam", with_(OF_SUPPORT, vpce=VPCE, organization=ORGANIZATION), False),
    (
        "the profile that the team's was copied from",
        "SearchTeam",
        with_(OF_SEARCH, names=own_arn(f"inference-profile/us.{OPUS}")),
        False,
    ),
    ("the model behind it", "SearchTeam", with_(OF_SEARCH, names=model_arn(OPUS, "us-east-1"), model=""), False),
    ("a team's global profile", "SupportTeam", OF_SUPPORT, True),
    ("the other team's profile, the other way", "SupportTeam", OF_SEARCH, False),
    ("the global profile itself", "SupportTeam", WORLD, False),
    ("a provisioned model of one's own", "Owners", Call(names=PROVISIONED), True),
    ("an imported model, streamed", "Owners", Call(names=IMPORTED, streaming=True), True),
    ("another imported model", "Owners", Call(names=own_arn("imported-model/zzzzzz123456")), False),
    ("a prompt router", "Owners", Call(names=ROUTER), True),
    ("a model of the router", "Owners", PLAIN, True),
    ("another router", "Owners", Call(names=own_arn("prompt-router/other0000000")), False),
    # What a boundary leaves of a role that may do everything.
    ("within the boundary: the model", "PlainWide", PLAIN, True),
    ("within the boundary: another model", "PlainWide", with_(PLAIN, names=model_arn(OPUS, "us-east-1")), False),
    ("within the boundary: another region", "PlainWide", with_(PLAIN, names=model_arn(NOVA, "us-west-2")), False),
    ("within the boundary: the profile", "GeoWide", GEO, True),
    ("within the boundary: around the profile", "GeoWide", with_(PLAIN, names=model_arn(OPUS, "us-east-1")), False),
    ("within the boundary: the global profile", "GeoWide", WORLD, False),
    ("within the boundary: global routing", "GlobalWide", WORLD, True),
    ("within the boundary: around global routing", "GlobalWide", with_(PLAIN, names=model_arn(SONNET, "")), False),
    ("within the boundary: the team's profile", "SearchTeamWide", OF_SEARCH, True),
    ("within the boundary: no guardrail", "SearchTeamWide", with_(OF_SEARCH, guardrail=None), False),
    ("within the boundary: no VPC endpoint", "SearchTeamWide", with_(OF_SEARCH, vpce=None), False),
    ("within the boundary: no organisation", "SearchTeamWide", with_(OF_SEARCH, organization=None), False),
    ("within the boundary: the other team's profile", "SearchTeamWide", OF_SUPPORT, False),
    ("within the boundary: the router", "OwnersWide", Call(names=ROUTER), True),
]


@each(("role", "call", "allowed"), [row[1:] for row in CALLS])
def test_calls(role: str, call: Call, allowed: bool) -> None:
    answer = call.answer(policies(role))
    assert answer.allowed is allowed, answer.why


KEY = {"bedrock:BearerTokenType": "SHORT_TERM"}
LONG_KEY = {"bedrock:BearerTokenType": "LONG_TERM"}
MANTLE = "arn:aws:bedrock-mantle:us-east-1:111122223333:project"
OSS, OTHER = {"bedrock-mantle:Model": "openai.gpt-oss-120b"}, {"bedrock-mantle:Model": "openai.gpt-oss-20b"}
JOB = own_arn("model-invocation-job/abcdef123456")
PASS = {"iam:PassedToService": "bedrock.amazonaws.com"}
ADMIN = "arn:aws:iam::111122223333:role/Admin"
INVOCATION = own_arn("async-invoke/abcdef123456")
INSIDE = {"aws:SourceVpce": VPCE, "aws:PrincipalOrgID": ORGANIZATION}
AWAY = {"aws:SourceVpce": "vpce-00000000000000000"}
STRANGER = {"aws:SourceVpce": VPCE, "aws:PrincipalOrgID": "o-zzzzzzzzzz"}

# Who, action, resource, context, whether it is allowed.
OTHER_WAYS: list[tuple[str, str, str, dict[str, str], bool]] = [
    *(
        (role, "bedrock:CallWithBearerToken", "*", KEY, role in ("Keys", "OpenAi"))
        for role in ("Plain", "Keys", "OpenAi")
    ),
    *((role, "bedrock:CallWithBearerToken", "*", LONG_KEY, role == "OpenAi") for role in ("Plain", "Keys", "OpenAi")),
    ("PlainWide", "bedrock:CallWithBearerToken", "*", KEY, False),
    ("PlainWide", "bedrock-mantle:CallWithBearerToken", "*", {}, False),
    ("KeysWide", "bedrock:CallWithBearerToken", "*", KEY, True),
    ("KeysWide", "bedrock:CallWithBearerToken", "*", LONG_KEY, False),
    ("Plain", "bedrock:CreateModelInvocationJob", model_arn(NOVA, "us-east-1"), {}, False),
    ("PlainWide", "bedrock:CreateModelInvocationJob", model_arn(NOVA, "us-east-1"), {}, False),
    ("Batch", "bedrock:CreateModelInvocationJob", model_arn(NOVA, "us-east-1"), {}, True),
    ("Batch", "bedrock:CreateModelInvocationJob", JOB, {}, True),
    ("Batch", "bedrock:CreateModelInvocationJob", model_arn(OPUS, "us-east-1"), {}, False),
    ("Batch", "bedrock:StopModelInvocationJob", JOB, {}, True),
    ("Batch", "iam:PassRole", JOBS, PASS, True),
    ("Batch", "iam:PassRole", JOBS, {"iam:PassedToService": "lambda.amazonaws.com"}, False),
    ("Batch", "iam:PassRole", ADMIN, PASS, False),
    # A boundary beside bedrock:* and iam:PassRole on everything leaves the same jobs.
    ("BatchWide", "bedrock:CreateModelInvocationJob", model_arn(NOVA, "us-east-1"), {}, True),
    ("BatchWide", "bedrock:CreateModelInvocationJob", JOB, {}, True),
    ("BatchWide", "bedrock:CreateModelInvocationJob", model_arn(OPUS, "us-east-1"), {}, False),
    ("BatchWide", "bedrock:CreateModelInvocationJob", model_arn(NOVA, "us-west-2"), {}, False),
    ("BatchWide", "bedrock:CreateModelInvocationJob", own_arn("custom-model/a/b"), {}, False),
    ("BatchWide", "iam:PassRole", JOBS, PASS, True),
    ("BatchWide", "iam:PassRole", ADMIN, PASS, False),
    ("BatchWide", "iam:PassRole", ADMIN, {"iam:PassedToService": "lambda.amazonaws.com"}, True),
    ("BatchInsideWide", "bedrock:CreateModelInvocationJob", model_arn(OPUS, "us-west-2"), INSIDE, True),
    ("BatchInsideWide", "bedrock:CreateModelInvocationJob", model_arn(OPUS, "us-west-2"), {**INSIDE, **AWAY}, False),
    ("BatchInsideWide", "bedrock:CreateModelInvocationJob", model_arn(OPUS, "us-west-2"), STRANGER, False),
    ("BatchInsideWide", "bedrock:CreateModelInvocationJob", model_arn(NOVA, "us-east-1"), INSIDE, False),
    ("BatchInsideWide", "bedrock:CallWithBearerToken", "*", {**KEY, **INSIDE}, True),
    ("BatchInsideWide", "bedrock:CallWithBearerToken", "*", {**KEY, **INSIDE, **AWAY}, False),
    *(
        (role, action, resource, {}, allowed)
        for role in ("Operations", "OperationsWide")
        for action, resource, allowed in (
            ("bedrock:CountTokens", model_arn(OPUS, "us-east-1"), True),
            ("bedrock:Rerank", "*", True),
            ("bedrock:InvokeModel", model_arn("cohere.rerank-v3-5:0", "us-east-1"), True),
            ("bedrock:InvokeModel", INVOCATION, True),
            ("bedrock:GetAsyncInvoke", INVOCATION, True),
            ("bedrock:InvokeModel", own_arn("async-invoke/a", "us-west-2"), False),
            ("bedrock:InvokeModel", model_arn(NOVA, "us-east-1"), False),
        )
    ),
    ("Operations", "bedrock:CountTokens", model_arn(NOVA, "us-east-1"), {}, False),
    ("Geo", "bedrock:CountTokens", model_arn(OPUS, "us-east-1"), {}, False),
    ("Plain", "bedrock:Rerank", "*", {}, False),
    ("PlainWide", "bedrock:InvokeModel", INVOCATION, {}, False),
    ("OpenAi", "bedrock-mantle:CreateInference", f"{MANTLE}/default", OSS, True),
    ("OpenAi", "bedrock-mantle:CreateInference", f"{MANTLE}/default", OTHER, False),
    ("OpenAi", "bedrock-mantle:CreateInference", f"{MANTLE}/other", OSS, False),
    ("OpenAiWide", "bedrock-mantle:CreateInference", f"{MANTLE}/default", OSS, True),
    ("OpenAiWide", "bedrock-mantle:CreateInference", f"{MANTLE}/default", OTHER, False),
    ("OpenAiWide", "bedrock-mantle:CreateInference", f"{MANTLE}/other", OSS, False),
    ("PlainWide", "bedrock-mantle:CreateInference", f"{MANTLE}/default", OSS, False),
    ("Plain", "bedrock:GetFoundationModel", model_arn(NOVA, "us-east-1"), {}, False),
    ("Plain", "bedrock:InvokeAgent", own_arn("agent-alias/A/B"), {}, False),
    ("Plain", "aws-marketplace:Subscribe", "*", {"aws-marketplace:ProductId": "prod-xdkflymybwmvi"}, False),
    ("Buyer", "aws-marketplace:Subscribe", "*", {"aws-marketplace:ProductId": "prod-xdkflymybwmvi"}, True),
    ("Buyer", "aws-marketplace:Subscribe", "*", {"aws-marketplace:ProductId": "prod-other00000000"}, False),
    ("Buyer", "aws-marketplace:ViewSubscriptions", "*", {}, True),
    # The agreement by the API, for a form and a contract that nobody has sent yet; the first call is another way.
    *(
        ("Buyer", f"bedrock:{action}", "*", {}, True)
        for action in (
            "PutUseCaseForModelAccess",
            "ListFoundationModelAgreementOffers",
            "CreateFoundationModelAgreement",
            "GetFoundationModelAvailability",
        )
    ),
    ("Buyer", "bedrock:DeleteFoundationModelAgreement", "*", {}, False),
    ("Plain", "bedrock:CreateFoundationModelAgreement", "*", {}, False),
    ("Buyer", "bedrock:InvokeModel", model_arn(NOVA, "us-east-1"), {}, False),
    ("PlainWide", "s3:GetObject", "arn:aws:s3:::bucket/key", {}, True),
]


@each(("role", "action", "resource", "context", "allowed"), OTHER_WAYS)
def test_other_ways(role: str, action: str, resource: str, context: dict[str, str], allowed: bool) -> None:
    answer = decide(Request(action, resource, context), policies(role))
    assert answer.allowed is allowed, answer.why


@each(
    ("role", "call", "allowed"),
    [
        ("SearchTeam", OF_SEARCH, True),
        ("SearchTeamWide", OF_SEARCH, True),
        ("SupportTeam", with_(OF_SUPPORT, vpce=VPCE), False),
        ("Plain", with_(PLAIN, vpce=VPCE), False),
    ],
)
def test_through_the_vpc_endpoint_of_one_team(role: str, call: Call, allowed: bool) -> None:
    answer = call.answer(policies(role, through_endpoint=True))
    assert answer.allowed is allowed, answer.why


@each(("role", "call"), [row[1:3] for row in CALLS])
def test_the_same_denials_as_a_service_control_policy(role: str, call: Call) -> None:
    """Beside the one that AWS attaches by itself, which allows everything."""
    if not role.endswith("Wide"):
        role = f"{role}Wide"
    found = policies(role)
    assert found.boundary is not None
    statements = found.boundary["Statement"]
    everything = {"Version": "2012-10-17", "Statement": [statements[0]]}
    denials = {"Version": "2012-10-17", "Statement": statements[1:]}
    limited = dataclasses.replace(found, boundary=None, service_control=[[everything], [everything, denials]])
    assert call.answer(limited).allowed is call.answer(found).allowed


def test_the_policies_fit_in_what_iam_takes() -> None:
    """6,144 characters for a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    template, _, deployment = deployed()
    sizes = [
        len(str(deployment.resolve(one["Properties"]["PolicyDocument"])).replace(" ", ""))
        for one in template["Resources"].values()
        if one["Type"] in ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")
    ]
    assert max(sizes) < 6144

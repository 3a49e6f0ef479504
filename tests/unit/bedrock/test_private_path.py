"""The way from a VPC to Bedrock: what its endpoints let through."""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_s3 as s3

from cdk_inference.bedrock import (
    INTERFACE_ENDPOINTS,
    ApplicationProfile,
    BedrockAccess,
    ContentFilter,
    ExistingGuardrail,
    FoundationModel,
    Guardrail,
    InferenceProfile,
    PrivatePath,
    ServiceAccess,
)
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.network import InferenceNetwork
from rehearsal.iam import Policies, Request, decide
from tests.each import each
from tests.judges import lint
from tests.judges.deployed import Deployment
from tests.refusals import refusal_of
from tests.support import ROOT, Template, new_stack, of_type, template_of

LITE = FoundationModel("amazon.nova-lite-v1:0")
PRO = InferenceProfile("us.amazon.nova-pro-v1:0")
ACCOUNT = "111122223333"
OWN = f"arn:aws:bedrock:us-east-1:{ACCOUNT}"
KNOWLEDGE = ServiceAccess(
    service="bedrock-agent-runtime", actions=("bedrock:Retrieve",), resources=(f"{OWN}:knowledge-base/ABCDEFGHIJ",)
)
EVERYBODY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def network(stack: cdk.Stack) -> InferenceNetwork:
    return InferenceNetwork(stack, "Network", read_from=[s3.Bucket.from_bucket_name(stack, "Models", "models")])


def path(stack: cdk.Stack, **arguments: Any) -> PrivatePath:
    return PrivatePath(stack, "Path", **{"models": [LITE], **arguments})


@functools.cache
def full() -> Template:
    stack = new_stack()
    path(
        stack,
        vpc=network(stack),
        models=[LITE, ApplicationProfile(stack, "Team", of=PRO, tags={"team": "a"})],
        operations=["count-tokens", "async-invoke"],
        guardrail=Guardrail(stack, "Guardrail", policies=[ContentFilter(category="HATE")], tier="STANDARD"),
        additional_services=[KNOWLEDGE],
    )
    return template_of(stack)


def endpoints(template: Template) -> dict[str, tuple[str, dict[str, Any]]]:
    """End of the service's name -> (logical id, properties), of the interface endpoints of Bedrock."""
    return {
        one["Properties"]["ServiceName"].rpartition(".")[2]: (key, one["Properties"])
        for key, one in template["Resources"].items()
        if one["Type"] == "AWS::EC2::VPCEndpoint" and "bedrock" in str(one["Properties"]["ServiceName"])
    }


def ids(template: Template, kind: str) -> str:
    (key,) = (key for key, one in template["Resources"].items() if one["Type"] == kind)
    return key


def test_private_names_in_every_subnet_behind_one_group() -> None:
    template = full()
    assert lint.findings(template, "us-east-1") == []
    found = endpoints(template)
    assert set(found) == {"bedrock-runtime", "bedrock-agent-runtime"}
    groups = [key for key, one in template["Resources"].items() if key.startswith("PathSecurityGroup")]
    for _, one in found.values():
        assert one["PrivateDnsEnabled"] is True
        assert len(one["SubnetIds"]) == 2
        assert one["SecurityGroupIds"] == [{"Fn::GetAtt": [groups[0], "GroupId"]}]
    group = template["Resources"][groups[0]]["Properties"]
    assert [(rule["CidrIp"], rule["FromPort"], rule["ToPort"]) for rule in group["SecurityGroupIngress"]] == [
        ("10.0.0.0/16", 443, 443)
    ]
    assert [rule["Description"] for rule in group["SecurityGroupEgress"]] == ["Disallow all traffic"]


def profile(region: str) -> str:
    return f"arn:aws:bedrock:{region}:{ACCOUNT}:guardrail-profile/us.guardrail.v1:0"


INVOKE, STREAM, APPLY = "bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:ApplyGuardrail"
LITE_ARN = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
CALLS = [
    *((action, LITE_ARN, True) for action in (INVOKE, STREAM)),
    (INVOKE, f"{OWN}:application-inference-profile/team", True),
    *(
        (INVOKE, f"arn:aws:bedrock:{one}::foundation-model/amazon.nova-pro-v1:0", True)
        for one in ("us-east-1", "us-west-2")
    ),
    (INVOKE, "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-pro-v1:0", False),
    (INVOKE, "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-premier-v1:0", False),
    (INVOKE, f"{OWN}:application-inference-profile/other", False),
    (INVOKE, f"{OWN}:inference-profile/us.amazon.nova-pro-v1:0", False),
    ("bedrock:CreateModelInvocationJob", LITE_ARN, False),
    ("bedrock:CountTokens", LITE_ARN, True),
    ("bedrock:CountTokens", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-premier-v1:0", False),
    (INVOKE, f"{OWN}:async-invoke/abcdef123456", True),
    ("bedrock:GetAsyncInvoke", f"{OWN}:async-invoke/abcdef123456", True),
    (APPLY, f"{OWN}:guardrail/abc", True),
    *((APPLY, profile(region), True) for region in ("us-east-1", "us-east-2", "us-west-2")),
    (APPLY, f"{OWN}:guardrail/other", False),
    (APPLY, profile("us-west-1"), False),
]


@each(("action", "resource", "allowed"), CALLS)
def test_who_may_everything_gets_through_with_the_declared_models_only(
    action: str, resource: str, allowed: bool
) -> None:
    template = full()
    values = {
        f"{ids(template, 'AWS::Bedrock::Guardrail')}.GuardrailArn": f"{OWN}:guardrail/abc",
        f"{ids(template, 'AWS::Bedrock::ApplicationInferenceProfile')}.InferenceProfileArn": (
            f"{OWN}:application-inference-profile/team"
        ),
    }
    document = Deployment(values=values).policy_of(template, endpoints(template)["bedrock-runtime"][0])
    assert decide(Request(action, resource), Policies(identity=[EVERYBODY], endpoint=document)).allowed is allowed


def test_another_service_as_far_as_it_is_named() -> None:
    (statement,) = endpoints(full())["bedrock-agent-runtime"][1]["PolicyDocument"]["Statement"]
    assert statement == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "bedrock:Retrieve",
        "Resource": KNOWLEDGE.resources[0],
    }


def test_access_asks_for_this_path() -> None:
    stack = new_stack()
    made = path(stack, vpc=network(stack))
    access = BedrockAccess(stack, "Access", models=[LITE], vpc_endpoints=[made.endpoint])
    document = stack.resolve(access.deny_document())
    (denied,) = (one for one in document["Statement"] if one["Sid"] == "DenyOutsideVpcEndpoint")
    assert denied["Condition"] == {
        "StringNotEquals": {"aws:SourceVpce": [{"Ref": stack.get_logical_id(made.endpoint.node.default_child)}]}
    }
    assert made.endpoints["bedrock-runtime"] is made.endpoint


def test_any_vpc() -> None:
    stack = new_stack()
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0, restrict_default_security_group=False)
    path(stack, vpc=vpc, subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED))
    template = template_of(stack)
    group = next(one for one in of_type(template, "AWS::EC2::SecurityGroup") if "Bedrock" in one["GroupDescription"])
    assert group["SecurityGroupIngress"][0]["CidrIp"] == {"Fn::GetAtt": [ids(template, "AWS::EC2::VPC"), "CidrBlock"]}
    assert len(endpoints(template)["bedrock-runtime"][1]["SubnetIds"]) == 2


OF_WEST = ExistingGuardrail(
    guardrail_arn="arn:aws:bedrock:us-west-2:111122223333:guardrail/abcdef123456", guardrail_version="1"
)
LARGE = ServiceAccess(
    service="bedrock-agent-runtime",
    actions=["bedrock:Retrieve"],
    resources=[f"{OWN}:knowledge-base/{number:0>60}" for number in range(220)],
)
REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"vpc": "vpc-1"},
        "vpc: got 'vpc-1'; allowed: an InferenceNetwork or a VPC (aws_ec2.IVpc); fix: vpc=network, or for example "
        "ec2.Vpc.from_lookup(...)",
    ),
    (
        {"models": []},
        'models: got []; allowed: at least one model, as for BedrockAccess; fix: models=[InferenceProfile("us....")]',
    ),
    (
        {"additional_services": ["bedrock"]},
        "additional_services: got ['bedrock']; allowed: a list of ServiceAccess; fix: additional_services=[ServiceAccess(service=..., actions=..., resources=...)]",
    ),
    (
        {"additional_services": [KNOWLEDGE, KNOWLEDGE]},
        "additional_services: got 'bedrock-agent-runtime'; allowed: each service once; fix: put its actions into one ServiceAccess",
    ),
    (
        {"operations": ["rerank"]},
        "operations[0]: got 'rerank'; allowed: count-tokens, async-invoke; fix: additional_services=[ServiceAccess("
        'service="bedrock-agent-runtime", actions=("bedrock:Rerank",), resources=("*",))]',
    ),
    (
        {"guardrail": OF_WEST},
        f"guardrail.guardrail_arn: got '{OF_WEST.guardrail_arn}'; allowed: an ARN of us-east-1; fix: name it in a stack of "
        "us-west-2: a guardrail is applied in its own region",
    ),
    (
        {"models": [FoundationModel(f"new.model-{number:0>50}-v1:0") for number in range(200)]},
        # 200 ARNs of 112 characters with their quotation marks and commas, and 175 of the statement around them.
        "models: got 'a policy of 22575 characters'; allowed: up to 20480, the most of an endpoint's policy; fix: let "
        "fewer through, or make a VPC for each part",
    ),
    (
        {"additional_services": [LARGE]},
        "additional_services[0]: got 'a policy of 25857 characters'; allowed: up to 20480, the most of an endpoint's "
        "policy; fix: let fewer through, or make a VPC for each part",
    ),
    (
        {"subnets": ["subnet-1"]},
        "subnets: got ['subnet-1']; allowed: SubnetSelection or None; fix: leave it out",
    ),
]


@functools.cache
def shared() -> tuple[cdk.Stack, ec2.IVpc]:
    stack = new_stack()
    return stack, ec2.Vpc(stack, "Vpc", nat_gateways=0, restrict_default_security_group=False)


@each(("number", "case"), list(enumerate(REFUSED)))
def test_refused(number: int, case: tuple[dict[str, Any], str]) -> None:
    stack, vpc = shared()
    arguments, message = case
    with pytest.raises(ConfigurationError) as caught:
        PrivatePath(stack, f"Path{number}", **{"vpc": vpc, "models": [LITE], **arguments})
    assert str(caught.value) == f"PrivatePath fleet/Path{number}: {message}"


def test_a_second_path_in_a_vpc() -> None:
    stack = new_stack()
    here = network(stack)
    path(stack, vpc=here, additional_services=[KNOWLEDGE])
    with pytest.raises(ConfigurationError) as caught:
        PrivatePath(stack, "Again", vpc=here.vpc, models=[PRO])
    assert str(caught.value) == (
        "PrivatePath fleet/Again: vpc: got 'a VPC with a path to bedrock-runtime'; allowed: one path to a service in a VPC: a "
        "name leads to one endpoint; fix: name all models in one path"
    )


def test_a_vpc_is_the_same_whichever_object_stands_for_it() -> None:
    """By its id, in each region: a VPC that two stacks look up, and one that has no path yet."""
    app = cdk.App()
    stacks = [new_stack(name, app=app, region=region) for name, region in REGIONS.items()]
    for stack, id in zip(stacks, ("vpc-1", "vpc-1", "vpc-1", "vpc-2"), strict=True):
        vpc = ec2.Vpc.from_vpc_attributes(
            stack,
            "Vpc",
            vpc_id=id,
            vpc_cidr_block="10.0.0.0/16",
            availability_zones=["a", "b"],
            isolated_subnet_ids=["subnet-1", "subnet-2"],
        )
        made = {"vpc": vpc, "subnets": ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)}
        if stack.node.id == "again":
            assert "vpc: got 'a VPC with a path to bedrock-runtime'" in refusal_of(path, stack, **made)
        else:
            path(stack, **made)


REGIONS = {"first": "us-east-1", "again": "us-east-1", "elsewhere": "us-west-2", "other": "us-east-1"}
PATHS: list[tuple[dict[str, Any], str]] = [
    (
        {"service": "bedrock-runtime"},
        "service: got 'bedrock-runtime'; allowed: bedrock, bedrock-agent, bedrock-agent-runtime, bedrock-mantle; fix: choose "
        "one of these; calls of models go into PrivatePath(models=..., operations=...). Of other services, FIPS endpoints "
        "included, make an ec2.InterfaceVpcEndpoint",
    ),
    (
        {"actions": ("bedrock:*",)},
        'actions: got \'bedrock:*\'; allowed: whole names, as "bedrock:..."; fix: for example actions=("...",)',
    ),
    (
        {"service": "bedrock-mantle"},
        "actions: got 'bedrock:Retrieve'; allowed: whole names, as \"bedrock-mantle:...\"; fix: for example "
        'actions=("...",)',
    ),
    (
        {"resources": ()},
        'resources: got (); allowed: a tuple of ARNs, or "*" for actions that know no resource; at least one; fix: for example '
        'resources=("...",)',
    ),
]


@each(("changes", "message"), PATHS)
def test_paths_that_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ServiceAccess(**{"service": "bedrock-agent", "actions": ("bedrock:Retrieve",), "resources": ("*",), **changes})
    assert str(caught.value) == f"ServiceAccess: {message}"


def test_the_openai_endpoint() -> None:
    stack = new_stack()
    project = f"arn:aws:bedrock-mantle:us-east-1:{ACCOUNT}:project/default"
    mantle = ServiceAccess(service="bedrock-mantle", actions=("bedrock-mantle:CreateInference",), resources=(project,))
    path(stack, vpc=network(stack), additional_services=[mantle])
    assert set(endpoints(template_of(stack))) == {"bedrock-runtime", "bedrock-mantle"}


def test_doors_have_different_names_and_reasons() -> None:
    assert (
        len({door.name for door in INTERFACE_ENDPOINTS})
        == len({door.why for door in INTERFACE_ENDPOINTS})
        == len(INTERFACE_ENDPOINTS)
    )


def test_the_page_shows_every_door() -> None:
    page = (ROOT / "docs/guardrails.md").read_text()
    table = page[page.index("| endpoint | for |") :].partition("\n\n")[0].splitlines()[2:]
    assert table == [f"| `{door.name}` | {door.why} |" for door in INTERFACE_ENDPOINTS]

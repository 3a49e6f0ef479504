"""The execution role in other people's apps: grants to it, roles of others, and IAM's sizes."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import (
    AsyncEndpoint,
    AsyncIo,
    ComponentEndpoint,
    InferenceComponent,
    InstancePools,
    ManagedInstances,
    RealtimeEndpoint,
    Resources,
    ServerlessEndpoint,
    Variant,
    VpcPlacement,
)
from cdk_inference.endpoints.base import EndpointBase
from cdk_inference.serving import Container, EcrImage, S3Archive, S3Model, TeiCpu
from tests.each import each
from tests.judges import policy_size
from tests.refusals import refusal_of
from tests.support import CONTEXT, Template, llm, models, new_stack, of_type, only, template_of

KNOWN = cdk.Environment(account="111122223333", region="us-east-1")
HARDWARE = "ml.g6.2xlarge"


def realtime(stack: cdk.Stack, bucket: Any, **more: Any) -> EndpointBase:
    return RealtimeEndpoint(stack, "Realtime", server=llm(bucket), hardware=HARDWARE, **more)


def asynchronous(stack: cdk.Stack, bucket: Any, **more: Any) -> EndpointBase:
    exchange = AsyncIo(bucket=bucket)
    return AsyncEndpoint(stack, "Async", server=llm(bucket), hardware=HARDWARE, exchange=exchange, **more)


def serverless(stack: cdk.Stack, bucket: Any, **more: Any) -> EndpointBase:
    model = S3Archive(bucket=bucket, key="tiny.tar.gz", size_gb=0.1, unpacked_gb=0.2)
    return ServerlessEndpoint(stack, "Serverless", server=TeiCpu(model=model), **more)


def shared(stack: cdk.Stack, bucket: Any, **more: Any) -> EndpointBase:
    instances = ManagedInstances(max_instances=4)
    found = ComponentEndpoint(stack, "Shared", hardware=HARDWARE, instances=instances, **more)
    one = Resources(memory_mb=8192, accelerators=1)
    InferenceComponent(stack, "Component", endpoint=found, server=llm(bucket), resources=one)
    return found


KINDS: list[Callable[..., EndpointBase]] = [realtime, asynchronous, serverless, shared]


def templates_of(app: cdk.App) -> dict[str, Template]:
    return {stack.stack_name: stack.template for stack in app.synth().stacks}


def granted_everything(env: cdk.Environment | None) -> dict[str, Template]:
    """Every kind of endpoint in "fleet", each granted resources of its own stack and of "shared"."""
    app = cdk.App(context=CONTEXT)
    fleet, others = cdk.Stack(app, "fleet", env=env), cdk.Stack(app, "shared", env=env)
    bucket = models(fleet)
    everything = [make(fleet, bucket) for make in KINDS]
    for stack in (fleet, others):
        key = kms.Key(stack, "Key")
        secret = secretsmanager.Secret(stack, "Secret")
        own = s3.Bucket(stack, "Own", encryption_key=key)
        queue = sqs.Queue(stack, "Queue")
        topic = sns.Topic(stack, "Topic")
        for endpoint in everything:
            secret.grant_read(endpoint.execution_role)
            own.grant_read(endpoint)  # an endpoint is a grantee itself
            queue.grant_send_messages(endpoint)
            topic.grant_publish(endpoint.execution_role)
    return templates_of(app)


@functools.cache
def known() -> dict[str, Template]:
    return granted_everything(KNOWN)


RESOURCE_POLICIES = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")


@each("env", [KNOWN, None])
def test_a_grant_gives_what_it_gives_to_a_plain_role_and_no_policy_of_a_resource(env: cdk.Environment | None) -> None:
    found = known() if env is KNOWN else granted_everything(None)
    kinds = [one["Type"] for template in found.values() for one in template["Resources"].values()]
    assert set(kinds) & {*RESOURCE_POLICIES, "AWS::SecretsManager::ResourcePolicy"} == set()
    policies = of_type(found["fleet"], "AWS::IAM::Policy")
    assert len(policies) == len(KINDS)
    for policy in policies:
        actions = str(policy["PolicyDocument"])
        assert all(name in actions for name in ("secretsmanager:GetSecretValue", "s3:GetObject", "sqs:SendMessage"))
        (role,) = policy["Roles"]
        assert found["fleet"]["Resources"][role["Ref"]]["Type"] == "AWS::IAM::Role"
    for key in (one for template in found.values() for one in of_type(template, "AWS::KMS::Key")):
        assert [one["Principal"] for one in key["KeyPolicy"]["Statement"] if "ExecutionRole" in str(one)] == []


def test_every_model_waits_for_what_was_granted_later() -> None:
    """And so do endpoint and component, which refer to their models; the host of components waits itself."""
    resources = known()["fleet"]["Resources"]
    policies = {name for name, one in resources.items() if one["Type"] == "AWS::IAM::Policy"}
    waiting = {
        name: set(one.get("DependsOn", [])) & policies
        for name, one in resources.items()
        if one["Type"] == "AWS::SageMaker::Model" or name.startswith("SharedConfig")
    }
    assert len(waiting) == len(KINDS) + 1
    assert all(len(found) == 1 for found in waiting.values()), waiting


def test_a_role_that_an_aspect_moves_below_a_path_is_named_by_its_name() -> None:
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "fleet", env=KNOWN)
    endpoint = realtime(stack, models(stack))
    role = endpoint.node.find_child("Role")
    assert isinstance(role, iam.CfnRole)
    role.path = "/ml/"
    s3.Bucket(stack, "Own").grant_read(endpoint)
    template = templates_of(app)["fleet"]
    (policy,) = of_type(template, "AWS::IAM::Policy")
    assert policy["Roles"] == [{"Ref": stack.get_logical_id(role)}]


# Roles of others


@each("make", KINDS)
def test_a_given_role_is_used_and_nothing_is_made(make: Callable[..., EndpointBase]) -> None:
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "fleet", env=KNOWN)
    role = iam.Role.from_role_name(stack, "TeamRole", "ml-chat")
    endpoint = make(stack, models(stack), role=role)
    needed = endpoint.required_statements
    template = templates_of(app)["fleet"]
    kinds = [one["Type"] for one in template["Resources"].values()]
    assert [kind for kind in kinds if kind.startswith("AWS::IAM")] == []
    roles = {one["ExecutionRoleArn"] for one in of_type(template, "AWS::SageMaker::Model")}
    assert roles == {"arn:aws:iam::111122223333:role/ml-chat"}
    actions = {action for one in needed for action in one.actions}
    assert {"s3:GetObject", "ecr:BatchGetImage", "logs:PutLogEvents"} <= actions
    assert endpoint.execution_role is role


def test_the_needed_statements_are_those_of_a_role_that_is_made() -> None:
    """A role of the same app, given those, allows what the endpoint's own would, and the model waits for it."""
    app = cdk.App(context=CONTEXT)
    stack, team = cdk.Stack(app, "fleet", env=KNOWN), cdk.Stack(app, "team", env=KNOWN)
    own = realtime(stack, models(stack))
    bucket = models(team)
    role = iam.Role(team, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    given = RealtimeEndpoint(team, "Realtime", server=llm(bucket), hardware=HARDWARE, role=role)
    for statement in given.required_statements:
        role.add_to_principal_policy(statement)
    found = templates_of(app)
    (policy,) = of_type(found["team"], "AWS::IAM::Policy")
    (managed,) = of_type(found["fleet"], "AWS::IAM::ManagedPolicy")

    def allowed(document: Any, stack_name: str) -> str:
        one_or_many = [
            {
                name: value if isinstance(value, list) or name in ("Effect", "Condition") else [value]
                for name, value in statement.items()
                if name != "Sid"
            }
            for statement in document["Statement"]
        ]
        return json.dumps(one_or_many, sort_keys=True).replace(f"{stack_name}-realtime", "it")

    assert allowed(policy["PolicyDocument"], "team") == allowed(managed["PolicyDocument"], "fleet")
    (model,) = (one for one in found["team"]["Resources"].values() if one["Type"] == "AWS::SageMaker::Model")
    assert any(name.startswith("RoleDefaultPolicy") for name in model["DependsOn"])
    assert own.execution_role is not role


def test_endpoints_that_share_a_role_add_no_statement_ids_twice() -> None:
    stack = new_stack()
    bucket = models(stack)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("sagemaker.amazonaws.com"))
    for make in (realtime, asynchronous, serverless):
        for statement in make(stack, bucket, role=role).required_statements:
            role.add_to_principal_policy(statement)
    found = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert all("Sid" not in statement for statement in found)


@each("make", KINDS)
def test_what_is_no_role_or_one_of_another_account_is_refused(make: Callable[..., EndpointBase]) -> None:
    stack = cdk.Stack(cdk.App(context=CONTEXT), "fleet", env=KNOWN)
    bucket = models(stack)
    assert "role: got 'ml-chat'; allowed: a role (aws_iam.IRole) or None" in refusal_of(
        make, stack, bucket, role="ml-chat"
    )
    foreign = iam.Role.from_role_arn(stack, "Foreign", "arn:aws:iam::444455556666:role/ml-chat")
    assert "role: got 'a role in 444455556666'; allowed: a role in 111122223333" in refusal_of(
        make, stack, bucket, role=foreign
    )
    make(stack, bucket)


def test_customized_roles_are_followed() -> None:
    app = cdk.App(context=CONTEXT)
    team = cdk.Stack(app, "Team", env=KNOWN)
    names = {f"Team/{id}/Role": f"ml-{id.lower()}" for id in ("Realtime", "Async", "Serverless", "Shared")}
    iam.Role.customize_roles(team, use_precreated_roles=names)
    bucket = models(team)
    for make in KINDS:
        make(team, bucket)
    assembly = app.synth()
    template = assembly.stacks[0].template
    kinds = [one["Type"] for one in template["Resources"].values()]
    assert [kind for kind in kinds if kind.startswith("AWS::IAM")] == []
    roles = {one["ExecutionRoleArn"] for one in of_type(template, "AWS::SageMaker::Model")}
    assert roles == {f"arn:aws:iam::111122223333:role/{name}" for name in names.values()}
    with open(f"{assembly.directory}/iam-policy-report.json") as file:
        report = {one["roleName"]: str(one["identityPolicyStatements"]) for one in json.load(file)["roles"]}
    assert set(report) == set(names.values())
    assert all("s3:GetObject" in text and "ecr:BatchGetImage" in text for text in report.values())


# Sizes


def large() -> cdk.App:
    """Endpoints whose statements do not fit into one policy: weights, images and prefixes of their own."""
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "fleet", env=KNOWN)
    bucket = s3.Bucket(stack, "Own", encryption_key=kms.Key(stack, "Key"))
    prefix = "models/llama-3.1-8b-instruct/candidate-{}/2026-11-01/"

    def variants(server_of: Callable[[int], Any], hardware: Any = HARDWARE) -> list[Variant]:
        return [
            Variant(name=f"V{number}", traffic_percent=5, server=server_of(number), hardware=hardware)
            for number in range(9)
        ]

    def of(number: int, start: str = prefix) -> Any:
        return llm(bucket, model=S3Model(bucket=bucket, prefix=start.format(number), size_gb=10))

    def own_image(number: int) -> Container:
        repository = ecr.Repository.from_repository_name(stack, f"Repository{number}", f"{'team/' * 40}image-{number}")
        return Container(model=of(number).model, image=EcrImage(repository=repository, tag="1"), runs_on=("gpu",))

    server = llm(bucket)
    RealtimeEndpoint(stack, "Prefixes", server=server, hardware=HARDWARE, more_variants=variants(of))
    long = variants(lambda number: of(number, "x" * 140 + "-{}/"))
    RealtimeEndpoint(stack, "Long", server=server, hardware=HARDWARE, more_variants=long)
    RealtimeEndpoint(stack, "Images", server=server, hardware=HARDWARE, more_variants=variants(own_image))
    types = ("ml.g6.2xlarge", "ml.g6.4xlarge", "ml.g6.8xlarge", "ml.g5.2xlarge", "ml.g5.4xlarge")
    pools = InstancePools(types=types, servers={name: of(n) for n, name in enumerate(types)})
    own = {name: of(n + 9) for n, name in enumerate(types)}
    AsyncEndpoint(
        stack,
        "Pools",
        server=of(1, "y" * 240 + "/" + "z" * 240 + "{}/"),
        hardware=pools,
        exchange=AsyncIo(bucket=bucket),
    )
    second = Variant(name="B", traffic_percent=5, server=server, hardware=InstancePools(types=types, servers=own))
    RealtimeEndpoint(stack, "Both", server=server, hardware=pools, more_variants=[second])
    return app


def test_no_policy_is_larger_than_iam_takes_and_nothing_is_lost() -> None:
    template = templates_of(large())["fleet"]
    resources = template["Resources"]
    policies = {name: one["Properties"] for name, one in resources.items() if one["Type"] == "AWS::IAM::ManagedPolicy"}
    assert policy_size.findings(template) == []
    attached = {
        name: [arn["Ref"] for arn in one["Properties"]["ManagedPolicyArns"]]
        for name, one in resources.items()
        if one["Type"] == "AWS::IAM::Role"
    }
    assert sorted(arn for arns in attached.values() for arn in arns) == sorted(policies)
    assert all(2 <= len(arns) <= 10 for name, arns in attached.items() if not name.startswith("Pools")), attached
    for arns in attached.values():
        ids = [one["Sid"] for arn in arns for one in policies[arn]["PolicyDocument"]["Statement"]]
        assert len(ids) == len(set(ids))
    images = [
        resource
        for arn in next(arns for name, arns in attached.items() if name.startswith("Images"))
        for one in policies[arn]["PolicyDocument"]["Statement"]
        if one["Sid"].startswith("Image")
        for resource in one["Resource"]
    ]
    assert len(images) == 10  # nine of their own, and LMI's


def test_more_than_ten_policies_are_refused_before_anything_is_made() -> None:
    stack = cdk.Stack(cdk.App(context=CONTEXT), "fleet", env=KNOWN)
    bucket = models(stack)

    def of(number: int) -> Any:
        prefix = f"{'a' * 240}/{'b' * 240}/{'c' * 200}{number}/"
        return llm(bucket, model=S3Model(bucket=bucket, prefix=prefix, size_gb=10))

    types = ("ml.g6.2xlarge", "ml.g6.4xlarge", "ml.g6.8xlarge", "ml.g5.2xlarge", "ml.g5.4xlarge")
    variants = [
        Variant(
            name=f"V{n}",
            traffic_percent=5,
            server=of(5 * n),
            hardware=InstancePools(types=types, servers={name: of(5 * n + m) for m, name in enumerate(types)}),
        )
        for n in range(9)
    ]
    given = {"server": llm(bucket), "hardware": HARDWARE, "more_variants": variants}
    message = refusal_of(RealtimeEndpoint, stack, "Chat", **given)
    assert re.search(r"server: got 'models and images that fill 1\d policies'; allowed: 10 managed policies", message)
    role = iam.Role.from_role_name(stack, "Role", "theirs")
    RealtimeEndpoint(stack, "Chat", **given, role=role)  # how it is divided is its owner's affair


# Who else can be named


def test_the_connections_of_an_endpoint_are_its_containers_security_groups() -> None:
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "fleet", env=KNOWN)
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0)
    endpoint = realtime(
        stack,
        models(stack),
        vpc=VpcPlacement(vpc=vpc, subnets=ec2.SubnetSelection(subnets=vpc.isolated_subnets or vpc.private_subnets)),
    )
    database = ec2.SecurityGroup(stack, "Database", vpc=vpc)
    database.connections.allow_from(endpoint.connections, ec2.Port.tcp(5432))
    ingress = of_type(templates_of(app)["fleet"], "AWS::EC2::SecurityGroupIngress")
    assert len(ingress) == 1
    assert "RealtimeSecurityGroup" in str(ingress[0]["SourceSecurityGroupId"])


def test_an_endpoint_without_a_vpc_has_no_connections() -> None:
    stack = cdk.Stack(cdk.App(context=CONTEXT), "fleet", env=KNOWN)
    endpoint = realtime(stack, models(stack))
    with pytest.raises(ConfigurationError, match="an endpoint with vpc=VpcPlacement"):
        _ = endpoint.connections

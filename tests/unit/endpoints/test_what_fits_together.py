"""What works only together with something else: adapters, licences, keys of others, zones, networks, reservations."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import (
    AdapterComponent,
    AsyncEndpoint,
    AsyncIo,
    CapacityReservation,
    InferenceComponent,
    RealtimeEndpoint,
    VpcPlacement,
)
from cdk_inference.endpoints.source_checks import OWNED_ELSEWHERE
from cdk_inference.kit.log_groups import KEY_ELSEWHERE
from cdk_inference.network import InferenceNetwork
from cdk_inference.serving import Container, EcrImage, Lmi, S3Archive, S3Model, SgLang, Tei, Triton, Vllm
from tests.components import ONE_GPU, shared
from tests.each import each
from tests.refusals import refusal_of
from tests.support import CONTEXT, llm, models, new_stack, of_type, template_of

HARDWARE = "ml.g6.2xlarge"
ARN = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
RUNTIME = {"SM_VLLM_ENABLE_LORA": "true", "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True"}
MODEL = S3Model(prefix="m/", size_gb=1)
IMAGE = EcrImage(repository=type("R", (), {"repository_arn": "", "repository_uri_for_tag_or_digest": None}), tag="1")  # type: ignore[arg-type]


def warnings(construct: cdk.Resource | cdk.Stack, id: str) -> list[str]:
    """What `construct`, or anything below it, warns of under `id`."""
    return [
        str(entry.data)
        for one in construct.node.find_all()
        for entry in one.node.metadata
        if entry.type == "aws:cdk:warning" and id in str(entry.data)
    ]


# Adapters


@each(
    ("server", "missing"),
    [
        (Tei(model=MODEL), "Lmi, Vllm or a Container whose image loads adapters while it runs"),
        (Triton(model=MODEL, model_name="m"), "Lmi, Vllm or a Container"),
        (SgLang(model=MODEL, tensor_parallel_degree=1), "Lmi, Vllm or a Container"),
        (Lmi(model=MODEL, tensor_parallel_degree=1), 'add environment={"OPTION_ENABLE_LORA": "true"}'),
        (Vllm(model=MODEL, tensor_parallel_degree=1), 'add environment={"SM_VLLM_ENABLE_LORA": "true", "VLLM_ALLOW'),
        (
            Vllm(model=MODEL, tensor_parallel_degree=1, environment={**RUNTIME, "SM_VLLM_ENABLE_LORA": "false"}),
            "got 'Vllm without SM_VLLM_ENABLE_LORA'",
        ),
    ],
)
def test_a_server_that_loads_no_adapter_while_it_runs(server: Any, missing: str) -> None:
    assert missing in str(server.adapters_problem("base"))


@each(
    "server",
    [
        Lmi(model=MODEL, tensor_parallel_degree=1, environment={"OPTION_ENABLE_LORA": "true"}),
        Vllm(model=MODEL, tensor_parallel_degree=1, environment=RUNTIME),
        Vllm(model=MODEL, tensor_parallel_degree=1, environment={**RUNTIME, "SM_VLLM_ENABLE_LORA": "${Token[A.1]}"}),
        Container(model=MODEL, image=IMAGE, runs_on=("gpu",)),
    ],
)
def test_a_server_that_does(server: Any) -> None:
    assert server.adapters_problem("base") is None


def test_an_adapter_on_a_base_that_loads_none_is_refused() -> None:
    stack = new_stack()
    bucket = models(stack)
    base = InferenceComponent(
        stack,
        "Base",
        endpoint=shared(stack),
        server=Tei(model=S3Model(bucket=bucket, prefix="l/", size_gb=1)),
        resources=ONE_GPU,
    )
    archive = S3Archive(bucket=bucket, key="legal.tar.gz", size_gb=0.1, unpacked_gb=0.2)
    assert "AdapterComponent fleet/Legal: base: got 'Tei'" in refusal_of(
        AdapterComponent, stack, "Legal", base=base, adapter=archive
    )


# Licences


@each("region", ["us-east-1", "eu-west-1"])
def test_a_gated_jumpstart_model_needs_its_licence_accepted(region: str) -> None:
    stack = new_stack(region=region)
    gated = s3.Bucket.from_bucket_name(stack, "Gated", f"jumpstart-private-cache-prod-{region}")

    def server(**more: Any) -> Lmi:
        return llm(gated, model=S3Model(bucket=gated, prefix="meta/", size_gb=16.1, **more))

    message = refusal_of(RealtimeEndpoint, stack, "Chat", server=server(), hardware=HARDWARE)
    assert "server.model.accept_eula: got False" in message
    RealtimeEndpoint(stack, "Chat", server=server(accept_eula=True), hardware=HARDWARE)
    (model,) = of_type(template_of(stack), "AWS::SageMaker::Model")
    source = model["PrimaryContainer"]["ModelDataSource"]["S3DataSource"]
    assert source["ModelAccessConfig"] == {"AcceptEula": True}


def test_another_model_has_no_licence_to_accept() -> None:
    stack = new_stack()
    RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware=HARDWARE)
    assert "ModelAccessConfig" not in str(template_of(stack))
    assert "True or False" in refusal_of(S3Model, prefix="m/", size_gb=1, accept_eula="yes")


# What others own


def test_a_key_made_elsewhere_is_warned_of_once() -> None:
    stack = new_stack()
    key = kms.Key.from_key_arn(stack, "Key", ARN)
    for id in ("One", "Two"):
        RealtimeEndpoint(
            stack,
            id,
            server=llm(stack.node.try_find_child("Models") or models(stack)),
            hardware=HARDWARE,
            encryption_key=key,
        )
    found = warnings(stack, KEY_ELSEWHERE)
    assert len(found) == 1
    assert "to CloudWatch Logs of us-east-1 for" in found[0]
    assert "Token" not in found[0]
    assert "/aws/sagemaker/Endpoints/" in found[0]


def test_a_key_of_the_app_is_not_warned_of() -> None:
    stack = new_stack()
    RealtimeEndpoint(stack, "Chat", server=llm(models(stack)), hardware=HARDWARE, encryption_key=kms.Key(stack, "Key"))
    assert warnings(stack, KEY_ELSEWHERE) == []


def test_buckets_keys_and_repositories_of_another_account_are_warned_of() -> None:
    app = cdk.App(context=CONTEXT)
    stack = cdk.Stack(app, "fleet", env=cdk.Environment(account="111122223333", region="us-east-1"))
    key = kms.Key.from_key_arn(stack, "Key", ARN.replace("111122223333", "444455556666"))
    theirs = s3.Bucket.from_bucket_attributes(
        stack, "Theirs", bucket_name="theirs", encryption_key=key, account="444455556666", region="us-east-1"
    )
    images = ecr.Repository.from_repository_arn(stack, "Images", "arn:aws:ecr:us-east-1:777788889999:repository/mine")
    model = S3Model(bucket=theirs, prefix="m/", size_gb=1)
    server = Container(model=model, image=EcrImage(repository=images, tag="1"), runs_on=("gpu",))
    endpoint = RealtimeEndpoint(stack, "Chat", server=server, hardware=HARDWARE)
    found = warnings(endpoint, OWNED_ELSEWHERE)
    assert [one.partition("A ")[2].partition(" is used")[0] for one in found] == [
        "bucket of account 444455556666",
        "key of account 444455556666",
        "repository of account 777788889999",
    ]


def test_what_is_of_this_account_or_of_one_that_is_not_known_is_not_warned_of() -> None:
    for stack in (
        new_stack(),
        cdk.Stack(cdk.App(context=CONTEXT), "fleet", env=cdk.Environment(account="111122223333", region="us-east-1")),
    ):
        bucket = s3.Bucket.from_bucket_attributes(
            stack, "Models", bucket_name="models", encryption_key=kms.Key.from_key_arn(stack, "Key", ARN)
        )
        endpoint = RealtimeEndpoint(stack, "Chat", server=llm(bucket), hardware=HARDWARE)
        assert warnings(endpoint, OWNED_ELSEWHERE) == []


# Networks


def test_subnets_without_their_zones_name_the_import_that_has_them() -> None:
    stack = new_stack()
    vpc = ec2.Vpc(stack, "Vpc", max_azs=2, nat_gateways=0)
    subnets = [ec2.Subnet.from_subnet_id(stack, name, f"subnet-{name}") for name in ("a", "b")]
    placement = VpcPlacement(vpc=vpc, subnets=ec2.SubnetSelection(subnets=subnets))
    message = refusal_of(RealtimeEndpoint, stack, "Chat", server=llm(models(stack)), hardware=HARDWARE, vpc=placement)
    assert "got 'subnets whose zone is not known'" in message
    assert "ec2.Subnet.from_subnet_attributes(" in message
    zoned = [
        ec2.Subnet.from_subnet_attributes(
            stack, f"Z{name}", subnet_id=f"subnet-{name}", availability_zone=f"us-east-1{name}"
        )
        for name in ("a", "b")
    ]
    placement = VpcPlacement(vpc=vpc, subnets=ec2.SubnetSelection(subnets=zoned))
    RealtimeEndpoint(stack, "Chat", server=llm(stack.node.find_child("Models")), hardware=HARDWARE, vpc=placement)


def test_the_exchange_of_an_asynchronous_endpoint_is_let_through_the_network() -> None:
    stack = new_stack(region=None)
    bucket, exchange = models(stack), s3.Bucket.from_bucket_name(stack, "Exchange", "exchange")
    given: dict[str, Any] = {"server": llm(bucket), "hardware": HARDWARE, "exchange": AsyncIo(bucket=exchange)}
    closed = InferenceNetwork(stack, "Closed", read_from=[bucket])
    message = refusal_of(AsyncEndpoint, stack, "Jobs", **given, vpc=closed.placement)
    assert "vpc.read_from: got ('models',); allowed: the bucket exchange too" in message
    assert "vpc.write_to: got (); allowed: the bucket exchange too" in message
    opened = InferenceNetwork(stack, "Opened", read_from=[bucket, exchange], write_to=[exchange])
    AsyncEndpoint(stack, "Jobs", **given, vpc=opened.placement)


# Reservations

RESERVATION = CapacityReservation(arn="arn:aws:sagemaker:us-east-1:111122223333:training-plan/trn2-for-a-week")


def own_image(stack: cdk.Stack, kind: str, architecture: str) -> Container:
    repository = ecr.Repository.from_repository_name(stack, "Images", "mine")
    model = S3Model(bucket=models(stack), prefix="m/", size_gb=1)
    return Container(
        model=model, image=EcrImage(repository=repository, tag="1"), runs_on=(kind,), architecture=architecture
    )


@each(
    ("hardware", "kind", "architecture"),
    [("ml.trn2.48xlarge", "neuron", "x86_64"), ("ml.p6e-gb200.36xlarge", "gpu", "arm64")],
)
def test_a_type_that_no_region_lists_is_taken_with_a_reservation_and_marked(
    hardware: str, kind: str, architecture: str
) -> None:
    stack = new_stack()
    server = own_image(stack, kind, architecture)
    without = refusal_of(RealtimeEndpoint, stack, "Chat", server=server, hardware=hardware)
    assert "no region lists it for hosting" in without
    endpoint = RealtimeEndpoint(stack, "Chat", server=server, hardware=hardware, reservation=RESERVATION)
    (warning,) = warnings(endpoint, "cdk-inference:reserved-type")
    assert "is not established" in warning
    seen = cdk.Acknowledgment(id="Annotation::cdk-inference:reserved-type", reason="our plan has an offering")
    cdk.Validations.of(endpoint).acknowledge(seen)
    config = of_type(stack_template(stack), "AWS::SageMaker::EndpointConfig")[0]["ProductionVariants"][0]
    assert config["CapacityReservationConfig"]["MlReservationArn"] == RESERVATION.arn


def stack_template(stack: cdk.Stack) -> dict[str, Any]:
    app = stack.node.root
    assert isinstance(app, cdk.App)
    found = app.synth().get_stack_artifact(stack.artifact_id).template
    assert isinstance(found, dict)
    return found


def test_a_type_that_other_regions_list_is_still_refused_with_a_reservation() -> None:
    stack = new_stack(region="eu-north-1")
    reservation = CapacityReservation(arn=RESERVATION.arn.replace("us-east-1", "eu-north-1"))
    message = refusal_of(
        RealtimeEndpoint,
        stack,
        "Chat",
        server=own_image(stack, "neuron", "x86_64"),
        hardware="ml.trn1.32xlarge",
        reservation=reservation,
    )
    assert "hardware: got 'ml.trn1.32xlarge'; allowed: a type that eu-north-1 lists for hosting" in message

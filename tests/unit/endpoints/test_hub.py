"""An endpoint whose container downloads its model: what it needs, what the template holds, what the role lacks."""

from __future__ import annotations

import json
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import InstancePools, VpcPlacement
from cdk_inference.serving import HuggingFaceModel, Tei, TokenInEnvironment, Vllm
from tests.each import each
from tests.judges import service_model
from tests.refusals import refusal_of
from tests.support import Template, endpoint_template, llm, models, of_type, only, resource

ID = "meta-llama/Llama-3.1-8B-Instruct"
MODEL = HuggingFaceModel(model_id=ID, revision="v1.0", size_gb=16.1)
SERVER = Vllm(model=MODEL, tensor_parallel_degree=1, max_model_len=8192)
OPEN: dict[str, Any] = {"server": SERVER, "network_isolation": False}


def refusal(**arguments: Any) -> str:
    return refusal_of(endpoint_template, **arguments)


PRIVATE, ISOLATED_SUBNETS = ["subnet-00000001", "subnet-00000002"], ["subnet-00000003", "subnet-00000004"]


def vpc(stack: cdk.Stack, *, private: bool = True) -> ec2.IVpc:
    tables = ["rtb-00000001", "rtb-00000002"]
    ways = {"private_subnet_ids": PRIVATE, "private_subnet_route_table_ids": tables} if private else {}
    return ec2.Vpc.from_vpc_attributes(
        stack,
        "Vpc",
        vpc_id="vpc-00000001",
        availability_zones=["us-east-1a", "us-east-1b"],
        isolated_subnet_ids=ISOLATED_SUBNETS,
        isolated_subnet_route_table_ids=tables,
        **ways,
    )


def container(template: Template) -> dict[str, Any]:
    found = only(template, "AWS::SageMaker::Model")["PrimaryContainer"]
    assert isinstance(found, dict)
    return found


def statements(template: Template) -> list[str]:
    return [one["Sid"] for one in only(template, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]]


ISOLATED = (
    f"server.model: got '{ID} from the Hugging Face hub'; allowed: a model in S3: isolated containers, the default,"
    " reach nothing; fix: copy the model into S3 and write S3Model(...), or write network_isolation=False"
)
NO_WAY_OUT = (
    f"vpc.internet: got False; allowed: True for {ID} from the Hugging Face hub: the container downloads it through"
    " these subnets; fix: write internet=True if they have a way out, through a NAT gateway or a proxy;"
    " or copy the model into S3 and write S3Model(...)"
)


def test_an_isolated_container_reaches_no_hub() -> None:
    assert refusal(server=SERVER) == f"RealtimeEndpoint fleet/Chat: {ISOLATED}"


def test_a_vpc_without_a_way_out_reaches_no_hub() -> None:
    placement = {"vpc": lambda stack: VpcPlacement(vpc=vpc(stack))}
    assert refusal(**OPEN, **placement) == f"RealtimeEndpoint fleet/Chat: {NO_WAY_OUT}"
    assert refusal(server=SERVER, **placement) == (
        f"RealtimeEndpoint fleet/Chat has 2 problems:\n  1. {ISOLATED}\n  2. {NO_WAY_OUT}"
    )


def test_a_pools_own_server_is_asked_too() -> None:
    pools = InstancePools(types=("ml.g6.2xlarge", "ml.g6.4xlarge"), servers={"ml.g6.4xlarge": SERVER})
    assert refusal(hardware=pools) == f"RealtimeEndpoint fleet/Chat: {ISOLATED}"


def test_the_template_has_no_model_data_and_the_role_no_s3() -> None:
    template = endpoint_template(**OPEN)
    assert service_model.findings(template) == []
    found = container(template)
    assert "ModelDataSource" not in found
    assert found["Environment"] == {
        "SM_VLLM_MODEL": ID,
        "SM_VLLM_REVISION": "v1.0",
        "SM_VLLM_TENSOR_PARALLEL_SIZE": "1",
        "SM_VLLM_MAX_MODEL_LEN": "8192",
    }
    assert statements(template) == ["Unscoped", "Image", "Logs", "RollbackAlarms"]
    assert "s3:" not in json.dumps(resource(template, "AWS::IAM::ManagedPolicy"))


def test_the_download_is_part_of_the_containers_start_and_takes_room() -> None:
    (variant,) = only(endpoint_template(**OPEN, hardware="ml.g5.xlarge"), "AWS::SageMaker::EndpointConfig")[
        "ProductionVariants"
    ]
    assert variant["ContainerStartupHealthCheckTimeoutInSeconds"] == 980
    large = HuggingFaceModel(model_id=ID, revision="v1.0", size_gb=460)
    assert refusal(**{**OPEN, "server": Tei(model=large)}) == (
        "RealtimeEndpoint fleet/Chat: server.model: got '460 GB on disk'; allowed: what the local disk of"
        " ml.g6.2xlarge holds, 450 GB; fix: choose hardware with more local storage, or a smaller (quantized) model"
    )


def test_with_a_way_out_the_subnets_are_the_private_ones() -> None:
    template = endpoint_template(**OPEN, vpc=lambda stack: VpcPlacement(vpc=vpc(stack), internet=True))
    assert only(template, "AWS::SageMaker::Model")["VpcConfig"]["Subnets"] == PRIVATE
    template = endpoint_template(vpc=lambda stack: VpcPlacement(vpc=vpc(stack)))
    assert only(template, "AWS::SageMaker::Model")["VpcConfig"]["Subnets"] == ISOLATED_SUBNETS


def test_a_vpc_without_private_subnets_has_no_way_out() -> None:
    def placement(stack: cdk.Stack) -> VpcPlacement:
        return VpcPlacement(vpc=vpc(stack, private=False), internet=True)

    assert refusal(**OPEN, vpc=placement) == (
        "RealtimeEndpoint fleet/Chat: vpc.subnets: got \"There are no 'Private' subnet groups in this VPC. Available"
        ' types: Isolated,Deprecated_Isolated"; allowed: 2 to 16 subnets in at least 2 Availability Zones; fix: name'
        " private subnets with VpcPlacement(subnets=ec2.SubnetSelection(...)), or give the VPC more"
    )


@each("internet", ["yes", 1, None])
def test_internet_is_true_or_false(internet: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        VpcPlacement(vpc=vpc(cdk.Stack()), internet=internet)
    assert str(caught.value) == (
        f"VpcPlacement: internet: got {internet!r}; allowed: True or False; fix: write True or False"
    )


def gated(stack: cdk.Stack, field: str | None, region: str | None = None) -> Vllm:
    where = cdk.Stack(stack.node.root, "Secrets", env=cdk.Environment(region=region)) if region else stack
    secret = secretsmanager.Secret.from_secret_name_v2(where, "Token", "hub-token")
    token = TokenInEnvironment(secret=secret, json_field=field)
    model = HuggingFaceModel(model_id=ID, revision="v1.0", size_gb=16.1, token=token)
    return Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192)


@each(("field", "text"), [("token", "token"), (None, "")])
def test_the_template_refers_to_the_token_and_the_role_cannot_read_it(field: str | None, text: str) -> None:
    template = endpoint_template(network_isolation=False, server=lambda stack: gated(stack, field))
    start = "{{resolve:secretsmanager:arn:aws:secretsmanager:us-east-1:"
    assert container(template)["Environment"]["HF_TOKEN"] == {
        "Fn::Join": ["", [start, {"Ref": "AWS::AccountId"}, f":secret:hub-token:SecretString:{text}::}}}}"]]
    }
    assert "secretsmanager" not in json.dumps(of_type(template, "AWS::IAM::ManagedPolicy"))


def test_a_secret_made_by_the_stack_keeps_its_value_out_of_the_template() -> None:
    def server(stack: cdk.Stack) -> Vllm:
        value = cdk.SecretValue.cfn_parameter(cdk.CfnParameter(stack, "Given", no_echo=True))
        secret = secretsmanager.Secret(stack, "Token", secret_string_value=value)
        model = HuggingFaceModel(model_id=ID, revision="v1.0", size_gb=16.1, token=TokenInEnvironment(secret=secret))
        return Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192)

    token = container(endpoint_template(network_isolation=False, server=server))["Environment"]["HF_TOKEN"]
    (name,) = [part["Ref"] for part in token["Fn::Join"][1] if isinstance(part, dict)]
    assert token == {"Fn::Join": ["", ["{{resolve:secretsmanager:", {"Ref": name}, ":SecretString:::}}"]]}


def test_a_secret_of_another_region_is_refused() -> None:
    assert refusal(network_isolation=False, server=lambda stack: gated(stack, "token", "eu-west-1")) == (
        "RealtimeEndpoint fleet/Chat: server.model.token: got 'a secret in eu-west-1'; allowed: a secret in us-east-1,"
        " the endpoint's region; fix: copy it to us-east-1, or move the endpoint to eu-west-1"
    )


def test_a_pool_may_mix_sources() -> None:
    def hardware(stack: cdk.Stack) -> InstancePools:
        own = llm(models(stack))
        hub = Vllm(model=MODEL, tensor_parallel_degree=1, max_model_len=8192)
        return InstancePools(
            types=("ml.g6.2xlarge", "ml.g6.4xlarge"), servers={"ml.g6.2xlarge": own, "ml.g6.4xlarge": hub}
        )

    template = endpoint_template(**OPEN, hardware=hardware)
    sources = ["ModelDataSource" in one["PrimaryContainer"] for one in of_type(template, "AWS::SageMaker::Model")]
    assert sources == [True, False]
    assert [sid for sid in statements(template) if sid.startswith("Model")] == ["Model", "ModelList"]

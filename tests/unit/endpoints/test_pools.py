"""Instance pools: several types by priority, with what they must share."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import InstancePools, PrefixAware, RealtimeEndpoint
from cdk_inference.serving import S3Model
from tests.each import each
from tests.judges import service_model
from tests.refusals import NUMBER_TOKEN, refusal_of
from tests.support import encoder, endpoint_template, llm, models, new_stack, of_type, only, resource, template_of

SUBJECT = "RealtimeEndpoint fleet/Chat"
GPUS = ("ml.g6.12xlarge", "ml.g5.12xlarge")
PREFIX_AWARE = "PrefixAware(prefix_length=..., concurrency_threshold=...)"
BUCKET = models(new_stack())


def variant(**arguments: Any) -> dict[str, Any]:
    template = endpoint_template(**arguments)
    assert service_model.findings(template) == []
    (found,) = only(template, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert isinstance(found, dict)
    return found


def refusal(**arguments: Any) -> str:
    return refusal_of(endpoint_template, **arguments)


def test_types_by_priority_share_one_model() -> None:
    found = variant(hardware=InstancePools(types=GPUS, provision_timeout_seconds=900))
    assert found["InstancePools"] == [
        {"InstanceType": "ml.g6.12xlarge", "Priority": 1},
        {"InstanceType": "ml.g5.12xlarge", "Priority": 2},
    ]
    assert "InstanceType" not in found
    assert found["VariantInstanceProvisionTimeoutInSeconds"] == 900
    assert found["RoutingConfig"] == {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"}


def test_a_type_with_a_server_of_its_own_has_a_model_of_its_own() -> None:
    def hardware(stack: cdk.Stack) -> InstancePools:
        own = llm(models(stack), tensor_parallel_degree=8)
        return InstancePools(types=("ml.g6.12xlarge", "ml.g6.48xlarge"), servers={"ml.g6.48xlarge": own})

    def server(stack: cdk.Stack) -> Any:
        return llm(stack.node.find_child("Models"), tensor_parallel_degree=4)

    template = endpoint_template(hardware=hardware, server=server)
    degrees = [
        model["PrimaryContainer"]["Environment"]["OPTION_TENSOR_PARALLEL_DEGREE"]
        for model in of_type(template, "AWS::SageMaker::Model")
    ]
    assert degrees == ["4", "8"]
    names = [name for name, value in template["Resources"].items() if value["Type"] == "AWS::SageMaker::Model"]
    (found,) = only(template, "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert found["ModelName"] == {"Fn::GetAtt": [names[0], "ModelName"]}
    assert [pool.get("ModelNameOverride") for pool in found["InstancePools"]] == [
        None,
        {"Fn::GetAtt": [names[1], "ModelName"]},
    ]


def test_the_slowest_pool_sets_the_time_outs() -> None:
    # 32 GB in the second: 376.5 s at 85 MB/s; the first's 16.1 GB take 190.
    def hardware(stack: cdk.Stack) -> InstancePools:
        own = llm(
            models(stack),
            model=S3Model(bucket=models(new_stack()), prefix="large/", size_gb=32),
            tensor_parallel_degree=4,
        )
        return InstancePools(types=GPUS, servers={"ml.g5.12xlarge": own})

    template = endpoint_template(hardware=hardware, server=lambda stack: llm(stack.node.find_child("Models")))
    config = resource(template, "AWS::SageMaker::EndpointConfig")
    (found,) = config["Properties"]["ProductionVariants"]
    assert found["ModelDataDownloadTimeoutInSeconds"] == 377
    assert found["ContainerStartupHealthCheckTimeoutInSeconds"] == 977
    assert config["Metadata"]["cdk-inference:startup"].startswith("ml.g5.12xlarge: 32 GB / 85 MB/s ")


def test_equal_servers_share_a_model() -> None:
    stack = new_stack()
    bucket = models(stack)
    hardware = InstancePools(types=GPUS, servers={"ml.g5.12xlarge": llm(bucket)})
    RealtimeEndpoint(stack, "Chat", server=llm(bucket), hardware=hardware)
    assert len(of_type(template_of(stack), "AWS::SageMaker::Model")) == 1


@each(
    ("arguments", "message"),
    [
        (
            {"types": ("ml.g6.12xlarge",)},
            "InstancePools: types: got ('ml.g6.12xlarge',); allowed: 2 to 5 types, each once; fix: write one type as "
            'hardware="ml...."; drop types that appear twice or come last',
        ),
        (
            {"types": "ml.g6.12xlarge"},
            "InstancePools: types: got 'ml.g6.12xlarge'; allowed: a tuple of 2 to 5 instance types; fix: for example "
            'types=("ml.g6.12xlarge", "ml.g5.12xlarge")',
        ),
        (
            {"types": GPUS, "servers": {"ml.g6.xlarge": llm(BUCKET)}, "provision_timeout_seconds": 60},
            "InstancePools has 2 problems:\n"
            "  1. servers: got ['ml.g6.xlarge']; allowed: types of these pools: ml.g6.12xlarge, ml.g5.12xlarge; fix: "
            "correct the key\n"
            "  2. provision_timeout_seconds: got 60; allowed: a whole number from 300 to 3600; fix: choose seconds within "
            "the limits",
        ),
        (
            {"types": GPUS, "allow_untested": "yes"},
            "InstancePools: allow_untested: got 'yes'; allowed: True or False; fix: write True only if you have "
            "tried it",
        ),
    ],
)
def test_wrong_pools(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        InstancePools(**arguments)
    assert str(caught.value) == message


def test_each_type_is_checked() -> None:
    message = refusal(hardware=InstancePools(types=("ml.g6.12xlarge", "ml.inf3.xlarge")))
    assert message.startswith(f"{SUBJECT}: hardware.types[1]: got 'ml.inf3.xlarge'; allowed: an instance type of")


def test_a_mix_of_neuron_and_gpu() -> None:
    def hardware(stack: cdk.Stack) -> InstancePools:
        own = {"ml.inf2.8xlarge": encoder(models(stack))}
        return InstancePools(types=("ml.g6.12xlarge", "ml.inf2.8xlarge"), servers=own)

    def server(stack: cdk.Stack) -> Any:
        return llm(stack.node.find_child("Models"))

    assert refusal(hardware=hardware, server=server) == (
        f"{SUBJECT} has 3 problems:\n"
        "  1. hardware.types: got 'gpu and neuron'; allowed: one kind of hardware: AWS's pages neither show nor forbid a "
        "mix, and pools share one host image; fix: make a second endpoint for the other chip and move the callers; or write allow_untested=True\n"
        "  2. hardware.servers: got ['al2-ami-sagemaker-inference-neuron-2', 'al2023-ami-sagemaker-inference-gpu-4-1']; "
        "allowed: one host image (InferenceAmiVersion) for all pools; fix: choose servers that are built for the same "
        "host image, or make a second endpoint\n"
        "  3. hardware.types: got 'ml.g6.12xlarge together with types with a storage volume'; allowed: types that all take a "
        "storage volume, or none; fix: choose types that all have local NVMe storage, or none"
    )


def test_random_routing_overloads_the_smaller_of_unequal_types() -> None:
    assert refusal(hardware=InstancePools(types=GPUS), routing="RANDOM") == (
        f"{SUBJECT}: routing: got 'RANDOM'; allowed: LEAST_OUTSTANDING_REQUESTS, {PREFIX_AWARE}: random routing "
        "overloads the smaller of unequal types; fix: leave routing out"
    )


def test_no_routing_would_be_random() -> None:
    assert refusal(routing=None).startswith(
        f"{SUBJECT}: routing: got None; allowed: LEAST_OUTSTANDING_REQUESTS, RANDOM;"
    )


@each("routing", ["LEAST_OUTSTANDING_REQUESTS", "RANDOM"])
def test_routing(routing: Any) -> None:
    assert variant(routing=routing)["RoutingConfig"] == {"RoutingStrategy": routing}


def test_prefix_aware_routing_has_what_the_api_requires_with_it() -> None:
    assert variant(routing=PrefixAware(prefix_length=4096, concurrency_threshold=32))["RoutingConfig"] == {
        "RoutingStrategy": "PREFIX_AWARE",
        "PrefixAwareRoutingConfig": {"PrefixLength": 4096, "ConcurrencyThreshold": 32},
    }


def test_prefix_aware_routing_by_its_name_alone_is_incomplete() -> None:
    assert refusal(routing="PREFIX_AWARE") == (
        f"{SUBJECT}: routing: got 'PREFIX_AWARE'; allowed: {PREFIX_AWARE}: SageMaker requires both with PREFIX_AWARE; "
        f"fix: write routing={PREFIX_AWARE}"
    )


@each(
    ("length", "threshold", "wrong"),
    [
        (1024, 1, []),
        (65_536, 1024, []),
        (1023, 0, ["prefix_length", "concurrency_threshold"]),
        (65_537, 1025, ["prefix_length", "concurrency_threshold"]),
    ],
)
def test_the_bounds_of_prefix_aware_routing(length: int, threshold: int, wrong: list[str]) -> None:
    found: list[str] = []
    try:
        PrefixAware(prefix_length=length, concurrency_threshold=threshold)
    except ConfigurationError as error:
        found = [problem.argument for problem in error.problems]
    assert found == wrong


def test_numbers_of_prefix_aware_routing_may_be_tokens() -> None:
    made = PrefixAware(prefix_length=NUMBER_TOKEN, concurrency_threshold=NUMBER_TOKEN)
    assert (made.prefix_length, made.concurrency_threshold) == (NUMBER_TOKEN, NUMBER_TOKEN)


def test_a_strategy_that_cloudformation_lacks() -> None:
    assert refusal(routing="KV_AWARE") == (
        f"{SUBJECT}: routing: got 'KV_AWARE'; allowed: LEAST_OUTSTANDING_REQUESTS, RANDOM; fix: choose one of these, or "
        f"{PREFIX_AWARE}"
    )


def test_servers_are_a_copy() -> None:
    mine = {GPUS[1]: llm(BUCKET)}
    pools = InstancePools(types=GPUS, servers=mine)
    mine.clear()
    assert list(pools.servers) == [GPUS[1]]

"""What inference components, adapters and their endpoints cannot be, by whole messages."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import (
    AdapterComponent,
    ComponentOn,
    Consolidation,
    InferenceComponent,
    InstancePools,
    ManagedInstances,
    Placement,
    Resources,
)
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import HuggingFaceModel, S3Archive, S3Model, Tei, Vllm
from tests.components import ONE_GPU, base_of_adapters, component, refusal, shared
from tests.each import each
from tests.support import encoder, llm, models, new_stack

COMPONENT, CONFIG = "AWS::SageMaker::InferenceComponent", "AWS::SageMaker::EndpointConfig"

CHAT = "InferenceComponent fleet/Chat: "


SERVER = Vllm(model=S3Model(prefix="m/", size_gb=1), tensor_parallel_degree=1)


@each(
    ("of_endpoint", "arguments", "message"),
    [
        (
            {},
            {"resources": Resources(memory_mb=8192, accelerators=5)},
            "resources.accelerators: got 5; allowed: up to 4: ml.g6.12xlarge has 4 accelerators; fix: reserve less, or "
            "choose larger hardware",
        ),
        (
            {},
            {"resources": Resources(memory_mb=8192)},
            "resources.accelerators: got None; allowed: a count, since ml.g6.12xlarge has accelerators; fix: write "
            "accelerators=1 or more",
        ),
        (
            {},
            {"server": lambda bucket: llm(bucket, tensor_parallel_degree=2)},
            "server.tensor_parallel_degree: got 2; allowed: up to 1, what a copy with resources.accelerators=1 has on "
            "ml.g6.12xlarge; fix: reserve more accelerators, or lower the degree",
        ),
        (
            {"hardware": "ml.inf2.8xlarge"},
            {"server": encoder},
            "resources.accelerators: got '1 on ml.inf2.8xlarge'; allowed: GPUs: AWS does not document whether devices or "
            "NeuronCores are counted on Neuron hardware; fix: make a RealtimeEndpoint on this chip, or write allow_untested=True",
        ),
        (
            {},
            {
                "server": lambda _: Vllm(
                    model=HuggingFaceModel(model_id="a/b", revision="a" * 40, size_gb=1), tensor_parallel_degree=1
                )
            },
            "server.model: got 'a/b from the Hugging Face hub'; allowed: a model in S3: isolated containers, the default, reach "
            "nothing; fix: copy the model into S3 and write S3Model(...), or write network_isolation=False",
        ),
        (
            {},
            {"per_type": {"ml.g5.xlarge": ComponentOn(server=SERVER, resources=ONE_GPU)}},
            "per_type: got ['ml.g5.xlarge']; allowed: types of the endpoint: ml.g6.12xlarge; fix: correct the key",
        ),
        (
            {},
            {"per_type": {"ml.g6.12xlarge": ComponentOn(server=SERVER, resources=ONE_GPU)}},
            "per_type: got ['ml.g6.12xlarge']; allowed: an endpoint with InstancePools; fix: use server= and resources=",
        ),
        (
            {},
            {"scaling": 3},
            "scaling: got 3; allowed: FixedCopies, TargetConcurrencyPerCopy, TargetInvocationsPerCopy, "
            "TargetUtilization, TargetMetric, StepScaling, ScheduledCount, CombinedPolicies; fix: scaling=FixedCopies()",
        ),
    ],
)
def test_what_one_component_cannot_be(of_endpoint: dict[str, Any], arguments: dict[str, Any], message: str) -> None:
    stack = new_stack()
    bucket = models(stack)
    made = {name: value(bucket) if callable(value) else value for name, value in arguments.items()}
    with pytest.raises(ConfigurationError) as caught:
        component(shared(stack, **of_endpoint), **made)
    assert str(caught.value) == f"{CHAT}{message}"


def test_scaling_by_instances_is_refused() -> None:
    message = refusal(scaling=TargetConcurrency(per_instance=1, max_instances=2))
    assert message.startswith(
        f"{CHAT}scaling: got 'TargetConcurrency'; allowed: for an inference component: FixedCopies"
    )


def test_components_must_agree_on_the_host_image() -> None:
    stack = new_stack()
    endpoint = shared(stack)
    component(endpoint)
    model = S3Model(bucket=stack.node.find_child("Models"), prefix="e/", size_gb=1)
    with pytest.raises(ConfigurationError) as caught:
        component(endpoint, "Encoder", server=Tei(model=model))
    assert str(caught.value) == (
        "InferenceComponent fleet/Encoder: server: got ['al2-ami-sagemaker-inference-gpu-3-1', "
        "'al2023-ami-sagemaker-inference-gpu-4-1']; allowed: one host image (InferenceAmiVersion) for all components and "
        "types of the endpoint; fix: choose servers that are built for the same host image, or make a second "
        "ComponentEndpoint"
    )


def test_a_component_of_another_stack() -> None:
    app = cdk.App()
    endpoint = shared(new_stack(app=app))
    other = new_stack("other", app=app)
    with pytest.raises(ConfigurationError) as caught:
        InferenceComponent(other, "Chat", endpoint=endpoint, server=llm(models(other)), resources=ONE_GPU)
    assert str(caught.value) == (
        "InferenceComponent other/Chat: endpoint: got 'fleet'; allowed: an endpoint of the component's own stack, which "
        "has the role that the component needs; fix: make both in one stack"
    )


def test_an_endpoint_of_another_kind() -> None:
    stack = new_stack()
    with pytest.raises(ConfigurationError) as caught:
        InferenceComponent(stack, "Chat", endpoint="shared", server=llm(models(stack)), resources=ONE_GPU)  # type: ignore[arg-type]
    assert str(caught.value) == (
        f"{CHAT}endpoint: got 'str'; allowed: a ComponentEndpoint of this app: an endpoint whose variant names a model "
        "takes no components; fix: make a ComponentEndpoint first"
    )


@each(
    ("arguments", "message"),
    [
        (
            {"instances": 2},
            "instances: got 2; allowed: ManagedInstances or FixedCount; fix: instances=ManagedInstances(max_instances=...)",
        ),
        ({"hardware": "ml.trn2.48xlarge"}, None),
        (
            {"hardware": InstancePools(types=("ml.g6.xlarge", "ml.g5.xlarge"), servers={"ml.g5.xlarge": llm(None)})},  # type: ignore[arg-type]
            "hardware.servers: got ['ml.g5.xlarge']; allowed: pools without servers of their own; fix: give the component "
            "per_type={...}",
        ),
        (
            {"routing": "BEST"},
            "routing: got 'BEST'; allowed: LEAST_OUTSTANDING_REQUESTS, RANDOM; fix: choose one of these, or "
            "PrefixAware(prefix_length=..., concurrency_threshold=...)",
        ),
    ],
)
def test_a_shared_endpoint_that_is_none(arguments: dict[str, Any], message: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        shared(new_stack(), **arguments)
    assert message is None or str(caught.value) == f"ComponentEndpoint fleet/Shared: {message}"


@each(
    ("kind", "arguments", "message"),
    [
        (
            ManagedInstances,
            {"min_instances": 3, "max_instances": 2},
            "ManagedInstances: max_instances: got 2; allowed: at least min_instances (3); fix: raise max_instances or lower "
            "min_instances",
        ),
        (
            Consolidation,
            {"max_step_instances": 0, "cooldown_minutes": 4},
            "Consolidation has 2 problems:\n"
            "  1. max_step_instances: got 0; allowed: a whole number from 1 to 100; fix: choose within the limits\n"
            "  2. cooldown_minutes: got 4; allowed: a whole number from 5 to 1440; fix: choose within the limits",
        ),
        (
            Placement,
            {"strategy": "spread"},
            "Placement: strategy: got 'spread'; allowed: SPREAD, BINPACK; fix: choose one of these",
        ),
        (
            Resources,
            {"memory_mb": 100, "accelerators": 0, "cpu_cores": 0.1},
            "Resources has 3 problems:\n"
            "  1. memory_mb: got 100; allowed: a whole number from 128; fix: give megabytes of the host's memory\n"
            "  2. accelerators: got 0; allowed: a whole number from 1; fix: give a count of 1 or more, or leave it out for "
            "a model on the CPU\n"
            "  3. cpu_cores: got 0.1; allowed: 0.25 or more; fix: reserve a quarter or nothing",
        ),
    ],
)
def test_values_that_are_none(kind: type, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(**arguments)
    assert str(caught.value) == message


@each(
    ("adapter", "message"),
    [
        (
            S3Model(prefix="a/", size_gb=1),
            "got S3Model(prefix='a/', size_gb=1, bucket=None, accept_eula=False); allowed: S3Archive",
        ),
        (S3Archive(key="a.tar.gz", size_gb=1, unpacked_gb=1), "got None; allowed: the bucket that holds the adapter"),
    ],
)
def test_an_adapter_that_is_none(adapter: Any, message: str) -> None:
    stack = new_stack()
    base = base_of_adapters(shared(stack))
    with pytest.raises(ConfigurationError) as caught:
        AdapterComponent(stack, "Legal", base=base, adapter=adapter)
    assert message in str(caught.value)

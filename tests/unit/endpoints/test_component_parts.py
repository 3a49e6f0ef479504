"""What a shared endpoint, its components and adapters are made of: rights, order, keys, capture, network, names."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import (
    AdapterComponent,
    ComponentEndpoint,
    ComponentOn,
    DataCapture,
    InferenceComponent,
    InstancePools,
    ManagedInstances,
    Observability,
    RealtimeEndpoint,
    Resources,
)
from cdk_inference.network import InferenceNetwork
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import FixedCopies, TargetConcurrencyPerCopy
from cdk_inference.serving import S3Archive, S3Model, Vllm
from rehearsal.iam import Policies, Request, decide
from tests.components import base_of_adapters
from tests.each import each
from tests.judges import service_model
from tests.judges.deployed import Deployment
from tests.refusals import refusal_of
from tests.support import Template, llm, models, new_stack, of_type, only, resource, template_of

COMPONENT, CONFIG = "AWS::SageMaker::InferenceComponent", "AWS::SageMaker::EndpointConfig"
ONE_GPU = Resources(memory_mb=1024, accelerators=1)
ARN = "arn:aws:sagemaker:us-east-1:111122223333"


def shared(stack: cdk.Stack, id: str = "Shared", **arguments: Any) -> ComponentEndpoint:
    given = {"hardware": "ml.g6.12xlarge", "instances": ManagedInstances(max_instances=4), **arguments}
    return ComponentEndpoint(stack, id, **given)


def component(endpoint: ComponentEndpoint, id: str = "Chat", **arguments: Any) -> InferenceComponent:
    stack = cdk.Stack.of(endpoint)
    given = {"endpoint": endpoint, "resources": ONE_GPU, **arguments}
    if "server" not in given:
        given["server"] = llm(stack.node.try_find_child("Models") or models(stack))
    return InferenceComponent(stack, id, **given)


def archive(bucket: Any, name: str = "legal") -> S3Archive:
    return S3Archive(bucket=bucket, key=f"{name}.tar.gz", size_gb=0.1, unpacked_gb=0.2)


def waits(found: Template, name: str) -> list[str]:
    """What a component waits for."""
    (one,) = (
        one
        for one in found["Resources"].values()
        if one["Type"] == COMPONENT and one["Properties"]["InferenceComponentName"] == name
    )
    return [found["Resources"][other]["Type"] for other in one["DependsOn"]]


def test_who_may_call_what() -> None:
    """SageMaker asks for the endpoint and for the component: both are resource types of these actions."""
    stack = new_stack()
    first = shared(stack)
    chat, sums = base_of_adapters(first), component(first, "Sums")
    bucket = stack.node.find_child("Models")
    legal = AdapterComponent(stack, "Legal", base=chat, adapter=archive(bucket))
    other = component(shared(stack, "Other"), "OtherChat")
    callers = {"chat": chat, "sums": sums, "legal": legal, "otherchat": other}
    for name, made in callers.items():
        made.grant_invoke(iam.Role(stack, f"Of{name}", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    policies = [one["PolicyDocument"] for one in Deployment().resolve(of_type(template_of(stack), "AWS::IAM::Policy"))]
    endpoints = {"chat": "shared", "sums": "shared", "legal": "shared", "otherchat": "other"}

    def may(document: Any, called: str, action: str) -> bool:
        asked = (f"{ARN}:endpoint/fleet-{endpoints[called]}", f"{ARN}:inference-component/fleet-{called}")
        return all(decide(Request(action, one), Policies(identity=[document])) for one in asked)

    for action in ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"):
        may_call = {
            caller: [called for called in callers if may(document, called, action)]
            for caller, document in zip(callers, policies, strict=True)
        }
        assert may_call == {caller: [caller] for caller in callers}
    assert not may(policies[0], "chat", "sagemaker:InvokeEndpointAsync")


def test_the_endpoint_itself_grants_nothing() -> None:
    stack = new_stack()
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    with pytest.raises(ConfigurationError) as caught:
        shared(stack).grant_invoke(role)
    assert str(caught.value) == (
        "ComponentEndpoint fleet/Shared: grant_invoke: got 'the endpoint'; allowed: an InferenceComponent or an "
        "AdapterComponent; fix: write component.grant_invoke(grantee) for each component that it may call"
    )


def test_a_component_of_another_app() -> None:
    stack = new_stack()
    chat = InferenceComponent.from_component_name(stack, "Chat", "Fleet-Chat", endpoint_name="Fleet-Shared")
    chat.grant_invoke(iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    (statement,) = Deployment().resolve(only(template_of(stack), "AWS::IAM::Policy"))["PolicyDocument"]["Statement"]
    assert statement["Resource"] == [f"{ARN}:endpoint/fleet-shared", f"{ARN}:inference-component/fleet-chat"]
    # Dimensions keep the case.
    assert chat.metric_invocations().dimensions == {"InferenceComponentName": "Fleet-Chat"}
    with pytest.raises(ConfigurationError) as caught:
        InferenceComponent.from_component_name(stack, "Bad", "a_b", endpoint_name="-c")
    assert str(caught.value) == (
        "component fleet/Bad has 2 problems:\n"
        "  1. component_name: got 'a_b'; allowed: letters, digits and hyphens between them, up to 63 characters; "
        "fix: copy it from `aws sagemaker list-inference-components`\n"
        "  2. endpoint_name: got '-c'; allowed: letters, digits and hyphens between them, up to 63 characters; "
        "fix: copy it from `aws sagemaker list-inference-components`"
    )


def test_the_order_of_making_which_backwards_is_that_of_deleting() -> None:
    stack = new_stack()
    base = base_of_adapters(shared(stack), scaling=FixedCopies(copies=2), rollout=Rolling(percent=50))
    AdapterComponent(stack, "Legal", base=base, adapter=archive(stack.node.find_child("Models")))
    found = template_of(stack)
    assert sorted(waits(found, "fleet-chat")) == [
        "AWS::CloudWatch::Alarm",
        "AWS::Logs::LogGroup",
        "AWS::SageMaker::Endpoint",
    ]
    assert waits(found, "fleet-legal") == [COMPONENT]


def test_targets_go_before_what_they_scale() -> None:
    stack = new_stack()
    scaling = TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4)
    component(shared(stack, instances=ManagedInstances(min_instances=0, max_instances=1)), scaling=scaling)
    found = template_of(stack)
    (target,) = (name for name, one in found["Resources"].items() if one["Type"].endswith("ScalableTarget"))
    assert {str(one["ScalingTargetId"]) for one in of_type(found, "AWS::ApplicationAutoScaling::ScalingPolicy")} == {
        str({"Ref": target})
    }


def test_the_log_groups_key_and_retention() -> None:
    stack = new_stack()
    observability = Observability(retention_days=90, keep_logs=False)
    endpoint = shared(stack, encryption_key=kms.Key(stack, "Key"), observability=observability)
    component(endpoint)
    component(endpoint, "Sums")
    found = template_of(stack)
    groups = [one for one in found["Resources"].values() if one["Type"] == "AWS::Logs::LogGroup"]
    assert [one["Properties"]["LogGroupName"] for one in groups] == [
        "/aws/sagemaker/Endpoints/fleet-shared",
        "/aws/sagemaker/InferenceComponents/fleet-chat",
        "/aws/sagemaker/InferenceComponents/fleet-sums",
    ]
    assert {(str(one["Properties"]["KmsKeyId"]), one["Properties"]["RetentionInDays"]) for one in groups} == {
        ("{'Fn::GetAtt': ['Key961B73FD', 'Arn']}", 90)
    }
    assert {one["DeletionPolicy"] for one in groups} == {"Delete"}
    # One statement for all components, one for all endpoints.
    conditions = [one.get("Condition") for one in only(found, "AWS::KMS::Key")["KeyPolicy"]["Statement"]]
    named = [one["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]["Fn::Join"][1][-1] for one in conditions if one]
    assert named == [":log-group:/aws/sagemaker/Endpoints/*", ":log-group:/aws/sagemaker/InferenceComponents/*"]


def test_a_share_of_the_traffic_is_captured() -> None:
    stack = new_stack()
    key = kms.Key(stack, "Key")
    bucket = s3.Bucket(stack, "Captured", encryption_key=key)
    endpoint = shared(stack, observability=Observability(capture=DataCapture(bucket=bucket, percent=5)))
    component(endpoint)
    found = template_of(stack)
    assert service_model.findings(found) == []
    assert only(found, CONFIG)["DataCaptureConfig"]["InitialSamplingPercentage"] == 5
    statements = only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert {"Capture", "CaptureKey"} <= {one["Sid"] for one in statements}


def test_how_the_start_up_time_came_about_stands_on_the_component() -> None:
    stack = new_stack()
    component(shared(stack))
    assert resource(template_of(stack), COMPONENT)["Metadata"] == {
        "cdk-inference:startup": "ml.g6.12xlarge: 16.1 GB / 85 MB/s (one S3 connection) = 190 s to download; 600 s + 190 s "
        "until the container answers"
    }


def test_every_type_of_the_pools_is_named_with_or_without_something_of_its_own() -> None:
    stack = new_stack()
    component(shared(stack, hardware=InstancePools(types=("ml.g6.12xlarge", "ml.g5.12xlarge"))))
    found = template_of(stack)
    assert service_model.findings(found) == []
    made = only(found, COMPONENT)
    assert "Specification" not in made
    assert [one["InstanceType"] for one in made["Specifications"]] == ["ml.g6.12xlarge", "ml.g5.12xlarge"]
    assert len(of_type(found, "AWS::SageMaker::Model")) == 1


def test_pools_that_cannot_share_a_variant() -> None:
    with pytest.raises(ConfigurationError) as caught:
        shared(new_stack(), hardware=InstancePools(types=("ml.g6.12xlarge", "ml.inf2.8xlarge")), routing="RANDOM")
    assert str(caught.value) == (
        "ComponentEndpoint fleet/Shared has 3 problems:\n"
        "  1. hardware.types: got 'gpu and neuron'; allowed: one kind of hardware: AWS's pages neither show nor forbid a "
        "mix, and pools share one host image; fix: make a second endpoint for the other chip and move the callers; or write allow_untested=True\n"
        "  2. hardware.types: got 'ml.g6.12xlarge together with types with a storage volume'; allowed: types that all take a "
        "storage volume, or none; fix: choose types that all have local NVMe storage, or none\n"
        "  3. routing: got 'RANDOM'; allowed: LEAST_OUTSTANDING_REQUESTS, PrefixAware(prefix_length=..., "
        "concurrency_threshold=...): random routing overloads the smaller of unequal types; fix: leave routing out"
    )


def refused(endpoint: ComponentEndpoint, **arguments: Any) -> str:
    return refusal_of(component, endpoint, **arguments)


def test_a_model_larger_than_the_local_disk() -> None:
    stack = new_stack()
    server = Vllm(
        model=S3Model(bucket=models(stack), prefix="m/", size_gb=251), tensor_parallel_degree=1, max_model_len=8192
    )
    assert refused(shared(stack, hardware="ml.g6.xlarge"), server=server) == (
        "InferenceComponent fleet/Chat has 2 problems:\n"
        # 251 GB are 233.76 GiB
        "  1. hardware: got 'ml.g6.xlarge with degree 1'; allowed: more than 234.01 GiB to use on each GPU (weights 233.76, "
        "outside PyTorch 0.25); here are 19.83 of 22.40; fix: use 'ml.p4d.24xlarge' (degree 8) or 'ml.g6e.48xlarge' "
        "(degree 8) or 'ml.g7e.24xlarge' (degree 4); or declare workload= if fewer bits are loaded\n"
        "  2. server.model: got '251 GB on disk'; allowed: what the local disk of ml.g6.xlarge "
        "holds, 250 GB; fix: choose hardware with more local storage, or a smaller (quantized) model"
    )


def test_what_is_wrong_on_one_type_is_told_under_its_name() -> None:
    stack = new_stack()
    endpoint = shared(stack, hardware=InstancePools(types=("ml.g6.12xlarge", "ml.g6.2xlarge")))
    bucket = models(stack)
    own = {
        "ml.g6.2xlarge": ComponentOn(
            server=llm(bucket, tensor_parallel_degree=1), resources=Resources(memory_mb=1024, accelerators=2)
        )
    }
    assert refused(endpoint, server=llm(bucket), per_type=own) == (
        "InferenceComponent fleet/Chat: per_type['ml.g6.2xlarge'].resources.accelerators: got 2; allowed: up to 1: "
        "ml.g6.2xlarge has 1 accelerators; fix: reserve less, or choose larger hardware"
    )


def test_a_bucket_that_the_network_does_not_let_through() -> None:
    stack = new_stack()
    let_through = s3.Bucket.from_bucket_name(stack, "Other", "other")
    network = InferenceNetwork(stack, "Network", read_from=[let_through], instances=4)
    endpoint = shared(stack, vpc=network.placement)
    fix = "models are fetched through the network's S3 endpoint; fix: write InferenceNetwork(read_from=[..., bucket])"
    assert refused(endpoint) == (
        f"InferenceComponent fleet/Chat: vpc.read_from: got ('other',); allowed: the bucket models too: {fix}"
    )
    inside = S3Model(bucket=let_through, prefix="m/", size_gb=1)
    base = component(
        endpoint,
        "Base",
        server=Vllm(
            model=inside,
            tensor_parallel_degree=1,
            max_model_len=8192,
            environment={"SM_VLLM_ENABLE_LORA": "true", "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True"},
        ),
    )
    with pytest.raises(ConfigurationError) as caught:
        AdapterComponent(stack, "Legal", base=base, adapter=archive(stack.node.find_child("Models")))
    assert str(caught.value) == (
        f"AdapterComponent fleet/Legal: vpc.read_from: got ('other',); allowed: the bucket models too: {fix}"
    )
    AdapterComponent(stack, "Billing", base=base, adapter=archive(let_through))
    model, config = (only(template_of(stack), kind)["VpcConfig"] for kind in ("AWS::SageMaker::Model", CONFIG))
    assert model == config


def test_two_components_with_one_name() -> None:
    stack = new_stack()
    endpoint = shared(stack)
    component(endpoint)
    with pytest.raises(ConfigurationError) as caught:
        InferenceComponent(
            stack, "chat", endpoint=endpoint, server=llm(stack.node.find_child("Models")), resources=ONE_GPU
        )
    assert str(caught.value) == (
        "InferenceComponent fleet/chat: id: got 'chat'; allowed: an id that gives a name of its own, in lower case; fix: "
        "change one of the ids: fleet/Chat already has the name fleet-chat"
    )


def test_an_endpoint_whose_variant_names_a_model() -> None:
    stack = new_stack()
    taken = RealtimeEndpoint(stack, "Taken", server=llm(models(stack)), hardware="ml.g6.2xlarge")
    with pytest.raises(ConfigurationError) as caught:
        InferenceComponent(
            stack,
            "Chat",
            endpoint=taken,
            server=llm(stack.node.find_child("Models")),
            resources=ONE_GPU,  # type: ignore[arg-type]
        )
    assert str(caught.value) == (
        "InferenceComponent fleet/Chat: endpoint: got 'RealtimeEndpoint'; allowed: a ComponentEndpoint of this app: an "
        "endpoint whose variant names a model takes no components; fix: make a ComponentEndpoint first"
    )


def test_what_an_adapter_cannot_be() -> None:
    app = cdk.App()
    stack, other = new_stack(app=app), new_stack("other", app=app)
    base = base_of_adapters(shared(stack))
    bucket = stack.node.find_child("Models")
    legal = AdapterComponent(stack, "Legal", base=base, adapter=archive(bucket))
    elsewhere = s3.Bucket.from_bucket_attributes(stack, "Far", bucket_arn="arn:aws:s3:::far", region="eu-west-1")
    wrong: list[tuple[cdk.Stack, Any, Any, str]] = [
        (
            stack,
            legal,
            archive(bucket),
            "A0: base: got 'fleet-legal'; allowed: an InferenceComponent: an adapter has no adapters of its own; fix: write "
            "the adapter's own base, fleet/Chat",
        ),
        (
            stack,
            "base",
            archive(bucket),
            "A1: base: got 'str'; allowed: an InferenceComponent of this app; fix: make the base first",
        ),
        (
            other,
            base,
            archive(bucket),
            "A2: base: got 'fleet'; allowed: a component of the adapter's own stack; fix: make both in one stack",
        ),
        (
            stack,
            base,
            archive(elsewhere),
            "A3: adapter.bucket: got 'a bucket in eu-west-1'; allowed: a bucket in us-east-1, the endpoint's region; fix: "
            "copy it to us-east-1, or move the endpoint to eu-west-1",
        ),
        (
            stack,
            base,
            archive(None),
            "A4: adapter.bucket: got None; allowed: the bucket that holds the adapter; fix: write S3Archive(bucket=...)",
        ),
        (
            stack,
            base,
            S3Model(prefix="a/", size_gb=1),
            "A5: adapter: got S3Model(prefix='a/', size_gb=1, bucket=None, accept_eula=False); allowed: S3Archive; fix: "
            'adapter=S3Archive(key="legal.tar.gz", ...)',
        ),
    ]
    for number, (where, on, adapter, message) in enumerate(wrong):
        with pytest.raises(ConfigurationError) as caught:
            AdapterComponent(where, f"A{number}", base=on, adapter=adapter)
        assert str(caught.value) == f"AdapterComponent {where.stack_name}/{message}"


def test_a_batch_that_is_more_than_half_of_the_copies() -> None:
    stack = new_stack()
    assert refused(shared(stack), scaling=FixedCopies(copies=4), rollout=Rolling(instances=3)) == (
        "InferenceComponent fleet/Chat: rollout.instances: got 3; allowed: 5 to 50 % of 4 to 4 copies: 1 to 2; fix: choose a "
        "count that fits all of them, or percent=..."
    )


@each(
    ("metric", "message"),
    [
        (
            "InvocationsPerInstance",
            "use InvocationsPerCopy: requests are counted per component and copy there, not per instance",
        ),
        ("GPUUtilization", "use GPUUtilizationNormalized: a component has the normalized one"),
        ("CPUUtilization", "use CPUUtilizationNormalized: a component has the normalized one"),
    ],
)
def test_metrics_that_a_component_does_not_publish(metric: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        component(shared(new_stack())).metric(metric)
    assert str(caught.value).startswith("metric of inference component fleet-chat: metric_name: got ")
    assert f"fix: {message}, https://docs.aws.amazon.com/" in str(caught.value)


def test_metrics_that_a_component_publishes_have_its_name_alone() -> None:
    chat = component(shared(new_stack()))
    for metric in (
        chat.metric_invocations_per_copy(),
        chat.metric_concurrent_requests_per_copy(),
        chat.metric_no_capacity_invocation_failures(),
        chat.metric_cpu_utilization_normalized(),
        chat.metric_memory_utilization_normalized(),
        chat.metric_gpu_utilization_normalized(),
        chat.metric_gpu_memory_utilization_normalized(),
    ):
        assert metric.dimensions == {"InferenceComponentName": "fleet-chat"}


def test_requests_are_not_counted_on_the_shared_endpoint() -> None:
    with pytest.raises(ConfigurationError) as caught:
        shared(new_stack()).metric_invocations()
    assert "fix: use Invocations of the component: requests are counted per component there" in str(caught.value)

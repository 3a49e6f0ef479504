"""Inference components on a shared endpoint: parts, order, rights, how they rest, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import (
    AdapterComponent,
    ComponentOn,
    Consolidation,
    InstancePools,
    ManagedInstances,
    Placement,
    Resources,
)
from cdk_inference.rollout import RollbackWhen, Rolling
from cdk_inference.scaling import FixedCopies, FixedCount, ScheduledBounds, TargetConcurrencyPerCopy
from cdk_inference.serving import S3Archive, S3Model, Vllm
from tests.components import (
    ONE_GPU,
    TO_ZERO,
    base_of_adapters,
    component,
    judged,
    logical_id,
    one_component,
    refusal,
    shared,
)
from tests.each import each
from tests.support import FOR_NOW, encoder, llm, models, new_stack, of_type, only, resource, template_of

COMPONENT, CONFIG = "AWS::SageMaker::InferenceComponent", "AWS::SageMaker::EndpointConfig"


def test_the_endpoint_has_the_role_and_no_model() -> None:
    found = one_component()
    config = only(found, CONFIG)
    (variant,) = config["ProductionVariants"]
    assert "ModelName" not in variant
    assert config["ExecutionRoleArn"] == {"Fn::GetAtt": [logical_id(found, "AWS::IAM::Role"), "Arn"]}
    assert config["EnableNetworkIsolation"] is True
    assert variant["ManagedInstanceScaling"] == {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2}
    assert variant["InferenceAmiVersion"] == "al2023-ami-sagemaker-inference-gpu-4-1"
    model = only(found, "AWS::SageMaker::Model")
    assert model["ExecutionRoleArn"] == config["ExecutionRoleArn"]
    assert model["EnableNetworkIsolation"] is True


def test_a_component_names_its_model_and_what_it_reserves() -> None:
    found = only(one_component(resources=Resources(memory_mb=4096, accelerators=2, cpu_cores=1.5)), COMPONENT)
    assert (found["InferenceComponentName"], found["EndpointName"], found["VariantName"]) == (
        "fleet-chat",
        "fleet-shared",
        "AllTraffic",
    )
    assert found["Specification"]["ComputeResourceRequirements"] == {
        "MinMemoryRequiredInMb": 4096,
        "NumberOfAcceleratorDevicesRequired": 2,
        "NumberOfCpuCoresRequired": 1.5,
    }
    # 16.1 GB / 85 MB/s = 190 s.
    assert found["Specification"]["StartupParameters"] == {
        "ModelDataDownloadTimeoutInSeconds": 190,
        "ContainerStartupHealthCheckTimeoutInSeconds": 790,
    }
    assert found["RuntimeConfig"] == {"CopyCount": 1}


def test_endpoint_then_component_then_target_and_the_log_group_before() -> None:
    found = one_component(scaling=TargetConcurrencyPerCopy(per_copy=8, max_copies=4))
    waits = resource(found, COMPONENT)["DependsOn"]
    groups = {
        one["Properties"]["LogGroupName"]: name for name, one in found["Resources"].items() if "Logs" in one["Type"]
    }
    assert set(groups) == {"/aws/sagemaker/Endpoints/fleet-shared", "/aws/sagemaker/InferenceComponents/fleet-chat"}
    assert groups["/aws/sagemaker/InferenceComponents/fleet-chat"] in waits
    assert logical_id(found, "AWS::SageMaker::Endpoint") in waits
    target = resource(found, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert target["DependsOn"] == [logical_id(found, COMPONENT)]
    assert target["Properties"]["ResourceId"] == "inference-component/fleet-chat"


def test_to_zero_in_three_parts() -> None:
    """All three at once: the page below; hashicorp/terraform-provider-aws 40606.

    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
    """
    found = one_component({"instances": ManagedInstances(min_instances=0, max_instances=2)}, scaling=TO_ZERO)
    (variant,) = only(found, CONFIG)["ProductionVariants"]
    assert variant["ManagedInstanceScaling"]["MinInstanceCount"] == 0
    assert variant["InitialInstanceCount"] == 1
    assert only(found, "AWS::ApplicationAutoScaling::ScalableTarget")["MinCapacity"] == 0
    assert [one["PolicyType"] for one in of_type(found, "AWS::ApplicationAutoScaling::ScalingPolicy")] == [
        "TargetTrackingScaling",
        "StepScaling",
    ]
    alarm = only(found, "AWS::CloudWatch::Alarm")
    assert (alarm["MetricName"], alarm["ComparisonOperator"], alarm["Threshold"]) == (
        "NoCapacityInvocationFailures",
        "GreaterThanOrEqualToThreshold",
        1,
    )
    # A count of 0 was refused at creation.
    assert only(found, COMPONENT)["RuntimeConfig"] == {"CopyCount": 1}


@each(
    ("instances", "scaling", "argument"),
    [
        (ManagedInstances(max_instances=2), TO_ZERO, "min_copies"),
        (FixedCount(instances=1), TO_ZERO, "min_copies"),
    ],
)
def test_to_zero_in_fewer_parts_is_refused(instances: Any, scaling: Any, argument: str) -> None:
    assert refusal({"instances": instances}, scaling=scaling) == (
        f"InferenceComponent fleet/Chat: scaling.{argument}: got 0; allowed: 1 or more while the endpoint keeps instances: "
        "they would be paid for without a copy on them; fix: give the ComponentEndpoint "
        "instances=ManagedInstances(min_instances=0, ...)"
    )


def test_a_window_at_zero_counts_too() -> None:
    night = ScheduledBounds(schedule="cron(0 20 * * ? *)", time_zone="Europe/Berlin", min_capacity=0, max_capacity=0)
    day = ScheduledBounds(schedule="cron(0 7 * * ? *)", time_zone="Europe/Berlin", min_capacity=1, max_capacity=4)
    scaling = TargetConcurrencyPerCopy(per_copy=8, min_copies=1, max_copies=4, windows=(day, night))
    assert refusal(scaling=scaling).startswith(
        "InferenceComponent fleet/Chat: scaling.windows[1].min_capacity: got 0; allowed: 1 or more while the endpoint keeps "
    )


def test_copies_that_can_never_all_be_placed() -> None:
    stack = new_stack()
    endpoint = shared(stack)
    component(endpoint, scaling=FixedCopies(copies=6))
    server = llm(stack.node.find_child("Models"))
    with pytest.raises(ConfigurationError) as caught:
        component(endpoint, "Other", server=server, scaling=FixedCopies(copies=3))
    # 2 instances of 4 GPUs.
    assert str(caught.value) == (
        "InferenceComponent fleet/Other: resources.accelerators: got '3 instances for the accelerators of the copies that "
        "fleet-chat, fleet-other keep'; allowed: 2, the endpoint's max_instances; fix: raise max_instances, or lower "
        "minimum copies or what they reserve"
    )


def test_what_the_role_may_do_grows_with_the_components() -> None:
    stack = new_stack()
    endpoint = shared(stack)
    bucket = models(stack)
    component(endpoint)
    component(
        endpoint,
        "Other",
        server=Vllm(model=S3Model(bucket=bucket, prefix="o/", size_gb=4), tensor_parallel_degree=1, max_model_len=8192),
    )
    policy = only(judged(stack), "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    reads = [one["Resource"] for one in policy if one["Action"] == ["s3:GetObject"]]
    assert reads == [["arn:aws:s3:::models/llama/*"], ["arn:aws:s3:::models/o/*"]]
    assert len({one["Sid"] for one in policy}) == len(policy)


def test_callers_of_one_component_may_not_call_another() -> None:
    stack = new_stack()
    endpoint = shared(stack)
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    component(endpoint).grant_invoke(role)
    component(endpoint, "Other")
    (statement,) = only(judged(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]
    resources = [one["Fn::Join"][1][-1] for one in statement["Resource"]]
    assert resources == [":endpoint/fleet-shared", ":inference-component/fleet-chat"]


def test_copies_are_replaced_in_batches_and_watched() -> None:
    rollout = Rolling(percent=50, rollback_when=RollbackWhen(p99_milliseconds=800))
    found = one_component(scaling=FixedCopies(copies=2), rollout=rollout)
    deployment = only(found, COMPONENT)["DeploymentConfig"]
    assert deployment["RollingUpdatePolicy"]["MaximumBatchSize"] == {"Type": "CAPACITY_PERCENT", "Value": 50}
    names = [one["AlarmName"] for one in deployment["AutoRollbackConfiguration"]["Alarms"]]
    assert names == ["fleet-chat-rollback-5xx", "fleet-chat-rollback-p99"]
    alarms = of_type(found, "AWS::CloudWatch::Alarm")
    assert [one["AlarmName"] for one in alarms] == names
    assert all(one["Dimensions"] == [{"Name": "InferenceComponentName", "Value": "fleet-chat"}] for one in alarms)
    by_count = one_component(scaling=FixedCopies(copies=4), rollout=Rolling(instances=2))
    size = only(by_count, COMPONENT)["DeploymentConfig"]["RollingUpdatePolicy"]["MaximumBatchSize"]
    assert size == {"Type": "COPY_COUNT", "Value": 2}


def test_one_copy_cannot_be_replaced_in_batches() -> None:
    assert refusal(rollout=Rolling(percent=50)) == (
        "InferenceComponent fleet/Chat: rollout: got 'Rolling with 1 copy'; allowed: Rolling with at least 2 copies: "
        "a step is at most 50 %; fix: leave rollout out, or keep 2 copies or more"
    )


def test_placement_and_consolidation() -> None:
    found = one_component(
        {"instances": ManagedInstances(max_instances=3, scale_in=Consolidation(cooldown_minutes=30))},
        placement=Placement(strategy="BINPACK", max_zone_imbalance=0),
    )
    assert only(found, COMPONENT)["Specification"]["SchedulingConfig"] == {
        "PlacementStrategy": "BINPACK",
        "AvailabilityZoneBalance": {"EnforcementMode": "PERMISSIVE", "MaxImbalance": 0},
    }
    (variant,) = only(found, CONFIG)["ProductionVariants"]
    assert variant["ManagedInstanceScaling"]["ScaleInPolicy"] == {
        "Strategy": "CONSOLIDATION",
        "MaximumStepSize": 1,
        "CooldownInMinutes": 30,
    }


def test_types_of_a_pool_with_their_own_server_and_resources() -> None:
    stack = new_stack()
    endpoint = shared(stack, hardware=InstancePools(types=("ml.g6.12xlarge", "ml.g6e.2xlarge")))
    bucket = models(stack)
    split = Vllm(model=S3Model(bucket=bucket, prefix="m/", size_gb=16), tensor_parallel_degree=4, max_model_len=8192)
    whole = Vllm(model=split.model, tensor_parallel_degree=1, max_model_len=8192)
    own = {"ml.g6e.2xlarge": ComponentOn(server=whole, resources=ONE_GPU)}
    component(endpoint, server=split, resources=Resources(memory_mb=8192, accelerators=4), per_type=own)
    found = judged(stack)
    specifications = only(found, COMPONENT)["Specifications"]
    counted = "NumberOfAcceleratorDevicesRequired"
    assert [(one["InstanceType"], one["ComputeResourceRequirements"][counted]) for one in specifications] == [
        ("ml.g6.12xlarge", 4),
        ("ml.g6e.2xlarge", 1),
    ]
    assert len(of_type(found, "AWS::SageMaker::Model")) == 2
    assert len({str(one["ModelName"]) for one in specifications}) == 2


def test_a_volume_for_all_models_where_there_is_no_local_disk() -> None:
    stack = new_stack()
    instances = ManagedInstances(max_instances=3)
    key = kms.Key(stack, "Key")
    endpoint = shared(stack, hardware="ml.inf2.8xlarge", instances=instances, encryption_key=key)
    resources = Resources(memory_mb=2048, accelerators=1, allow_untested=True)
    bucket = models(stack)
    for number in range(3):
        server = encoder(bucket)
        component(
            endpoint,
            f"Encoder{number}",
            server=type(server)(
                model=S3Model(bucket=bucket, prefix=f"m{number}/", size_gb=20),
                task="feature-extraction",
                image_exception=FOR_NOW,
                compilation=server.compilation,
            ),
            resources=resources,
        )
    (variant,) = only(template_of(stack), CONFIG)["ProductionVariants"]
    # 3 x 20 GB and a quarter.
    assert variant["VolumeSizeInGB"] == 75
    assert variant["InferenceAmiVersion"] == "al2-ami-sagemaker-inference-neuron-2"


def test_an_adapter_waits_for_its_base_and_is_granted_by_itself() -> None:
    stack = new_stack()
    endpoint = shared(stack)
    base = base_of_adapters(endpoint)
    archive = S3Archive(bucket=stack.node.find_child("Models"), key="legal.tar.gz", size_gb=0.1, unpacked_gb=0.2)
    adapter = AdapterComponent(stack, "Legal", base=base, adapter=archive)
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    adapter.grant_invoke(role)
    found = judged(stack)
    made = {
        one["Properties"]["InferenceComponentName"]: (name, one)
        for name, one in found["Resources"].items()
        if one["Type"] == COMPONENT
    }
    name, one = made["fleet-legal"]
    assert one["Properties"]["Specification"] == {
        "BaseInferenceComponentName": "fleet-chat",
        "Container": {"ArtifactUrl": "s3://models/legal.tar.gz"},
    }
    assert one["DependsOn"] == [made["fleet-chat"][0]]
    (statement,) = only(found, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert [part["Fn::Join"][1][-1] for part in statement["Resource"]] == [
        ":endpoint/fleet-shared",
        ":inference-component/fleet-legal",
    ]
    reads = [
        one["Resource"]
        for one in only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
        if one["Action"] == ["s3:GetObject"]
    ]
    assert reads == [["arn:aws:s3:::models/llama/*"], ["arn:aws:s3:::models/legal.tar.gz"]]
    assert name != made["fleet-chat"][0]


def test_metrics_are_the_components() -> None:
    metric = component(shared(new_stack())).metric_invocations()
    assert metric.dimensions == {"InferenceComponentName": "fleet-chat"}

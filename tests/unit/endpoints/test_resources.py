"""What a real-time endpoint is made of."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_kms as kms

from cdk_inference.core.errors import plain_errors
from cdk_inference.endpoints import Observability
from cdk_inference.scaling import FixedCount, TargetConcurrency, TargetInvocations
from cdk_inference.serving import HuggingFaceNeuron, Lmi, S3Archive, S3Model, StartupTimeouts
from tests.compiled import BERT
from tests.each import each
from tests.support import FOR_NOW, encoder, endpoint_template, llm, models, of_type, only, resource

VARIANT = ("AWS::SageMaker::EndpointConfig", "ProductionVariants")


def variant(template: dict[str, Any]) -> dict[str, Any]:
    (found,) = only(template, VARIANT[0])[VARIANT[1]]
    assert isinstance(found, dict)
    return found


def test_names_are_deterministic_and_configs_and_models_have_none() -> None:
    template = endpoint_template()
    assert only(template, "AWS::SageMaker::Endpoint")["EndpointName"] == "fleet-chat"
    assert variant(template)["VariantName"] == "AllTraffic"
    assert "EndpointConfigName" not in only(template, "AWS::SageMaker::EndpointConfig")
    assert "ModelName" not in only(template, "AWS::SageMaker::Model")


def test_one_instance_without_autoscaling_by_default() -> None:
    template = endpoint_template()
    assert variant(template)["InitialInstanceCount"] == 1
    assert of_type(template, "AWS::ApplicationAutoScaling::ScalableTarget") == []


def test_a_fixed_count_is_set_by_an_update() -> None:
    template = endpoint_template(scaling=FixedCount(instances=3))
    assert variant(template)["InitialInstanceCount"] == 3
    assert "RetainAllVariantProperties" not in only(template, "AWS::SageMaker::Endpoint")


def test_a_scaled_out_count_survives_an_update() -> None:
    template = endpoint_template(scaling=TargetConcurrency(per_instance=16, min_instances=2, max_instances=4))
    assert only(template, "AWS::SageMaker::Endpoint")["RetainAllVariantProperties"] is True
    assert variant(template)["InitialInstanceCount"] == 2


@each(
    ("scaling", "metric", "target"),
    [
        (
            TargetInvocations(per_instance_per_minute=600, max_instances=4),
            "SageMakerVariantInvocationsPerInstance",
            600,
        ),
        (
            TargetConcurrency(per_instance=2.5, max_instances=4),
            "SageMakerVariantConcurrentRequestsPerModelHighResolution",
            2.5,
        ),
    ],
)
def test_autoscaling(scaling: TargetInvocations | TargetConcurrency, metric: str, target: float) -> None:
    template = endpoint_template(scaling=scaling)
    assert only(template, "AWS::ApplicationAutoScaling::ScalableTarget") == {
        "MinCapacity": 1,
        "MaxCapacity": 4,
        "ResourceId": "endpoint/fleet-chat/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "ServiceNamespace": "sagemaker",
    }
    policy = only(template, "AWS::ApplicationAutoScaling::ScalingPolicy")
    assert policy["TargetTrackingScalingPolicyConfiguration"] == {
        "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
        "ScaleInCooldown": 300,
        "ScaleOutCooldown": 300,
        "TargetValue": target,
    }


@each("hardware", ["ml.trn1.2xlarge", "ml.trn1.32xlarge", "ml.trn1n.32xlarge"])
def test_trainium_is_not_taken_for_burstable(hardware: str) -> None:
    scaling = TargetInvocations(per_instance_per_minute=600, max_instances=4)
    template = endpoint_template(server=lambda stack: encoder(models(stack)), hardware=hardware, scaling=scaling)
    assert len(of_type(template, "AWS::ApplicationAutoScaling::ScalableTarget")) == 1


def test_the_target_waits_for_the_endpoint_and_the_endpoint_for_log_group_and_rollback_alarm() -> None:
    template = endpoint_template(scaling=TargetConcurrency(per_instance=16, max_instances=4))
    ids = {value["Type"]: name for name, value in template["Resources"].items()}
    target = resource(template, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert target["DependsOn"] == [ids["AWS::SageMaker::Endpoint"]]
    before = resource(template, "AWS::SageMaker::Endpoint")["DependsOn"]
    assert before == [ids["AWS::Logs::LogGroup"], ids["AWS::CloudWatch::Alarm"]]


def test_role_and_policy_outlive_the_endpoint() -> None:
    """CloudFormation deletes what refers before what is referred to: endpoint, config, model, role, policy."""
    template = endpoint_template()
    ids = {value["Type"]: name for name, value in template["Resources"].items()}
    config = only(template, "AWS::SageMaker::Endpoint")["EndpointConfigName"]
    assert config == {"Fn::GetAtt": [ids["AWS::SageMaker::EndpointConfig"], "EndpointConfigName"]}
    assert variant(template)["ModelName"] == {"Fn::GetAtt": [ids["AWS::SageMaker::Model"], "ModelName"]}
    role = only(template, "AWS::SageMaker::Model")["ExecutionRoleArn"]
    assert role == {"Fn::GetAtt": [ids["AWS::IAM::Role"], "Arn"]}
    assert only(template, "AWS::IAM::Role")["ManagedPolicyArns"] == [{"Ref": ids["AWS::IAM::ManagedPolicy"]}]


@each(
    ("hardware", "volume_gb"),
    # Volumes by hand: 30 at least; none where the type has local NVMe storage.
    [("ml.inf2.xlarge", 30), ("ml.trn1.2xlarge", None)],
)
def test_volume_and_its_key_exactly_where_the_hardware_takes_one(hardware: str, volume_gb: int | None) -> None:
    template = endpoint_template(
        server=lambda stack: encoder(models(stack)),
        hardware=hardware,
        encryption_key=lambda stack: kms.Key(stack, "Key"),
    )
    assert variant(template).get("VolumeSizeInGB") == volume_gb
    assert ("KmsKeyId" in only(template, "AWS::SageMaker::EndpointConfig")) is (volume_gb is not None)
    assert "KmsKeyId" in only(template, "AWS::Logs::LogGroup")


def test_prefix_models_are_uncompressed() -> None:
    source = only(endpoint_template(), "AWS::SageMaker::Model")["PrimaryContainer"]["ModelDataSource"]
    assert source == {
        "S3DataSource": {"S3Uri": "s3://models/llama/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    }


def test_archives_are_unpacked() -> None:
    def server(stack: Any) -> HuggingFaceNeuron:
        model = S3Archive(bucket=models(stack), key="bert.tar.gz", size_gb=0.4, unpacked_gb=0.5)
        return HuggingFaceNeuron(model=model, task="feature-extraction", compilation=BERT, image_exception=FOR_NOW)

    template = endpoint_template(server=server, hardware="ml.inf2.xlarge")
    source = only(template, "AWS::SageMaker::Model")["PrimaryContainer"]["ModelDataSource"]
    assert source == {
        "S3DataSource": {"S3Uri": "s3://models/bert.tar.gz", "S3DataType": "S3Object", "CompressionType": "Gzip"}
    }


@each("isolated", [True, False])
def test_network_isolation(isolated: bool) -> None:
    template = endpoint_template(network_isolation=isolated)
    assert only(template, "AWS::SageMaker::Model")["EnableNetworkIsolation"] is isolated


def test_isolated_by_default() -> None:
    assert only(endpoint_template(), "AWS::SageMaker::Model")["EnableNetworkIsolation"] is True


def test_time_outs_follow_from_the_models_size() -> None:
    # By hand: 16.1 GB x 1000 / 85 MB/s = 189.4 s, rounded up; 600 s more for the container.
    found = variant(endpoint_template())
    assert found["ModelDataDownloadTimeoutInSeconds"] == 190
    assert found["ContainerStartupHealthCheckTimeoutInSeconds"] == 790


def test_the_template_says_how_the_time_outs_came_about() -> None:
    assert resource(endpoint_template(), "AWS::SageMaker::EndpointConfig")["Metadata"]["cdk-inference:startup"] == (
        "ml.g6.2xlarge: 16.1 GB / 85 MB/s (one S3 connection) = 190 s to download; 600 s + 190 s until the container "
        "answers"
    )


@each("explained", [None, "twice what was seen on 2026-11-20"])
def test_time_outs_can_be_given(explained: str | None) -> None:
    own = StartupTimeouts(download_seconds=60, container_seconds=3600, explained=explained)
    config = resource(endpoint_template(startup=own), "AWS::SageMaker::EndpointConfig")
    (found,) = config["Properties"]["ProductionVariants"]
    assert found["ModelDataDownloadTimeoutInSeconds"] == 60
    assert found["ContainerStartupHealthCheckTimeoutInSeconds"] == 3600
    assert config.get("Metadata", {}).get("cdk-inference:startup") == explained


def test_a_model_beyond_the_longest_time_out_fails_a_strict_synth(capfd: pytest.CaptureFixture[str]) -> None:
    def server(stack: Any) -> Lmi:
        return Lmi(
            model=S3Model(bucket=models(stack), prefix="llama/", size_gb=400),
            tensor_parallel_degree=8,
            max_model_len=8192,
        )

    with pytest.raises(SystemExit), plain_errors():
        endpoint_template(server=server, hardware="ml.p5.48xlarge")
    first = capfd.readouterr().err.splitlines()[0]
    assert first.startswith("WARNING The model may not be up within SageMaker's longest time-out of 3600 s: ")
    tried = StartupTimeouts(download_seconds=3600, container_seconds=3600)
    found = variant(endpoint_template(server=server, hardware="ml.p5.48xlarge", startup=tried))
    assert found["ModelDataDownloadTimeoutInSeconds"] == 3600


def test_host_image_belongs_to_the_image() -> None:
    assert variant(endpoint_template())["InferenceAmiVersion"] == "al2023-ami-sagemaker-inference-gpu-4-1"


def test_the_servers_environment() -> None:
    template = endpoint_template(
        server=lambda stack: llm(models(stack), max_model_len=4096, environment={"LOG_LEVEL": "debug"})
    )
    assert only(template, "AWS::SageMaker::Model")["PrimaryContainer"]["Environment"] == {
        "HF_MODEL_ID": "/opt/ml/model",
        "OPTION_TENSOR_PARALLEL_DEGREE": "1",
        "OPTION_MAX_MODEL_LEN": "4096",
        "LOG_LEVEL": "debug",
    }


@each(("keep", "policy"), [(True, "RetainExceptOnCreate"), (False, "Delete")])
def test_log_group(keep: bool, policy: str) -> None:
    template = endpoint_template(observability=Observability(retention_days=90, keep_logs=keep))
    group = resource(template, "AWS::Logs::LogGroup")
    assert group["Properties"] == {
        "LogGroupName": "/aws/sagemaker/Endpoints/fleet-chat",
        "RetentionInDays": 90,
        "Tags": [{"Key": "cdk-inference:endpoint", "Value": "fleet-chat"}],
    }
    assert group["DeletionPolicy"] == policy


def test_metrics_are_sagemakers_default_unless_asked() -> None:
    assert "MetricsConfig" not in only(endpoint_template(), "AWS::SageMaker::EndpointConfig")
    template = endpoint_template(
        observability=Observability(enhanced_metrics=True, detailed=False, metric_period_seconds=10)
    )
    assert only(template, "AWS::SageMaker::EndpointConfig")["MetricsConfig"] == {
        "EnableDetailedObservability": False,
        "EnableEnhancedMetrics": True,
        "MetricPublishFrequencyInSeconds": 10,
    }


@each("kind", ["Endpoint", "EndpointConfig", "Model"])
def test_cost_allocation_tag(kind: str) -> None:
    tags = only(endpoint_template(), f"AWS::SageMaker::{kind}")["Tags"]
    assert tags == [{"Key": "cdk-inference:endpoint", "Value": "fleet-chat"}]

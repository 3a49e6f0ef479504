"""The same resources as endpoints.py, by hand: L1 classes, values worked out by the author, nothing checked."""

from __future__ import annotations

from aws_cdk import Aws, CfnTag, RemovalPolicy
from aws_cdk import aws_applicationautoscaling as autoscaling
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from common import REGION, synthesize
from constructs import Construct

PREFIX = "llama-3.1-8b-instruct/"
REGISTRY = "763104351884"
REPOSITORY = "djl-inference"
TAG = "0.38.0-lmi29.0.0-cu130"
STARTUP = (
    "ml.g6.2xlarge: 16.1 GB / 85 MB/s (one S3 connection) = 190 s to download; "
    "600 s + 190 s until the container answers"
)
METRIC = "SageMakerVariantConcurrentRequestsPerModelHighResolution"


def allow(sid: str, actions: list[str], resources: list[str]) -> dict[str, object]:
    """One statement of a policy."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}


def make_role(scope: Construct, id: str, bucket: s3.IBucket, log_group_name: str, alarm_name: str) -> iam.CfnRole:
    """The execution role, with its policy."""
    alarm = f"arn:aws:cloudwatch:{REGION}:{Aws.ACCOUNT_ID}:alarm:{alarm_name}"
    log_group = f"arn:aws:logs:{REGION}:{Aws.ACCOUNT_ID}:log-group:{log_group_name}"
    bucket_arn = bucket.bucket_arn
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    write = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    listing = allow("ModelList", ["s3:ListBucket"], [bucket_arn])
    policy = iam.CfnManagedPolicy(
        scope,
        f"{id}Policy",
        description="What the SageMaker endpoint of this construct needs, and nothing else",
        policy_document={
            "Version": "2012-10-17",
            "Statement": [
                allow("Unscoped", ["cloudwatch:PutMetricData", "ecr:GetAuthorizationToken"], ["*"]),
                allow("Image", pull, [f"arn:aws:ecr:{REGION}:{REGISTRY}:repository/{REPOSITORY}"]),
                allow("Logs", write, [log_group, f"{log_group}:*"]),
                allow("Model", ["s3:GetObject"], [f"{bucket_arn}/{PREFIX}*"]),
                {**listing, "Condition": {"StringLike": {"s3:prefix": f"{PREFIX}*"}}},
                allow("RollbackAlarms", ["cloudwatch:DescribeAlarms"], [alarm]),
            ],
        },
    )
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "sagemaker.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:sagemaker:{REGION}:{Aws.ACCOUNT_ID}:*"}},
    }
    return iam.CfnRole(
        scope,
        f"{id}Role",
        description="Execution role of one SageMaker endpoint",
        assume_role_policy_document={"Version": "2012-10-17", "Statement": [trust]},
        managed_policy_arns=[policy.ref],
    )


def make_config(
    scope: Construct, id: str, bucket: s3.IBucket, role: iam.CfnRole, tags: list[CfnTag]
) -> sagemaker.CfnEndpointConfig:
    """The model and the endpoint config that runs it."""
    source = sagemaker.CfnModel.S3DataSourceProperty(
        s3_uri=f"s3://{bucket.bucket_name}/{PREFIX}", s3_data_type="S3Prefix", compression_type="None"
    )
    model = sagemaker.CfnModel(
        scope,
        f"{id}Model",
        execution_role_arn=role.attr_arn,
        enable_network_isolation=True,
        primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
            image=f"{REGISTRY}.dkr.ecr.{REGION}.{Aws.URL_SUFFIX}/{REPOSITORY}:{TAG}",
            environment={
                "HF_MODEL_ID": "/opt/ml/model",
                "OPTION_TENSOR_PARALLEL_DEGREE": "1",
                "OPTION_MAX_MODEL_LEN": "4096",
            },
            model_data_source=sagemaker.CfnModel.ModelDataSourceProperty(s3_data_source=source),
        ),
        tags=tags,
    )
    variant = sagemaker.CfnEndpointConfig.ProductionVariantProperty(
        variant_name="AllTraffic",
        model_name=model.attr_model_name,
        instance_type="ml.g6.2xlarge",
        initial_instance_count=1,
        initial_variant_weight=1,
        inference_ami_version="al2023-ami-sagemaker-inference-gpu-4-1",
        model_data_download_timeout_in_seconds=190,
        container_startup_health_check_timeout_in_seconds=790,
        routing_config=sagemaker.CfnEndpointConfig.RoutingConfigProperty(routing_strategy="LEAST_OUTSTANDING_REQUESTS"),
    )
    config = sagemaker.CfnEndpointConfig(scope, f"{id}Config", production_variants=[variant], tags=tags)
    config.add_metadata("cdk-inference:startup", STARTUP)
    return config


def make_scaling(scope: Construct, id: str, name: str, endpoint: sagemaker.CfnEndpoint) -> None:
    """One to two instances, by requests in flight."""
    target = autoscaling.CfnScalableTarget(
        scope,
        f"{id}ScalableTarget",
        service_namespace="sagemaker",
        scalable_dimension="sagemaker:variant:DesiredInstanceCount",
        resource_id=f"endpoint/{name}/variant/AllTraffic",
        min_capacity=1,
        max_capacity=2,
    )
    target.add_resource_dependency(endpoint)
    autoscaling.CfnScalingPolicy(
        scope,
        f"{id}ScalingPolicy",
        policy_name=f"{name}-{METRIC}",
        policy_type="TargetTrackingScaling",
        scaling_target_id=target.ref,
        target_tracking_scaling_policy_configuration=autoscaling.CfnScalingPolicy.TargetTrackingScalingPolicyConfigurationProperty(
            target_value=4,
            scale_out_cooldown=300,
            scale_in_cooldown=300,
            predefined_metric_specification=autoscaling.CfnScalingPolicy.PredefinedMetricSpecificationProperty(
                predefined_metric_type=METRIC
            ),
        ),
    )


def make_alarm(
    scope: Construct, id: str, name: str, alarm_name: str, config: sagemaker.CfnEndpointConfig
) -> cloudwatch.CfnAlarm:
    """The rollback alarm on the new fleet."""
    values = {
        "EndpointName": name,
        "VariantName": "AllTraffic",
        "EndpointConfigName": config.attr_endpoint_config_name,
    }
    return cloudwatch.CfnAlarm(
        scope,
        f"{id}RollbackErrors",
        alarm_name=alarm_name,
        alarm_description=(
            "More than 5% of the new fleet's answers have status 5xx, in 2 of 3 minutes. During an update of "
            f"{name} SageMaker then returns to the old fleet; afterwards it is a sign to look at the endpoint's log "
            "group."
        ),
        namespace="AWS/SageMaker",
        metric_name="Invocation5XXErrors",
        dimensions=[cloudwatch.CfnAlarm.DimensionProperty(name=key, value=value) for key, value in values.items()],
        statistic="Average",
        period=60,
        evaluation_periods=3,
        datapoints_to_alarm=2,
        comparison_operator="GreaterThanThreshold",
        threshold=0.05,
        treat_missing_data="notBreaching",
    )


def make_deployment(alarm_name: str) -> sagemaker.CfnEndpoint.DeploymentConfigProperty:
    """Blue/green with ten minutes of baking."""
    routing = sagemaker.CfnEndpoint.TrafficRoutingConfigProperty(type="ALL_AT_ONCE", wait_interval_in_seconds=600)
    return sagemaker.CfnEndpoint.DeploymentConfigProperty(
        blue_green_update_policy=sagemaker.CfnEndpoint.BlueGreenUpdatePolicyProperty(
            traffic_routing_configuration=routing, termination_wait_in_seconds=0
        ),
        auto_rollback_configuration=sagemaker.CfnEndpoint.AutoRollbackConfigProperty(
            alarms=[sagemaker.CfnEndpoint.AlarmProperty(alarm_name=alarm_name)]
        ),
    )


def make(scope: Construct, id: str, bucket: s3.IBucket) -> None:
    """The nine resources of one endpoint."""
    name = f"{scope.node.id}-{id.lower()}"
    tags = [CfnTag(key="cdk-inference:endpoint", value=name)]
    log_group_name = f"/aws/sagemaker/Endpoints/{name}"
    log_group = logs.CfnLogGroup(scope, f"{id}LogGroup", log_group_name=log_group_name, retention_in_days=30, tags=tags)
    log_group.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE)
    alarm_name = f"{name}-rollback-5xx"
    role = make_role(scope, id, bucket, log_group_name, alarm_name)
    config = make_config(scope, id, bucket, role, tags)
    endpoint = sagemaker.CfnEndpoint(
        scope,
        id,
        endpoint_name=name,
        endpoint_config_name=config.attr_endpoint_config_name,
        retain_all_variant_properties=True,
        deployment_config=make_deployment(alarm_name),
        tags=tags,
    )
    endpoint.add_resource_dependency(log_group)
    endpoint.add_resource_dependency(make_alarm(scope, id, name, alarm_name, config))
    make_scaling(scope, id, name, endpoint)


if __name__ == "__main__":
    synthesize(make)

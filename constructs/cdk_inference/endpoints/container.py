"""SageMaker's Model: the container with its image, environment and model data."""

from __future__ import annotations

from aws_cdk import CfnTag, Stack
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints.image_uri import image_uri
from cdk_inference.endpoints.place import Place
from cdk_inference.serving import HuggingFaceModel, ModelSource, S3Model, Server


def make_model(
    scope: Construct,
    id: str,
    server: Server,
    place: Place,
    *,
    role_arn: str,
    network_isolation: bool,
    vpc_config: sagemaker.CfnModel.VpcConfigProperty | None,
    tags: list[CfnTag],
    as_url: bool = False,
) -> sagemaker.CfnModel:
    """The model of `server`. It has no name: a model cannot be changed, so every change makes a new one.

    as_url: name the archive by ModelDataUrl; serverless endpoints know no ModelDataSource.
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (botocore 1.44.5)
    """
    return sagemaker.CfnModel(
        scope,
        id,
        execution_role_arn=role_arn,
        enable_network_isolation=network_isolation,
        primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
            image=image_uri(Stack.of(scope), place, server.container_image)[0],
            environment=dict(server.variables),
            model_data_url=_uri(server.model) if as_url else None,
            model_data_source=None if as_url else _source(server.model),
        ),
        vpc_config=vpc_config,
        tags=tags,
    )


def _source(model: ModelSource) -> sagemaker.CfnModel.ModelDataSourceProperty | None:
    """None for a model from the hub, which the container fetches itself."""
    if isinstance(model, HuggingFaceModel):
        return None
    prefix = isinstance(model, S3Model)
    source = sagemaker.CfnModel.S3DataSourceProperty(
        s3_uri=_uri(model),
        s3_data_type="S3Prefix" if prefix else "S3Object",
        compression_type="None" if prefix else "Gzip",
    )
    return sagemaker.CfnModel.ModelDataSourceProperty(s3_data_source=source)


def _uri(model: ModelSource) -> str:
    assert not isinstance(model, HuggingFaceModel), "a model from the hub has no place in S3"
    assert model.bucket is not None, "an endpoint refuses a model without a bucket"
    return f"s3://{model.bucket.bucket_name}/{model.key}"

"""N endpoints with the alpha L2 of AWS CDK: model, endpoint config, endpoint, autoscaling on invocations.

It has no log group, keeps no host image and no download time-out, and gives its role AmazonSageMakerFullAccess.
"""

from __future__ import annotations

import aws_cdk.aws_sagemaker_alpha as sagemaker
from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from common import synthesize
from constructs import Construct


def make(scope: Construct, id: str, bucket: s3.IBucket) -> None:
    """An archived model on one GPU."""
    model = sagemaker.Model(
        scope,
        f"{id}Model",
        network_isolation=True,
        containers=[
            sagemaker.ContainerDefinition(
                image=sagemaker.ContainerImage.from_dlc("djl-inference", "0.38.0-lmi29.0.0-cu130"),
                model_data=sagemaker.ModelData.from_bucket(bucket, "llama.tar.gz"),
                environment={"HF_MODEL_ID": "/opt/ml/model", "OPTION_TENSOR_PARALLEL_DEGREE": "1"},
            )
        ],
    )
    config = sagemaker.EndpointConfig(
        scope,
        f"{id}Config",
        instance_production_variants=[
            sagemaker.InstanceProductionVariantProps(
                model=model,
                variant_name="AllTraffic",
                instance_type=sagemaker.InstanceType.G5_XLARGE,
                initial_instance_count=1,
                container_startup_health_check_timeout=Duration.seconds(790),
            )
        ],
    )
    endpoint = sagemaker.Endpoint(scope, id, endpoint_config=config)
    variant = endpoint.find_instance_production_variant("AllTraffic")
    count = variant.auto_scale_instance_count(min_capacity=1, max_capacity=2)
    # Its formula gives a target of 20 x 0.5 x 60 = 600 invocations per minute and instance.
    count.scale_on_invocations("Invocations", max_requests_per_second=20, safety_factor=0.5)


if __name__ == "__main__":
    synthesize(make)

"""N real-time endpoints, made with this package."""

from __future__ import annotations

from aws_cdk import aws_s3 as s3
from common import synthesize
from constructs import Construct

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import Lmi, S3Model


def make(scope: Construct, id: str, bucket: s3.IBucket) -> None:
    """An LLM on one GPU, autoscaled: all that an endpoint can consist of but a VPC and a key."""
    RealtimeEndpoint(
        scope,
        id,
        server=Lmi(
            model=S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1),
            tensor_parallel_degree=1,
            max_model_len=4096,
        ),
        hardware="ml.g6.2xlarge",
        scaling=TargetConcurrency(per_instance=4, max_instances=2),
    )


if __name__ == "__main__":
    synthesize(make)

"""N endpoints with this package, asked for what alpha.py can express; log group and least privilege come with it."""

from __future__ import annotations

from aws_cdk import aws_s3 as s3
from common import synthesize
from constructs import Construct

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.scaling import TargetInvocations
from cdk_inference.serving import Lmi, S3Archive


def make(scope: Construct, id: str, bucket: s3.IBucket) -> None:
    """An archived model on one GPU."""
    RealtimeEndpoint(
        scope,
        id,
        server=Lmi(
            model=S3Archive(bucket=bucket, key="llama.tar.gz", size_gb=12, unpacked_gb=16.1),
            tensor_parallel_degree=1,
            max_model_len=8192,
        ),
        hardware="ml.g5.xlarge",
        scaling=TargetInvocations(per_instance_per_minute=600, max_instances=2),
    )


if __name__ == "__main__":
    synthesize(make)

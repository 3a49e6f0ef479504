"""One request in twenty and its answer, kept for 30 days in an encrypted bucket. Payloads may hold personal data."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import DataCapture, Observability, PayloadBucket, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import Lmi, S3Model

app = cdk.App()
stack = cdk.Stack(app, "Captured", env=cdk.Environment(region="eu-west-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
captured = PayloadBucket(stack, "Capture", key=key, retention_days=30)

RealtimeEndpoint(
    stack,
    "Chat",
    server=Lmi(
        model=S3Model(
            bucket=s3.Bucket.from_bucket_name(stack, "Models", "my-models"),
            prefix="llama-3.1-8b-instruct/",
            size_gb=16.1,
        ),
        tensor_parallel_degree=4,
        workload=Workload(
            architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=16
        ),
    ),
    hardware="ml.g6.12xlarge",
    encryption_key=key,
    observability=Observability(capture=DataCapture(bucket=captured.bucket, percent=5, prefix="chat/")),
)
app.synth()

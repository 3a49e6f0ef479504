"""Embeddings with Text Embeddings Inference: on a GPU, and on an x86 CPU."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.serving import S3Model, Tei, TeiCpu

app = cdk.App()
stack = cdk.Stack(app, "Encoders", env=cdk.Environment(region="eu-central-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="bge-m3/", size_gb=2.3)

RealtimeEndpoint(
    stack,
    "Fast",
    server=Tei(model=model, max_batch_tokens=32768, pooling="cls"),
    hardware="ml.g6.xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack, "Small", server=TeiCpu(model=model, auto_truncate=True), hardware="ml.c5.xlarge", encryption_key=key
)
app.synth()

"""Serverless: a small encoder on a CPU, billed by what requests take; one execution is kept warm."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import ServerlessEndpoint
from cdk_inference.scaling import ProvisionedConcurrency
from cdk_inference.serving import S3Archive, TeiCpu

app = cdk.App()
stack = cdk.Stack(app, "Serverless", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")

ServerlessEndpoint(
    stack,
    "Encoder",
    server=TeiCpu(model=S3Archive(bucket=bucket, key="bge-small.tar.gz", size_gb=0.12, unpacked_gb=0.14)),
    memory_mb=3072,
    max_concurrency=10,
    provisioned=ProvisionedConcurrency(executions=1),
    encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
)
app.synth()

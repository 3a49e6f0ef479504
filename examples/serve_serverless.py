"""Serverless: a small encoder on a CPU, billed by what requests take; executions kept warm, as many or by use."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import ServerlessEndpoint
from cdk_inference.scaling import ProvisionedConcurrency, TargetProvisionedUtilization
from cdk_inference.serving import S3Archive, TeiCpu

app = cdk.App()
stack = cdk.Stack(app, "Serverless", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")

key = kms.Key(stack, "Key", enable_key_rotation=True)
model = S3Archive(bucket=bucket, key="bge-small.tar.gz", size_gb=0.12, unpacked_gb=0.14)

ServerlessEndpoint(
    stack,
    "Encoder",
    server=TeiCpu(model=model),
    memory_mb=3072,
    max_concurrency=10,
    provisioned=ProvisionedConcurrency(executions=1),
    encryption_key=key,
)
# AWS writes that CloudFormation does not support this autoscaling: try it in an account before you say True.
ServerlessEndpoint(
    stack,
    "ByUse",
    server=TeiCpu(model=model),
    memory_mb=3072,
    max_concurrency=10,
    provisioned=TargetProvisionedUtilization(
        utilization=0.5, min_concurrency=1, max_concurrency=4, allow_untested=True
    ),
    encryption_key=key,
)
app.synth()

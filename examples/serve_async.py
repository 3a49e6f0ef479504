"""Asynchronous: large bodies and slow answers through a bucket, and no instance while nothing waits."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.cost import AlarmTopic
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, PayloadBucket
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetBacklog
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "Async", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
model = S3Model(
    bucket=s3.Bucket.from_bucket_name(stack, "Models", "my-models"), prefix="llama-3.1-8b-instruct/", size_gb=16.1
)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=32768, batch=4)

# What is written here is removed after a week.
payloads = PayloadBucket(stack, "Payloads", key=key, retention_days=7)
failed = AlarmTopic(stack, "Failed", notify=["oncall@example.com"], encryption_key=key)
documents = AsyncEndpoint(
    stack,
    "Documents",
    server=Vllm(model=model, tensor_parallel_degree=1, max_model_len=32768, workload=workload),
    hardware="ml.g6e.2xlarge",
    exchange=AsyncIo(bucket=payloads.bucket, on_error=failed),
    # From none to four, and back; the first request wakes it.
    scaling=TargetBacklog(per_instance=4, min_instances=0, max_instances=4),
    max_concurrent_per_instance=4,
    encryption_key=key,
)

# Attach it to whatever calls; examples/async_caller.py gives a role the files as well.
documents.grant_invoke(iam.ManagedPolicy(stack, "MayAskForDocuments"))
app.synth()

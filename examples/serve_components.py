"""Two models share the instances of one endpoint, which rests without any while nobody asks."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import ComponentEndpoint, InferenceComponent, ManagedInstances, Placement, Resources
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetConcurrencyPerCopy, TargetInvocationsPerCopy, target_from
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "Components", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
llama = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)
mistral = S3Model(bucket=bucket, prefix="mistral-7b/", size_gb=14.5)
short = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=1024, batch=8)
long = Workload(architecture=PUBLISHED["mistralai/Mistral-7B-v0.1"], precision="bf16", context_tokens=8192, batch=1)

shared = ComponentEndpoint(
    stack,
    "Shared",
    hardware="ml.g6.12xlarge",
    instances=ManagedInstances(min_instances=0, max_instances=2),
    encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
)
# Of the host's memory, not the GPU's; an instance offers less than its type says, so start low.
one_gpu = Resources(memory_mb=4096, accelerators=1)
chat = InferenceComponent(
    stack,
    "Chat",
    endpoint=shared,
    server=Vllm(model=llama, tensor_parallel_degree=1, max_model_len=8192, workload=short),
    resources=one_gpu,
    scaling=TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4),
    placement=Placement(strategy="SPREAD"),
)
InferenceComponent(
    stack,
    "Summaries",
    endpoint=shared,
    server=Vllm(model=mistral, tensor_parallel_degree=1, max_model_len=8192, workload=long),
    resources=one_gpu,
    # One copy was measured to hold 2 requests a second: half of that, by the minute.
    scaling=TargetInvocationsPerCopy(
        per_copy_per_minute=target_from(requests_per_second=2, safety_factor=0.5), min_copies=0, max_copies=4
    ),
)
# Whoever has this policy may ask Chat, and not Summaries.
chat.grant_invoke(iam.ManagedPolicy(stack, "MayChat"))
app.synth()

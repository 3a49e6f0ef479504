"""A component on whichever type can be had, each with its own degree; copies are replaced in batches."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import (
    ComponentEndpoint,
    ComponentOn,
    Consolidation,
    InferenceComponent,
    InstancePools,
    ManagedInstances,
    Resources,
)
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import FixedCopies
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "ComponentPools", env=cdk.Environment(region="us-east-1"))
model = S3Model(
    bucket=s3.Bucket.from_bucket_name(stack, "Models", "my-models"), prefix="llama-3.1-8b-instruct/", size_gb=16.1
)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=12)

shared = ComponentEndpoint(
    stack,
    "Shared",
    hardware=InstancePools(types=("ml.g6e.2xlarge", "ml.g6.12xlarge")),
    instances=ManagedInstances(min_instances=1, max_instances=4, scale_in=Consolidation(cooldown_minutes=30)),
    encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
)
split = ComponentOn(
    server=Vllm(model=model, tensor_parallel_degree=4, workload=workload),
    resources=Resources(memory_mb=4096, accelerators=4),
)
InferenceComponent(
    stack,
    "Chat",
    endpoint=shared,
    server=Vllm(model=model, tensor_parallel_degree=1, workload=workload),
    resources=Resources(memory_mb=4096, accelerators=1),
    per_type={"ml.g6.12xlarge": split},
    scaling=FixedCopies(copies=2),
    rollout=Rolling(percent=50),
)
app.synth()

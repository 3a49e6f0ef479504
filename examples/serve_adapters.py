"""Two adapters on one base model, each with its own callers."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import AdapterComponent, ComponentEndpoint, InferenceComponent, ManagedInstances, Resources
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import Lmi, S3Archive, S3Model

app = cdk.App()
stack = cdk.Stack(app, "Adapters", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)

shared = ComponentEndpoint(
    stack,
    "Shared",
    hardware="ml.g6.2xlarge",
    instances=ManagedInstances(min_instances=1, max_instances=2),
    encryption_key=kms.Key(stack, "Key", enable_key_rotation=True),
)
base = InferenceComponent(
    stack,
    "Base",
    endpoint=shared,
    # The container must be told that adapters will come, and how many may be in one batch.
    server=Lmi(
        model=model,
        tensor_parallel_degree=1,
        max_model_len=4096,
        workload=Workload(
            architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=1024, batch=4
        ),
        environment={"OPTION_ENABLE_LORA": "true", "OPTION_MAX_LORAS": "2"},
    ),
    resources=Resources(memory_mb=2048, accelerators=1),
)
for team in ("Legal", "Billing"):
    weights = S3Archive(bucket=bucket, key=f"adapters/{team.lower()}.tar.gz", size_gb=0.1, unpacked_gb=0.2)
    adapter = AdapterComponent(stack, team, base=base, adapter=weights)
    adapter.grant_invoke(iam.ManagedPolicy(stack, f"MayAsk{team}"))
app.synth()

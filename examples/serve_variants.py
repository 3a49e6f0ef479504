"""Two servers share the traffic of one endpoint; on another endpoint a second chip gets copies and answers nobody."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint, ShadowVariant, Variant
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import Lmi, S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "Variants", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=2048, batch=4)
lmi = Lmi(model=model, tensor_parallel_degree=1, max_model_len=8192, workload=workload)
vllm = Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192, workload=workload)

# Nine requests in ten are answered by the first. A deployment that changes the share changes nothing else.
RealtimeEndpoint(
    stack,
    "Chat",
    server=lmi,
    hardware="ml.g6.2xlarge",
    scaling=TargetConcurrency(per_instance=4, min_instances=1, max_instances=4),
    more_variants=[Variant(name="Vllm", traffic_percent=10, server=vllm, hardware="ml.g6.2xlarge")],
    encryption_key=key,
)

# A quarter of the requests is copied to a newer GPU: compare latency before anyone depends on it.
RealtimeEndpoint(
    stack,
    "Assistant",
    server=vllm,
    hardware="ml.g5.2xlarge",
    shadow=ShadowVariant(sampling_percent=25, server=vllm, hardware="ml.g6e.2xlarge"),
    encryption_key=key,
)
app.synth()

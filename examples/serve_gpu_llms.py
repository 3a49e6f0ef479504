"""LLMs on NVIDIA GPUs with AWS's images: vLLM, SGLang, LMI, and TGI, which is frozen."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import ImageException, Lmi, S3Model, SgLang, Tgi, Vllm

FOR_NOW = ImageException(reason="until the move to Vllm is tested", until="2027-05-31")

app = cdk.App()
stack = cdk.Stack(app, "GpuLlms", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=512, batch=16)
one_gpu: dict[str, Any] = {"model": model, "tensor_parallel_degree": 1, "workload": workload}

servers = {
    "Vllm": Vllm(**one_gpu, max_model_len=8192, gpu_memory_share=0.9, dtype="bfloat16"),
    # By itself SGLang keeps 6.7 GiB of an L4 for what is neither weights nor cache.
    "SgLang": SgLang(**one_gpu, max_model_len=8192, kv_cache_share=0.85),
    "Lmi": Lmi(**one_gpu, max_model_len=8192, max_concurrent_requests=32),
    "Tgi": Tgi(**one_gpu, image_exception=FOR_NOW, max_input_tokens=4096, max_total_tokens=8192),
}
for name, server in servers.items():
    scaling = TargetConcurrency(per_instance=16, min_instances=1, max_instances=2)
    RealtimeEndpoint(stack, name, server=server, hardware="ml.g6.2xlarge", encryption_key=key, scaling=scaling)
app.synth()

"""AWS's images for Inferentia2 and Trainium1. All are frozen or ended: docs/images.md says what that means."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Architecture, Workload
from cdk_inference.serving import (
    Compiled,
    CompilesAtStart,
    DjlNeuron,
    HuggingFaceNeuron,
    ImageException,
    S3Model,
    TgiNeuron,
    VllmNeuron,
)

FOR_NOW = ImageException(reason="compiled for these chips; Lmi and Tei on GPUs are the way back", until="2027-05-31")

app = cdk.App()
stack = cdk.Stack(app, "Neuron", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
encoder = S3Model(bucket=bucket, prefix="bge-base-neuron/", size_gb=0.4)
# The same model, exported with the versions of each image.
for_vllm = S3Model(bucket=bucket, prefix="llama-3.1-8b-neuron-2.26.1/", size_gb=16.1)
for_tgi = S3Model(bucket=bucket, prefix="llama-3.1-8b-neuron-2.24.1/", size_gb=16.1)
# config.json of https://huggingface.co/meta-llama/Llama-2-7b-hf (read 2026-11-29).
LLAMA_2_7B = Architecture(
    parameters=6_738_415_616,
    layers=32,
    attention_heads=32,
    key_value_heads=32,
    head_dimension=128,
    hidden_size=4096,
    vocabulary=32_000,
)
plain = S3Model(bucket=bucket, prefix="llama-2-7b/", size_gb=13.5)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=4096, batch=4)
SHAPES: dict[str, Any] = {
    "model": "meta-llama/Llama-3.1-8B-Instruct",
    "chip": "Inferentia2",
    "cores": 2,
    "sequence_length": 4096,
    "batch_size": 4,
}

bge = Compiled(
    model="BAAI/bge-base-en-v1.5", chip="Inferentia2", cores=1, sequence_length=512, batch_size=4, sdk_version="2.26.0"
)
RealtimeEndpoint(
    stack,
    "Encoder",
    server=HuggingFaceNeuron(image_exception=FOR_NOW, model=encoder, task="feature-extraction", compilation=bge),
    hardware="ml.inf2.xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack,
    "Vllm",
    server=VllmNeuron(
        image_exception=FOR_NOW,
        model=for_vllm,
        tensor_parallel_degree=2,
        sequence_length=4096,
        batch_size=4,
        workload=workload,
        compilation=Compiled(**SHAPES, sdk_version="2.26.1", optimum_version="0.4.5"),
    ),
    hardware="ml.inf2.8xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack,
    "Tgi",
    server=TgiNeuron(
        image_exception=FOR_NOW,
        model=for_tgi,
        tensor_parallel_degree=2,
        sequence_length=4096,
        batch_size=4,
        workload=workload,
        cast="bf16",
        compilation=Compiled(**SHAPES, sdk_version="2.24.1", optimum_version="0.3.0"),
    ),
    hardware="ml.inf2.8xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack,
    "Djl",
    server=DjlNeuron(
        image_exception=FOR_NOW,
        model=plain,
        tensor_parallel_degree=2,
        sequence_length=2048,
        workload=Workload(architecture=LLAMA_2_7B, precision="fp16", context_tokens=2048, batch=1),
        model_loading_seconds=3400,
        # The most that SageMaker's time-out leaves room for; write what you measure.
        compilation=CompilesAtStart(reason="the engine has no other way", seconds=2400),
    ),
    hardware="ml.trn1.2xlarge",
    encryption_key=key,
)
app.synth()

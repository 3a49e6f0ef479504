"""AWS's images for Inferentia2 and Trainium1. All are frozen or ended: docs/images.md says what that means."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.serving import (
    Accepted,
    DjlNeuron,
    HuggingFaceNeuron,
    S3Model,
    StartupTimeouts,
    TgiNeuron,
    VllmNeuron,
)

FOR_NOW = Accepted(reason="compiled for these chips; Lmi and Tei on GPUs are the way back", until="2027-05-31")

app = cdk.App()
stack = cdk.Stack(app, "Neuron", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
encoder = S3Model(bucket=bucket, prefix="bge-base-neuron/", size_gb=0.4)
exported = S3Model(bucket=bucket, prefix="llama-3.1-8b-neuron-tp2/", size_gb=16.1)
plain = S3Model(bucket=bucket, prefix="llama-2-7b/", size_gb=13.5)

RealtimeEndpoint(
    stack,
    "Encoder",
    server=HuggingFaceNeuron(accepted=FOR_NOW, model=encoder, task="feature-extraction"),
    hardware="ml.inf2.xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack,
    "Vllm",
    server=VllmNeuron(accepted=FOR_NOW, model=exported, tensor_parallel_degree=2, sequence_length=4096, batch_size=4),
    hardware="ml.inf2.8xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack,
    "Tgi",
    server=TgiNeuron(
        accepted=FOR_NOW, model=exported, tensor_parallel_degree=2, sequence_length=4096, batch_size=4, cast="bf16"
    ),
    hardware="ml.inf2.8xlarge",
    encryption_key=key,
)
RealtimeEndpoint(
    stack,
    "Djl",
    # Compiles the model while it starts.
    server=DjlNeuron(
        accepted=FOR_NOW, model=plain, tensor_parallel_degree=2, sequence_length=2048, model_loading_seconds=3400
    ),
    hardware="ml.trn1.2xlarge",
    encryption_key=key,
    startup=StartupTimeouts(download_seconds=600, container_seconds=3600, explained="compiles while it starts"),
)
app.synth()

"""An LLM on Trainium, scaled by the requests in flight, encrypted with a key of one's own."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import Observability, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import Compiled, ImageException, S3Model, VllmNeuron

app = cdk.App()
stack = cdk.Stack(app, "Assistant", env=cdk.Environment(region="us-east-1"))

key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-neuron-tp32/", size_gb=16.1)

RealtimeEndpoint(
    stack,
    "Llm",
    server=VllmNeuron(
        model=model,
        tensor_parallel_degree=32,
        sequence_length=8192,
        batch_size=16,
        workload=Workload(
            architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=16
        ),
        compilation=Compiled(
            model="meta-llama/Llama-3.1-8B-Instruct",
            chip="Trainium",
            cores=32,
            sequence_length=8192,
            batch_size=16,
            sdk_version="2.26.1",
            optimum_version="0.4.5",
        ),
        image_exception=ImageException(
            reason="the image gets critical fixes only; Lmi on a GPU is the way back", until="2027-05-31"
        ),
    ),
    hardware="ml.trn1.32xlarge",
    scaling=TargetConcurrency(per_instance=16, min_instances=1, max_instances=2),
    encryption_key=key,
    observability=Observability(retention_days=90, enhanced_metrics=True, metric_period_seconds=10),
)
app.synth()

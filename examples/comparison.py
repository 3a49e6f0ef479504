"""An LLM on Inferentia2, on a GPU and a model on Bedrock, for one load, deleted on a Saturday evening.

The time is fixed: take one of your own, within 14 days.
"""

import datetime

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from cdk_inference.bedrock import BedrockAccess, FoundationModel
from cdk_inference.comparison import Comparison, EndpointCandidate
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import Compiled, ImageException, S3Model, Vllm, VllmNeuron

app = cdk.App()
stack = cdk.Stack(app, "Chips", env=cdk.Environment(region="us-east-1"))
models = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=4096, batch=8)

comparison = Comparison(
    stack,
    "Llama",
    candidates=[
        EndpointCandidate(
            name="Inferentia",
            server=VllmNeuron(
                model=S3Model(bucket=models, prefix="llama-3.1-8b-neuron-tp2/", size_gb=16.1),
                tensor_parallel_degree=2,
                sequence_length=4096,
                batch_size=8,
                workload=workload,
                compilation=Compiled(
                    model="meta-llama/Llama-3.1-8B-Instruct",
                    chip="Inferentia2",
                    cores=2,
                    sequence_length=4096,
                    batch_size=8,
                    sdk_version="2.26.1",
                    optimum_version="0.4.5",
                ),
                image_exception=ImageException(reason="measured before it is replaced", until="2027-05-31"),
            ),
            hardware="ml.inf2.8xlarge",
        ),
        EndpointCandidate(
            name="Gpu",
            server=Vllm(
                model=S3Model(bucket=models, prefix="llama-3.1-8b-instruct/", size_gb=16.1),
                tensor_parallel_degree=1,
                max_model_len=4096,
                workload=workload,
            ),
            hardware="ml.g6e.xlarge",
        ),
        BedrockAccess(stack, "Bedrock", models=[FoundationModel("amazon.nova-lite-v1:0")]).target(),
    ],
    end=datetime.datetime(2026, 12, 5, 18, tzinfo=datetime.UTC),
    notify=["inference-costs@example.com"],
)
comparison.grant_run(iam.Role(stack, "Runner", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com").grant_principal))
app.synth()

"""A function that hands work to an asynchronous endpoint: it puts the body, asks, and reads the answer."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import AsyncEndpoint, AsyncIo
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "AsyncCaller", env=cdk.Environment(region="us-east-1"))
model = S3Model(bucket=s3.Bucket.from_bucket_name(stack, "Models", "my-models"), prefix="llama/", size_gb=16.1)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=1)
exchange = AsyncIo(bucket=s3.Bucket.from_bucket_name(stack, "Exchange", "my-requests"))
documents = AsyncEndpoint(
    stack,
    "Documents",
    server=Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192, workload=workload),
    hardware="ml.g6.2xlarge",
    exchange=exchange,
)

function_role = iam.Role(stack, "FunctionRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").grant_principal)
documents.grant_put_input(function_role)
documents.grant_invoke(function_role)
documents.grant_read_output(function_role)
app.synth()

"""Two instance types by priority, each with a server that fits it; alarms when the second serves, or both are full."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import InstancePools, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "Pools", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=12)

# One L40S has 44.7 GiB and serves the model alone; of the L4, with 22.4 GiB each, four share it.
FIRST, SECOND = "ml.g6e.2xlarge", "ml.g6.12xlarge"
chat = RealtimeEndpoint(
    stack,
    "Chat",
    server=Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192, workload=workload),
    hardware=InstancePools(
        types=(FIRST, SECOND),
        servers={SECOND: Vllm(model=model, tensor_parallel_degree=4, max_model_len=8192, workload=workload)},
    ),
)

minute = cdk.Duration.minutes(1)
chat.metric_per_type("Invocations", period=minute)[SECOND].create_alarm(
    stack,
    "SecondChoiceServes",
    threshold=1,
    evaluation_periods=5,
    datapoints_to_alarm=3,
    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
)
# What one instance takes is to be measured; these two numbers only show where it goes.
chat.metric_pool_load({FIRST: 16, SECOND: 12}, period=minute).create_alarm(
    stack, "Full", threshold=0.9, evaluation_periods=5, datapoints_to_alarm=3
)
app.synth()

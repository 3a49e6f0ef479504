"""Cost alarms: what runs costs too much for ten minutes, and an endpoint that nobody asks for an hour."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.cost import AlarmTopic, BurnRate, CostControls, Idle
from cdk_inference.endpoints import InstancePools, RealtimeEndpoint
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import Lmi, S3Model

app = cdk.App()
stack = cdk.Stack(app, "Cost", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
key = kms.Key(stack, "Key", enable_key_rotation=True)

chat = RealtimeEndpoint(
    stack,
    "Chat",
    server=Lmi(model=S3Model(bucket=bucket, prefix="llama-3.1-8b/", size_gb=16.1), tensor_parallel_degree=1),
    hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge")),
    scaling=TargetConcurrency(per_instance=4, max_instances=6),
    encryption_key=key,
)
search = RealtimeEndpoint.from_endpoint_name(stack, "Search", "search-v2", hardware="ml.inf2.xlarge")

topic = AlarmTopic(stack, "Alarms", encryption_key=key, notify=["inference-costs@example.com"])

CostControls(
    stack,
    "Controls",
    targets=[chat, search],
    topic=topic,
    burn_rate=BurnRate(usd_per_hour=7.5),
    idle=Idle(minutes=60),
)
app.synth()

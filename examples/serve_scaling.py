"""Counts of real-time endpoints: by GPU use, own metrics, steps, the clock; of unequal pools; fixed and reserved."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import CapacityReservation, InstancePools, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCount,
    PoolLoad,
    ScheduledBounds,
    ScheduledCount,
    Step,
    StepScaling,
    TargetConcurrency,
    TargetInvocations,
    TargetMetric,
    TargetUtilization,
    target_from,
)
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "Scaling", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
model = S3Model(bucket=bucket, prefix="llama-3.1-8b-instruct/", size_gb=16.1)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=512, batch=16)
server = Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192, workload=workload)

# Tokens that wait, published by an application of yours; the value must fall as instances are added.
waiting = cloudwatch.Metric(
    namespace="MyTeam/Chat", metric_name="TokensWaitingPerInstance", dimensions_map={"Endpoint": "scaling-own"}
)
workdays = {"time_zone": "Europe/Berlin"}
policies = {
    # One instance was measured to hold 4 requests a second: half of that, by the minute.
    "Measured": TargetInvocations(
        per_instance_per_minute=target_from(requests_per_second=4, safety_factor=0.5), max_instances=4
    ),
    "Gpu": TargetUtilization(of="gpu", percent=70, max_capacity=4),
    "Own": TargetMetric(metric=waiting, value=2000, statistic="Average", max_capacity=4),
    "Steps": StepScaling(
        metric="ConcurrentRequestsPerModel",
        statistic="Maximum",
        steps=(Step(at=8, change=1), Step(at=16, change=2)),
        max_capacity=4,
    ),
    "Clock": ScheduledCount(
        count=1,
        windows=(
            ScheduledBounds(schedule="cron(0 7 ? * MON-FRI *)", min_capacity=3, max_capacity=3, **workdays),
            ScheduledBounds(schedule="cron(0 20 ? * MON-FRI *)", min_capacity=1, max_capacity=1, **workdays),
        ),
    ),
    "Both": CombinedPolicies(
        policies=(
            TargetConcurrency(
                per_instance=8,
                max_instances=6,
                windows=(
                    ScheduledBounds(schedule="cron(0 7 ? * MON-FRI *)", min_capacity=2, max_capacity=6, **workdays),
                    ScheduledBounds(schedule="cron(0 20 ? * MON-FRI *)", min_capacity=1, max_capacity=6, **workdays),
                ),
            ),
            TargetMetric(metric=waiting, value=2000, statistic="Average", min_capacity=1, max_capacity=6),
        )
    ),
}
for name, scaling in policies.items():
    RealtimeEndpoint(stack, name, server=server, hardware="ml.g6.2xlarge", scaling=scaling, encryption_key=key)

# Types of unequal size: each weighted by the requests at once that one instance of it was measured to take.
RealtimeEndpoint(
    stack,
    "Pools",
    server=Vllm(model=model, tensor_parallel_degree=1, max_model_len=8192, workload=workload),
    hardware=InstancePools(types=("ml.g6e.2xlarge", "ml.g6.2xlarge")),
    scaling=PoolLoad(max_concurrency={"ml.g6e.2xlarge": 20, "ml.g6.2xlarge": 8}, load=0.7, max_instances=4),
    encryption_key=key,
)

# A training plan's instances, three of them: two serve, and an update works with batches of one.
RealtimeEndpoint(
    stack,
    "Reserved",
    server=Vllm(model=model, tensor_parallel_degree=8, max_model_len=8192, workload=workload),
    hardware="ml.p5.48xlarge",
    scaling=FixedCount(instances=2),
    reservation=CapacityReservation(arn="arn:aws:sagemaker:us-east-1:111122223333:training-plan/chat"),
    rollout=Rolling(percent=50),
    encryption_key=key,
)
app.synth()

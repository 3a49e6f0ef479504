"""Cost controls of endpoints, hosts of components and a team on Bedrock: in one line, and each limit by hand."""

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.bedrock import ApplicationProfile, InferenceProfile
from cdk_inference.cost import AlarmTopic, BurnRate, CostControls, Idle, Metering, MonthlyBudget, UnderUse, UnitCost
from cdk_inference.endpoints import ComponentEndpoint, InstancePools, ManagedInstances, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import Lmi, S3Model

app = cdk.App()
stack = cdk.Stack(app, "Cost", env=cdk.Environment(region="us-east-1"))
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
key = kms.Key(stack, "Key", enable_key_rotation=True)

chat = RealtimeEndpoint(
    stack,
    "Chat",
    server=Lmi(
        model=S3Model(bucket=bucket, prefix="llama-3.1-8b/", size_gb=16.1),
        tensor_parallel_degree=1,
        max_model_len=8192,
        workload=Workload(
            architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=2048, batch=4
        ),
    ),
    hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g5.2xlarge")),
    scaling=TargetConcurrency(per_instance=4, max_instances=6),
    encryption_key=key,
)
team = ApplicationProfile(stack, "Team", of=InferenceProfile("us.anthropic.claude-haiku-5-5"), tags={"team": "search"})

# In one line: a budget for both, a rate that would spend it in half a month, alarms on what is idle or hardly used.
CostControls(
    stack, "Controls", targets=[chat, team], monthly_budget=MonthlyBudget(usd=3_000), notify=["oncall@example.com"]
)

# Each limit by hand, for an endpoint made elsewhere and for hosts of components, whose instances metering counts.
topic = AlarmTopic(stack, "Alarms", encryption_key=key)
search = RealtimeEndpoint.from_endpoint_name(stack, "Search", "search-v2", hardware="ml.inf2.xlarge")
shared = ComponentEndpoint(
    stack,
    "Shared",
    hardware="ml.g5.12xlarge",
    instances=ManagedInstances(min_instances=1, max_instances=3),
    encryption_key=key,
)
CostControls(
    stack,
    "ByHand",
    targets=[search, shared],
    alarm_topic=topic,
    metering=Metering(stack, "Metering", alarm_topic=topic, encryption_key=key),
    burn_rate=BurnRate(usd_per_hour=15, minutes=30),
    idle=Idle(minutes=30),
    under_use=UnderUse(percent=10, hours=48),
    unit_cost={search: UnitCost(usd_per_1000_requests=0.5, minutes=120, least_requests=500)},
)
app.synth()

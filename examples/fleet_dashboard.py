"""One dashboard for a fleet: an LLM on a GPU, an encoder on Inferentia2, a queue of documents, a model on Bedrock."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cdk_inference.bedrock import BedrockAccess, InferenceProfile
from cdk_inference.cost import BurnRate, CostControls, FleetDashboard
from cdk_inference.endpoints import AsyncEndpoint, AsyncIo, RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.scaling import TargetBacklog, TargetConcurrency, TargetInvocations
from cdk_inference.serving import Compiled, HuggingFaceNeuron, ImageException, Lmi, S3Model

BURN_USD_PER_HOUR = 9.5

app = cdk.App()
stack = cdk.Stack(app, "fleet", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
llama = S3Model(bucket=bucket, prefix="llama-3.1-8b/", size_gb=16.1)
workload = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=2048, batch=4)
bge = Compiled(
    model="BAAI/bge-base-en-v1.5", chip="Inferentia2", cores=1, sequence_length=512, batch_size=4, sdk_version="2.26.0"
)

chat = RealtimeEndpoint(
    stack,
    "chat",
    server=Lmi(model=llama, tensor_parallel_degree=1, max_model_len=8192, workload=workload),
    hardware="ml.g6.2xlarge",
    scaling=TargetConcurrency(per_instance=4, max_instances=4),
    encryption_key=key,
)
search = RealtimeEndpoint(
    stack,
    "search",
    server=HuggingFaceNeuron(
        model=S3Model(bucket=bucket, prefix="bge-base-neuron/", size_gb=0.4),
        task="feature-extraction",
        compilation=bge,
        image_exception=ImageException(
            reason="compiled for these chips; Tei on a GPU is the way back", until="2027-05-31"
        ),
    ),
    hardware="ml.inf2.xlarge",
    scaling=TargetInvocations(per_instance_per_minute=1200, max_instances=3),
    encryption_key=key,
)
documents = AsyncEndpoint(
    stack,
    "documents",
    server=Lmi(model=llama, tensor_parallel_degree=1, max_model_len=8192, workload=workload),
    hardware="ml.g5.2xlarge",
    scaling=TargetBacklog(per_instance=5, min_instances=0, max_instances=3),
    exchange=AsyncIo(bucket=s3.Bucket.from_bucket_name(stack, "Documents", "my-documents")),
    encryption_key=key,
)
haiku = BedrockAccess(stack, "haiku", models=[InferenceProfile("us.anthropic.claude-haiku-5-5")]).target()

on_call = sns.Topic.from_topic_arn(stack, "OnCall", f"arn:aws:sns:us-east-1:{stack.account}:on-call")
controls = CostControls(
    stack,
    "cost",
    targets=[chat, search, documents, haiku],
    alarm_topic=on_call,
    burn_rate=BurnRate(usd_per_hour=BURN_USD_PER_HOUR),
    dashboard=False,  # which is the same without what is added below
)
failing = cloudwatch.Alarm(
    stack,
    "Failing",
    alarm_name="fleet-chat-failing",
    metric=chat.metric_server_errors(period=cdk.Duration.minutes(5)),
    threshold=5,
    evaluation_periods=1,
    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
)
FleetDashboard(
    stack,
    "dashboard",
    targets=[chat, search, documents, haiku],
    alarms=[failing, *controls.alarms],
    usd_per_hour=controls.metric_usd_per_hour(minutes=5),
    limit_usd_per_hour=BURN_USD_PER_HOUR,
    unit_cost=[controls.metric_usd_per_1000_requests(chat, minutes=15)],
    monthly_budget_usd=6000,
    links={"Runbook": "https://wiki.example.com/fleet"},
)
app.synth()

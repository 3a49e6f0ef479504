"""Health alarms in a Slack channel, with a limit of latency, and quiet during a release on Sunday."""

import aws_cdk as cdk
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.health import HealthAlarms, HealthLimits
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import S3Model, Vllm

app = cdk.App()
stack = cdk.Stack(app, "HealthAlarms", env=cdk.Environment(region="us-east-1"))

models = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
chat = RealtimeEndpoint(
    stack,
    "Chat",
    server=Vllm(
        model=S3Model(bucket=models, prefix="llama-3.1-8b-instruct/", size_gb=16.1),
        tensor_parallel_degree=1,
        max_model_len=8192,
    ),
    hardware="ml.g6.2xlarge",
    scaling=TargetConcurrency(per_instance=8, min_instances=2, max_instances=6),
)
health = HealthAlarms(
    stack,
    "Health",
    targets=[chat],
    limits=HealthLimits(p99_milliseconds=8000),
    notify=["oncall@example.com"],
)

# The channel has to be authorized once per account, in the console of Amazon Q Developer in chat applications.
chatbot.SlackChannelConfiguration(
    stack,
    "OnCall",
    slack_channel_configuration_name="inference-on-call",
    slack_workspace_id="T01234567",
    slack_channel_id="C01234567",
    notification_topics=[health.alarm_topic],
)

# Muted alarms change their state and send nothing.
cloudwatch.AlarmMuteRule(
    stack,
    "Release",
    alarms=health.alarms,
    schedule=cloudwatch.ScheduleExpression.cron(week_day="SUN", hour="4", minute="0"),
    duration=cdk.Duration.hours(2),
)
app.synth()

"""What a million tokens of an own endpoint cost, from the container's own metrics, without a metering function."""

import datetime

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_s3 as s3

from cdk_inference.cost import AlarmTopic, PromQLChart, send_alarm
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.metrics import DetailedQueries
from cdk_inference.pricing import Price, PriceBook
from cdk_inference.scaling import TargetConcurrency
from cdk_inference.serving import S3Model, Vllm

USD_PER_MILLION_TOKENS = 2.00
FIRST_TOKEN_SECONDS = 1.5

app = cdk.App()
stack = cdk.Stack(app, "TokenCost", env=cdk.Environment(region="us-east-1"))
chat = RealtimeEndpoint(
    stack,
    "Chat",
    server=Vllm(
        model=S3Model(
            bucket=s3.Bucket.from_bucket_name(stack, "Models", "my-models"),
            prefix="llama-3.1-8b-instruct/",
            size_gb=16.1,
        ),
        tensor_parallel_degree=1,
        max_model_len=8192,
    ),
    hardware="ml.g6.2xlarge",
    scaling=TargetConcurrency(per_instance=8, max_instances=4),
)

price = PriceBook(today=datetime.date(2026, 11, 29)).look_up("ml.g6.2xlarge", "us-east-1")
assert isinstance(price, Price)
queries = DetailedQueries(endpoint_name=chat.endpoint_name, minutes=15)
topic = AlarmTopic(stack, "Alarms", notify=["inference-costs@example.com"])
for id, query, limit, unit in (
    ("TokenCost", queries.usd_per_million_tokens(price.usd), USD_PER_MILLION_TOKENS, "USD per million tokens"),
    ("FirstToken", queries.first_token_seconds(), FIRST_TOKEN_SECONDS, "seconds to the first token at p99"),
):
    alarm = cloudwatch.PromQLAlarm(
        stack,
        id,
        query=f"({query}) > {limit}",
        alarm_description=f"{chat.endpoint_name}: above {limit} {unit}. Compare types with cdk-inference choose.",
        evaluation_interval=cdk.Duration.minutes(1),
        pending_period=cdk.Duration.minutes(15),
        recovery_period=cdk.Duration.minutes(5),
    )
    send_alarm(alarm, topic)

charts = {
    "USD per million tokens": queries.usd_per_million_tokens(price.usd),
    "Tokens per second": queries.tokens_per_second(),
    "Instances": queries.instances(),
}
cloudwatch.Dashboard(
    stack, "Tokens", widgets=[[PromQLChart(title=title, query=query, width=8) for title, query in charts.items()]]
)
app.synth()

"""Metering: what every endpoint of an account and region costs an hour, whoever made it, as metrics of its own."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms

from cdk_inference.cost import AlarmTopic, Metering, send_alarm
from cdk_inference.endpoints import RealtimeEndpoint

app = cdk.App()
stack = cdk.Stack(app, "Region", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)

topic = AlarmTopic(stack, "Alarms", encryption_key=key)
metering = Metering(stack, "Metering", alarm_topic=topic, encryption_key=key)

# An alarm of your own, on an endpoint that hosts inference components.
shared = RealtimeEndpoint.from_endpoint_name(stack, "Shared", "shared-hosts")
dear = cloudwatch.Alarm(
    stack,
    "Dear",
    alarm_description="The hosts of all components cost more than $20 an hour. Lower their number, or raise this.",
    metric=metering.metric_usd_per_hour(shared),
    threshold=20,
    evaluation_periods=3,
    comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
    # Missing data: no price, or not metered; the alarms of metering report both.
    treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
)
send_alarm(dear, topic)
app.synth()

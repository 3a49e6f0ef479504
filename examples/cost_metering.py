"""Metering: what every endpoint of an account and region costs an hour, whoever made it, as metrics of its own."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

from cdk_inference.cost import Metering
from cdk_inference.endpoints import RealtimeEndpoint

app = cdk.App()
stack = cdk.Stack(app, "Region", env=cdk.Environment(region="us-east-1"))
key = kms.Key(stack, "Key", enable_key_rotation=True)

topic = sns.Topic(stack, "Alarms", master_key=key, enforce_ssl=True)
here = {"StringEquals": {"aws:SourceAccount": stack.account}}
alarms = iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=here)
topic.grant_publish(alarms)
key.grant(alarms, "kms:Decrypt", "kms:GenerateDataKey*")

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
    # Missing: unpriced or not metered, of which the alarms of metering tell.
    treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
)
dear.add_alarm_action(actions.SnsAction(topic))
dear.add_ok_action(actions.SnsAction(topic))
app.synth()

"""One application, one value to change: a model on Amazon Bedrock, or an endpoint of one's own.

The role, the alarms and the dashboard carry over, in dollars too. The call does not: Bedrock's Converse has its own
request, an endpoint takes what its server takes.
"""

from collections.abc import Callable

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from cdk_inference.bedrock import BedrockAccess, InferenceProfile
from cdk_inference.cost import BurnRate, CostControls, send_alarm
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.target import InferenceTarget


def on_bedrock(stack: cdk.Stack) -> InferenceTarget:
    return BedrockAccess(stack, "Model", models=[InferenceProfile("us.anthropic.claude-haiku-5-5")]).target()


def on_an_endpoint(stack: cdk.Stack) -> InferenceTarget:
    return RealtimeEndpoint.from_endpoint_name(stack, "Model", "inference-prod-fleet-chat", hardware="ml.g6.12xlarge")


class ChatStack(cdk.Stack):
    """The application. It knows its model as an `InferenceTarget`, and nothing more of it."""

    def __init__(self, scope: cdk.App, id: str, *, model: Callable[[cdk.Stack], InferenceTarget]) -> None:
        super().__init__(scope, id, env=cdk.Environment(region="us-east-1"))
        target = model(self)
        calls = iam.ManagedPolicy(self, "Calls", description="The model that the chat calls")
        target.grant_invoke(calls)
        functions = iam.ServicePrincipal("lambda.amazonaws.com").grant_principal
        iam.Role(self, "Role", assumed_by=functions, managed_policies=[calls])
        on_call = f"arn:{self.partition}:sns:{self.region}:{self.account}:on-call"
        topic = sns.Topic.from_topic_arn(self, "OnCall", on_call)
        alarm = cloudwatch.Alarm(
            self,
            "Errors",
            metric=target.metric_server_errors(period=cdk.Duration.minutes(1)),
            alarm_description=f"{target.target_name} fails for a reason of its own",
            threshold=5,
            evaluation_periods=3,
        )
        send_alarm(alarm, topic)
        # Tokens times their price, or instances times theirs. Only instances can be idle or hardly used.
        limits = BurnRate(usd_per_hour=20)
        CostControls(self, "Cost", targets=[target], alarm_topic=topic, burn_rate=limits, idle=None, under_use=None)


app = cdk.App()
ChatStack(app, "ChatOnBedrock", model=on_bedrock)
ChatStack(app, "ChatOnEndpoint", model=on_an_endpoint)
app.synth()

"""Another team's stack: a function that may invoke an endpoint, and an alarm on the endpoint's errors."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_inference.endpoints import RealtimeEndpoint

app = cdk.App()
stack = cdk.Stack(app, "Caller", env=cdk.Environment(region="us-east-1"))

chat = RealtimeEndpoint.from_endpoint_name(stack, "Chat", "inference-prod-fleet-chat", hardware="ml.g6.12xlarge")
function_role = iam.Role(stack, "FunctionRole", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").grant_principal)
chat.grant_invoke(function_role)
chat.metric_invocation_5xx_errors(period=cdk.Duration.minutes(1)).create_alarm(
    stack,
    "ChatErrors",
    alarm_description="The chat endpoint answers with status 5xx. Read its log group /aws/sagemaker/Endpoints/...",
    threshold=5,
    evaluation_periods=3,
)
app.synth()

"""A budget under a tag: mail at 80 % and 100 %, and nobody makes endpoints any more once somebody has approved that."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_inference.cost import AlarmTopic, Budget, CostTag, DenyNewEndpoints, MonthlyBudget

app = cdk.App()
stack = cdk.Stack(app, "CostBudget", env=cdk.Environment(region="us-east-1"))

topic = AlarmTopic(stack, "Alarms", notify=["inference-costs@example.com"])

# Who makes endpoints: a team at its notebooks, and CloudFormation for whoever deploys.
team = iam.Role.from_role_name(stack, "Team", "data-science")
deployments = iam.Role.from_role_name(stack, "Deployments", "cloudformation-inference")

Budget(
    stack,
    "Monthly",
    monthly=MonthlyBudget(
        usd=10_000,
        actual_percent=[80, 100],
        forecast_percent=[100],
        on_exceeded=DenyNewEndpoints(roles=[team, deployments], approval="manual", at_percent=100),
    ),
    tag=CostTag(key="application", value="inference"),
    alarm_topic=topic,
)
app.synth()

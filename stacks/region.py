"""What exists once in an account and region, whichever environments live there: metering of every endpoint.

CloudFormation refuses a second one there, so one environment has it for all.
"""

from __future__ import annotations

from aws_cdk import CfnOutput
from constructs import Construct

from cdk_inference.cost import AlarmTopic, Metering
from stacks.base import EnvironmentStack
from stacks.models import ModelsStack
from stacks.settings import Settings


class RegionStack(EnvironmentStack):
    """`metering`, and the topic of its alarms."""

    def __init__(self, scope: Construct, *, settings: Settings, models: ModelsStack) -> None:
        super().__init__(
            scope,
            settings=settings,
            part="region",
            description="Metering of every SageMaker endpoint of this account and region",
        )
        topic = AlarmTopic(self, "Alarms", encryption_key=models.key)
        self.metering = Metering(
            self,
            "Metering",
            alarm_topic=topic,
            encryption_key=models.key,
            retention_days=settings.retention_days,
        )
        CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn, description="Subscribe to hear of metering itself")

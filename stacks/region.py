"""What exists once in an account and region, whichever environments live there: metering of every endpoint.

CloudFormation refuses a second one there, so one environment has it for all.
"""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack, Tags
from constructs import Construct

from cdk_inference.cost import AlarmTopic, Metering
from stacks.models import ModelsStack
from stacks.settings import Settings


class RegionStack(Stack):
    """`metering`, and the topic of its alarms."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, models: ModelsStack) -> None:
        super().__init__(
            scope,
            id,
            env=Environment(region=settings.region),
            description="Metering of every SageMaker endpoint of this account and region",
            termination_protection=settings.protected,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
        topic = AlarmTopic(self, "Alarms", encryption_key=models.key)
        self.metering = Metering(
            self,
            "Metering",
            topic=topic,
            encryption_key=models.key,
            log_retention_days=settings.log_retention_days,
        )
        CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn, description="Subscribe to hear of metering itself")


def region_stack(scope: Construct, settings: Settings, models: ModelsStack) -> RegionStack | None:
    """The stack, if the settings ask for metering."""
    if not settings.metering:
        return None
    return RegionStack(scope, f"{settings.name}-region", settings=settings, models=models)

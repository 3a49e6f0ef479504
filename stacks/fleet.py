"""The fleet: one endpoint per entry of the settings."""

from __future__ import annotations

from aws_cdk import CfnOutput
from constructs import Construct

from cdk_inference.cost import AlarmTopic, CostControls
from cdk_inference.endpoints import InstancePools, Observability, RealtimeEndpoint
from cdk_inference.health import HealthAlarms
from stacks.base import EnvironmentStack
from stacks.models import ModelsStack
from stacks.network import NetworkStack
from stacks.settings import Settings


def bound(hardware: str | InstancePools, models: ModelsStack) -> str | InstancePools:
    """`hardware`, with the models of its own servers in the models' bucket."""
    return hardware.in_bucket(models.bucket) if isinstance(hardware, InstancePools) else hardware


class FleetStack(EnvironmentStack):
    """`endpoints`: construct id -> endpoint."""

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        models: ModelsStack,
        network: NetworkStack | None = None,
    ) -> None:
        super().__init__(scope, settings=settings, part="fleet", description="Inference endpoints")
        observability = Observability(retention_days=settings.retention_days, keep_logs=settings.keep_logs)
        topic = AlarmTopic(self, "Alarms", encryption_key=models.key)
        self.endpoints = {
            name: RealtimeEndpoint(
                self,
                name,
                server=endpoint.server.in_bucket(models.bucket),
                hardware=bound(endpoint.hardware, models),
                scaling=endpoint.scaling,
                encryption_key=models.key,
                vpc=None if network is None else network.network.placement,
                observability=observability,
                rollout=endpoint.rollout,
                alarm_topic=topic,
            )
            for name, endpoint in settings.endpoints.items()
        }
        CostControls(
            self,
            "Cost",
            targets=list(self.endpoints.values()),
            monthly_budget=settings.monthly_budget,
            alarm_topic=topic,
            burn_rate=settings.burn_rate,
            unit_cost={
                self.endpoints[name]: endpoint.unit_cost
                for name, endpoint in settings.endpoints.items()
                if endpoint.unit_cost is not None
            },
        )
        HealthAlarms(
            self,
            "Health",
            targets=list(self.endpoints.values()),
            limits={self.endpoints[name]: endpoint.health for name, endpoint in settings.endpoints.items()},
            alarm_topic=topic,
        )
        CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn, description="Subscribe to hear of alarms")
        for name, made in self.endpoints.items():
            CfnOutput(self, f"{name}EndpointName", value=made.endpoint_name, description="For InvokeEndpoint")

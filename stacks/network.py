"""The network that endpoints run in and callers call from. A stack of its own, deleted after the fleet's.

SageMaker's network interfaces outlive an endpoint for a while; were subnets and groups in the fleet's stack, deleting
it would fail. https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1327
"""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack, Tags
from constructs import Construct

from cdk_inference.network import InferenceNetwork
from stacks.models import ModelsStack
from stacks.settings import NetworkSettings, Settings

# Blue/green updates run a second fleet beside the first.
_FLEETS = 2


class NetworkStack(Stack):
    """`network`: the subnets and the group for `RealtimeEndpoint(vpc=network.placement)`."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Settings, network: NetworkSettings, models: ModelsStack
    ) -> None:
        super().__init__(
            scope,
            id,
            env=Environment(region=settings.region),
            description="Private network of inference endpoints and their callers",
            termination_protection=settings.protected,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
        self.network = InferenceNetwork(
            self,
            "Network",
            read_from=[models.bucket],
            cidr=network.cidr,
            zones=network.zones,
            instances=_FLEETS * sum(one.scaling.max_instances for one in settings.endpoints.values()),
            encryption_key=models.key,
            flow_log_days=settings.log_retention_days,
            keep_flow_logs=settings.keep_logs,
        )
        CfnOutput(self, "VpcId", value=self.network.vpc.vpc_id, description="For callers, such as functions")


def network_stack(scope: Construct, settings: Settings, models: ModelsStack) -> NetworkStack | None:
    """The stack, if the settings ask for a network."""
    if settings.network is None:
        return None
    id = f"{settings.name}-network"
    return NetworkStack(scope, id, settings=settings, network=settings.network, models=models)

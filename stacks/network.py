"""The network that endpoints run in and callers call from. A stack of its own, deleted after the fleet's.

SageMaker's network interfaces outlive an endpoint for a while; were subnets and groups in the fleet's stack, deleting
it would fail. https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1327
"""

from __future__ import annotations

from aws_cdk import CfnOutput
from constructs import Construct

from cdk_inference.network import InferenceNetwork
from stacks.base import EnvironmentStack
from stacks.models import ModelsStack
from stacks.settings import NetworkSettings, Settings

# Blue/green updates run a second fleet beside the first.
_FLEETS = 2


class NetworkStack(EnvironmentStack):
    """`network`: the subnets and the group for `RealtimeEndpoint(vpc=network.placement)`."""

    def __init__(self, scope: Construct, *, settings: Settings, network: NetworkSettings, models: ModelsStack) -> None:
        super().__init__(
            scope,
            settings=settings,
            part="network",
            description="Private network of inference endpoints and their callers",
        )
        self.network = InferenceNetwork(
            self,
            "Network",
            read_from=[models.bucket],
            cidr=network.cidr,
            zones=network.zones,
            instances=_FLEETS * sum(one.scaling.max_instances for one in settings.endpoints.values()),
            encryption_key=models.key,
            retention_days=settings.retention_days,
            keep_logs=settings.keep_logs,
        )
        CfnOutput(self, "VpcId", value=self.network.vpc.vpc_id, description="For callers, such as functions")

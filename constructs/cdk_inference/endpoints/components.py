"""An endpoint that hosts inference components: several models share its instances."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.base import EndpointBase, warn_of_servers
from cdk_inference.endpoints.capacity import ManagedInstances
from cdk_inference.endpoints.common_checks import raise_distinct_problems, shared_problems
from cdk_inference.endpoints.component_config import HostConfig
from cdk_inference.endpoints.component_spec import CopyDemand, room_problem
from cdk_inference.endpoints.endpoint_config import image_of, make_model
from cdk_inference.endpoints.execution_role import component_statements, model_statements
from cdk_inference.endpoints.imported import DEFAULT_VARIANT_NAME, ImportedComponentEndpoint, refuse_whole_endpoint
from cdk_inference.endpoints.needed_statements import needed_statements
from cdk_inference.endpoints.pools import InstancePools, mix_problems
from cdk_inference.endpoints.routing import DEFAULT_ROUTING, Routing, routing_problem
from cdk_inference.endpoints.settings import Observability, Shared
from cdk_inference.endpoints.variant_spec import hardware_problems, known_types
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import CountRange, HostedComponent, HostedEndpoint, HostedVariant
from cdk_inference.kit.iam import Statement
from cdk_inference.kit.interfaces import Key, Role
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.physical_names import endpoint_name_problem
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.scaling import FixedCount
from cdk_inference.serving import S3Archive, Server
from cdk_inference.serving.startup import VOLUME_GB_MAX, VOLUME_GB_MIN, VOLUME_HEADROOM

_DEFAULT_OBSERVABILITY = Observability()
_INSTANCES = "instances=ManagedInstances(max_instances=...)"


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What a component needs from its endpoint.

    servers: one per instance type of the endpoint, in their order. demand: the copies that it always keeps.
    hosted: its description.
    """

    servers: tuple[Server, ...]
    demand: CopyDemand
    hosted: HostedComponent
    log_group_name: str
    alarm_names: tuple[str, ...]


class ComponentEndpoint(EndpointBase):
    """A SageMaker endpoint whose instances are shared by `InferenceComponent`s, each a model with copies of its own.

    hardware: the instance type, or `InstancePools` of several by priority.
    instances: `ManagedInstances(...)`, or `FixedCount(...)` for a number that nothing changes.
    encryption_key, network_isolation, vpc, observability, routing, role: as in `RealtimeEndpoint`; they hold for every
        component. Whether SageMaker captures data of components its pages do not say.

    Callers name the component they mean, so `grant_invoke` and the request metrics are the components'. The host image
    is that of the components' servers, which must agree. An update of this endpoint has no rollback alarm: request
    metrics are published per component; components have rollouts of their own. On hardware with a storage volume
    every further model needs a larger one, which is such an update.

    https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html (read 2026-11-22)

    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    kind: ClassVar[str] = "shared"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hardware: str | InstancePools,
        instances: ManagedInstances | FixedCount,
        encryption_key: Key | None = None,
        network_isolation: bool = True,
        vpc: VpcPlacement | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        routing: Routing = DEFAULT_ROUTING,
        role: Role | None = None,
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        shared = Shared(
            encryption_key=encryption_key,
            network_isolation=network_isolation,
            vpc=vpc,
            observability=observability,
            role=role,
        )
        pools = hardware if isinstance(hardware, InstancePools) else None
        kinds = (ManagedInstances, FixedCount)
        raise_distinct_problems(
            f"ComponentEndpoint {path}",
            [
                endpoint_name_problem(path, context),
                *hardware_problems(hardware, context),
                *([] if pools is None else _pool_problems(pools)),
                instance_of("instances", instances, kinds, "ManagedInstances or FixedCount", _INSTANCES),
                *shared_problems(shared, context, []),
                routing_problem(routing, pooled=pools is not None),
            ],
        )
        super().__init__(scope, id)
        self.variant_name = DEFAULT_VARIANT_NAME
        self.instances = instances
        self.shared = shared
        self._types = known_types(hardware)
        self.hardware: InstanceType = self._types[0]
        self._volume = self.hardware.storage_volume
        volume_key_arn = encryption_key.key_arn if encryption_key is not None and self._volume else None
        log_group = self._make_log_group(self.shared)
        needed = needed_statements(context, self.endpoint_name, self.shared, [], volume_key_arn=volume_key_arn)
        self._make_role(self.shared, [], needed)
        self._network = None if vpc is None else self._vpc_config(vpc)
        self._config = HostConfig(
            self,
            self.shared,
            variant_name=self.variant_name,
            types=self.instance_types,
            instances=instances,
            routing=routing,
            provision_timeout_seconds=None if pools is None else pools.provision_timeout_seconds,
            role_arn=self._execution.arn,
            vpc_config=self._network,
            volume_key_arn=volume_key_arn,
            tags=self._tags,
        )
        self._execution.hold(self._config.resource)
        self.resource = make_l1(
            sagemaker.CfnEndpoint,
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=self._config.resource.attr_endpoint_config_name,
            tags=self._tags,
        )
        self.resource.add_resource_dependency(log_group)
        self._servers: list[Server] = []
        self._demands: list[CopyDemand] = []
        self._hosted: list[HostedComponent] = []
        self._admitted = 0

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """Types of the hosts, by priority; one without instance pools."""
        return self._types

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Refused: a request names a component, and so does the right to send it."""
        del grantee
        refuse_whole_endpoint(self)

    @staticmethod
    def from_endpoint_name(
        scope: Construct, id: str, endpoint_name: str, *, hardware: str | InstancePools | None = None
    ) -> ImportedComponentEndpoint:
        """An endpoint of components that exists already, in the account and region of `scope`'s stack.

        hardware: as in `RealtimeEndpoint.from_endpoint_name`.
        """
        return ImportedComponentEndpoint(scope, id, endpoint_name=endpoint_name, hardware=hardware)

    @property
    def counts(self) -> CountRange:
        """How many instances it has."""
        return CountRange.scheduled(self.instances.min_instances, self.instances.max_instances)

    @property
    def hosted(self) -> HostedEndpoint:
        """The description of what it hosts, the components that have joined included."""
        types = tuple(one.name for one in self.instance_types)
        volume_gb = _volume_gb(self._servers) if self._volume and self._servers else None
        variant = HostedVariant(name=self.variant_name, types=types, instances=self.counts, volume_gb=volume_gb)
        return self._description(self.shared, [variant], self._hosted)

    @property
    def rests(self) -> bool:
        """Whether it may go down to no instance, once no component keeps a copy."""
        return isinstance(self.instances, ManagedInstances) and self.instances.min_instances == 0

    def room_problem(self, demand: CopyDemand, *, first: bool = False) -> Problem | None:
        """Why these copies can never be placed beside those that the components which are here keep.

        first: count a copy of every component, since each begins with one.
        """
        argument = "max_instances" if isinstance(self.instances, ManagedInstances) else "instances"
        demands = [one.at_creation() if first else one for one in (*self._demands, demand)]
        return room_problem(demands, self.instances.max_instances, argument)

    def admission_problems(self, admission: Admission) -> list[Problem | None]:
        """Why a component cannot join those that are here."""
        found: list[Problem | None] = []
        everything = [*self._servers, *admission.servers]
        images = sorted({server.host_image or "SageMaker's default" for server in everything})
        if len(images) > 1:
            allowed = "one host image (InferenceAmiVersion) for all components and types of the endpoint"
            fix = "choose servers that are built for the same host image, or make a second ComponentEndpoint"
            found.append(Problem("server", images, allowed, fix))
        needed = _volume_gb(everything)
        if self._volume and needed > VOLUME_GB_MAX:
            allowed = f"what a storage volume of {VOLUME_GB_MAX} GB holds with a quarter to spare"
            fix = "choose hardware with local NVMe storage, or make a second ComponentEndpoint"
            found.append(Problem("server.model", f"{needed} GB with the components that are here", allowed, fix))
        return [*found, self.room_problem(admission.demand), self._execution.problem_with(self._statements(admission))]

    def admit(self, scope: Construct, admission: Admission) -> list[sagemaker.CfnModel]:
        """The model of each of the servers, made below `scope`, with the role's right to it; called by the component.

        The instances get the servers' host image and room for their models.
        """
        distinct = _distinct(admission.servers)
        warn_of_servers(scope, distinct, self._context.account)
        self._execution.add(self._statements(admission))
        self._admitted += 1
        self._servers += distinct
        self._demands.append(admission.demand)
        self._hosted.append(admission.hosted)
        volume_gb = _volume_gb(self._servers) if self._volume else None
        self._config.host(image=distinct[0].host_image, volume_gb=volume_gb)
        models = [
            make_model(
                scope,
                "Model" if number == 1 else f"Model{number}",
                server,
                self._context,
                role=self._execution,
                network_isolation=self.shared.network_isolation,
                vpc_config=self._network,
                tags=self._tags,
            )
            for number, server in enumerate(distinct, 1)
        ]
        return [models[distinct.index(server)] for server in admission.servers]

    def adapter_problem(self, adapter: S3Archive) -> Problem | None:
        """Why the role cannot be allowed to read an adapter too."""
        return self._execution.problem_with(self._adapter_statements(adapter))

    def admit_adapter(self, adapter: S3Archive) -> None:
        """Lets the role read an adapter, which comes without a server; called by it."""
        self._execution.add(self._adapter_statements(adapter))
        self._admitted += 1

    def _statements(self, admission: Admission) -> list[Statement]:
        distinct = _distinct(admission.servers)
        return component_statements(
            self._admitted + 1,
            models=[server.model for server in distinct],
            repository_arns=[image_of(self._context, one.container_image)[1] for one in distinct],
            log_group_arn=self._context.arn("logs", f"log-group:{admission.log_group_name}"),
            alarm_arns=[self._context.arn("cloudwatch", f"alarm:{name}") for name in admission.alarm_names],
        )

    def _adapter_statements(self, adapter: S3Archive) -> list[Statement]:
        return model_statements(adapter, str((self._admitted + 1) * 10))


def _distinct(servers: Sequence[Server]) -> list[Server]:
    return [server for place, server in enumerate(servers) if server not in servers[:place]]


def _volume_gb(servers: Sequence[Server]) -> int:
    """A volume for the models of `servers`, one of each, gigabytes."""
    total = math.ceil(sum(server.model.disk_gb for server in _distinct(servers)) * VOLUME_HEADROOM)
    return max(VOLUME_GB_MIN, total)


def _pool_problems(pools: InstancePools) -> list[Problem]:
    """Servers belong to components here, one per type where they need it."""
    found = []
    if pools.servers:
        fix = "give the component per_type={...}"
        found.append(Problem("hardware.servers", list(pools.servers), "pools without servers of their own", fix))
    mixed = mix_problems(known_types(pools), allow_untested=pools.allow_untested)
    return [*found, *mixed.values()]

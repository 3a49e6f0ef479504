"""An endpoint that hosts inference components: several models share its instances."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.checks import instance_of, is_token, one_of
from cdk_inference.endpoints import execution_role, reasons
from cdk_inference.endpoints.asked import hardware_problems, known_types
from cdk_inference.endpoints.capacity import ManagedInstances
from cdk_inference.endpoints.config import acknowledge_hardware, metrics_config
from cdk_inference.endpoints.container import make_model
from cdk_inference.endpoints.execution_role import Statement, component_statements, model_statements
from cdk_inference.endpoints.image_uri import image_uri
from cdk_inference.endpoints.managed import ManagedEndpoint, Shared, warn_of_maintenance
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.reference import DEFAULT_VARIANT_NAME
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.endpoints.validation import refuse_all, shared_problems
from cdk_inference.endpoints.variant import DEFAULT_ROUTING, ROUTING_STRATEGIES
from cdk_inference.endpoints.wildcards import wildcard_resources
from cdk_inference.errors import Problem
from cdk_inference.hardware import InstanceType
from cdk_inference.scaling import FixedCount
from cdk_inference.serving import S3Archive, Server
from cdk_inference.serving.startup import VOLUME_GB_MAX, VOLUME_GB_MIN, VOLUME_HEADROOM

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

Config = sagemaker.CfnEndpointConfig

# A managed policy has at most 6144 characters without white space; tokens take fewer or more once they are resolved.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
POLICY_CHARACTERS = 4500

_DEFAULT_OBSERVABILITY = Observability()


class ComponentEndpoint(ManagedEndpoint):
    """A SageMaker endpoint whose instances are shared by `InferenceComponent`s, each a model with copies of its own.

    hardware: the instance type, or `InstancePools` of several by priority.
    instances: `ManagedInstances(...)`, or `FixedCount(...)` for a number that nothing changes.
    encryption_key, network_isolation, vpc, observability, routing: as in `RealtimeEndpoint`; they hold for every
        component.

    Callers name the component they mean, so `grant_invoke` and the request metrics are the components'. The host image
    is that of the components' servers, which must agree. An update of this endpoint has no rollback alarm: request
    metrics are published per component; components have rollouts of their own.

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
        encryption_key: kms.IKey | None = None,
        network_isolation: bool = True,
        vpc: VpcPlacement | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        routing: str = DEFAULT_ROUTING,
    ) -> None:
        super().__init__(scope, id)
        self.variant_name = DEFAULT_VARIANT_NAME
        self.instances = instances
        self.shared = Shared(
            encryption_key=encryption_key, network_isolation=network_isolation, vpc=vpc, observability=observability
        )
        region = self._place.region
        kinds = (ManagedInstances, FixedCount)
        refuse_all(
            f"ComponentEndpoint {self.node.path}",
            [
                self._name_problem,
                *hardware_problems(hardware, region),
                *_pool_problems(hardware),
                instance_of("instances", instances, kinds, "ManagedInstances or FixedCount", _INSTANCES),
                *shared_problems(self.shared, region, []),
                one_of("routing", routing, ROUTING_STRATEGIES, "choose one of these"),
            ],
        )
        self.instance_types: tuple[InstanceType, ...] = known_types(hardware)
        self.hardware: InstanceType = self.instance_types[0]
        self._begin()
        key = encryption_key
        self._volume = self.hardware.storage_volume
        volume_key_arn = key.key_arn if key is not None and self._volume else None
        log_group = self._make_log_group(self.shared)
        self._make_role(self.shared, [], volume_key_arn=volume_key_arn)
        self._network = None if vpc is None else self._vpc_config(vpc)
        pooled = len(self.instance_types) > 1
        self._variant: dict[str, Any] = {
            "variant_name": self.variant_name,
            "initial_instance_count": _first_count(instances),
            "instance_type": None if pooled else self.hardware.name,
            "instance_pools": [
                Config.InstancePoolProperty(instance_type=one.name, priority=priority)
                for priority, one in enumerate(self.instance_types, 1)
            ]
            if pooled
            else None,
            "managed_instance_scaling": _managed(instances),
            "routing_config": Config.RoutingConfigProperty(routing_strategy=routing),
            "variant_instance_provision_timeout_in_seconds": hardware.provision_timeout_seconds
            if isinstance(hardware, InstancePools)
            else None,
        }
        self._config = Config(
            self,
            "Config",
            production_variants=[Config.ProductionVariantProperty(**self._variant)],
            execution_role_arn=self._role.attr_arn,
            enable_network_isolation=network_isolation,
            vpc_config=None
            if self._network is None
            else Config.VpcConfigProperty(
                subnets=self._network.subnets, security_group_ids=self._network.security_group_ids
            ),
            kms_key_id=volume_key_arn,
            metrics_config=metrics_config(observability),
            tags=self._tags,
        )
        acknowledge_hardware(self._config, self.instance_types)
        self.resource = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=self._config.attr_endpoint_config_name,
            tags=self._tags,
        )
        self.resource.add_resource_dependency(log_group)
        self._servers: list[Server] = []
        self._components = 0
        self._accelerators = 0
        self._policies = [(self._managed_policy, self._policy)]

    def admission_problems(self, servers: Sequence[Server], least_accelerators: int) -> list[Problem]:
        """Why a component that runs `servers`, and reserves so many accelerators at least, cannot join the others."""
        found = []
        images = sorted({str(server.host_image) for server in (*self._servers, *servers)})
        if len(images) > 1:
            allowed = "one host image (InferenceAmiVersion) for all components and types of the endpoint"
            fix = "choose servers that are built for the same host image, or make a second ComponentEndpoint"
            found.append(Problem("server", images, allowed, fix))
        reserved, there = self._accelerators + least_accelerators, self._most_accelerators()
        if there is not None and reserved > there:
            allowed = f"up to {there} accelerators for all copies at their minima: what the most instances have"
            fix = "raise max_instances, lower a minimum, or reserve fewer accelerators for a copy"
            found.append(Problem("resources.accelerators", f"{reserved} with the components here", allowed, fix))
        needed = self._volume_gb([*self._servers, *servers])
        if self._volume and needed > VOLUME_GB_MAX:
            allowed = f"what a storage volume of {VOLUME_GB_MAX} GB holds with a quarter to spare"
            fix = "choose hardware with local NVMe storage, or make a second ComponentEndpoint"
            found.append(Problem("server.model", f"{needed} GB with the components that are here", allowed, fix))
        return found

    def admit(
        self,
        scope: Construct,
        servers: Sequence[Server],
        *,
        least_accelerators: int,
        log_group_name: str,
        alarm_names: Sequence[str],
    ) -> list[sagemaker.CfnModel]:
        """The model of each of `servers`, made below `scope`, with the role's right to it; called by the component.

        The instances get the servers' host image and room for their models.
        """
        distinct = _distinct(servers)
        self._components += 1
        self._accelerators += least_accelerators
        self._servers += distinct
        warn_of_maintenance(scope, distinct)
        self._allow(
            component_statements(
                self._components,
                models=[server.model for server in distinct],
                repository_arns=[image_uri(self._stack, self._place, one.container_image)[1] for one in distinct],
                log_group_arn=self._place.arn("logs", f"log-group:{log_group_name}"),
                alarm_arns=[self._place.arn("cloudwatch", f"alarm:{name}") for name in alarm_names],
            )
        )
        self._variant["inference_ami_version"] = distinct[0].host_image
        if self._volume:
            self._variant["volume_size_in_gb"] = self._volume_gb(self._servers)
        self._config.production_variants = [Config.ProductionVariantProperty(**self._variant)]
        models = [
            make_model(
                scope,
                "Model" if number == 1 else f"Model{number}",
                server,
                self._place,
                role_arn=self._role.attr_arn,
                network_isolation=self.shared.network_isolation,
                vpc_config=self._network,
                tags=self._tags,
            )
            for number, server in enumerate(distinct, 1)
        ]
        return [models[distinct.index(server)] for server in servers]

    def admit_model(self, model: S3Archive) -> None:
        """Lets the role read a model that comes without a server; called by adapters."""
        self._components += 1
        self._allow(model_statements(model, str(self._components * 10)))

    def _allow(self, statements: list[Statement]) -> None:
        """Adds to the role's last policy, or begins another where that would grow too long."""
        policy, written = self._policies[-1]
        if len(json.dumps([*written, *statements], default=str)) > POLICY_CHARACTERS:
            written = []
            policy = execution_role.make_policy(self, f"Policy{len(self._policies) + 1}", written)
            self._policies.append((policy, written))
            self._role.managed_policy_arns = [one.ref for one, _ in self._policies]
        written += statements
        policy.policy_document = execution_role.document(written)

    def acknowledge_wildcards(self) -> None:
        for policy, written in self._policies:
            reasons.acknowledge(policy, reasons.policy_wildcards(wildcard_resources(self._stack, written)))

    def _most_accelerators(self) -> int | None:
        """Accelerators of the most instances that there can be; None where that is not known."""
        most = self.instances.max_instances
        counts = [one.accelerators for one in self.instance_types if one.accelerators]
        return None if is_token(most) or len(counts) < len(self.instance_types) else most * max(counts)

    def _volume_gb(self, servers: Sequence[Server]) -> int:
        """A volume for the models of `servers`, one of each, gigabytes."""
        total = math.ceil(sum(server.model.disk_gb for server in _distinct(servers)) * VOLUME_HEADROOM)
        return max(VOLUME_GB_MIN, total)


def _distinct(servers: Sequence[Server]) -> list[Server]:
    return [server for place, server in enumerate(servers) if server not in servers[:place]]


_INSTANCES = "instances=ManagedInstances(max_instances=...)"


def _managed(instances: ManagedInstances | FixedCount) -> Config.ManagedInstanceScalingProperty | None:
    if isinstance(instances, FixedCount):
        return None
    policy = None
    if instances.scale_in is not None:
        policy = Config.ScaleInPolicyProperty(
            strategy="CONSOLIDATION",
            maximum_step_size=instances.scale_in.max_step_instances,
            cooldown_in_minutes=instances.scale_in.cooldown_minutes,
        )
    return Config.ManagedInstanceScalingProperty(
        status="ENABLED",
        min_instance_count=instances.min_instances,
        max_instance_count=instances.max_instances,
        scale_in_policy=policy,
    )


def _first_count(instances: ManagedInstances | FixedCount) -> int:
    """1 even where the floor is 0: the API wants at least one to begin with."""
    return instances.min_instances if is_token(instances.min_instances) else max(1, instances.min_instances)


def _pool_problems(hardware: object) -> list[Problem]:
    """Servers belong to components here, one per type where they need it."""
    if isinstance(hardware, InstancePools) and hardware.servers:
        fix = "give the component per_type={...}"
        return [Problem("hardware.servers", list(hardware.servers), "pools without servers of their own", fix)]
    return []

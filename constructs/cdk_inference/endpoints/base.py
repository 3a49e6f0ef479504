"""Base classes of endpoints: everything that endpoints of several kinds make in the same way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsii
from aws_cdk import CfnTag, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.core.unknown import unless_token
from cdk_inference.endpoints import nag_reasons
from cdk_inference.endpoints.endpoint_config import make_config, make_model
from cdk_inference.endpoints.execution_role import ExecutionRole, roles_customized
from cdk_inference.endpoints.imported import InvocableEndpoint
from cdk_inference.endpoints.needed_statements import (
    LOG_GROUP_PREFIX,
    alarm_names_of,
    alarm_suffix,
    volume_key_arn_of,
)
from cdk_inference.endpoints.pool_metrics import PoolMetrics, VariantMetrics
from cdk_inference.endpoints.settings import Observability
from cdk_inference.endpoints.source_checks import ownership_warnings
from cdk_inference.endpoints.variant_plan import BilledVariant, VariantPlan, servers_of
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import KINDS, HostedComponent, HostedEndpoint, HostedVariant
from cdk_inference.kit.autoscaling import attach
from cdk_inference.kit.deployment_config import deployment_config
from cdk_inference.kit.iam import Statement
from cdk_inference.kit.interfaces import Key, Role, Topic
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.log_groups import make_log_group
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.physical_names import take_endpoint_name
from cdk_inference.kit.rollback_alarms import (
    COUNTED,
    make_other_config_alarm,
    make_rollback_alarms,
)
from cdk_inference.kit.stack_checks import RolePolicy, register_stack_check
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.topic_publishers import CLOUDWATCH, report_publisher
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.rollout import Immediate, RollbackWhen, Rollout
from cdk_inference.serving import Server

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

# Tag on what an endpoint is made of, to be activated as a cost allocation tag; other tags come from Tags.of(endpoint).
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/custom-tags.html (read 2026-11-23)
ENDPOINT_TAG = "cdk-inference:endpoint"


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The arguments that endpoints of every kind take, once they are checked."""

    encryption_key: Key | None = None
    network_isolation: bool = True
    vpc: VpcPlacement | None = None
    observability: Observability
    role: Role | None = None


@jsii.implements(iam.IGrantable)
class EndpointBase(InvocableEndpoint):
    """An endpoint that this app makes, with its execution role and its log group.

    It is a grantee: `bucket.grant_read(endpoint)` grants to its execution role.
    """

    _execution: ExecutionRole
    _security_groups: Sequence[ec2.ISecurityGroup] = ()

    def __init__(self, scope: Construct, id: str) -> None:
        """Makes the construct. Subclasses call this once their arguments are sound: until then nothing is made."""
        super().__init__(scope, id)
        self._context = stack_context(scope)
        self.endpoint_name = take_endpoint_name(path_below(scope, id), self._context)
        self._tags = [CfnTag(key=ENDPOINT_TAG, value=self.endpoint_name)]
        self._customized = roles_customized(scope)
        register_stack_check(self, scope)

    @property
    def execution_role(self) -> iam.IRole:
        """The role that the containers run with, unless they are isolated; grant to it what their code needs.

        Models wait for what is granted, whenever that is. It is `role` where that was given. Managed policies cannot
        be attached to a role that this construct has made.
        """
        return self._execution.role

    @property
    def grant_principal(self) -> iam.IPrincipal:
        """The execution role."""
        return self.execution_role.grant_principal

    @property
    def required_statements(self) -> list[iam.PolicyStatement]:
        """What the execution role must allow, for a role that others make: `role=` gets none of it here.

        Names and no references: a policy made of these does not wait for the endpoint. Of a `ComponentEndpoint`, with
        those of the components that have joined.
        """
        return [iam.PolicyStatement.from_json(statement) for statement in self._execution.statements]

    @property
    def connections(self) -> ec2.Connections:
        """The security groups of the containers, for rules to databases and the like. Needs `vpc`.

        Where a peer is wanted write `database.connections.allow_default_port_from(endpoint.connections)`.
        """
        from aws_cdk import aws_ec2 as ec2  # takes longer than making an endpoint, and only a VPC needs it

        if not self._security_groups:
            allowed = "an endpoint with vpc=VpcPlacement(...): other containers have no security groups"
            problem = Problem("connections", "an endpoint without a VPC", allowed, "pass vpc=VpcPlacement(vpc=...)")
            raise ConfigurationError(f"{type(self).__name__} {self.node.path}", [problem])
        return ec2.Connections(security_groups=list(self._security_groups))

    @property
    def log_group_name(self) -> str:
        """Where the containers log."""
        return f"{LOG_GROUP_PREFIX}{self.endpoint_name}"

    def _description(
        self, shared: Shared, variants: Sequence[HostedVariant], components: Sequence[HostedComponent] = ()
    ) -> HostedEndpoint:
        capture = shared.observability.capture
        return HostedEndpoint(
            name=self.endpoint_name,
            kind=KINDS[self.kind],
            variants=tuple(variants),
            components=tuple(sorted(components, key=lambda one: one.name)),
            capture_percent=None if capture is None else unless_token(capture.percent),
        )

    def _make_log_group(self, shared: Shared) -> logs.CfnLogGroup:
        # SageMaker would make it without retention at the first log line, hence before the endpoint.
        return make_log_group(
            self,
            "LogGroup",
            self._context,
            name=self.log_group_name,
            prefix=LOG_GROUP_PREFIX,
            retention_days=shared.observability.retention_days,
            keep=shared.observability.keep_logs,
            key=shared.encryption_key,
            tags=self._tags,
        )

    def _make_role(self, shared: Shared, servers: list[Server], needed: Sequence[Statement]) -> None:
        """The role for `servers`; warns of what is no longer maintained, or is another account's."""
        warn_of_servers(self, servers, self._context.account)
        self._execution = ExecutionRole(self, self._context, needed, shared.role, customized=self._customized)

    def _make_models(self, shared: Shared, servers: list[Server], *, as_url: bool = False) -> list[sagemaker.CfnModel]:
        """One model per server, in their order. as_url: name the archive as serverless endpoints need it."""
        network = None if shared.vpc is None else self._vpc_config(shared.vpc)
        return [
            make_model(
                self,
                "Model" if number == 1 else f"Model{number}",
                server,
                self._context,
                role=self._execution,
                network_isolation=shared.network_isolation,
                vpc_config=network,
                as_url=as_url,
                tags=self._tags,
            )
            for number, server in enumerate(servers, 1)
        ]

    @property
    def role_policies(self) -> list[RolePolicy]:
        """The policies of the execution role."""
        return self._execution.policies

    def _vpc_config(self, vpc: VpcPlacement) -> sagemaker.CfnModel.VpcConfigProperty:
        from cdk_inference.endpoints.vpc_placement import security_groups, vpc_config  # loads aws_ec2

        self._security_groups = security_groups(self, vpc)
        return vpc_config(vpc, self._security_groups)


def warn_of_fit(scope: Construct, placed: Iterable[tuple[Server, InstanceType]], *, alone: bool) -> None:
    """Warns at synth of models that may not fit, and of devices that nothing uses."""
    warnings = {one: None for server, hardware in placed for one in server.fit_warnings(hardware, alone=alone)}
    for warning in warnings:
        Validations.of(scope).add_warning(*warning)


def warn_of_servers(scope: Construct, servers: Sequence[Server], account: str) -> None:
    """Warns at synth of images that are frozen or ended, unless that was accepted, and of what others own."""
    maintenance = filter(None, (one.maintenance_warning(datetime.date.today()) for one in servers))
    for warning in (*maintenance, *ownership_warnings(servers, account)):
        Validations.of(scope).add_warning(*warning)


Endpoint = sagemaker.CfnEndpoint


class InstanceEndpointBase(EndpointBase):
    """Makes the parts in the order in which they need each other.

    Attributes: `hosted`, the description of what it hosts, which readers of the template get too.
    """

    hosted: HostedEndpoint
    _types: tuple[InstanceType, ...]

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """By priority; one without instance pools."""
        return self._types

    def _make(
        self,
        plans: list[VariantPlan],
        shared: Shared,
        *,
        needed: Sequence[Statement],
        rollout: Rollout,
        alarm_topic: Topic | None,
        shadows: Sequence[VariantPlan] = (),
        async_config: sagemaker.CfnEndpointConfig.AsyncInferenceConfigProperty | None = None,
    ) -> None:
        when = None if isinstance(rollout, Immediate) else rollout.rollback_when
        alarm_names = alarm_names_of(self.endpoint_name, plans, rollout)
        everything = [*plans, *shadows]
        volume_key_arn = volume_key_arn_of(shared, everything)
        log_group = self._make_log_group(shared)
        servers = servers_of(everything)
        self._make_role(shared, servers, needed)
        warn_of_fit(self, [(pool.server, pool.hardware) for plan in everything for pool in plan.pools], alone=True)
        models = self._make_models(shared, servers)
        config_name = make_config(
            self,
            plans,
            list(shadows),
            lambda server: models[servers.index(server)],
            observability=shared.observability,
            volume_key_arn=volume_key_arn,
            async_config=async_config,
            tags=self._tags,
        ).attr_endpoint_config_name
        variants = [plan.hosted(shadow=plan in shadows) for plan in everything]
        self.hosted = self._description(shared, variants)
        self._counted = tuple(
            BilledVariant(
                metrics=self._metrics_of(plan),
                hosted=variant,
                publish_seconds=shared.observability.metric_period_seconds,
            )
            for plan, variant in zip(everything, variants, strict=True)
        )
        scaled = any(not plan.scaling.fixed for plan in plans)
        endpoint = make_l1(
            Endpoint,
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=config_name,
            # Only under autoscaling: a fixed count is meant to be set by an update. AWS says to set it when updating,
            # not when creating; a template cannot distinguish them. docs/deploying.md says what to do if that fails.
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpoint.html
            retain_all_variant_properties=True if scaled else None,
            # Counts are kept, shares of the traffic are the template's.
            exclude_retained_variant_properties=[
                Endpoint.VariantPropertyProperty(variant_property_type="DesiredWeight")
            ]
            if scaled and len(everything) > 1
            else None,
            deployment_config=deployment_config(rollout, alarm_names),
            tags=self._tags,
        )
        endpoint.add_resource_dependency(log_group)
        if when is not None:
            self._watch(plans, config_name, endpoint, when, alarm_topic)
        for plan in plans:
            # A scope for each, since two targets cannot have one id; the endpoint's own variant needs none. The prefix
            # keeps a variant's name from being that of a part of the endpoint ("Model", "Role").
            scope = self if plan.name == self.variant_name else Construct(self, f"Variant{plan.name}")
            attach(scope, plan.scaling, plan.target, depends_on=[endpoint], pin=scaled)

    @property
    def billed_variants(self) -> tuple[BilledVariant, ...]:
        """What runs here and is billed by the hour, shadow variants included."""
        return self._counted

    def _metrics_of(self, plan: VariantPlan) -> PoolMetrics:
        """The endpoint's own metrics are those of its own variant."""
        if plan.name == self.variant_name:
            return self
        return VariantMetrics(self.endpoint_name, plan.name, plan.instance_types)

    def _watch(
        self,
        plans: list[VariantPlan],
        config_name: str,
        endpoint: Endpoint,
        when: RollbackWhen,
        alarm_topic: Topic | None,
    ) -> None:
        """The alarms that end an update, and the one that reports an ended update."""
        for plan in plans:
            for alarm in make_rollback_alarms(
                self, self.endpoint_name, plan.name, config_name, when, variant=alarm_suffix(plan)
            ):
                acknowledge(alarm, nag_reasons.ROLLBACK_ALARM)
                endpoint.add_resource_dependency(alarm)
        if alarm_topic is not None:
            report_publisher(self, alarm_topic, CLOUDWATCH)
            # The variant with the most requests: one with a share of 0 would report nothing.
            busiest = max(plans, key=lambda plan: plan.weight)
            parts = make_other_config_alarm(
                self,
                self.endpoint_name,
                busiest.name,
                config_name,
                endpoint,
                alarm_topic.topic_arn,
                counted=COUNTED[self.kind],
            )
            for part in parts:
                acknowledge(part, nag_reasons.PART_OF_COMPOSITE)

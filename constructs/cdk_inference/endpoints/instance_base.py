"""The base class of endpoints on instances, which makes their parts in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints import nag_reasons
from cdk_inference.endpoints.base import EndpointBase, warn_of_fit
from cdk_inference.endpoints.endpoint_config import make_config
from cdk_inference.endpoints.needed_statements import alarm_names_of, alarm_suffix, volume_key_arn_of
from cdk_inference.endpoints.pool_metrics import PoolMetrics, VariantMetrics
from cdk_inference.endpoints.settings import Shared
from cdk_inference.endpoints.variant_plan import BilledVariant, VariantPlan, servers_of
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import HostedEndpoint
from cdk_inference.kit.autoscaling import attach
from cdk_inference.kit.deployment_config import deployment_config
from cdk_inference.kit.iam import Statement
from cdk_inference.kit.interfaces import Topic
from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.rollback_alarms import COUNTED, make_other_config_alarm, make_rollback_alarms
from cdk_inference.kit.topic_publishers import CLOUDWATCH, report_publisher
from cdk_inference.rollout import Immediate, RollbackWhen, Rollout

Endpoint = sagemaker.CfnEndpoint


class InstanceEndpointBase(EndpointBase):
    """An endpoint with variants on instances.

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

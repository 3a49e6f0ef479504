"""Endpoints whose models run on instances of their own: what real-time and asynchronous endpoints share."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.endpoints import reasons
from cdk_inference.endpoints.config import make_config
from cdk_inference.endpoints.counted import CountedVariant
from cdk_inference.endpoints.execution_role import Statement
from cdk_inference.endpoints.managed import ManagedEndpoint, Shared
from cdk_inference.endpoints.plan import VariantPlan, servers_of
from cdk_inference.endpoints.pool_metrics import PoolMetrics, VariantMetrics
from cdk_inference.rollout import Immediate, RollbackWhen, Rollout
from cdk_inference.rollout.alarms import COUNTED, make_other_config_alarm, make_rollback_alarms, rollback_alarm_names
from cdk_inference.rollout.deployment import deployment_config
from cdk_inference.scaling.attach import attach

Endpoint = sagemaker.CfnEndpoint


class InstanceEndpoint(ManagedEndpoint):
    """Makes the parts in the order in which they need each other."""

    def _make(
        self,
        plans: list[VariantPlan],
        shared: Shared,
        *,
        rollout: Rollout,
        alarm_topic: sns.ITopic | None,
        shadows: Sequence[VariantPlan] = (),
        statements: Sequence[Statement] = (),
        async_config: sagemaker.CfnEndpointConfig.AsyncInferenceConfigProperty | None = None,
    ) -> None:
        self._begin()
        when = None if isinstance(rollout, Immediate) else rollout.rollback_when
        alarm_names = [] if when is None else [name for plan in plans for name in self._alarm_names(plan, when)]
        key = shared.encryption_key
        everything = [*plans, *shadows]
        volume_key_arn = key.key_arn if key is not None and any(plan.storage_volume for plan in everything) else None
        log_group = self._make_log_group(shared)
        servers = servers_of(everything)
        self._make_role(shared, servers, volume_key_arn=volume_key_arn, alarm_names=alarm_names, statements=statements)
        models = self._make_models(shared, servers)
        config = make_config(
            self,
            plans,
            list(shadows),
            lambda server: models[servers.index(server)],
            observability=shared.observability,
            volume_key_arn=volume_key_arn,
            async_config=async_config,
            tags=self._tags,
        )
        self._counted = tuple(
            CountedVariant(
                metrics=self._metrics_of(plan),
                minimum=None if is_token(plan.scaling.minimum) else plan.scaling.minimum,
                publish_seconds=shared.observability.metric_period_seconds,
                counts_requests=plan not in shadows,
            )
            for plan in everything
        )
        scaled = any(not plan.scaling.fixed for plan in plans)
        endpoint = Endpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=config.attr_endpoint_config_name,
            # Only under autoscaling: a fixed count is meant to be set by an update. AWS says to set it when updating,
            # not when creating; a template cannot tell them apart. docs/deploying.md says what to do if that fails.
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
            self._watch(plans, config, endpoint, when, alarm_topic)
        for plan in plans:
            # A scope for each, since two targets cannot have one id; the endpoint's own variant needs none. The prefix
            # keeps a variant's name from being that of a part of the endpoint ("Model", "Role").
            scope = self if plan.name == self.variant_name else Construct(self, f"Variant{plan.name}")
            attach(scope, plan.scaling, plan.target, depends_on=[endpoint], pin=scaled)

    @property
    def counted(self) -> tuple[CountedVariant, ...]:
        """What runs here and is billed by the hour, shadow variants included."""
        return self._counted

    def _metrics_of(self, plan: VariantPlan) -> PoolMetrics:
        """The endpoint's own metrics are those of its own variant."""
        if plan.name == self.variant_name:
            return self
        return VariantMetrics(self.endpoint_name, plan.name, plan.instance_types)

    def _suffix(self, plan: VariantPlan) -> str:
        """What tells the parts of a further variant from those of the endpoint's own."""
        return "" if plan.name == self.variant_name else plan.name

    def _alarm_names(self, plan: VariantPlan, when: RollbackWhen) -> list[str]:
        return rollback_alarm_names(self.endpoint_name, when, self._suffix(plan))

    def _watch(
        self,
        plans: list[VariantPlan],
        config: sagemaker.CfnEndpointConfig,
        endpoint: Endpoint,
        when: RollbackWhen,
        alarm_topic: sns.ITopic | None,
    ) -> None:
        """The alarms that end an update, and the one that tells that an update was ended."""
        for plan in plans:
            for alarm in make_rollback_alarms(
                self, self.endpoint_name, plan.name, config, when, variant=self._suffix(plan)
            ):
                reasons.acknowledge(alarm, reasons.ROLLBACK_ALARM)
                endpoint.add_resource_dependency(alarm)
        if alarm_topic is not None:
            # The variant that is asked most: one whose share is 0 would say nothing.
            asked = max(plans, key=lambda plan: plan.weight)
            parts = make_other_config_alarm(
                self,
                self.endpoint_name,
                asked.name,
                config,
                endpoint,
                alarm_topic.topic_arn,
                counted=COUNTED[self.kind],
            )
            for part in parts:
                reasons.acknowledge(part, reasons.PART_OF_COMPOSITE)

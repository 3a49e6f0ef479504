"""Endpoints whose models run on instances of their own: what real-time and asynchronous endpoints share."""

from __future__ import annotations

from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_sns as sns

from cdk_inference.endpoints import reasons
from cdk_inference.endpoints.config import make_config
from cdk_inference.endpoints.managed import ManagedEndpoint, Shared
from cdk_inference.endpoints.plan import VariantPlan, servers_of
from cdk_inference.rollout import Immediate, Rollout
from cdk_inference.rollout.alarms import make_other_config_alarm, make_rollback_alarms, rollback_alarm_names
from cdk_inference.rollout.deployment import deployment_config
from cdk_inference.scaling import FixedCount
from cdk_inference.scaling.attach import attach_to_variant


class InstanceEndpoint(ManagedEndpoint):
    """Makes the parts in the order in which they need each other."""

    def _make(
        self, plans: list[VariantPlan], shared: Shared, *, rollout: Rollout, alarm_topic: sns.ITopic | None
    ) -> None:
        self._begin()
        when = None if isinstance(rollout, Immediate) else rollout.rollback_when
        alarm_names = [] if when is None else rollback_alarm_names(self.endpoint_name, when)
        key = shared.encryption_key
        volume_key_arn = key.key_arn if key is not None and any(plan.storage_volume for plan in plans) else None
        log_group = self._make_log_group(shared)
        servers = servers_of(plans)
        self._make_role(shared, servers, volume_key_arn=volume_key_arn, alarm_names=alarm_names)
        models = self._make_models(shared, servers)
        config = make_config(
            self,
            plans,
            lambda server: models[servers.index(server)],
            observability=shared.observability,
            volume_key_arn=volume_key_arn,
            tags=self._tags,
        )
        scaled = any(not isinstance(plan.scaling, FixedCount) for plan in plans)
        endpoint = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=config.attr_endpoint_config_name,
            # Only under autoscaling: a fixed count is meant to be set by an update. AWS says to set it when updating,
            # not when creating; a template cannot tell them apart. docs/deploying.md says what to do if that fails.
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpoint.html
            retain_all_variant_properties=True if scaled else None,
            deployment_config=deployment_config(rollout, alarm_names),
            tags=self._tags,
        )
        endpoint.add_resource_dependency(log_group)
        if when is not None:
            for alarm in make_rollback_alarms(self, self.endpoint_name, self.variant_name, config, when):
                reasons.acknowledge(alarm, reasons.ROLLBACK_ALARM)
                endpoint.add_resource_dependency(alarm)
            if alarm_topic is not None:
                parts = make_other_config_alarm(
                    self, self.endpoint_name, self.variant_name, config, endpoint, alarm_topic.topic_arn
                )
                for part in parts:
                    reasons.acknowledge(part, reasons.PART_OF_COMPOSITE)
        for plan in plans:
            if not isinstance(plan.scaling, FixedCount):
                attach_to_variant(self, plan.scaling, endpoint, self.endpoint_name, plan.name)

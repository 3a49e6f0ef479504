"""A real-time endpoint: one model, on one instance type or on several by priority."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, cast

from aws_cdk import CfnTag, RemovalPolicy, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints import execution_role, reasons
from cdk_inference.endpoints.at_synth import take_part
from cdk_inference.endpoints.container import make_model
from cdk_inference.endpoints.image_uri import image_uri
from cdk_inference.endpoints.log_key import allow_endpoint_logs
from cdk_inference.endpoints.naming import endpoint_name_at
from cdk_inference.endpoints.place import Place, place_of
from cdk_inference.endpoints.pools import InstancePools, distinct_servers
from cdk_inference.endpoints.reference import DEFAULT_VARIANT_NAME, ImportedEndpoint, InvocableEndpoint
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.endpoints.validation import checked_pools, has_guardrails
from cdk_inference.endpoints.variant import DEFAULT_ROUTING, make_config
from cdk_inference.endpoints.wildcards import wildcard_resources
from cdk_inference.hardware import InstanceType
from cdk_inference.rollout import AllAtOnce, Immediate, Rollout
from cdk_inference.rollout.alarms import make_other_config_alarm, make_rollback_alarms, rollback_alarm_names
from cdk_inference.rollout.deployment import deployment_config
from cdk_inference.scaling import FixedCount, Scaling
from cdk_inference.scaling.attach import attach_to_variant
from cdk_inference.serving import Server, StartupTimeouts
from cdk_inference.serving.start_time import with_own_time
from cdk_inference.serving.startup import longest_startup

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

# Tag on what an endpoint is made of, to be activated as a cost allocation tag; other tags come from Tags.of(endpoint).
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/custom-tags.html (read 2026-11-23)
ENDPOINT_TAG = "cdk-inference:endpoint"

LOG_GROUP_PREFIX = "/aws/sagemaker/Endpoints/"

_ONE_INSTANCE = FixedCount(instances=1)
_DEFAULT_OBSERVABILITY = Observability()


class RealtimeEndpoint(InvocableEndpoint):
    """A SageMaker real-time endpoint with what belongs to it: model, execution role, log group, autoscaling.

    server: what runs: container, model and environment, for example `Lmi(model=S3Model(...), ...)`.
    hardware: the instance type, "ml.<family>.<size>", or `InstancePools` of several by priority. Changing it is one
        line; while the endpoint is autoscaled it takes two deployments, see docs/changing-hardware.md.
    scaling: `FixedCount`, `TargetInvocations` or `TargetConcurrency`. Default: one instance. While a policy scales,
        an update keeps the count it has reached; with `FixedCount` an update sets the count.
    encryption_key: encrypts the storage volume, on hardware that takes one, and the log group. Default: AWS's keys.
        The construct adds what CloudWatch Logs needs to the key's policy; for an imported key do that yourself.
    network_isolation: the containers get no network and no credentials. Default True; SageMaker itself still
        fetches model and image.
    vpc: subnets and security groups for the containers. Default: SageMaker's own network.
    observability: log retention and metric period.
    startup: start-up time-outs. Default: from the model's size (`serving.startup_timeouts`).
    rollout: how an update reaches the instances, and what ends it. Default: `AllAtOnce()`, blue/green with ten minutes
        of baking and a rollback alarm on the new fleet's 5xx answers; on Inf1, where SageMaker has no guardrails,
        `Immediate()`.
    routing: how requests find an instance: "LEAST_OUTSTANDING_REQUESTS" (default), "PREFIX_AWARE" (prompts that begin
        alike go to the same instance) or "RANDOM", which is SageMaker's own default.
    alarm_topic: gets the alarm that tells when the endpoint runs another config than the template's, as after a
        rollback. Default, and with `Immediate()`: not made. The topic's policy, and its key's, must let CloudWatch
        publish.

    Names follow from stack and id ("<stack>-<id>", lower case); another id or stack name is another endpoint.
    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        server: Server,
        hardware: str | InstancePools,
        scaling: Scaling = _ONE_INSTANCE,
        encryption_key: kms.IKey | None = None,
        network_isolation: bool = True,
        vpc: VpcPlacement | None = None,
        observability: Observability = _DEFAULT_OBSERVABILITY,
        startup: StartupTimeouts | None = None,
        rollout: Rollout | None = None,
        routing: str = DEFAULT_ROUTING,
        alarm_topic: sns.ITopic | None = None,
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        place = place_of(stack)
        path = self.node.path
        self.endpoint_name, name_problem = endpoint_name_at(path, place)
        self.variant_name = DEFAULT_VARIANT_NAME
        self.scaling = scaling
        pools = checked_pools(
            path,
            name_problem,
            server=server,
            hardware=hardware,
            scaling=scaling,
            encryption_key=encryption_key,
            network_isolation=network_isolation,
            vpc=vpc,
            observability=observability,
            startup=startup,
            rollout=rollout,
            routing=routing,
            region=place.region,
        )
        self.hardware: InstanceType = pools[0].hardware
        if rollout is None:
            rollout = AllAtOnce() if all(has_guardrails(pool.hardware) for pool in pools) else Immediate()
        take_part(self, stack)

        volume_key_arn = None
        if encryption_key is not None and self.hardware.storage_volume:
            volume_key_arn = encryption_key.key_arn
        when = None if isinstance(rollout, Immediate) else rollout.rollback_when
        alarm_names = [] if when is None else rollback_alarm_names(self.endpoint_name, when)
        tags = [CfnTag(key=ENDPOINT_TAG, value=self.endpoint_name)]
        log_group = self._log_group(place, observability, encryption_key, tags)
        servers = distinct_servers(pools)
        for warning in filter(None, (one.maintenance_warning(datetime.date.today()) for one in servers)):
            Validations.of(self).add_warning(*warning)
        role = self._role(stack, place, servers, volume_key_arn, alarm_names, in_vpc=vpc is not None)
        network = None if vpc is None else self._vpc_config(vpc)
        models = [
            make_model(
                self,
                "Model" if number == 1 else f"Model{number}",
                one,
                place,
                role_arn=role.attr_arn,
                network_isolation=network_isolation,
                vpc_config=network,
                tags=tags,
            )
            for number, one in enumerate(servers, 1)
        ]
        config = make_config(
            self,
            pools,
            [models[servers.index(pool.server)] for pool in pools],
            variant_name=self.variant_name,
            instances=scaling.min_instances,
            routing=routing,
            provision_timeout_seconds=hardware.provision_timeout_seconds
            if isinstance(hardware, InstancePools)
            else None,
            startup=startup or with_own_time(longest_startup([one.model for one in servers]), servers),
            observability=observability,
            volume_key_arn=volume_key_arn,
            tags=tags,
        )
        endpoint = sagemaker.CfnEndpoint(
            self,
            "Resource",
            endpoint_name=self.endpoint_name,
            endpoint_config_name=config.attr_endpoint_config_name,
            # Only under autoscaling: a fixed count is meant to be set by an update. AWS says to set it when updating,
            # not when creating; a template cannot tell them apart. docs/deploying.md says what to do if that fails.
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpoint.html
            retain_all_variant_properties=None if isinstance(scaling, FixedCount) else True,
            deployment_config=deployment_config(rollout, alarm_names),
            tags=tags,
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
        if not isinstance(scaling, FixedCount):
            attach_to_variant(self, scaling, endpoint, self.endpoint_name, self.variant_name)

    @staticmethod
    def from_endpoint_name(
        scope: Construct,
        id: str,
        endpoint_name: str,
        *,
        variant_name: str = DEFAULT_VARIANT_NAME,
        hardware: str | None = None,
    ) -> ImportedEndpoint:
        """An endpoint that exists already, in the account and region of `scope`'s stack.

        hardware: its instance type if known; metrics that this hardware does not publish are then refused.
        """
        return ImportedEndpoint(scope, id, endpoint_name=endpoint_name, variant_name=variant_name, hardware=hardware)

    @property
    def execution_role(self) -> iam.IRole:
        """The role that the containers run with, unless they are isolated; grant to it what their code needs."""
        found = self.node.try_find_child("ExecutionRole")
        role = found or iam.Role.from_role_arn(self, "ExecutionRole", self._role_resource.attr_arn)
        return cast(iam.IRole, role)

    @property
    def log_group_name(self) -> str:
        """Where the containers log."""
        return f"{LOG_GROUP_PREFIX}{self.endpoint_name}"

    def _log_group(
        self, place: Place, observability: Observability, key: kms.IKey | None, tags: list[CfnTag]
    ) -> logs.CfnLogGroup:
        # SageMaker would make it without retention at the first log line, hence before the endpoint.
        group = logs.CfnLogGroup(
            self,
            "LogGroup",
            log_group_name=self.log_group_name,
            retention_in_days=observability.log_retention_days,
            kms_key_id=None if key is None else key.key_arn,
            tags=tags,
        )
        group.apply_removal_policy(
            RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if observability.keep_logs else RemovalPolicy.DESTROY
        )
        if key is not None:
            allow_endpoint_logs(key, place, LOG_GROUP_PREFIX)
        return group

    def _role(
        self,
        stack: Stack,
        place: Place,
        servers: list[Server],
        volume_key_arn: str | None,
        alarm_names: list[str],
        *,
        in_vpc: bool,
    ) -> iam.CfnRole:
        self._policy = execution_role.statements(
            models=[server.model for server in servers],
            repository_arns=[image_uri(stack, place, server.container_image)[1] for server in servers],
            log_group_arn=place.arn("logs", f"log-group:{self.log_group_name}"),
            volume_key_arn=volume_key_arn,
            alarm_arns=[place.arn("cloudwatch", f"alarm:{name}") for name in alarm_names],
            in_vpc=in_vpc,
        )
        self._role_resource, self._managed_policy = execution_role.make_role(self, self._policy)
        return self._role_resource

    def acknowledge_wildcards(self) -> None:
        """Called at synth time, when references between stacks have their final form."""
        wildcards = wildcard_resources(Stack.of(self), self._policy)
        reasons.acknowledge(self._managed_policy, reasons.policy_wildcards(wildcards))

    def _vpc_config(self, vpc: VpcPlacement) -> sagemaker.CfnModel.VpcConfigProperty:
        from cdk_inference.endpoints.network import vpc_config  # loads aws_ec2

        return vpc_config(self, vpc)

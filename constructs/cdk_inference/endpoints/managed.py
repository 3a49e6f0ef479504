"""What every endpoint that is made here has, whatever its kind: a name, a log group, an execution role, models."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from aws_cdk import CfnTag, RemovalPolicy, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.endpoints import execution_role, reasons
from cdk_inference.endpoints.at_synth import take_part
from cdk_inference.endpoints.capture import capture_statements
from cdk_inference.endpoints.container import make_model
from cdk_inference.endpoints.image_uri import image_uri
from cdk_inference.endpoints.log_key import allow_endpoint_logs
from cdk_inference.endpoints.naming import endpoint_name_at
from cdk_inference.endpoints.place import place_of
from cdk_inference.endpoints.reference import InvocableEndpoint
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.endpoints.wildcards import wildcard_resources
from cdk_inference.serving import Server

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

# Tag on what an endpoint is made of, to be activated as a cost allocation tag; other tags come from Tags.of(endpoint).
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/custom-tags.html (read 2026-11-23)
ENDPOINT_TAG = "cdk-inference:endpoint"

LOG_GROUP_PREFIX = "/aws/sagemaker/Endpoints/"


@dataclass(frozen=True, kw_only=True)
class Shared:
    """The arguments that endpoints of every kind take, once they are checked."""

    encryption_key: kms.IKey | None = None
    network_isolation: bool = True
    vpc: VpcPlacement | None = None
    observability: Observability


class ManagedEndpoint(InvocableEndpoint):
    """An endpoint that this app makes, with its execution role and its log group."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self._stack = Stack.of(self)
        self._place = place_of(self._stack)
        self.endpoint_name, self._name_problem = endpoint_name_at(self.node.path, self._place)

    @property
    def execution_role(self) -> iam.IRole:
        """The role that the containers run with, unless they are isolated; grant to it what their code needs."""
        found = self.node.try_find_child("ExecutionRole")
        role = found or iam.Role.from_role_arn(self, "ExecutionRole", self._role.attr_arn)
        return cast(iam.IRole, role)

    @property
    def log_group_name(self) -> str:
        """Where the containers log."""
        return f"{LOG_GROUP_PREFIX}{self.endpoint_name}"

    @property
    def _tags(self) -> list[CfnTag]:
        return [CfnTag(key=ENDPOINT_TAG, value=self.endpoint_name)]

    def _begin(self) -> None:
        """Once the arguments are known to be sound: from here on the endpoint counts in its stack."""
        take_part(self, self._stack)

    def _make_log_group(self, shared: Shared) -> logs.CfnLogGroup:
        # SageMaker would make it without retention at the first log line, hence before the endpoint.
        key = shared.encryption_key
        group = logs.CfnLogGroup(
            self,
            "LogGroup",
            log_group_name=self.log_group_name,
            retention_in_days=shared.observability.log_retention_days,
            kms_key_id=None if key is None else key.key_arn,
            tags=self._tags,
        )
        keep = shared.observability.keep_logs
        group.apply_removal_policy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if keep else RemovalPolicy.DESTROY)
        if key is not None:
            allow_endpoint_logs(key, self._place, LOG_GROUP_PREFIX)
        return group

    def _make_role(
        self, shared: Shared, servers: list[Server], *, volume_key_arn: str | None, alarm_names: list[str]
    ) -> None:
        """The role for `servers`; warns of those whose images are no longer maintained."""
        for warning in filter(None, (one.maintenance_warning(datetime.date.today()) for one in servers)):
            Validations.of(self).add_warning(*warning)
        self._policy = execution_role.statements(
            models=[server.model for server in servers],
            repository_arns=[image_uri(self._stack, self._place, server.container_image)[1] for server in servers],
            log_group_arn=self._place.arn("logs", f"log-group:{self.log_group_name}"),
            volume_key_arn=volume_key_arn,
            alarm_arns=[self._place.arn("cloudwatch", f"alarm:{name}") for name in alarm_names],
            in_vpc=shared.vpc is not None,
        )
        self._policy += capture_statements(shared.observability.capture)
        self._role, self._managed_policy = execution_role.make_role(self, self._policy)

    def _make_models(self, shared: Shared, servers: list[Server]) -> list[sagemaker.CfnModel]:
        """One model per server, in their order."""
        network = None if shared.vpc is None else self._vpc_config(shared.vpc)
        return [
            make_model(
                self,
                "Model" if number == 1 else f"Model{number}",
                server,
                self._place,
                role_arn=self._role.attr_arn,
                network_isolation=shared.network_isolation,
                vpc_config=network,
                tags=self._tags,
            )
            for number, server in enumerate(servers, 1)
        ]

    def acknowledge_wildcards(self) -> None:
        """Called at synth time, when references between stacks have their final form."""
        wildcards = wildcard_resources(self._stack, self._policy)
        reasons.acknowledge(self._managed_policy, reasons.policy_wildcards(wildcards))

    def _vpc_config(self, vpc: VpcPlacement) -> sagemaker.CfnModel.VpcConfigProperty:
        from cdk_inference.endpoints.network import vpc_config  # loads aws_ec2

        return vpc_config(self, vpc)

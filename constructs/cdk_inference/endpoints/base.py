"""Base classes of endpoints: everything that endpoints of several kinds make in the same way."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import jsii
from aws_cdk import CfnTag, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.core.unknown import unless_token
from cdk_inference.endpoints.endpoint_config import make_model
from cdk_inference.endpoints.execution_role import ExecutionRole, roles_customized
from cdk_inference.endpoints.imported import InvocableEndpoint
from cdk_inference.endpoints.needed_statements import LOG_GROUP_PREFIX
from cdk_inference.endpoints.settings import Shared
from cdk_inference.endpoints.source_checks import ownership_warnings
from cdk_inference.hardware import InstanceType
from cdk_inference.hosting import KINDS, HostedComponent, HostedEndpoint, HostedVariant
from cdk_inference.kit.iam import Statement, without_sid
from cdk_inference.kit.log_groups import make_log_group
from cdk_inference.kit.physical_names import take_endpoint_name
from cdk_inference.kit.stack_checks import RolePolicy, register_stack_check
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.serving import Server

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2

# Tag on what an endpoint is made of, to be activated as a cost allocation tag; other tags come from Tags.of(endpoint).
# https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/custom-tags.html (read 2026-11-23)
ENDPOINT_TAG = "cdk-inference:endpoint"


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
        those of the components that have joined. Without ids, so that endpoints can share a role.
        """
        return [iam.PolicyStatement.from_json(without_sid(statement)) for statement in self._execution.statements]

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

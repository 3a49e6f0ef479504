"""A VPC for endpoints and their callers: private subnets, and nothing that leads to the internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.kit.interfaces import Key, as_principal
from cdk_inference.kit.log_groups import LogRetentionDays
from cdk_inference.kit.nag import acknowledge
from cdk_inference.kit.physical_names import physical_name_at
from cdk_inference.kit.stack_context import StackContext, path_below, stack_context
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.network import nag_reasons
from cdk_inference.network.addresses import subnet_prefix
from cdk_inference.network.arguments import ZONES_MAX, ZONES_MIN, NetworkPlacement, network_problems
from cdk_inference.network.flow_logs import make_flow_logs
from cdk_inference.network.service_access import (
    BY_NAME,
    DEFAULT_SERVICES,
    ECR_LAYERS,
    WITHOUT_RESOURCE,
    InterfaceService,
)

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

HTTPS = 443
# Of EC2 for one security group rule or group: letters, digits and few other characters, no apostrophe.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html (read 2026-11-23)
_MODELS = "Containers of SageMaker endpoints: HTTPS out, nothing in"
_SERVICES = "Interface endpoints: HTTPS in from the VPC, nothing out"


class InferenceNetwork(Construct):
    """A VPC with private subnets in two or more zones; no internet gateway, no NAT gateway.

    read_from: buckets that SageMaker may fetch models from, through the S3 endpoint. No other bucket can be read.
    write_to: buckets that captured data may be written to. An endpoint whose buckets are not among these is refused, as
        far as their names are known. Default: none.
    zones: how many Availability Zones, 2 (default) or more, or their names. Where accelerators are scarce the names
        matter: not every zone has every type. A stack that does not name its account gets 2 at most.
    cidr: the VPC's addresses, /16 to /28, divided among the zones. Default "10.0.0.0/16".
    instances: how many instances run at once at most, all endpoints together, an update's second fleet included.
        Given, subnets that are too small are refused: 5 addresses for each instance in every zone. Default 0: not
        checked.
    services: interface endpoints, names from `SERVICES`; each is billed per zone and hour. Default: only
        "sagemaker.runtime".
    encryption_key: encrypts the flow logs; as for endpoints, an imported key must allow CloudWatch Logs itself.
        Default: AWS's keys.
    retention_days: one of CloudWatch Logs' periods. Default 90.
    keep_logs: whether the flow logs outlive the network. Default True.

    Attributes: `vpc`; `cidr`, its addresses; `placement`, for `RealtimeEndpoint(vpc=...)`; `model_security_group`, that
    of the placement.

    SageMaker's network interfaces outlive an endpoint for a while and keep subnets and security groups from being
    deleted: give the network a stack of its own, and delete that last. See docs/network.md.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        read_from: Sequence[s3.IBucket],
        write_to: Sequence[s3.IBucket] = (),
        zones: int | Sequence[str] = 2,
        cidr: str = "10.0.0.0/16",
        instances: int = 0,
        services: Sequence[InterfaceService] = DEFAULT_SERVICES,
        encryption_key: Key | None = None,
        retention_days: LogRetentionDays = 90,
        keep_logs: bool = True,
    ) -> None:
        place, path = stack_context(scope), path_below(scope, id)
        raise_problems(
            f"InferenceNetwork {path}",
            *network_problems(
                read_from=read_from,
                write_to=write_to,
                zones=zones,
                cidr=cidr,
                instances=instances,
                services=services,
                encryption_key=encryption_key,
                retention_days=retention_days,
                keep_logs=keep_logs,
                region=place.region,
            ),
            _known_zones_problem(scope, zones),
        )
        super().__init__(scope, id)
        count = zones if isinstance(zones, int) else len(zones)
        block = ipaddress.IPv4Network(cidr)
        self.cidr = cidr
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            max_azs=count if isinstance(zones, int) else None,
            availability_zones=None if isinstance(zones, int) else list(zones),
            nat_gateways=0,
            create_internet_gateway=False,
            # The CDK would empty the default group through a Lambda function of its own.
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Private",
                    subnet_type=ec2.SubnetType.PRIVATE_ISOLATED,
                    cidr_mask=subnet_prefix(block.prefixlen, count),
                )
            ],
        )
        acknowledge(self.vpc.node.default_child or self.vpc, nag_reasons.DEFAULT_GROUP)
        self._s3_endpoint(place, read_from, write_to, layers="ecr.dkr" in services)
        self._service_endpoints(place, cidr, services)
        self.model_security_group = self._group("Models", _MODELS)
        self.model_security_group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(HTTPS), "HTTPS to S3")
        self.placement: VpcPlacement = NetworkPlacement(
            vpc=self.vpc,
            security_groups=[self.model_security_group],
            read_from=tuple(bucket.bucket_name for bucket in read_from),
            write_to=tuple(bucket.bucket_name for bucket in write_to),
        )
        make_flow_logs(
            self,
            place,
            physical_name_at(path, place, "flow log group"),
            self.vpc.vpc_id,
            days=retention_days,
            keep=keep_logs,
            key=encryption_key,
        )

    def _s3_endpoint(
        self, place: StackContext, read_from: Sequence[s3.IBucket], write_to: Sequence[s3.IBucket], *, layers: bool
    ) -> None:
        endpoint = self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        reading = [arn for bucket in read_from for arn in (bucket.bucket_arn, bucket.arn_for_objects("*"))]
        _allow(endpoint, "Models", ["s3:GetObject", "s3:ListBucket"], reading)
        if write_to:
            _allow(endpoint, "CapturedData", ["s3:PutObject"], [bucket.arn_for_objects("*") for bucket in write_to])
        if layers:
            name = ECR_LAYERS.format(region=place.region)
            _allow(endpoint, "ImageLayers", ["s3:GetObject"], [f"arn:{place.partition}:s3:::{name}"])

    def _service_endpoints(self, place: StackContext, cidr: str, services: Sequence[str]) -> None:
        if not services:
            return
        group = self._group("Services", _SERVICES)
        group.add_ingress_rule(ec2.Peer.ipv4(cidr), ec2.Port.tcp(HTTPS), "HTTPS from the VPC")
        for name in services:
            known = BY_NAME[name]
            endpoint = self.vpc.add_interface_endpoint(
                "".join(part.capitalize() for part in name.split(".")),
                service=ec2.InterfaceVpcEndpointAwsService(name),
                private_dns_enabled=True,
                security_groups=[group],
                open=False,
            )
            scoped = [action for action in known.actions if action not in WITHOUT_RESOURCE]
            unscoped = [action for action in known.actions if action in WITHOUT_RESOURCE]
            account = "*" if known.any_account else None
            _allow(endpoint, "Scoped", scoped, [place.arn(*resource, account=account) for resource in known.resources])
            if unscoped:
                _allow(endpoint, "Unscoped", unscoped, ["*"])

    def _group(self, id: str, description: str) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self, id, vpc=self.vpc, description=description, allow_all_outbound=False)


def _allow(
    endpoint: ec2.GatewayVpcEndpoint | ec2.InterfaceVpcEndpoint, sid: str, actions: list[str], resources: list[str]
) -> None:
    """Lets `actions` through to `resources`. What a caller may do, its own IAM policy says; this only narrows it."""
    endpoint.add_to_policy(
        iam.PolicyStatement(
            sid=sid, principals=[as_principal(iam.StarPrincipal())], actions=actions, resources=resources
        )
    )


def _known_zones_problem(scope: Construct, zones: object) -> Problem | None:
    """Returns a problem if more zones are requested than the CDK finds for the stack; named zones are not checked."""
    if isinstance(zones, bool) or not isinstance(zones, int) or not ZONES_MIN <= zones <= ZONES_MAX:
        return None
    known = len(Stack.of(scope).availability_zones)
    if zones <= known:
        return None
    fix = "name the account and region of the stack (env=...), or the zones: zones=(...)"
    return Problem("zones", zones, f"up to {known}, the zones of the CDK's context here", fix)

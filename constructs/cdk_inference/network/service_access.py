"""Which AWS services a network reaches, how far, and why: one table, which docs/network.md shows."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

_SAGEMAKER = "https://docs.aws.amazon.com/sagemaker/latest/dg"
_ECR = "https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html"

# "Minimum Amazon S3 bucket permissions for Amazon ECR", same page: image layers come from this bucket of AWS.
ECR_LAYERS = "prod-{region}-starport-layer-bucket/*"


class Service(NamedTuple):
    """A service and its endpoint in the VPC.

    name: the end of the endpoint's service name, `com.amazonaws.<region>.<name>`.
    made: "always", "by default" or "on request".
    why: who needs it, or why nobody does.
    page: where AWS says so, all read 2026-11-24.
    actions, resources: what the endpoint's policy lets through, resources as (service, name). For S3 the buckets are
        the network's own.
    any_account: whether resources of other accounts of the region are let through, as AWS's images are.
    """

    name: str
    made: str
    why: str
    page: str
    actions: tuple[str, ...]
    resources: tuple[tuple[str, str], ...] = ()
    any_account: bool = False


_PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
)

SERVICES: tuple[Service, ...] = (
    Service(
        "s3",
        "always",
        "SageMaker fetches the model, and stores captured data, through the endpoint's subnets",
        f"{_SAGEMAKER}/host-vpc.html",
        ("s3:GetObject", "s3:ListBucket", "s3:PutObject"),
    ),
    Service(
        "sagemaker.runtime",
        "by default",
        "callers in the VPC invoke endpoints through it; the containers do not need it",
        f"{_SAGEMAKER}/interface-vpc-endpoint.html",
        ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", "sagemaker:InvokeEndpointWithResponseStream"),
        (("sagemaker", "endpoint/*"),),
    ),
    Service(
        "logs",
        "on request",
        "callers that write their logs themselves, as containers do; AWS's page on hosting in a VPC needs no such "
        "endpoint, and SageMaker writes the endpoints' logs",
        _ECR,
        ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
        (("logs", "log-group:*"),),
    ),
    Service(
        "ecr.api",
        "on request",
        "callers that run as containers from ECR; the endpoints' images are pulled by SageMaker's platform "
        "(RepositoryAccessMode: Platform), for which AWS documents no endpoint",
        _ECR,
        _PULL,
        (("ecr", "repository/*"),),
        any_account=True,
    ),
    Service(
        "ecr.dkr",
        "on request",
        "as ecr.api; the S3 endpoint then also lets through the bucket that has ECR's layers",
        _ECR,
        _PULL,
        (("ecr", "repository/*"),),
        any_account=True,
    ),
)

BY_NAME = {service.name: service for service in SERVICES}
InterfaceService = Literal["sagemaker.runtime", "logs", "ecr.api", "ecr.dkr"]
INTERFACE_SERVICES: tuple[InterfaceService, ...] = get_args(InterfaceService)
DEFAULT_SERVICES: tuple[InterfaceService, ...] = tuple(
    name for name in INTERFACE_SERVICES if BY_NAME[name].made == "by default"
)

# Knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
WITHOUT_RESOURCE = ("ecr:GetAuthorizationToken",)

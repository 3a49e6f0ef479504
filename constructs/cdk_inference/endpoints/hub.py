"""A model that the container downloads itself needs a way out."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.settings import VpcPlacement
from cdk_inference.serving import HuggingFaceModel, Server

_COPY = "copy the model into S3 and write S3Model(...)"


def hub_problems(server: Server, *, network_isolation: object, vpc: object) -> list[Problem | None]:
    """Why the containers of an endpoint cannot reach the hub, if their model comes from there.

    "No inbound or outbound network calls can be made to or from the model container" under isolation:
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html (botocore 1.44.5). In a VPC they
    reach what its subnets reach: https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html (read 2026-11-22).
    """
    model = server.model
    if not isinstance(model, HuggingFaceModel):
        return []
    problems: list[Problem | None] = []
    if network_isolation is True:
        allowed = "a model in S3: isolated containers, the default, reach nothing"
        problems.append(Problem("server.model", model.title, allowed, f"{_COPY}, or write network_isolation=False"))
    if isinstance(vpc, VpcPlacement) and not vpc.internet:
        allowed = f"True for {model.title}: the container downloads it through these subnets"
        way = "write internet=True if they have a way out, through a NAT gateway or a proxy"
        problems.append(Problem("vpc.internet", vpc.internet, allowed, f"{way}; or {_COPY}"))
    return problems

"""What AWS requires of a model, its containers and its data."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.requirements.conditions import ends_with, equals, only
from cdk_inference.requirements.endpoint_configs import CONFIG
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Requirement

MODEL = "AWS::SageMaker::Model"
_CONTAINERS = ("PrimaryContainer", "Containers[]")
_DATA = tuple(f"{one}.ModelDataSource.S3DataSource" for one in _CONTAINERS)


def _hostnames(part: Part) -> Problem | None:
    named = [container.has("ContainerHostname") for container in part.parts("Containers")]
    if all(named) or not any(named):
        return None
    where = f"Containers[{named.index(False)}].ContainerHostname"
    return Problem(where, None, "a name on every container of the pipeline, or on none", "name this one too")


def _serverless_source(part: Part) -> Problem | None:
    if not part.has("ServerlessConfig"):
        return None
    name = part.get("ModelName")
    model = part.read.find(MODEL, name, part.resource) if isinstance(name, str) else None
    if model is None:
        raise NotKnownError(f"its model {part.words('ModelName')} is not among what was read")
    properties = part.read.properties(model)
    container = properties.get("PrimaryContainer") if isinstance(properties, dict) else None
    if not isinstance(container, dict) or "ModelDataSource" not in container:
        return None
    fix = "give the model a ModelDataUrl, one tar.gz"
    return Problem("ModelName", f"{model.logical_id} with ModelDataSource", "a model with ModelDataUrl", fix)


def _eula(part: Part) -> Problem | None:
    if part.flag("AcceptEula") is not False:
        return None
    return Problem("AcceptEula", "false", "true", "read the licence and set AcceptEula: true, or choose another model")


REQUIREMENTS = (
    Requirement(
        id="container-hostnames",
        type=MODEL,
        service="sagemaker",
        shape="ContainerDefinition",
        member="ContainerHostname",
        sentence="If you specify a value for the ContainerHostName for any ContainerDefinition that is part of an "
        "inference pipeline, you must specify a value for the ContainerHostName parameter of every ContainerDefinition "
        "in that pipeline.",
        check=_hostnames,
    ),
    Requirement(
        id="repository-auth",
        type=MODEL,
        at=tuple(f"{one}.ImageConfig" for one in _CONTAINERS),
        service="sagemaker",
        shape="ImageConfig",
        member="RepositoryAuthConfig",
        sentence="Specify a value for this property only if you specified Vpc as the value for the "
        "RepositoryAccessMode field, and the private Docker registry where the model image is hosted requires "
        "authentication.",
        check=only("RepositoryAuthConfig", equals("RepositoryAccessMode", "Vpc"), "RepositoryAccessMode is Vpc"),
    ),
    Requirement(
        id="multi-model-source",
        type=MODEL,
        at=_CONTAINERS,
        service="sagemaker",
        shape="ContainerDefinition",
        member="ModelDataSource",
        sentence="Currently you cannot use ModelDataSource in conjunction with SageMaker batch transform, SageMaker "
        "serverless endpoints, SageMaker multi-model endpoints, and SageMaker Marketplace.",
        check=only(
            "ModelDataSource",
            lambda part: part.text("Mode") != "MultiModel",
            "Mode is not MultiModel",
            "give the prefix of the archives as ModelDataUrl",
        ),
    ),
    Requirement(
        id="serverless-model-source",
        type=CONFIG,
        at="ProductionVariants[]",
        service="sagemaker",
        shape="ContainerDefinition",
        member="ModelDataSource",
        sentence="Currently you cannot use ModelDataSource in conjunction with SageMaker batch transform, SageMaker "
        "serverless endpoints, SageMaker multi-model endpoints, and SageMaker Marketplace.",
        check=_serverless_source,
    ),
    Requirement(
        id="model-archive",
        type=MODEL,
        at=_CONTAINERS,
        service="sagemaker",
        shape="ContainerDefinition",
        member="ModelDataUrl",
        sentence="This path must point to a single gzip compressed tar archive (.tar.gz suffix).",
        check=ends_with(
            "ModelDataUrl",
            ".tar.gz",
            "name an archive, or give the files of a prefix as ModelDataSource",
            lambda part: part.text("Mode") != "MultiModel",
        ),
    ),
    Requirement(
        id="model-prefix",
        type=MODEL,
        at=_DATA,
        service="sagemaker",
        shape="S3ModelDataSource",
        member="S3DataType",
        sentence="A valid key name prefix identified by S3Uri always ends with a forward slash (/).",
        check=ends_with("S3Uri", "/", "end it with /", equals("S3DataType", "S3Prefix")),
    ),
    Requirement(
        id="model-licence",
        type=MODEL,
        at=tuple(f"{one}.ModelAccessConfig" for one in _DATA),
        service="sagemaker",
        shape="ModelAccessConfig",
        member="AcceptEula",
        sentence="The AcceptEula value must be explicitly defined as True in order to accept the EULA that this model "
        "requires.",
        check=_eula,
    ),
)

"""What AWS requires of an inference component."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.requirements.conditions import always, ends_with, exactly_one, not_with, present, required
from cdk_inference.requirements.endpoint_configs import CONFIG
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Requirement
from cdk_inference.template.values import items, mapping, shown

COMPONENT = "AWS::SageMaker::InferenceComponent"
_ALL = ("Specification", "Specifications[]")
_GUIDE = "https://docs.aws.amazon.com/sagemaker/latest/dg"
_ENVIRONMENT_MAX = 16  # entries; stated on the shape of the row below
_ADAPTER = present("BaseInferenceComponentName")


def _types(part: Part) -> Problem | None:
    specifications = part.parts("Specifications")
    if len(specifications) < 2:
        return None
    without = [one.path for one in specifications if not one.has("InstanceType")]
    if not without:
        return None
    return Problem(f"{without[0]}.InstanceType", None, "the instance type of each specification", "add InstanceType")


def _environment(part: Part) -> Problem | None:
    found = part.get("Container.Environment")
    if not isinstance(found, dict) or len(found) <= _ENVIRONMENT_MAX:
        return None
    fix = "make a model with these variables and name it as ModelName"
    return Problem("Container.Environment", f"{len(found)} variables", f"at most {_ENVIRONMENT_MAX}", fix)


def _batch(part: Part) -> Problem | None:
    kind, value = part.text("MaximumBatchSize.Type"), part.number("MaximumBatchSize.Value")
    if value is None:
        return None
    if kind == "CAPACITY_PERCENT":
        if 5 <= value <= 50:
            return None
        return Problem("MaximumBatchSize.Value", f"{value:g} %", "5 to 50 %", "choose a share from 5 to 50")
    count = _copies(part)
    if count * 5 <= value * 100 <= count * 50:
        return None
    fix = "choose a smaller count, or run more copies" if value * 2 > count else "choose a larger count"
    return Problem("MaximumBatchSize.Value", f"{value:g} copies", f"5 to 50 % of {count} copies", fix)


def _copies(part: Part) -> int:
    """The lowest count of copies that run."""
    given = part.read.properties(part.resource).get("InferenceComponentName")
    name = shown(given) if isinstance(given, str) else part.resource.logical_id
    found = [
        one.copies.lowest
        for endpoint in part.read.hosting.endpoints
        for one in endpoint.hosted.components
        if one.name == name
    ]
    count = found[0] if len(found) == 1 else Unknown("its endpoint is not among what was read")
    if isinstance(count, Unknown):
        raise NotKnownError(count.reason)
    return count


def _host(part: Part) -> Problem | None:
    name = part.get("EndpointName")
    endpoint = part.read.endpoint_named(name, part.resource) if isinstance(name, str) else None
    if endpoint is None:
        raise NotKnownError("its endpoint is not among what was read")
    reference = endpoint.resource.get("EndpointConfigName")
    config = part.read.find(CONFIG, reference, endpoint.resource) if isinstance(reference, str) else None
    properties = Unknown("its config is not among what was read") if config is None else part.read.properties(config)
    if isinstance(properties, Unknown):
        raise NotKnownError(properties.reason)
    variant = part.get("VariantName")
    for one in map(mapping, items(mapping(properties).get("ProductionVariants"))):
        if "ModelName" in one and one.get("VariantName") == variant:
            fix = "remove ModelName from the variant, and give the config an ExecutionRoleArn"
            got = f"the variant {shown(str(variant))}, which names a model"
            return Problem("VariantName", got, "a variant without ModelName", fix)
    return None


REQUIREMENTS = (
    Requirement(
        id="one-specification",
        type=COMPONENT,
        service="sagemaker",
        shape="CreateInferenceComponentInput",
        member="Specifications",
        sentence="You can use either this parameter or the singular Specification parameter, but not both.",
        check=exactly_one("Specification", "Specifications"),
    ),
    Requirement(
        id="specification-types",
        type=COMPONENT,
        service="sagemaker",
        shape="InferenceComponentSpecification",
        member="InstanceType",
        sentence="Required when using the Specifications parameter with multiple entries.",
        check=_types,
    ),
    Requirement(
        id="adapter-resources",
        type=COMPONENT,
        at=_ALL,
        service="sagemaker",
        shape="InferenceComponentSpecification",
        member="ComputeResourceRequirements",
        sentence="Omit this parameter if your request is meant to create an adapter inference component.",
        check=not_with("BaseInferenceComponentName", "ComputeResourceRequirements"),
    ),
    Requirement(
        id="adapter-artifact",
        type=COMPONENT,
        at=_ALL,
        service="sagemaker",
        shape="InferenceComponentSpecification",
        member="BaseInferenceComponentName",
        sentence="When you create an adapter inference component, use the Container parameter to specify the location "
        "of the adapter artifacts.",
        check=required("Container.ArtifactUrl", _ADAPTER, "the component is an adapter"),
    ),
    Requirement(
        id="component-archive",
        type=COMPONENT,
        at=_ALL,
        service="sagemaker",
        shape="InferenceComponentContainerSpecification",
        member="ArtifactUrl",
        sentence="This path must point to a single gzip compressed tar archive (.tar.gz suffix).",
        check=ends_with(
            "Container.ArtifactUrl", ".tar.gz", "name an archive, or make a model with ModelDataSource and name it"
        ),
    ),
    Requirement(
        id="component-environment",
        type=COMPONENT,
        at=_ALL,
        service="sagemaker",
        shape="InferenceComponentContainerSpecification",
        member="Environment",
        sentence="We support up to 16 entries in the map.",
        check=_environment,
    ),
    Requirement(
        id="component-memory",
        type=COMPONENT,
        at=tuple(f"{one}.ComputeResourceRequirements" for one in _ALL),
        sentence="MinMemoryRequiredInMb is a required member of InferenceComponentComputeResourceRequirements, which "
        "CloudFormation's schema makes optional.",
        page="https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
        "API_InferenceComponentComputeResourceRequirements.html (read 2026-11-22)",
        check=required("MinMemoryRequiredInMb", always, "a copy needs memory", "add it: 128 or more"),
    ),
    Requirement(
        id="component-batch",
        type=COMPONENT,
        at="DeploymentConfig.RollingUpdatePolicy",
        service="sagemaker",
        shape="InferenceComponentRollingUpdatePolicy",
        member="MaximumBatchSize",
        sentence="The value must be between 5% to 50% of the copy count of the inference component.",
        check=_batch,
    ),
    Requirement(
        id="component-host",
        type=COMPONENT,
        sentence="Inference components are not supported on a variant that names a model.",
        page="https://github.com/hashicorp/terraform-provider-aws/issues/40644 (read 2026-11-22)",
        check=_host,
    ),
)

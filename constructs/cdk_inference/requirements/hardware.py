"""What instance types allow: regions, volumes, host images, and the images of AWS's that go with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cdk_inference.core.errors import Problem
from cdk_inference.hardware import InstanceType, known_region, region_problem, type_problem
from cdk_inference.hardware.host_images import HOST_IMAGES, HOST_PAIRS, NEURON_HOST_CHIPS
from cdk_inference.hardware.table import find
from cdk_inference.requirements.endpoint_configs import CONFIG, VARIANTS
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Requirement
from cdk_inference.template.values import MARK, last_part, readable

_CUDA_13 = "al2023-ami-sagemaker-inference-gpu-4-1"
_MODEL = "AWS::SageMaker::Model"
_CUDA = re.compile(r"[-.]cu(?:da)?(\d\d)\d?(?=[-._]|$)")
_SDK = "https://github.com/aws/sagemaker-python-sdk/pull"
_DLC = "https://github.com/aws/deep-learning-containers/pull"


def _names(variant: Part) -> Iterator[tuple[str, str]]:
    """(where, instance type) of a variant, or of its pools."""
    if (name := variant.text("InstanceType")) is not None:
        yield "InstanceType", name
    for number, pool in enumerate(variant.parts("InstancePools")):
        if (name := pool.text("InstanceType")) is not None:
            yield f"InstancePools[{number}].InstanceType", name


def _types(variant: Part) -> list[InstanceType]:
    """The types that the tables have."""
    return [known for _, name in _names(variant) if (known := find(name)) is not None]


def _listed(part: Part) -> Problem | None:
    region = part.resource.stack.region
    for where, name in _names(part):
        known = find(name)
        problem = type_problem(where, name) if known is None else region_problem(where, known, region)
        if problem is not None:
            return problem
        if region is None:
            raise NotKnownError("the region is not known; pass --region")
        if not known_region(region):
            raise NotKnownError(f"the tables have no region {region}")
    return None


def _volume(part: Part) -> Problem | None:
    if not part.has("VolumeSizeInGB"):
        return None
    local = [one.name for one in _types(part) if not one.storage_volume]
    if not local:
        return None
    allowed = f"no volume: {local[0]} has local NVMe storage"
    return Problem("VolumeSizeInGB", part.words("VolumeSizeInGB"), allowed, "remove VolumeSizeInGB")


def _host_kind(part: Part) -> str | None:
    """The kind of hardware that the host image is for; None where none is named."""
    host = part.text("InferenceAmiVersion")
    if host is not None and host not in HOST_IMAGES:
        raise NotKnownError(f"InferenceAmiVersion: the tables have no host image {host}")
    return None if host is None else HOST_IMAGES[host]


def _accelerator(part: Part) -> Problem | None:
    host, kind = part.text("InferenceAmiVersion"), _host_kind(part)
    if kind is None:
        return None
    for known in _types(part):
        serves = known.kind == kind and (kind != "neuron" or known.accelerator in NEURON_HOST_CHIPS)
        if not serves:
            chip = known.accelerator or "no accelerator"
            fix = "remove InferenceAmiVersion, or choose the host image of the type's accelerator"
            return Problem("InferenceAmiVersion", host, f"a host image for {known.name} ({chip})", fix)
    return None


def _images(variant: Part) -> Iterator[str]:
    """The container images of the variant's model, as "repository:tag"."""
    name = variant.get("ModelName")
    if not isinstance(name, str):
        return
    model = variant.read.find(_MODEL, name, variant.resource)
    if model is None:
        raise NotKnownError(f"its model {variant.words('ModelName')} is not among what was read")
    properties = variant.read.properties(model)
    whole = Part(resource=model, path="", value=properties if isinstance(properties, dict) else {}, read=variant.read)
    single = whole.get("PrimaryContainer")
    containers = [replace(whole, value=single)] if isinstance(single, dict) else whole.parts("Containers")
    for container in containers:
        image = container.partial("Image")
        if image is not None:
            reference = last_part(image)
            if re.search(MARK, reference):
                raise NotKnownError(f"Image: {readable(reference)} is known at deployment only")
            yield reference


def _cuda_13(image: str) -> bool | None:
    """Whether an image has CUDA 13; None where its name has no CUDA version."""
    pair = HOST_PAIRS.get(image)
    if pair is not None and pair.host_image is not None:
        return pair.host_image == _CUDA_13 if HOST_IMAGES[pair.host_image] == "gpu" else None
    found = _CUDA.search(image)
    return None if found is None else found[1] == "13"


def _cuda(part: Part) -> Problem | None:
    host = part.text("InferenceAmiVersion")
    if _host_kind(part) != "gpu":
        return None
    for image in _images(part):
        newest = _cuda_13(image)
        if newest is not None and newest != (host == _CUDA_13):
            allowed = f"{_CUDA_13} with {image}" if newest else f"a host image with CUDA 12 with {image}"
            fix = f"write {_CUDA_13}" if newest else "write al2-ami-sagemaker-inference-gpu-3-1"
            return Problem("InferenceAmiVersion", host, allowed, fix)
    return None


def _unset(part: Part) -> Problem | None:
    if part.has("InferenceAmiVersion") or not any(one.kind in ("gpu", "neuron") for one in _types(part)):
        return None
    for image in _images(part):
        pair = HOST_PAIRS.get(image)
        needed = _CUDA_13 if _cuda_13(image) else pair.host_image if pair is not None else None
        if needed is not None and HOST_IMAGES[needed] in {one.kind for one in _types(part)}:
            return Problem("InferenceAmiVersion", None, f"{needed} with {image}", f"add InferenceAmiVersion: {needed}")
    return None


REQUIREMENTS = (
    Requirement(
        id="region-lists-type",
        type=CONFIG,
        at=VARIANTS,
        sentence="A region hosts the instance types that its AWS Price List has for hosting.",
        page="https://aws.amazon.com/sagemaker/ai/pricing/ (the Price List of 2026-10-20)",
        check=_listed,
    ),
    Requirement(
        id="volume-on-local-disk",
        type=CONFIG,
        at=VARIANTS,
        sentence="VolumeSizeInGB is refused on instance types with local NVMe storage.",
        page=f"{_SDK}/4828 (read 2026-11-22)",
        check=_volume,
    ),
    Requirement(
        id="host-image-accelerator",
        type=CONFIG,
        at=VARIANTS,
        sentence="Each InferenceAmiVersion serves one accelerator: GPUs, or Inferentia2 and Trainium.",
        page="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (read 2026-11-23)",
        check=_accelerator,
    ),
    Requirement(
        id="host-image-cuda",
        type=CONFIG,
        at="ProductionVariants[]",
        sentence="An image with CUDA 13 dies without logs on a host with CUDA 12; an image with CUDA 12.9 hangs "
        "without logs on the host with CUDA 13.",
        page=f"{_SDK}/6281, {_DLC}/6187 (2026-06-05)",
        check=_cuda,
    ),
    Requirement(
        id="host-image-unset",
        type=CONFIG,
        at="ProductionVariants[]",
        level="warning",
        sentence="The driver of SageMaker's default host image is not documented, and was seen to be older than CUDA "
        "13 and the Neuron SDK need.",
        page=f"{_SDK}/6281, https://github.com/awslabs/llm-hosting-container/pull/156 (2026-06-05)",
        check=_unset,
    ),
)

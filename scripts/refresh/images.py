"""AWS's images that have a preset: repository and tag of the newest version in sagemaker-core's image tables.

Where AWS's own list of images is ahead of that package, `LATER` has the tag.

A new tag then needs its host image (cdk_inference/hardware/host_images.py), which no package has: tests fail until it
is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from typing import Any, NamedTuple

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import installed, versions

PACKAGE = "sagemaker-core"

# Dates of the files inside the wheel, of the versions that were looked at.
WHEEL_DATES = {"2.27.0": "2026-10-21"}


class Recipe(NamedTuple):
    """How sagemaker-core makes an image's tag (`core/image_uris.py`).

    `file`: its table; `tag`: the tag, of an entry's values; `processor`: the key of the part of the tag that names
    CUDA and operating system.
    """

    file: str
    tag: str
    processor: str = "gpu"


_GPU = "{prefix}-gpu-{python}-{system}"
IMAGES: dict[str, Recipe] = {
    "djl-lmi": Recipe("djl-lmi", "{prefix}"),
    "vllm-server": Recipe("vllm-server", "{prefix}-{system}"),
    "sglang-server": Recipe("sglang-server", "{prefix}-{system}"),
    "huggingface-llm": Recipe("huggingface-llm", _GPU),
    "huggingface-tei": Recipe("huggingface-tei", _GPU),
    "huggingface-tei-cpu": Recipe("huggingface-tei-cpu", "{prefix}-cpu-{python}-{system}", "cpu"),
    "sagemaker-tritonserver": Recipe("sagemaker-tritonserver", "{prefix}"),
    "sagemaker-tritonserver-cpu": Recipe("sagemaker-tritonserver", "{prefix}-cpu"),
    "huggingface-neuronx": Recipe(
        "huggingface-neuronx", "{pytorch}-transformers{version}-neuronx-{python}-{sdk}-{system}", "inf"
    ),
    "huggingface-vllm-neuronx": Recipe(
        "huggingface-vllm-neuronx", "{prefix}-neuronx-{python}-{sdk}-{system}", "neuronx"
    ),
    # sagemaker-core writes "inf2" here, its table's processor; AWS publishes "neuronx".
    # https://github.com/awslabs/llm-hosting-container/blob/main/huggingface/pytorch/release_utils.py (2026-06-17)
    "huggingface-llm-neuronx": Recipe("huggingface-llm-neuronx", "{prefix}-neuronx-{python}-{system}", "inf2"),
    "djl-neuronx": Recipe("djl-neuronx", "{prefix}"),
}


class Later(NamedTuple):
    """A newer version than sagemaker-core's, in the same repository and accounts."""

    version: str
    tag: str
    source: str


_DLC = "https://github.com/aws/deep-learning-containers"
LATER: dict[str, Later] = {
    "huggingface-tei": Later("1.9.3", "2.0.1-tei1.9.3-gpu-py310-cu129-ubuntu24.04", f"{_DLC}/pull/6524 (2026-08-10)"),
    "huggingface-tei-cpu": Later("1.9.3", "2.0.1-tei1.9.3-cpu-py310-ubuntu24.04", f"{_DLC}/pull/6524 (2026-08-10)"),
    "huggingface-vllm-neuronx": Later(
        "0.4.5", "0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04", f"{_DLC}/pull/5671 (2026-02-13)"
    ),
}


def table(file: str) -> dict[str, Any]:
    """One of sagemaker-core's tables, the part about inference."""
    value = json.loads(installed(PACKAGE, f"sagemaker/core/image_uri_config/{file}.json").read_text())
    found: dict[str, Any] = value.get("inference", value)
    return found


def order(version: str) -> tuple[int, ...]:
    """What versions are compared by: 0.30.0 is above 0.5.20, and 25.09 above 25.4."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def entries(file: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(version, PyTorch's version or "", entry) of every version in a table."""
    for version, entry in table(file)["versions"].items():
        if "repository" in entry:
            yield version, "", entry
        for pytorch, below in entry.items():
            if pytorch.startswith("pytorch") and "repository" in below:
                yield version, pytorch.removeprefix("pytorch"), below


def newest(image: str) -> tuple[str, str, dict[str, Any]]:
    """The newest of `entries`."""
    return max(entries(IMAGES[image].file), key=lambda entry: (order(entry[0]), order(entry[1])))


def tag(image: str) -> str:
    """The tag of an image's newest version."""
    version, pytorch, entry = newest(image)
    recipe = IMAGES[image]
    return recipe.tag.format(
        version=version,
        pytorch=pytorch,
        prefix=entry.get("tag_prefix"),
        python=max(entry.get("py_versions", [""]), key=order),
        sdk=max(entry.get("sdk_versions", [""]), key=order),
        system=entry.get("container_version", {}).get(recipe.processor),
    )


def source(image: str) -> str:
    """Where an image's row comes from."""
    version = metadata.version(PACKAGE)
    return f"{PACKAGE} {version}, {IMAGES[image].file}.json ({WHEEL_DATES.get(version, 'date not noted')})"


def wheel_date() -> str:
    """The day of the files inside of sagemaker-core's wheel."""
    return WHEEL_DATES.get(metadata.version(PACKAGE), "not noted")


def row(image: str) -> tuple[str, str, str, str, str]:
    """(image, version, repository, tag, source)."""
    version, _, entry = newest(image)
    later = LATER.get(image)
    if later is not None and order(later.version) > order(version):
        return image, later.version, entry["repository"], later.tag, f"{later.source}; accounts: {source(image)}"
    return image, version, entry["repository"], tag(image), source(image)


def fresh() -> Fresh:
    """One row per image."""
    return Fresh(
        about="AWS's images that have a preset, at their newest version",
        source="sagemaker-core, one table per image in sagemaker/core/image_uri_config; newer tags: AWS's list",
        version=versions(PACKAGE),
        date=wheel_date(),
        licence="sagemaker-core Apache-2.0; facts restated",
        columns=("image", "version", "repository", "tag", "source"),
        key=("image",),
        rows=[row(image) for image in IMAGES],
    )

"""One of AWS's own images: where it is by region, what it runs on, and whether AWS still maintains it.

Tags and accounts come from the tables `images` and `registries` in facts/.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cdk_inference.core.alike import nearest
from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.facts import table
from cdk_inference.hardware import InstanceType, known_region
from cdk_inference.hardware.host_images import HOST_PAIRS
from cdk_inference.hardware.table import knowledge_date

STATUSES = ("current", "frozen", "ended")


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """Whether an image still gets versions and patches.

    status: "current": new versions come. "frozen": it stays as it is, but for critical fixes at best. "ended": it is
        no longer published or patched; it can still be pulled until AWS removes it.
    since: frozen or ended since when; for a current image, the day it was seen so. ISO date.
    why: one sentence that says what happened.
    instead: what to use, in a few words.
    source: the announcement's address.
    """

    status: str
    since: str
    why: str
    instead: str
    source: str


@dataclass(frozen=True, kw_only=True)
class AwsImage:
    """One of AWS's own images: `repository:tag` in a registry account that depends on the region.

    name: its rows in the tables `images` and `registries`.
    kind: the kind of hardware it runs on: "gpu", "neuron" or "cpu".
    request_format: what /invocations takes.
    metrics_path: where the container publishes Prometheus metrics, None if not known. SageMaker forwards only
        /invocations, so these are for code inside the container.
    maintenance: whether AWS still maintains it.
    chips: the accelerators it is made for, by the names of `InstanceType.accelerator`; empty is any of `kind`.
    chips_by: who says so, for the error message.
    """

    name: str
    kind: str
    request_format: str
    metrics_path: str | None
    maintenance: Maintenance
    chips: tuple[str, ...] = ()
    chips_by: str = "which the image serves"

    @property
    def version(self) -> str:
        """The version of what is inside, as sagemaker-core names it."""
        return _rows()[self.name]["version"]

    @property
    def repository(self) -> str:
        return _rows()[self.name]["repository"]

    @property
    def tag(self) -> str:
        return _rows()[self.name]["tag"]

    @property
    def source(self) -> str:
        """Where repository, tag and accounts come from."""
        return _rows()[self.name]["source"]

    @property
    def reference(self) -> str:
        """`repository:tag`."""
        return f"{self.repository}:{self.tag}"

    @property
    def host_image(self) -> str | None:
        """The `InferenceAmiVersion` that this tag goes with; None leaves the choice to SageMaker."""
        return HOST_PAIRS[self.reference].host_image

    @property
    def accounts(self) -> Mapping[str, str]:
        """Region -> registry account, for the regions that have the image."""
        return _registries()[self.name]

    def region_problem(self, region: str) -> Problem | None:
        """Why the image cannot be used in `region`, if so."""
        if is_token(region) or region in self.accounts:
            return None
        meant = None if known_region(region) else nearest(region, self.accounts)
        if meant is not None:
            allowed = f"a region of SageMaker hosting; as of {knowledge_date()} no region has this name"
            fix = (
                f'write env=cdk.Environment(region="{meant}") for the stack; for a region that is newer use '
                "Container(image=EcrImage(...))"
            )
            return Problem("region", region, allowed, fix)
        return Problem(
            "server",
            self.reference,
            f"in a region that has the image, which {region} is not: {', '.join(sorted(self.accounts))}",
            f"deploy to one of these regions, or copy the image to your own ECR repository in {region} "
            "and use Container(image=EcrImage(...))",
        )

    def chip_problem(self, hardware: InstanceType) -> Problem | None:
        """Why the image does not run on `hardware`, which is of its kind."""
        if hardware.kind != self.kind:
            return None
        if self.chips and hardware.accelerator is not None and hardware.accelerator not in self.chips:
            other = "choose Inf2 or Trn1 hardware" if self.kind == "neuron" else "choose hardware with one of them"
            return Problem(
                "server",
                f"{hardware.accelerator} ({hardware.name})",
                f"{', '.join(self.chips)}, {self.chips_by}",
                f"{other}, or Container(...) with an image for this chip",
            )
        if hardware.architecture == "arm64":
            # AWS's images for Arm carry it in their names: vllm-arm64, llama-cpp-arm64.
            return Problem(
                "server",
                f"{self.reference} on {hardware.name} (arm64)",
                "x86_64 hardware, which the image is built for",
                "choose an x86 type, or Container(...) with an image for arm64",
            )
        return None


@functools.cache
def _rows() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({row["image"]: MappingProxyType(row) for row in table("images").rows()})


@functools.cache
def _registries() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in table("registries").rows():
        found.setdefault(row["image"], {})[row["region"]] = row["account"]
    return MappingProxyType({name: MappingProxyType(accounts) for name, accounts in found.items()})

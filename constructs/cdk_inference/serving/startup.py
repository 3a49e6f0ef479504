"""SageMaker's start-up time-outs, and the room that a model needs."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from cdk_inference.core.checks import instance_of, whole_number
from cdk_inference.core.errors import raise_problems
from cdk_inference.serving.models import ModelSource

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (read 2026-11-23)
TIMEOUT_SECONDS_MIN = 60
TIMEOUT_SECONDS_MAX = 3600

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (read 2026-11-23)
VOLUME_GB_MAX = 512
# SageMaker's guide: raise the volume when the model exceeds 30 GB.
# https://docs.aws.amazon.com/sagemaker/latest/dg/large-model-inference-hosting.html (read 2026-11-22)
VOLUME_GB_MIN = 30
# A policy of this package, not a fact: a quarter more than the files, for what the container writes.
VOLUME_HEADROOM = 1.25


@dataclass(frozen=True, kw_only=True)
class StartupTimeouts:
    """SageMaker's two start-up time-outs, each 60 to 3600 seconds.

    download_seconds: `ModelDataDownloadTimeoutInSeconds`, to fetch and unpack the model.
    container_seconds: `ContainerStartupHealthCheckTimeoutInSeconds`, until the container answers /ping.
    explained: how they came about, in one line; it stands in the template beside them. Default: nothing.

    Raises ConfigurationError.
    """

    download_seconds: int
    container_seconds: int
    explained: str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        raise_problems(
            "StartupTimeouts",
            *(
                whole_number(name, value, TIMEOUT_SECONDS_MIN, TIMEOUT_SECONDS_MAX, "choose seconds within the limits")
                for name, value in (
                    ("download_seconds", self.download_seconds),
                    ("container_seconds", self.container_seconds),
                )
            ),
            instance_of(
                "explained", self.explained, (str, type(None)), "text or None", "write one line, or leave it out"
            ),
        )


def volume_gb(model: ModelSource) -> int:
    """The storage volume for `model` on hardware without local disk, gigabytes: its room and a quarter, at least 30.

    May exceed `VOLUME_GB_MAX`: the caller refuses that.
    """
    return max(VOLUME_GB_MIN, math.ceil(model.disk_gb * VOLUME_HEADROOM))

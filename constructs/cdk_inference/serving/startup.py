"""How long a model may take to arrive and to start, and the room it needs: sums with their sources.

The limits are SageMaker's; the speed is deliberately a slow one, since a time-out that is too short fails a
deployment, and one that is too long only waits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from cdk_inference.checks import whole_number
from cdk_inference.errors import refuse
from cdk_inference.serving.models import ModelSource

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (read 2026-11-23)
TIMEOUT_SECONDS_MIN = 60
TIMEOUT_SECONDS_MAX = 3600

# 85-90 MB/s is what AWS plans for one S3 connection; nothing says that SageMaker uses only one, so this is a floor.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html (read 2026-11-23)
DOWNLOAD_MB_PER_SECOND = 85

# A policy of this package, not a measurement: time for container and engine to start, besides loading the model.
CONTAINER_BASE_SECONDS = 600

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

    Raises ConfigurationError.
    """

    download_seconds: int
    container_seconds: int

    def __post_init__(self) -> None:
        refuse(
            "StartupTimeouts",
            *(
                whole_number(name, value, TIMEOUT_SECONDS_MIN, TIMEOUT_SECONDS_MAX, "choose seconds within the limits")
                for name, value in (
                    ("download_seconds", self.download_seconds),
                    ("container_seconds", self.container_seconds),
                )
            ),
        )


def startup_timeouts(model: ModelSource) -> StartupTimeouts:
    """The time-outs for `model`: one pass over its bytes at 85 MB/s, plus 600 s in which the container may start.

    download = disk_gb x 1000 / 85; container = 600 + disk_gb x 1000 / 85; both within 60 to 3600 s.
    """
    seconds = math.ceil(model.disk_gb * 1000 / DOWNLOAD_MB_PER_SECOND)
    return StartupTimeouts(
        download_seconds=_within_limits(seconds), container_seconds=_within_limits(CONTAINER_BASE_SECONDS + seconds)
    )


def longest_startup(models: list[ModelSource]) -> StartupTimeouts:
    """The time-outs that suffice for each of `models`: those of the largest."""
    return startup_timeouts(max(models, key=lambda model: model.disk_gb))


def volume_gb(model: ModelSource) -> int:
    """The storage volume for `model` on hardware without local disk, gigabytes: its room and a quarter, at least 30.

    May exceed `VOLUME_GB_MAX`: the caller refuses that.
    """
    return max(VOLUME_GB_MIN, math.ceil(model.disk_gb * VOLUME_HEADROOM))


def _within_limits(seconds: int) -> int:
    return min(max(seconds, TIMEOUT_SECONDS_MIN), TIMEOUT_SECONDS_MAX)

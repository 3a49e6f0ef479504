"""How long a model may take to arrive and to start on an instance type: the sum, with where its speed comes from.

The speed is deliberately a slow one, since a time-out that is too short fails a deployment, and one that is too long
only waits. So only what makes it slower enters; a fast network does not make it faster, because no page of AWS's says
how many connections SageMaker downloads with.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from cdk_inference.hardware import InstanceType
from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.models import ModelSource, S3Archive
from cdk_inference.serving.servers import Server
from cdk_inference.serving.startup import TIMEOUT_SECONDS_MAX, TIMEOUT_SECONDS_MIN, StartupTimeouts

# 85-90 MB/s is what AWS plans for one S3 connection; nothing says that SageMaker uses only one, so this is a floor.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html (read 2026-11-23)
S3_CONNECTION_MB_PER_SECOND = 85

# Within a region the whole network bandwidth of an instance is usable; what is above the baseline is best effort.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-network-bandwidth.html (read 2026-11-24)
MB_PER_GIGABIT = 125

# A policy of this package, not a measurement: time for container and engine to start, besides loading the model.
CONTAINER_BASE_SECONDS = 600

LIMIT_WARNING = "cdk-inference:startup-limit"


class Speed(NamedTuple):
    """What bounds the transfer, megabytes (1e6 bytes) per second."""

    mb_per_second: float
    bound: str


@dataclass(frozen=True, kw_only=True)
class StartupSum:
    """The time that `model` may need on `hardware`, before SageMaker's limits cut it.

    download = disk_gb x 1000 / speed; container = 600 + the same once more, for loading the files into the
    accelerator: no source says how fast that is. A container that downloads from the hub itself needs the download
    besides, and one that compiles while it starts `compile_seconds`. The speed is the lowest of 85 MB/s, the type's
    baseline network bandwidth and, where the files go to a storage volume, the type's baseline EBS throughput. Which
    sort of volume SageMaker attaches is not documented, so its own throughput is not in the sum.
    """

    model: ModelSource
    hardware: InstanceType
    compile_seconds: int = 0

    @functools.cached_property
    def speed(self) -> Speed:
        """The slowest thing that is known on the way; 85 MB/s where nothing is known of the type."""
        first = "taken as for one S3 connection" if self._from_hub else "one S3 connection"
        known = [Speed(S3_CONNECTION_MB_PER_SECOND, first)]
        if self.hardware.network_gbps is not None:
            known.append(Speed(self.hardware.network_gbps * MB_PER_GIGABIT, "its network's baseline"))
        if self.hardware.storage_volume and self.hardware.ebs_mb_per_second is not None:
            known.append(Speed(self.hardware.ebs_mb_per_second, "its baseline to a storage volume"))
        return min(known, key=lambda speed: speed.mb_per_second)

    @functools.cached_property
    def transfer_seconds(self) -> int:
        """Seconds for one pass over the model's bytes, archive and files both counted, rounded up."""
        return math.ceil(self.model.disk_gb * 1000 / self.speed.mb_per_second)

    @property
    def download_seconds(self) -> int:
        """Seconds in which SageMaker fetches the model; 0 where the container does."""
        return 0 if self._from_hub else self.transfer_seconds

    @property
    def container_seconds(self) -> int:
        """Seconds until the container answers: 600, a pass over the bytes, and what it does itself."""
        return CONTAINER_BASE_SECONDS + sum(seconds for seconds, _ in self._steps)

    @property
    def _from_hub(self) -> bool:
        return isinstance(self.model, HuggingFaceModel)

    @property
    def _steps(self) -> list[tuple[int, str]]:
        """(seconds, what for) of the container's start, besides the base."""
        steps = [(self.transfer_seconds, "to load")]
        if self._from_hub:
            steps.insert(0, (self.transfer_seconds, "to download"))
        if self.compile_seconds:
            steps.append((self.compile_seconds, "to compile"))
        return steps

    @property
    def timeouts(self) -> StartupTimeouts:
        """The sum within SageMaker's limits."""
        return StartupTimeouts(
            download_seconds=_within_limits(self.download_seconds),
            container_seconds=_within_limits(self.container_seconds),
            explained=self.explained,
        )

    @property
    def explained(self) -> str:
        """The sum in one line, for whoever wonders where the time-outs come from."""
        download, container = self.download_seconds, self.container_seconds
        alone = len(self._steps) == 1
        start = " + ".join(f"{seconds} s" if alone else f"{seconds} s {what}" for seconds, what in self._steps)
        text = (
            f"{self._arithmetic} = {self.transfer_seconds} s to download; "
            f"{CONTAINER_BASE_SECONDS} s + {start} until the container answers"
        )
        given = (_within_limits(download), _within_limits(container))
        if self._from_hub or given == (download, container):
            return text if given[1] == container else f"{text}; SageMaker takes up to {TIMEOUT_SECONDS_MAX} s"
        allowed = f"{TIMEOUT_SECONDS_MIN} to {TIMEOUT_SECONDS_MAX} s"
        return f"{text}; SageMaker takes {allowed}, so {given[0]} s and {given[1]} s"

    def limit_warning(self) -> tuple[str, str] | None:
        """(id, message) if the sum exceeds SageMaker's longest time-out."""
        if self.container_seconds <= TIMEOUT_SECONDS_MAX:
            return None
        passes = 2 if self._from_hub else 1
        left = TIMEOUT_SECONDS_MAX - CONTAINER_BASE_SECONDS - self.compile_seconds
        enough = f"from {math.ceil(self.model.disk_gb * 1000 * passes / left)} MB/s on" if left > 0 else "at no speed"
        ways = ["use a smaller (quantized) model"]
        if isinstance(self.model, S3Archive):
            ways.append("keep the files unpacked (S3Model), which spares the archive")
        if self.compile_seconds:
            ways.append("compile it before the deployment")
        if self.speed.mb_per_second < S3_CONNECTION_MB_PER_SECOND:
            ways.append("choose hardware that is faster there")
        longest = TIMEOUT_SECONDS_MAX
        return LIMIT_WARNING, (
            f"The model may not be up within SageMaker's longest time-out of {longest} s: {self._arithmetic} = "
            f"{self.transfer_seconds} s to download, {self.container_seconds} s to start. It fits {enough}, "
            "and AWS does not document how fast SageMaker downloads: if you have seen it fit, write "
            f"startup=StartupTimeouts(download_seconds={longest}, container_seconds={longest}); else "
            f"{', or '.join(ways)}. "
            "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
        )

    @property
    def _arithmetic(self) -> str:
        what = " (archive and files)" if isinstance(self.model, S3Archive) else ""
        speed = self.speed
        return f"{self.hardware.name}: {self.model.disk_gb:g} GB{what} / {speed.mb_per_second:g} MB/s ({speed.bound})"


def startup_timeouts(model: ModelSource, hardware: InstanceType, *, compile_seconds: int = 0) -> StartupTimeouts:
    """Returns the time-outs that suffice, each within 60 to 3600 s; `.explained` shows the sum (`StartupSum`).

    model: the model's source, with its size.
    hardware: the instance type, for example `cdk_inference.hardware.lookup("ml.g6.xlarge")`.
    compile_seconds: time that the container compiles for. Default 0.
    """
    return StartupSum(model=model, hardware=hardware, compile_seconds=compile_seconds).timeouts


def longest_start(pairs: Iterable[tuple[Server, InstanceType]]) -> tuple[StartupTimeouts, tuple[str, str] | None]:
    """(time-outs that suffice for each of `pairs`, the warning where SageMaker's longest may not)."""
    sums = [
        StartupSum(model=server.model, hardware=hardware, compile_seconds=server.own_start_seconds)
        for server, hardware in pairs
    ]
    slowest = max(sums, key=lambda one: (one.container_seconds, one.download_seconds))
    longest_download = max(one.timeouts.download_seconds for one in sums)
    return replace(slowest.timeouts, download_seconds=longest_download), slowest.limit_warning()


def _within_limits(seconds: int) -> int:
    return min(max(seconds, TIMEOUT_SECONDS_MIN), TIMEOUT_SECONDS_MAX)

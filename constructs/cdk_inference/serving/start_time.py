"""Time that a container needs for what it does itself before it answers, on top of what startup.py allows."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.servers import Server
from cdk_inference.serving.startup import TIMEOUT_SECONDS_MAX, StartupTimeouts


def with_own_time(base: StartupTimeouts, servers: Sequence[Server]) -> StartupTimeouts:
    """`base` with the longest of the servers' own seconds added to the container's, up to SageMaker's 3600.

    A container that fetches its model from the hub gets the time of the download besides.
    """
    own = max(
        server.own_start_seconds + (base.download_seconds if isinstance(server.model, HuggingFaceModel) else 0)
        for server in servers
    )
    return StartupTimeouts(
        download_seconds=base.download_seconds,
        container_seconds=min(base.container_seconds + own, TIMEOUT_SECONDS_MAX),
    )

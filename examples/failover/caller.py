"""One caller of two endpoints: the primary, and the standby while the primary fails. It needs boto3 only.

from caller import FailoverClient
client = FailoverClient(primary="failover-inferentia", standby="failover-standby")
answer = client.invoke({"messages": [{"role": "user", "content": "Hello"}]})
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

# What an endpoint cannot do now and another one may: everything else is wrong with the request, there as well.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html#API_runtime_InvokeEndpoint_Errors
# (read 2026-11-29). A ValidationError names an endpoint that does not exist, or is not in service.
_UNAVAILABLE = frozenset(
    {
        "InternalDependencyException",
        "InternalFailure",
        "InternalServerException",
        "ModelError",
        "ModelNotReadyException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "ThrottlingException",
        "ValidationError",
    }
)


class FailoverClient:
    """Invokes `primary`, and `standby` while `primary` fails.

    After `failures` failures on end the primary is left alone for `pause_seconds`; then one request tries it. A request
    that is wrong is wrong on both, and fails at once. When both fail, the standby's error is raised.
    """

    def __init__(
        self,
        *,
        primary: str,
        standby: str,
        failures: int = 3,
        pause_seconds: float = 30,
        timeout_seconds: float = 30,
        runtime: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.primary, self.standby = primary, standby
        self._failures, self._pause = failures, pause_seconds
        # No retries: the standby is the retry, and a slow primary must not hold a caller several times.
        settings = Config(retries={"total_max_attempts": 1}, read_timeout=timeout_seconds, connect_timeout=5)
        self._runtime = runtime or boto3.client("sagemaker-runtime", config=settings)
        self._clock = clock
        self._failed, self._until = 0, 0.0

    def invoke(self, request: Any) -> Any:
        """Returns the answer of whichever endpoint gave one."""
        if self._clock() >= self._until:
            try:
                answer = self._ask(self.primary, request)
            except (ClientError, ConnectionError, HTTPClientError) as error:
                if not _unavailable(error):
                    raise
                self._failed += 1
                if self._failed >= self._failures:
                    self._until = self._clock() + self._pause
            else:
                self._failed = 0
                return answer
        return self._ask(self.standby, request)

    def _ask(self, endpoint: str, request: Any) -> Any:
        response = self._runtime.invoke_endpoint(
            EndpointName=endpoint, ContentType="application/json", Body=json.dumps(request)
        )
        return json.load(response["Body"])


def _unavailable(error: Exception) -> bool:
    if not isinstance(error, ClientError):
        return True  # no answer at all
    if error.response["Error"]["Code"] != "ModelError":
        return error.response["Error"]["Code"] in _UNAVAILABLE
    # The container's own answer: a status of 4xx is about the request, unless it is "too many".
    status = int(error.response.get("OriginalStatusCode", 500))
    return status >= 500 or status == 429

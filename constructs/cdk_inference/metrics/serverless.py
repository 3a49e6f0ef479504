"""What a serverless endpoint publishes. Its page calls the list exhaustive and names no dimensions."""

from __future__ import annotations

import dataclasses

from cdk_inference.metrics.fact import (
    INVOCATION_NAMESPACE,
    SERVERLESS_MONITORING,
    VARIANT,
    MetricFact,
)
from cdk_inference.metrics.realtime import REALTIME

_ERRORS_NOTE = (
    "the page writes Invocations4XXErrors and Invocations5XXErrors, and states that they are the real-time ones"
)
_AS_REALTIME = {
    "Invocations": "",
    "Invocation4XXErrors": _ERRORS_NOTE,
    "Invocation5XXErrors": _ERRORS_NOTE,
    "ModelLatency": "",
    "OverheadLatency": "",
    "MemoryUtilization": "",
}


def _metric(name: str, unit: str, statistic: str, meaning: str) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INVOCATION_NAMESPACE,
        dimensions=VARIANT,
        unit=unit,
        statistic=statistic,
        meaning=meaning,
        kind="serverless",
        note="the page names no dimensions; these are the general page's",
        source=SERVERLESS_MONITORING,
    )


_PROVISIONED = "provisioned concurrency only: "

SERVERLESS = (
    *(
        dataclasses.replace(fact, kind="serverless", note=_AS_REALTIME[fact.name], source=SERVERLESS_MONITORING)
        for fact in REALTIME
        if fact.name in _AS_REALTIME
    ),
    _metric("ModelSetupTime", "Microseconds", "p99", "time to start compute for a cold request"),
    _metric(
        "ServerlessConcurrentExecutionsUtilization", "None", "Maximum", "concurrent executions / the maximum, 0 to 1"
    ),
    _metric("ServerlessProvisionedConcurrencyExecutions", "Count", "Maximum", f"{_PROVISIONED}concurrent executions"),
    _metric(
        "ServerlessProvisionedConcurrencyUtilization",
        "None",
        "Maximum",
        f"{_PROVISIONED}concurrent executions / the provisioned ones",
    ),
    _metric(
        "ServerlessProvisionedConcurrencyInvocations",
        "Count",
        "Average",
        f"{_PROVISIONED}requests that it took",
    ),
    _metric(
        "ServerlessProvisionedConcurrencySpilloverInvocations",
        "Count",
        "Average",
        f"{_PROVISIONED}requests that it did not take, which ran on demand",
    ),
)

"""What an asynchronous endpoint publishes. Its page calls the list of request metrics exhaustive."""

from __future__ import annotations

import dataclasses

from cdk_inference.metrics.fact import (
    ASYNC_MONITORING,
    ENDPOINT,
    GUIDE,
    INSTANCE_NAMESPACE,
    INVOCATION_NAMESPACE,
    VARIANT,
    MetricFact,
)
from cdk_inference.metrics.realtime import REALTIME

_AUTOSCALING = f"{GUIDE}/async-inference-autoscale.html (read 2026-11-22)"
_HOST_NOTE = (
    "the page's list, which it calls exhaustive, leaves host metrics out and refers to the general page for them; the "
    "page on troubleshooting counts instances with them "
    "(https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-troubleshooting.html, read 2026-11-22)"
)
_AS_REALTIME = ("Invocation4XXErrors", "Invocation5XXErrors", "ModelLatency")


def _metric(
    name: str,
    dimensions: tuple[str, ...],
    unit: str,
    statistic: str,
    meaning: str,
    *,
    note: str = "",
    source: str = ASYNC_MONITORING,
) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INVOCATION_NAMESPACE,
        dimensions=dimensions,
        unit=unit,
        statistic=statistic,
        meaning=meaning,
        kind="async",
        note=note,
        source=source,
    )


ASYNC = (
    *(
        dataclasses.replace(fact, kind="async", source=ASYNC_MONITORING)
        for fact in REALTIME
        if fact.name in _AS_REALTIME
    ),
    _metric("ApproximateBacklogSize", ENDPOINT, "Count", "Average", "requests queued or being processed"),
    _metric(
        "ApproximateBacklogSizePerInstance",
        ENDPOINT,
        "Count",
        "Average",
        "the same, divided by the endpoint's instances",
    ),
    _metric("ApproximateAgeOfOldestRequest", ENDPOINT, "Seconds", "Maximum", "age of the oldest request in the queue"),
    _metric(
        "HasBacklogWithoutCapacity",
        ENDPOINT,
        "0 or 1",
        "Average",
        "1 while requests are queued and no instance runs",
        note="older copies of the page on monitoring do not list it; the page on autoscaling scales on it",
        source=_AUTOSCALING,
    ),
    _metric("InvocationFailures", VARIANT, "Count", "Sum", "requests that failed for whatever reason"),
    _metric(
        "InvocationsProcessed",
        VARIANT,
        "Count",
        "Sum",
        "requests processed",
        note="the page writes InvocationsProcesssed; live endpoints were seen to publish InvocationsProcessed "
        "(https://github.com/cloud-custodian/cloud-custodian, read 2026-11-22)",
    ),
    _metric("ExpiredRequests", VARIANT, "Count", "Sum", "requests that waited longer than their time to live"),
    _metric("RequestDownloadFailures", VARIANT, "Count", "Sum", "requests that could not be read from S3"),
    _metric("ResponseUploadFailures", VARIANT, "Count", "Sum", "answers that could not be written to S3"),
    _metric("NotificationFailures", VARIANT, "Count", "Sum", "notifications that could not be sent"),
    _metric("RequestDownloadLatency", VARIANT, "Microseconds", "Average", "time to read the request from S3"),
    _metric("ResponseUploadLatency", VARIANT, "Microseconds", "Average", "time to write the answer to S3"),
    _metric(
        "TimeInBacklog",
        VARIANT,
        "Milliseconds",
        "Average",
        "time in the queue, without the processing",
        note="an older copy of the page has microseconds",
    ),
    _metric(
        "TotalProcessingTime",
        VARIANT,
        "Milliseconds",
        "Average",
        "from receipt to the end, queue and notification included",
    ),
    *(
        dataclasses.replace(fact, kind="async", note=_HOST_NOTE, source=ASYNC_MONITORING)
        for fact in REALTIME
        if fact.namespace == INSTANCE_NAMESPACE
    ),
)

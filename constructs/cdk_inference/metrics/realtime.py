"""What a real-time endpoint publishes, per variant."""

from __future__ import annotations

from cdk_inference.metrics.fact import (
    ANY_HARDWARE,
    GPU,
    INSTANCE_NAMESPACE,
    INVOCATION_NAMESPACE,
    MAPPING,
    MONITORING,
    UNIT_UNKNOWN,
    VARIANT,
    MetricFact,
)

# How requests in flight are counted. The predefined scaling metrics and this one are the same numbers.
_CONCURRENCY_NOTE = (
    "the page names Minimum and Maximum as valid statistics; AWS's example for instance pools uses Average "
    "(https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html, read 2026-11-24)"
)


def _invocation(
    name: str,
    unit: str,
    statistic: str,
    meaning: str,
    source: str = MONITORING,
    *,
    period_seconds: int = 60,
    note: str = "",
) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INVOCATION_NAMESPACE,
        dimensions=VARIANT,
        unit=unit,
        statistic=statistic,
        meaning=meaning,
        period_seconds=period_seconds,
        note=note,
        source=source,
    )


def _streaming(name: str, statistic: str, meaning: str) -> MetricFact:
    return _invocation(name, UNIT_UNKNOWN, statistic, f"bidirectional streaming: {meaning}", MAPPING)


def _instance(name: str, unit: str, meaning: str, hardware: frozenset[str] = ANY_HARDWARE) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INSTANCE_NAMESPACE,
        dimensions=VARIANT,
        unit=unit,
        statistic="Average",
        meaning=meaning,
        hardware=hardware,
    )


REALTIME = (
    _invocation("Invocations", "None", "Sum", "requests sent to the variant"),
    _invocation("InvocationsPerInstance", "None", "Sum", "requests divided by the variant's instances"),
    _invocation("Invocation4XXErrors", "None", "Sum", "answers with status 4xx"),
    _invocation("Invocation5XXErrors", "None", "Sum", "answers with status 5xx"),
    _invocation("InvocationModelErrors", "None", "Sum", "requests that the container did not answer with status 2xx"),
    _invocation("ModelLatency", "Microseconds", "p99", "time in the container, network to it included"),
    _invocation("OverheadLatency", "Microseconds", "Average", "time that SageMaker adds to the container's"),
    _invocation(
        "ConcurrentRequestsPerModel",
        "None",
        "Maximum",
        "requests in flight, queued ones included; every 10 s",
        period_seconds=10,
        note=_CONCURRENCY_NOTE,
    ),
    _streaming("MidStreamErrors", "Sum", "errors after the answer has begun"),
    _streaming("FirstChunkLatency", "p99", "time to the first chunk"),
    _streaming("FirstChunkModelLatency", "p99", "the container's part of it"),
    _streaming("FirstChunkOverheadLatency", "p99", "SageMaker's part of it"),
    _instance("CPUUtilization", "percent, 0 to 100 x cores", "processor use of the containers"),
    _instance("MemoryUtilization", "percent, 0 to 100", "memory use of the containers"),
    _instance("DiskUtilization", "percent, 0 to 100", "disk use of the containers"),
    _instance("GPUUtilization", "percent, 0 to 100 x GPUs", "GPU use of the containers", GPU),
    _instance("GPUMemoryUtilization", "percent, 0 to 100 x GPUs", "GPU memory use of the containers", GPU),
)

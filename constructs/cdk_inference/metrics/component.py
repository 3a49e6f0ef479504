"""What an inference component publishes, and what the endpoint that hosts it publishes of its instances."""

from __future__ import annotations

import dataclasses

from cdk_inference.metrics.fact import (
    ANY_HARDWARE,
    COMPONENT,
    COMPONENT_NAMESPACE,
    GPU,
    GUIDE,
    INSTANCE_NAMESPACE,
    INVOCATION_NAMESPACE,
    MAPPING,
    MONITORING,
    UNIT_UNKNOWN,
    VARIANT,
    MetricFact,
)
from cdk_inference.metrics.realtime import REALTIME

_ZERO = f"{GUIDE}/endpoint-auto-scaling-zero-instances.html (read 2026-11-24)"
_AS_REALTIME = (
    *("Invocations", "Invocation4XXErrors", "Invocation5XXErrors", "InvocationModelErrors"),
    *("ModelLatency", "OverheadLatency"),
)
_PERCENT = "percent, 0 to 100"
_OF_RESERVED = "by each copy, of what it reserved or else of its limit"


def _copies(name: str, statistic: str, meaning: str, **more: object) -> MetricFact:
    row = MetricFact(
        name=name,
        namespace=INVOCATION_NAMESPACE,
        dimensions=COMPONENT,
        unit=UNIT_UNKNOWN,
        statistic=statistic,
        meaning=meaning,
        kind="component",
    )
    return dataclasses.replace(row, **more)  # type: ignore[arg-type]


def _use(name: str, meaning: str, hardware: frozenset[str] = ANY_HARDWARE) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=COMPONENT_NAMESPACE,
        dimensions=COMPONENT,
        unit=_PERCENT,
        statistic="Average",
        meaning=f"{meaning}, {_OF_RESERVED}",
        kind="component",
        hardware=hardware,
    )


COMPONENTS = (
    *(
        dataclasses.replace(
            fact,
            kind="component",
            dimensions=COMPONENT,
            meaning=fact.meaning.replace("variant", "component"),
            source=MAPPING,
        )
        for fact in REALTIME
        if fact.name in _AS_REALTIME
    ),
    _copies("InvocationsPerCopy", "Sum", "requests divided by the copies"),
    _copies(
        "ConcurrentRequestsPerCopy",
        "Maximum",
        "requests in flight per copy, queued ones included; every 10 s",
        period_seconds=10,
    ),
    _copies(
        "NoCapacityInvocationFailures",
        "Sum",
        "requests that failed because no copy runs",
        source=_ZERO,
        note="the page on metrics does not list it; the page on scaling to zero makes an alarm on it",
    ),
    _use("CPUUtilizationNormalized", "processor use"),
    _use("MemoryUtilizationNormalized", "memory use"),
    _use("GPUUtilizationNormalized", "GPU use", GPU),
    _use("GPUMemoryUtilizationNormalized", "GPU memory use", GPU),
)


def _instance(name: str, meaning: str, hardware: frozenset[str] = ANY_HARDWARE) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INSTANCE_NAMESPACE,
        dimensions=VARIANT,
        unit=_PERCENT,
        statistic="Average",
        meaning=f"{meaning}; only while it hosts an active component",
        kind="shared",
        hardware=hardware,
        source=MONITORING,
    )


SHARED = (
    *(dataclasses.replace(fact, kind="shared") for fact in REALTIME if fact.namespace == INSTANCE_NAMESPACE),
    _instance("CPUReservation", "share of an instance's cores that is reserved"),
    _instance("MemoryReservation", "share of an instance's memory that is reserved"),
    _instance("GPUReservation", "share of an instance's GPUs that is reserved", GPU),
    _instance("CPUUtilizationNormalized", "processor use, whatever the number of cores"),
    _instance("GPUUtilizationNormalized", "GPU use, whatever the number of GPUs", GPU),
    _instance("GPUMemoryUtilizationNormalized", "GPU memory use, whatever the number of GPUs", GPU),
)

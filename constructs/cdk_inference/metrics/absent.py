"""Metrics that people look for and that an endpoint kind does not publish, with the page."""

from __future__ import annotations

from cdk_inference.metrics.fact import (
    ASYNC_MONITORING,
    GUIDE,
    MAPPING,
    MONITORING,
    SERVERLESS_MONITORING,
    NotPublished,
)

_ASYNC_LIST = "the page's list of request metrics is exhaustive and leaves it out"
_ASYNC_NAMED = "the page names it among those that are not published"
_SERVERLESS_LIST = "the page's list is exhaustive and leaves it out"
_PER_VARIANT = "requests are counted per component there, not per variant"
_PER_COPY = "requests are counted per component and copy there, not per instance"
_NORMALIZED = "only endpoints that host inference components have it"
_NO_NEURON = "the page lists processor, memory, disk and GPU use only"
# Seen on live endpoints by the Cloud Custodian project; AWS's page names the variant's dimensions for all endpoints.
_CUSTODIAN = "https://github.com/cloud-custodian/cloud-custodian (read 2026-11-22)"
_INSIGHTS = f"{GUIDE}/inference-monitoring.html (read 2026-11-22)"
_COUNT = "SampleCount of CPUUtilization over one publish period"

ABSENT = (
    *(
        NotPublished(name=name, kind="async", why=_ASYNC_NAMED, instead=instead, source=ASYNC_MONITORING)
        for name, instead in (
            ("Invocations", "InvocationsProcessed"),
            ("InvocationsPerInstance", "ApproximateBacklogSizePerInstance"),
            ("OverheadLatency", "TotalProcessingTime"),
        )
    ),
    *(
        NotPublished(name=name, kind="async", why=_ASYNC_LIST, instead=instead, source=ASYNC_MONITORING)
        for name, instead in (
            ("ConcurrentRequestsPerModel", "ApproximateBacklogSizePerInstance"),
            ("InvocationModelErrors", "InvocationFailures"),
        )
    ),
    *(
        NotPublished(name=name, kind="serverless", why=_SERVERLESS_LIST, instead=instead, source=SERVERLESS_MONITORING)
        for name, instead in (
            ("InvocationsPerInstance", "Invocations"),
            ("InvocationModelErrors", "Invocation5XXErrors"),
            ("ConcurrentRequestsPerModel", "ServerlessConcurrentExecutionsUtilization"),
            ("CPUUtilization", "MemoryUtilization"),
            ("DiskUtilization", ""),
        )
    ),
    *(
        NotPublished(name=name, kind="component", why=_PER_COPY, instead=instead, source=MAPPING)
        for name, instead in (
            ("InvocationsPerInstance", "InvocationsPerCopy"),
            ("ConcurrentRequestsPerModel", "ConcurrentRequestsPerCopy"),
        )
    ),
    *(
        NotPublished(
            name=name, kind="component", why="a component has the normalized one", instead=instead, source=MONITORING
        )
        for name, instead in (
            ("CPUUtilization", "CPUUtilizationNormalized"),
            ("MemoryUtilization", "MemoryUtilizationNormalized"),
            ("GPUUtilization", "GPUUtilizationNormalized"),
            ("GPUMemoryUtilization", "GPUMemoryUtilizationNormalized"),
        )
    ),
    *(
        NotPublished(
            name=name,
            kind="shared",
            why=f"{_PER_VARIANT}, as was seen on live endpoints; AWS does not document it",
            instead=f"{instead} of the component",
            source=_CUSTODIAN,
        )
        for name, instead in (
            ("Invocations", "Invocations"),
            ("InvocationsPerInstance", "InvocationsPerCopy"),
            ("ModelLatency", "ModelLatency"),
        )
    ),
    *(
        NotPublished(name=f"{name}Normalized", kind="realtime", why=_NORMALIZED, instead=name, source=MONITORING)
        for name in ("CPUUtilization", "GPUUtilization", "GPUMemoryUtilization")
    ),
    *(
        NotPublished(
            name="InstanceCount", kind=kind, why="no reference page lists it", instead=_COUNT, source=_INSIGHTS
        )
        for kind in ("realtime", "async", "shared")
    ),
    *(
        NotPublished(
            name="NeuronCoreUtilization", kind=kind, why=_NO_NEURON, instead="CPUUtilization", source=MONITORING
        )
        for kind in ("realtime", "async", "shared")
    ),
)

"""What the widgets of each kind of target read, as data; the names are those of cdk_inference.metrics. No CDK here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a graph.

    per: what of the instance type the metric is a sum over ("vcpus", "accelerators"), so that it is divided by it.
    times: what it is multiplied by. statistic: default, the table's.
    """

    metric: str
    label: str
    per: str = ""
    times: float = 1
    statistic: str = ""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A graph of lines that share one unit. most: the end of the axis, if there is one."""

    title: str
    unit: str
    lines: tuple[Line, ...]
    most: float | None = None


_INSTANCE_USE = (
    Line(metric="CPUUtilization", label="CPU", per="vcpus"),
    Line(metric="MemoryUtilization", label="memory"),
    Line(metric="GPUUtilization", label="GPU", per="accelerators"),
    Line(metric="GPUMemoryUtilization", label="GPU memory", per="accelerators"),
)
_NORMALIZED = (
    Line(metric="CPUUtilizationNormalized", label="CPU"),
    Line(metric="GPUUtilizationNormalized", label="GPU"),
    Line(metric="GPUMemoryUtilizationNormalized", label="GPU memory"),
)
USE = {
    "realtime": _INSTANCE_USE,
    "async": _INSTANCE_USE,
    "serverless": (Line(metric="MemoryUtilization", label="memory"),),
    "shared": (*_NORMALIZED, Line(metric="MemoryUtilization", label="memory")),
    "component": (*_NORMALIZED, Line(metric="MemoryUtilizationNormalized", label="memory")),
}

# What scaling would follow where no policy says what it follows.
DEMAND = {
    "realtime": "ConcurrentRequestsPerModel",
    "async": "ApproximateBacklogSizePerInstance",
    "component": "ConcurrentRequestsPerCopy",
}
# Metric -> (title, unit on the axis); of others the name is the title.
DEMAND_WORDS = {
    "ConcurrentRequestsPerModel": ("Load: requests in flight", "requests"),
    "ConcurrentRequestsPerCopy": ("Load: requests in flight per copy", "requests"),
    "InvocationsPerInstance": ("Load: requests per instance and minute", "requests per minute"),
    "InvocationsPerCopy": ("Load: requests per copy and minute", "requests per minute"),
    "ApproximateBacklogSizePerInstance": ("Load: queued requests per instance", "requests"),
    "CPUUtilization": ("Load: CPU, summed over vCPUs", "percent"),
    "GPUUtilization": ("Load: GPU, summed over GPUs", "percent"),
    "CPUUtilizationNormalized": ("Load: CPU", "percent"),
    "GPUUtilizationNormalized": ("Load: GPU", "percent"),
}

# Where "Requests" and "Latency" would say too little.
REQUESTS_TITLE = {"async": "Requests processed"}
LATENCY_TITLE = {
    "realtime": "Latency in the container",
    "async": "Latency in the container, queue not included",
    "serverless": "Latency in the container",
    "component": "Latency in the container",
    "bedrock": "Latency of the whole answer",
}

# Beside client and server errors.
FAILURES = {
    "async": (
        Line(metric="InvocationFailures", label="failed, for whatever reason"),
        Line(metric="ExpiredRequests", label="expired in the queue"),
    ),
    "component": (Line(metric="NoCapacityInvocationFailures", label="no copy ran"),),
    "bedrock": (Line(metric="InvocationThrottles", label="throttled"),),
}
# Beside p50, p90 and p99 of the whole answer, in milliseconds.
FIRST_TOKEN = {"bedrock": Line(metric="TimeToFirstToken", label="first token, p99")}

MORE = {
    "async": (
        Graph(
            title="Oldest request waits",
            unit="seconds",
            lines=(Line(metric="ApproximateAgeOfOldestRequest", label="oldest request"),),
        ),
    ),
    "serverless": (
        Graph(
            title="Concurrency used",
            unit="percent of the maximum",
            lines=(Line(metric="ServerlessConcurrentExecutionsUtilization", label="requests at once", times=100),),
            most=100,
        ),
        Graph(
            title="Cold starts take",
            unit="milliseconds",
            lines=(Line(metric="ModelSetupTime", label="p99", times=0.001),),
        ),
    ),
    "shared": (
        Graph(
            title="Reserved by components",
            unit="percent",
            lines=(
                Line(metric="CPUReservation", label="CPU"),
                Line(metric="GPUReservation", label="GPU"),
                Line(metric="MemoryReservation", label="memory"),
            ),
            most=100,
        ),
    ),
    "bedrock": (
        Graph(
            title="Tokens per minute",
            unit="tokens per minute",
            lines=(
                Line(metric="InputTokenCount", label="input"),
                Line(metric="OutputTokenCount", label="output"),
                Line(metric="EstimatedTPMQuotaUsage", label="of the quota, AWS's estimate"),
            ),
        ),
    ),
}

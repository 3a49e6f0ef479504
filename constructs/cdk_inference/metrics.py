"""Every metric that SageMaker publishes for an endpoint: one table, a source per row.

`unit` is the metric's own. `statistic` is the one that makes sense first; others can be asked for. `kinds` are the
endpoint kinds that publish it; `hardware` the kinds of hardware, where not all do.
"""

from __future__ import annotations

from dataclasses import dataclass

_INVOCATION = "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html (read 2026-11-22)"

# The same list again, with every set of dimensions, and the streaming metrics besides.
_MAPPING = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-detailed-observability-metric-mapping.html "
    "(read 2026-11-23)"
)

INVOCATION_NAMESPACE = "AWS/SageMaker"
INSTANCE_NAMESPACE = "/aws/sagemaker/Endpoints"

_VARIANT = ("EndpointName", "VariantName")
_REALTIME = frozenset({"realtime"})
_ANY_HARDWARE = frozenset({"gpu", "neuron", "gaudi", "cpu"})


@dataclass(frozen=True, kw_only=True)
class MetricFact:
    """One published metric. `unit` is CloudWatch's word, or what the number means where AWS gives none."""

    name: str
    namespace: str
    dimensions: tuple[str, ...]
    unit: str
    statistic: str
    meaning: str
    kinds: frozenset[str] = _REALTIME
    hardware: frozenset[str] = _ANY_HARDWARE
    source: str = _INVOCATION


def _invocation(name: str, unit: str, statistic: str, meaning: str, source: str = _INVOCATION) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INVOCATION_NAMESPACE,
        dimensions=_VARIANT,
        unit=unit,
        statistic=statistic,
        meaning=meaning,
        source=source,
    )


def _streaming(name: str, statistic: str, meaning: str) -> MetricFact:
    return _invocation(name, "unknown: the page gives none", statistic, f"bidirectional streaming: {meaning}", _MAPPING)


def _instance(name: str, unit: str, meaning: str, hardware: frozenset[str] = _ANY_HARDWARE) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=INSTANCE_NAMESPACE,
        dimensions=_VARIANT,
        unit=unit,
        statistic="Average",
        meaning=meaning,
        hardware=hardware,
    )


_GPU = frozenset({"gpu"})

METRICS = (
    _invocation("Invocations", "None", "Sum", "requests sent to the variant"),
    _invocation("InvocationsPerInstance", "None", "Sum", "requests divided by the variant's instances"),
    _invocation("Invocation4XXErrors", "None", "Sum", "answers with status 4xx"),
    _invocation("Invocation5XXErrors", "None", "Sum", "answers with status 5xx"),
    _invocation("InvocationModelErrors", "None", "Sum", "requests that the container did not answer with status 2xx"),
    _invocation("ModelLatency", "Microseconds", "p99", "time in the container, network to it included"),
    _invocation("OverheadLatency", "Microseconds", "Average", "time that SageMaker adds to the container's"),
    _invocation(
        "ConcurrentRequestsPerModel", "None", "Maximum", "requests in flight, queued ones included; every 10 s"
    ),
    _streaming("MidStreamErrors", "Sum", "errors after the answer has begun"),
    _streaming("FirstChunkLatency", "p99", "time to the first chunk"),
    _streaming("FirstChunkModelLatency", "p99", "the container's part of it"),
    _streaming("FirstChunkOverheadLatency", "p99", "SageMaker's part of it"),
    _instance("CPUUtilization", "percent, 0 to 100 x cores", "processor use of the containers"),
    _instance("MemoryUtilization", "percent, 0 to 100", "memory use of the containers"),
    _instance("DiskUtilization", "percent, 0 to 100", "disk use of the containers"),
    _instance("GPUUtilization", "percent, 0 to 100 x GPUs", "GPU use of the containers", _GPU),
    _instance("GPUMemoryUtilization", "percent, 0 to 100 x GPUs", "GPU memory use of the containers", _GPU),
)

BY_NAME = {metric.name: metric for metric in METRICS}

# With instance pools every one of them is published per instance type too, with one dimension more.
POOL_DIMENSION = "InstanceType"
POOL_DIMENSION_SOURCE = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-24)"
)
# What speaks against it, on endpoints of one type each, so not a proof.
POOL_DIMENSION_DOUBT = (
    "On endpoints without pools, Cloud Custodian found InstanceType published only together with AvailabilityZone and "
    "Region: the three dimensions by themselves had no data (https://github.com/cloud-custodian/cloud-custodian/blob/main/"
    "tests/terraform/sagemaker_endpoint_metrics/probe_metrics.py, read 2026-11-24)"
)

# SageMaker publishes no NeuronCore metric; its page lists GPU metrics only (same page as above).
NO_NEURON_METRIC = (
    "SageMaker publishes no metric of NeuronCore use (https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "monitoring-cloudwatch.html, read 2026-11-22)"
)

# How often utilization metrics are published, seconds; 60 is SageMaker's default. Below 60 s kept for 3 hours only.
# https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch-enhanced-metrics.html (read 2026-11-22)
PUBLISH_PERIODS_SECONDS = (10, 30, 60, 120, 180, 240, 300)
DEFAULT_PUBLISH_PERIOD_SECONDS = 60

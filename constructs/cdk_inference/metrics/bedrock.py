"""What Amazon Bedrock publishes of a model, a profile or an own model."""

from __future__ import annotations

from cdk_inference.metrics.fact import MetricFact

_GUIDE = "https://docs.aws.amazon.com/bedrock/latest/userguide"
_MONITORING = f"{_GUIDE}/monitoring-runtime-metrics.html (read 2026-11-22)"
_IN_CODE = "seen in public code with the dimension ModelId; the page's list leaves it out"
_ESTIMATE = (
    "an estimate, not the reservation that throttles, and AWS advises not to rely on it alone; no page that we read "
    "states which statistic gives the minute's tokens"
)

BEDROCK_NAMESPACE = "AWS/Bedrock"


def _metric(name: str, unit: str, statistic: str, meaning: str, note: str = "") -> MetricFact:
    return MetricFact(
        name=name,
        namespace=BEDROCK_NAMESPACE,
        dimensions=("ModelId",),
        unit=unit,
        statistic=statistic,
        meaning=meaning,
        kind="bedrock",
        note=note,
        source=_MONITORING,
    )


BEDROCK = (
    _metric("Invocations", "Count", "Sum", "requests; throttled ones are not among them"),
    _metric("InvocationClientErrors", "Count", "Sum", "requests that failed for a reason of the caller's"),
    _metric("InvocationServerErrors", "Count", "Sum", "requests that failed for a reason of Bedrock's"),
    _metric("InvocationThrottles", "Count", "Sum", "requests that were throttled: neither invocations nor errors"),
    _metric("InvocationLatency", "Milliseconds", "p99", "time until the last token of the answer"),
    _metric("TimeToFirstToken", "Milliseconds", "p99", "time to the first token of a streamed answer"),
    _metric("InputTokenCount", "Count", "Sum", "tokens of the prompts"),
    _metric("OutputTokenCount", "Count", "Sum", "tokens of the answers"),
    _metric("CacheReadInputTokenCount", "Count", "Sum", "tokens of prompts that were read from the cache", _IN_CODE),
    _metric("CacheWriteInputTokenCount", "Count", "Sum", "tokens of prompts that were written to it", _IN_CODE),
    _metric("OutputImageCount", "Count", "Sum", "images of the answers"),
    _metric("EstimatedTPMQuotaUsage", "Count", "Maximum", "tokens of the quota used per minute", _ESTIMATE),
)

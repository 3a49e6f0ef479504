"""What Amazon Bedrock publishes of a guardrail. What automated reasoning publishes besides is left out."""

from __future__ import annotations

from cdk_inference.metrics.fact import MetricFact

_MONITORING = (
    "https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-guardrails-cw-metrics.html (read 2026-11-24)"
)
_COUNTED = (
    "the page names requests of ApplyGuardrail; it does not state whether calls of a model with a guardrail count"
)

GUARDRAIL_NAMESPACE = "AWS/Bedrock/Guardrails"


def _metric(name: str, unit: str, statistic: str, meaning: str, note: str = "") -> MetricFact:
    return MetricFact(
        name=name,
        namespace=GUARDRAIL_NAMESPACE,
        dimensions=("GuardrailArn", "GuardrailVersion"),
        unit=unit,
        statistic=statistic,
        meaning=meaning,
        kind="guardrail",
        note=note,
        source=_MONITORING,
    )


GUARDRAIL = (
    _metric("Invocations", "SampleCount", "Sum", "requests of ApplyGuardrail", _COUNTED),
    _metric("InvocationsIntervened", "SampleCount", "Sum", "requests in which it intervened", _COUNTED),
    _metric("TextUnitCount", "SampleCount", "Sum", "text units that its policies consumed"),
    _metric("InvocationClientErrors", "SampleCount", "Sum", "requests that failed for a reason of the caller's"),
    _metric("InvocationServerErrors", "SampleCount", "Sum", "requests that failed for a reason of Bedrock's"),
    _metric("InvocationThrottles", "SampleCount", "Sum", "requests that were throttled: neither requests nor errors"),
    _metric("InvocationLatency", "Milliseconds", "p99", "time that a request took"),
)

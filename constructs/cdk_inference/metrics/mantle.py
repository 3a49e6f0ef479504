"""What Amazon Bedrock publishes of calls through its OpenAI-compatible endpoint, bedrock-mantle."""

from __future__ import annotations

from cdk_inference.metrics.fact import MetricFact

_MONITORING = "https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-mantle-metrics.html (read 2026-11-29)"
_IN_CODE = "seen in public code; the excerpt of the page that we read ends before it"
_LEVELS = (
    "published by account, project, model, and project with model; the row is by model, whose dimension public code has"
)

MANTLE_NAMESPACE = "AWS/BedrockMantle"


def _metric(name: str, meaning: str, note: str = _LEVELS) -> MetricFact:
    return MetricFact(
        name=name,
        namespace=MANTLE_NAMESPACE,
        dimensions=("Model",),
        unit="Count",
        statistic="Sum",
        meaning=meaning,
        kind="mantle",
        note=note,
        source=_MONITORING,
    )


MANTLE = (
    _metric("Inferences", "completed requests of the Responses, Chat Completions and Messages APIs"),
    _metric("InferenceClientErrors", "requests that failed for a reason of the caller's"),
    _metric("TotalInputTokens", "tokens of the prompts", f"{_IN_CODE}; whether tokens of the cache count is not known"),
    _metric("TotalOutputTokens", "tokens of the answers", _IN_CODE),
)

"""`metric_*` for what Bedrock publishes of a guardrail. The facts: cdk_inference.metrics, kind "guardrail"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from cdk_inference.kit.published_metrics import PublishedMetrics
from cdk_inference.target import MetricOptions

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch


class GuardrailMetrics(PublishedMetrics):
    """The metrics of one version of a guardrail; a new version begins new ones."""

    kind: ClassVar[str] = "guardrail"
    guardrail_arn: str
    guardrail_version: str

    def _dimension_values(self) -> Mapping[str, str]:
        return {"GuardrailArn": self.guardrail_arn, "GuardrailVersion": self.guardrail_version}

    @property
    def _subject(self) -> str:
        return f"metric of guardrail {self.guardrail_arn}"

    def metric_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests of ApplyGuardrail. Sum."""
        return self.metric("Invocations", **options)

    def metric_interventions(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests in which the guardrail intervened. Sum."""
        return self.metric("InvocationsIntervened", **options)

    def metric_text_units(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Text units that its policies consumed. Sum."""
        return self.metric("TextUnitCount", **options)

    def metric_client_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that failed for a reason of the caller's. Sum."""
        return self.metric("InvocationClientErrors", **options)

    def metric_server_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that failed for a reason of Bedrock's. Sum."""
        return self.metric("InvocationServerErrors", **options)

    def metric_throttles(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that were throttled: neither requests nor errors. Sum."""
        return self.metric("InvocationThrottles", **options)

    def metric_latency_milliseconds(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time that the guardrail took, in milliseconds. p99."""
        return self.metric("InvocationLatency", **options)

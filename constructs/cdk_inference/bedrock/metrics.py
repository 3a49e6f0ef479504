"""`metric_*` for what Bedrock publishes. The facts: cdk_inference.metrics, kinds "bedrock" and "mantle".

Options are those of `aws_cloudwatch.Metric`. Metrics of a cross-region profile are those of the region that is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.kit.published_metrics import PublishedMetrics
from cdk_inference.metrics import MetricFact, published
from cdk_inference.target import MetricOptions

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch


class BedrockMetrics(PublishedMetrics):
    """The metrics of one model or profile. Each raises ConfigurationError where no page says how they are found."""

    kind: ClassVar[str] = "bedrock"
    target_name: str
    # What the dimension ModelId holds: a model's or a profile's id; of an application profile the end of its ARN.
    # https://github.com/aws-samples/sample-bedrock-cost-allocation, commit fed3afa (read 2026-11-22)
    metric_id: str | None
    # Whether callers may take the OpenAI-compatible endpoint too, of which another namespace has the metrics.
    openai_compatible: bool = False

    def _dimension_values(self) -> Mapping[str, str]:
        if self.metric_id is None:
            allowed = "a model, a profile, or an own model whose metric_id is given"
            fix = (
                "look under which ModelId CloudWatch has it, `aws cloudwatch list-metrics --namespace AWS/Bedrock`, "
                "and pass metric_id=...; metrics of a prompt router are those of the models that it chose"
            )
            raise ConfigurationError(self._subject, [Problem("metric_id", None, allowed, fix)])
        return {"ModelId": self.metric_id, "Model": self.metric_id}

    def _of_mantle(self, metric_name: str, options: Mapping[str, Any]) -> cloudwatch.Metric:
        if not self.openai_compatible:
            allowed = "a model that callers may reach through the OpenAI-compatible endpoint"
            fix = 'pass openai_project="default", or another project, to its BedrockAccess'
            raise ConfigurationError(self._subject, [Problem("metric_name", metric_name, allowed, fix)])
        fact = published(metric_name, "mantle")
        assert isinstance(fact, MetricFact)
        return self._published(fact, {}, options)

    @property
    def _subject(self) -> str:
        return f"metric of {self.target_name}"

    def metric_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests; throttled ones are not among them. Sum."""
        return self.metric("Invocations", **options)

    def metric_client_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests that failed for a reason of the caller's. Sum."""
        return self.metric("InvocationClientErrors", **options)

    def metric_server_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests that failed for a reason of Bedrock's. Sum."""
        return self.metric("InvocationServerErrors", **options)

    def metric_latency_milliseconds(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Time until the last token of the answer, in milliseconds. p99."""
        return self.metric("InvocationLatency", **options)

    def metric_throttles(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that were throttled: neither requests nor errors. Sum."""
        return self.metric("InvocationThrottles", **options)

    def metric_time_to_first_token(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time to the first token of a streamed answer, in milliseconds. p99."""
        return self.metric("TimeToFirstToken", **options)

    def metric_input_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of the prompts. Sum."""
        return self.metric("InputTokenCount", **options)

    def metric_output_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of the answers. Sum."""
        return self.metric("OutputTokenCount", **options)

    def metric_cache_read_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of prompts that were read from the cache. Sum."""
        return self.metric("CacheReadInputTokenCount", **options)

    def metric_cache_write_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of prompts that were written to the cache. Sum."""
        return self.metric("CacheWriteInputTokenCount", **options)

    def metric_output_images(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Images of the answers. Sum."""
        return self.metric("OutputImageCount", **options)

    def metric_quota_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of the quota used per minute, an estimate and no percentage. Maximum."""
        return self.metric("EstimatedTPMQuotaUsage", **options)

    def metric_openai_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Completed requests through the OpenAI-compatible endpoint. Sum."""
        return self._of_mantle("Inferences", options)

    def metric_openai_client_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests through the OpenAI-compatible endpoint that failed for a reason of the caller's. Sum."""
        return self._of_mantle("InferenceClientErrors", options)

    def metric_openai_input_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of prompts through the OpenAI-compatible endpoint. Sum."""
        return self._of_mantle("TotalInputTokens", options)

    def metric_openai_output_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of answers through the OpenAI-compatible endpoint. Sum."""
        return self._of_mantle("TotalOutputTokens", options)

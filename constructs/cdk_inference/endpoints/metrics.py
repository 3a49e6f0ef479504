"""`metric_*` for what SageMaker publishes of endpoints, by kind. The facts: cdk_inference.metrics.

Options are those of `aws_cloudwatch.Metric` (period, statistic, label, color, region, account, ...). Without a
statistic the table's is used; without a period CloudWatch's default of 5 minutes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

from cdk_inference.core.checks import is_token
from cdk_inference.kit.metric_options import check_options
from cdk_inference.kit.published_metrics import PublishedMetrics
from cdk_inference.target import MetricOptions

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


# Kind -> the metric that counts its requests; elsewhere it is Invocations.
_REQUESTS = {"async": "InvocationsProcessed"}


class EndpointMetrics(PublishedMetrics):
    """The metrics of one variant of an endpoint."""

    endpoint_name: str
    variant_name: str

    def _dimension_values(self) -> Mapping[str, str]:
        return {"EndpointName": self.endpoint_name, "VariantName": self.variant_name}

    @property
    def _subject(self) -> str:
        return f"metric of endpoint {self.endpoint_name}"

    @property
    def target_name(self) -> str:
        """What people call it; one of the words of `cdk_inference.target.InferenceTarget`, as the next four."""
        return self.endpoint_name

    def metric_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests, by whatever name the kind counts them. Sum."""
        return self.metric(_REQUESTS.get(self.kind, "Invocations"), **options)

    def metric_client_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Answers with status 4xx. Sum."""
        return self.metric("Invocation4XXErrors", **options)

    def metric_server_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Answers with status 5xx. Sum."""
        return self.metric("Invocation5XXErrors", **options)

    def metric_latency_milliseconds(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Time in the container, in milliseconds; SageMaker publishes microseconds. p99."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        check_options(self._subject, options)
        label, color = options.pop("label", None), options.pop("color", None)
        microseconds = self.metric("ModelLatency", **options)
        # An id for each metric: a graph allows none twice. A region that only CloudFormation knows is every metric's.
        whose = "".join(f"{name}{value}" for name, value in sorted(self._dimension_values().items()))
        whose += "".join(
            place for place in (microseconds.region, microseconds.account) if place and not is_token(place)
        )
        digest = hashlib.sha256(
            f"{whose}{microseconds.statistic}{microseconds.period.to_seconds()}".encode()
        ).hexdigest()
        key = f"latency_{digest[:8]}"
        return cloudwatch.MathExpression(
            expression=f"{key} / 1000",
            using_metrics={key: microseconds},
            period=microseconds.period,
            label=f"{self.target_name} latency, ms" if label is None else label,
            color=color,
        )

    def metric_invocations(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests sent to the variant. Sum."""
        return self.metric("Invocations", **options)

    def metric_invocations_per_instance(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests divided by the variant's instances. Sum."""
        return self.metric("InvocationsPerInstance", **options)

    def metric_invocation_4xx_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Answers with status 4xx. Sum."""
        return self.metric("Invocation4XXErrors", **options)

    def metric_invocation_5xx_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Answers with status 5xx. Sum."""
        return self.metric("Invocation5XXErrors", **options)

    def metric_invocation_model_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that the container did not answer with status 2xx. Sum."""
        return self.metric("InvocationModelErrors", **options)

    def metric_model_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time in the container, in microseconds. p99."""
        return self.metric("ModelLatency", **options)

    def metric_overhead_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time that SageMaker adds, in microseconds. Average."""
        return self.metric("OverheadLatency", **options)

    def metric_concurrent_requests_per_model(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests in flight, every 10 seconds. Maximum."""
        return self.metric("ConcurrentRequestsPerModel", **options)

    def metric_mid_stream_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Errors after an answer has begun, in bidirectional streaming. Sum."""
        return self.metric("MidStreamErrors", **options)

    def metric_first_chunk_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time to the first chunk, in bidirectional streaming; AWS does not state the unit. p99."""
        return self.metric("FirstChunkLatency", **options)

    def metric_first_chunk_model_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """The container's part of the time to the first chunk; AWS does not state the unit. p99."""
        return self.metric("FirstChunkModelLatency", **options)

    def metric_first_chunk_overhead_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """SageMaker's part of the time to the first chunk; AWS does not state the unit. p99."""
        return self.metric("FirstChunkOverheadLatency", **options)

    def metric_cpu_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Processor use, 0 to 100 x cores. Average. SampleCount over one publish period counts the instances."""
        return self.metric("CPUUtilization", **options)

    def metric_memory_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Memory use in percent. Average."""
        return self.metric("MemoryUtilization", **options)

    def metric_disk_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Disk use in percent. Average."""
        return self.metric("DiskUtilization", **options)

    def metric_gpu_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """GPU use, 0 to 100 x GPUs. Average. GPU hardware only."""
        return self.metric("GPUUtilization", **options)

    def metric_gpu_memory_utilization(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """GPU memory use, 0 to 100 x GPUs. Average. GPU hardware only."""
        return self.metric("GPUMemoryUtilization", **options)

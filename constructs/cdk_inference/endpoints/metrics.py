"""`metric_*` for every metric that SageMaker publishes for a real-time endpoint. The facts: cdk_inference.metrics.

Options are those of `aws_cloudwatch.Metric` (period, statistic, label, color, region, account, ...). Without a
statistic the table's is used; without a period CloudWatch's default of 5 minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from constructs import Construct

from cdk_inference.errors import ConfigurationError, Problem
from cdk_inference.hardware import InstanceType
from cdk_inference.metrics import BY_NAME, NO_NEURON_METRIC, MetricFact

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


class EndpointMetrics:
    """The metrics of one variant of an endpoint. Each raises ConfigurationError where there is no such metric."""

    endpoint_name: str
    variant_name: str
    # By priority; one where there are no pools. None for an endpoint made elsewhere whose hardware was not given.
    instance_types: tuple[InstanceType, ...] | None

    def metric(self, metric_name: str, **options: Any) -> cloudwatch.Metric:
        """Any metric of the table by its CloudWatch name, for example "Invocations"; pools are taken together."""
        return self._published(self._fact(metric_name, self.instance_types), {}, options)

    @property
    def _subject(self) -> str:
        return f"metric of endpoint {self.endpoint_name}"

    def _fact(self, metric_name: str, types: Sequence[InstanceType] | None) -> MetricFact:
        """The table's row, if at least one of `types` publishes it, or if they are not known."""
        fact = BY_NAME.get(metric_name)
        if fact is None:
            fix = "choose one of these; for others make an aws_cloudwatch.Metric"
            raise ConfigurationError(self._subject, [Problem("metric_name", metric_name, ", ".join(BY_NAME), fix)])
        if types is not None and all(hardware.kind not in fact.hardware for hardware in types):
            fix = f"{NO_NEURON_METRIC}; use CPUUtilization, Invocations or ConcurrentRequestsPerModel"
            names = ", ".join(hardware.name for hardware in types)
            allowed = f"hardware of kind {', '.join(sorted(fact.hardware))}, not {names}"
            raise ConfigurationError(self._subject, [Problem("metric_name", metric_name, allowed, fix)])
        return fact

    def _published(self, fact: MetricFact, further: Mapping[str, str], options: Mapping[str, Any]) -> cloudwatch.Metric:
        """The metric with the table's dimensions and `further` ones."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        values = {"EndpointName": self.endpoint_name, "VariantName": self.variant_name}
        defaults = {
            "statistic": fact.statistic,
            "dimensions_map": {**{dimension: values[dimension] for dimension in fact.dimensions}, **further},
        }
        metric = cloudwatch.Metric(namespace=fact.namespace, metric_name=fact.name, **{**defaults, **options})
        # A dashboard or alarm of another region then names this one.
        return metric.attach_to(self) if isinstance(self, Construct) else metric

    def metric_invocations(self, **options: Any) -> cloudwatch.Metric:
        """Requests sent to the variant. Sum."""
        return self.metric("Invocations", **options)

    def metric_invocations_per_instance(self, **options: Any) -> cloudwatch.Metric:
        """Requests divided by the variant's instances. Sum."""
        return self.metric("InvocationsPerInstance", **options)

    def metric_invocation_4xx_errors(self, **options: Any) -> cloudwatch.Metric:
        """Answers with status 4xx. Sum."""
        return self.metric("Invocation4XXErrors", **options)

    def metric_invocation_5xx_errors(self, **options: Any) -> cloudwatch.Metric:
        """Answers with status 5xx. Sum."""
        return self.metric("Invocation5XXErrors", **options)

    def metric_invocation_model_errors(self, **options: Any) -> cloudwatch.Metric:
        """Requests that the container did not answer with status 2xx. Sum."""
        return self.metric("InvocationModelErrors", **options)

    def metric_model_latency(self, **options: Any) -> cloudwatch.Metric:
        """Time in the container, in microseconds. p99."""
        return self.metric("ModelLatency", **options)

    def metric_overhead_latency(self, **options: Any) -> cloudwatch.Metric:
        """Time that SageMaker adds, in microseconds. Average."""
        return self.metric("OverheadLatency", **options)

    def metric_concurrent_requests_per_model(self, **options: Any) -> cloudwatch.Metric:
        """Requests in flight, every 10 seconds. Maximum."""
        return self.metric("ConcurrentRequestsPerModel", **options)

    def metric_mid_stream_errors(self, **options: Any) -> cloudwatch.Metric:
        """Errors after an answer has begun, in bidirectional streaming. Sum."""
        return self.metric("MidStreamErrors", **options)

    def metric_first_chunk_latency(self, **options: Any) -> cloudwatch.Metric:
        """Time to the first chunk, in bidirectional streaming; AWS does not state the unit. p99."""
        return self.metric("FirstChunkLatency", **options)

    def metric_first_chunk_model_latency(self, **options: Any) -> cloudwatch.Metric:
        """The container's part of the time to the first chunk; AWS does not state the unit. p99."""
        return self.metric("FirstChunkModelLatency", **options)

    def metric_first_chunk_overhead_latency(self, **options: Any) -> cloudwatch.Metric:
        """SageMaker's part of the time to the first chunk; AWS does not state the unit. p99."""
        return self.metric("FirstChunkOverheadLatency", **options)

    def metric_cpu_utilization(self, **options: Any) -> cloudwatch.Metric:
        """Processor use, 0 to 100 x cores. Average. SampleCount over one publish period counts the instances."""
        return self.metric("CPUUtilization", **options)

    def metric_memory_utilization(self, **options: Any) -> cloudwatch.Metric:
        """Memory use in percent. Average."""
        return self.metric("MemoryUtilization", **options)

    def metric_disk_utilization(self, **options: Any) -> cloudwatch.Metric:
        """Disk use in percent. Average."""
        return self.metric("DiskUtilization", **options)

    def metric_gpu_utilization(self, **options: Any) -> cloudwatch.Metric:
        """GPU use, 0 to 100 x GPUs. Average. GPU hardware only."""
        return self.metric("GPUUtilization", **options)

    def metric_gpu_memory_utilization(self, **options: Any) -> cloudwatch.Metric:
        """GPU memory use, 0 to 100 x GPUs. Average. GPU hardware only."""
        return self.metric("GPUMemoryUtilization", **options)

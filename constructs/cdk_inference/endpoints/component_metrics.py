"""The metrics of an inference component; the same words as an endpoint's where it publishes the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from cdk_inference.endpoints.metrics import EndpointMetrics

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch


class ComponentMetrics(EndpointMetrics):
    """Metrics that a component does not publish are refused, with the one to use instead."""

    kind: ClassVar[str] = "component"
    component_name: str

    def _dimension_values(self) -> Mapping[str, str]:
        return {"InferenceComponentName": self.component_name}

    @property
    def _subject(self) -> str:
        return f"metric of inference component {self.component_name}"

    @property
    def target_name(self) -> str:
        return self.component_name

    def metric_invocations_per_copy(self, **options: Any) -> cloudwatch.Metric:
        """Requests divided by the component's copies. Sum."""
        return self.metric("InvocationsPerCopy", **options)

    def metric_concurrent_requests_per_copy(self, **options: Any) -> cloudwatch.Metric:
        """Requests in flight per copy, every 10 seconds. Maximum."""
        return self.metric("ConcurrentRequestsPerCopy", **options)

    def metric_no_capacity_invocation_failures(self, **options: Any) -> cloudwatch.Metric:
        """Requests that failed because no copy ran. Sum."""
        return self.metric("NoCapacityInvocationFailures", **options)

    def metric_cpu_utilization_normalized(self, **options: Any) -> cloudwatch.Metric:
        """Processor use by the copies, 0 to 100 percent. Average."""
        return self.metric("CPUUtilizationNormalized", **options)

    def metric_memory_utilization_normalized(self, **options: Any) -> cloudwatch.Metric:
        """Memory use by the copies, 0 to 100 percent. Average."""
        return self.metric("MemoryUtilizationNormalized", **options)

    def metric_gpu_utilization_normalized(self, **options: Any) -> cloudwatch.Metric:
        """GPU use by the copies, 0 to 100 percent. Average. GPU hardware only."""
        return self.metric("GPUUtilizationNormalized", **options)

    def metric_gpu_memory_utilization_normalized(self, **options: Any) -> cloudwatch.Metric:
        """GPU memory use by the copies, 0 to 100 percent. Average. GPU hardware only."""
        return self.metric("GPUMemoryUtilizationNormalized", **options)

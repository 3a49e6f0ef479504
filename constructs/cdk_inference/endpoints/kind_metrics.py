"""Metrics of asynchronous and serverless endpoints and of inference components."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from cdk_inference.endpoints.metrics import EndpointMetrics
from cdk_inference.target import MetricOptions

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


class AsyncMetrics(EndpointMetrics):
    """The metrics of an asynchronous endpoint. Those that only real-time endpoints publish are refused."""

    kind: ClassVar[str] = "async"

    def metric_approximate_backlog_size(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests queued or being processed. Average."""
        return self.metric("ApproximateBacklogSize", **options)

    def metric_approximate_backlog_size_per_instance(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """The same, divided by the endpoint's instances. Average."""
        return self.metric("ApproximateBacklogSizePerInstance", **options)

    def metric_approximate_age_of_oldest_request(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Age of the oldest request in the queue, in seconds. Maximum."""
        return self.metric("ApproximateAgeOfOldestRequest", **options)

    def metric_has_backlog_without_capacity(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """1 while requests are queued and no instance runs, else 0. Average."""
        return self.metric("HasBacklogWithoutCapacity", **options)

    def metric_invocations_processed(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests processed. Sum."""
        return self.metric("InvocationsProcessed", **options)

    def metric_invocation_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that failed for whatever reason. Sum."""
        return self.metric("InvocationFailures", **options)

    def metric_expired_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that waited longer than their time to live. Sum."""
        return self.metric("ExpiredRequests", **options)

    def metric_request_download_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that could not be read from S3. Sum."""
        return self.metric("RequestDownloadFailures", **options)

    def metric_response_upload_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Answers that could not be written to S3. Sum."""
        return self.metric("ResponseUploadFailures", **options)

    def metric_notification_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Notifications that could not be sent. Sum."""
        return self.metric("NotificationFailures", **options)

    def metric_request_download_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time to read the request from S3, in microseconds. Average."""
        return self.metric("RequestDownloadLatency", **options)

    def metric_response_upload_latency(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time to write the answer to S3, in microseconds. Average."""
        return self.metric("ResponseUploadLatency", **options)

    def metric_time_in_backlog(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time in the queue, without the processing, in milliseconds. Average."""
        return self.metric("TimeInBacklog", **options)

    def metric_total_processing_time(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """From receipt to the end, queue and notification included, in milliseconds. Average."""
        return self.metric("TotalProcessingTime", **options)


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

    def metric_invocations_per_copy(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests divided by the component's copies. Sum."""
        return self.metric("InvocationsPerCopy", **options)

    def metric_concurrent_requests_per_copy(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests in flight per copy, every 10 seconds. Maximum."""
        return self.metric("ConcurrentRequestsPerCopy", **options)

    def metric_no_capacity_invocation_failures(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Requests that failed because no copy ran. Sum."""
        return self.metric("NoCapacityInvocationFailures", **options)

    def metric_cpu_utilization_normalized(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Processor use by the copies, 0 to 100 percent. Average."""
        return self.metric("CPUUtilizationNormalized", **options)

    def metric_memory_utilization_normalized(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Memory use by the copies, 0 to 100 percent. Average."""
        return self.metric("MemoryUtilizationNormalized", **options)

    def metric_gpu_utilization_normalized(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """GPU use by the copies, 0 to 100 percent. Average. GPU hardware only."""
        return self.metric("GPUUtilizationNormalized", **options)

    def metric_gpu_memory_utilization_normalized(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """GPU memory use by the copies, 0 to 100 percent. Average. GPU hardware only."""
        return self.metric("GPUMemoryUtilizationNormalized", **options)


if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


class ServerlessMetrics(EndpointMetrics):
    """The metrics of a serverless endpoint. Those that it does not publish are refused."""

    kind: ClassVar[str] = "serverless"

    def metric_model_setup_time(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Time to start compute for a cold request, in microseconds. p99."""
        return self.metric("ModelSetupTime", **options)

    def metric_serverless_concurrent_executions_utilization(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Requests at once / `max_concurrency`, 0 to 1. Maximum."""
        return self.metric("ServerlessConcurrentExecutionsUtilization", **options)

    def metric_serverless_provisioned_concurrency_executions(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Requests at once on the provisioned executions. Maximum."""
        return self.metric("ServerlessProvisionedConcurrencyExecutions", **options)

    def metric_serverless_provisioned_concurrency_utilization(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """The same / the provisioned executions. Maximum."""
        return self.metric("ServerlessProvisionedConcurrencyUtilization", **options)

    def metric_serverless_provisioned_concurrency_invocations(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Requests that the provisioned executions took. Average."""
        return self.metric("ServerlessProvisionedConcurrencyInvocations", **options)

    def metric_serverless_provisioned_concurrency_spillover_invocations(
        self, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Requests beyond the provisioned executions, which ran on demand. Average."""
        return self.metric("ServerlessProvisionedConcurrencySpilloverInvocations", **options)

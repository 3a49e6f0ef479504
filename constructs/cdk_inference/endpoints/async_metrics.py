"""`metric_*` of an asynchronous endpoint. Options: as in `endpoints.metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cdk_inference.endpoints.metrics import EndpointMetrics

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


class AsyncMetrics(EndpointMetrics):
    """The metrics of an asynchronous endpoint. Those that only real-time endpoints publish are refused."""

    kind: ClassVar[str] = "async"

    def metric_approximate_backlog_size(self, **options: Any) -> cloudwatch.Metric:
        """Requests queued or being processed. Average."""
        return self.metric("ApproximateBacklogSize", **options)

    def metric_approximate_backlog_size_per_instance(self, **options: Any) -> cloudwatch.Metric:
        """The same, divided by the endpoint's instances. Average."""
        return self.metric("ApproximateBacklogSizePerInstance", **options)

    def metric_approximate_age_of_oldest_request(self, **options: Any) -> cloudwatch.Metric:
        """Age of the oldest request in the queue, in seconds. Maximum."""
        return self.metric("ApproximateAgeOfOldestRequest", **options)

    def metric_has_backlog_without_capacity(self, **options: Any) -> cloudwatch.Metric:
        """1 while requests are queued and no instance runs, else 0. Average."""
        return self.metric("HasBacklogWithoutCapacity", **options)

    def metric_invocations_processed(self, **options: Any) -> cloudwatch.Metric:
        """Requests processed. Sum."""
        return self.metric("InvocationsProcessed", **options)

    def metric_invocation_failures(self, **options: Any) -> cloudwatch.Metric:
        """Requests that failed for whatever reason. Sum."""
        return self.metric("InvocationFailures", **options)

    def metric_expired_requests(self, **options: Any) -> cloudwatch.Metric:
        """Requests that waited longer than their time to live. Sum."""
        return self.metric("ExpiredRequests", **options)

    def metric_request_download_failures(self, **options: Any) -> cloudwatch.Metric:
        """Requests that could not be read from S3. Sum."""
        return self.metric("RequestDownloadFailures", **options)

    def metric_response_upload_failures(self, **options: Any) -> cloudwatch.Metric:
        """Answers that could not be written to S3. Sum."""
        return self.metric("ResponseUploadFailures", **options)

    def metric_notification_failures(self, **options: Any) -> cloudwatch.Metric:
        """Notifications that could not be sent. Sum."""
        return self.metric("NotificationFailures", **options)

    def metric_request_download_latency(self, **options: Any) -> cloudwatch.Metric:
        """Time to read the request from S3, in microseconds. Average."""
        return self.metric("RequestDownloadLatency", **options)

    def metric_response_upload_latency(self, **options: Any) -> cloudwatch.Metric:
        """Time to write the answer to S3, in microseconds. Average."""
        return self.metric("ResponseUploadLatency", **options)

    def metric_time_in_backlog(self, **options: Any) -> cloudwatch.Metric:
        """Time in the queue, without the processing, in milliseconds. Average."""
        return self.metric("TimeInBacklog", **options)

    def metric_total_processing_time(self, **options: Any) -> cloudwatch.Metric:
        """From receipt to the end, queue and notification included, in milliseconds. Average."""
        return self.metric("TotalProcessingTime", **options)

"""`metric_*` of a serverless endpoint. Options: as in `endpoints.metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from cdk_inference.endpoints.metrics import EndpointMetrics

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


class ServerlessMetrics(EndpointMetrics):
    """The metrics of a serverless endpoint. Those that it does not publish are refused."""

    kind: ClassVar[str] = "serverless"

    def metric_model_setup_time(self, **options: Any) -> cloudwatch.Metric:
        """Time to start compute for a cold request, in microseconds. p99."""
        return self.metric("ModelSetupTime", **options)

    def metric_serverless_concurrent_executions_utilization(self, **options: Any) -> cloudwatch.Metric:
        """Requests at once / `max_concurrency`, 0 to 1. Maximum."""
        return self.metric("ServerlessConcurrentExecutionsUtilization", **options)

    def metric_serverless_provisioned_concurrency_executions(self, **options: Any) -> cloudwatch.Metric:
        """Requests at once on the provisioned executions. Maximum."""
        return self.metric("ServerlessProvisionedConcurrencyExecutions", **options)

    def metric_serverless_provisioned_concurrency_utilization(self, **options: Any) -> cloudwatch.Metric:
        """The same / the provisioned executions. Maximum."""
        return self.metric("ServerlessProvisionedConcurrencyUtilization", **options)

    def metric_serverless_provisioned_concurrency_invocations(self, **options: Any) -> cloudwatch.Metric:
        """Requests that the provisioned executions took. Average."""
        return self.metric("ServerlessProvisionedConcurrencyInvocations", **options)

    def metric_serverless_provisioned_concurrency_spillover_invocations(self, **options: Any) -> cloudwatch.Metric:
        """Requests beyond the provisioned executions, which ran on demand. Average."""
        return self.metric("ServerlessProvisionedConcurrencySpilloverInvocations", **options)

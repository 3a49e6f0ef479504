"""What can be invoked and costs money, whatever it is: a SageMaker endpoint, a component, a model on Amazon Bedrock.

An application's stack takes an `InferenceTarget` and does not know which it is. Grants, alarms and dashboards carry
over; the request's format and the client's call do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, Unpack, runtime_checkable

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_cloudwatch as cloudwatch
    from aws_cdk import aws_iam as iam


class MetricOptions(TypedDict, total=False):
    """The options of `aws_cloudwatch.Metric`. Each metric has defaults of its own for `statistic` and the dimensions.

    https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_cloudwatch.MetricOptions.html (read 2026-11-30)

    Keys:
        period: Default 5 minutes.
        statistic: As "Sum", "Average" or "p99". Default: the one that AWS lists first for the metric.
        label: In the legend. Default: CloudWatch's own.
        color: As "#ff7f0e". Default: CloudWatch's own.
        unit: Only data points of this unit. Default: all.
        dimensions_map: In the place of the dimensions that identify the target.
        region: Default: the target's.
        account: Default: the target's.
        stack_region: The region of the stack that made it. Default: the target's.
        stack_account: The account of the stack that made it. Default: the target's.
        id: In expressions. Default: made by the CDK.
        visible: Whether a graph shows it. Default True.
    """

    period: cdk.Duration
    statistic: str
    label: str
    color: str
    unit: cloudwatch.Unit
    dimensions_map: Mapping[str, str]
    region: str
    account: str
    stack_region: str
    stack_account: str
    id: str
    visible: bool


@runtime_checkable
class InferenceTarget(Protocol):
    """The words that targets share. Options are those of `aws_cloudwatch.Metric`."""

    @property
    def target_name(self) -> str:
        """What people call it: in titles of graphs and in descriptions of alarms."""
        ...

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to invoke this target, streaming included; nothing else."""
        ...

    def metric_requests(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests. Sum."""
        ...

    def metric_client_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests that failed for a reason of the caller's. Sum."""
        ...

    def metric_server_errors(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Requests that failed for a reason of the target's. Sum."""
        ...

    def metric_latency_milliseconds(self, **options: Unpack[MetricOptions]) -> cloudwatch.IMetric:
        """Time until the answer is complete, in milliseconds. p99 unless a statistic is given."""
        ...


@runtime_checkable
class BilledByInstance(Protocol):
    """A target that costs what its instances cost, with or without requests."""

    @property
    def billed_variants(self) -> Sequence[Any]:
        """What runs: `cdk_inference.endpoints.BilledVariant`s."""
        ...


@runtime_checkable
class BilledByToken(Protocol):
    """A target that costs what its tokens cost, and nothing without requests."""

    @property
    def priced_as(self) -> str | None:
        """The id of the model or profile whose price its tokens have; None where it has no price per token."""
        ...

    def metric_input_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of the prompts. Sum."""
        ...

    def metric_output_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of the answers. Sum."""
        ...

    def metric_cache_read_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of prompts that were read from a cache. Sum."""
        ...

    def metric_cache_write_tokens(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Tokens of prompts that were written to a cache. Sum."""
        ...

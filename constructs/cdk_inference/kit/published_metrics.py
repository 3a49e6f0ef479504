"""Metrics by name, from the tables of what each kind of target publishes. The facts: cdk_inference.metrics.

Options are those of `aws_cloudwatch.Metric` (period, statistic, label, color, region, account, ...). Without a
statistic the table's is used; without a period CloudWatch's default of 5 minutes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from constructs import Construct

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.metric_options import check_options
from cdk_inference.metrics import KINDS, NO_NEURON_METRIC, MetricFact, NotPublished, of_kind, published
from cdk_inference.target import MetricOptions

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch


class PublishedMetrics:
    """Metrics by name, of whatever kind of thing; raises ConfigurationError where the kind has no such metric."""

    # One of `cdk_inference.metrics.KINDS`.
    kind: ClassVar[str] = "realtime"

    @property
    def instance_types(self) -> tuple[InstanceType, ...] | None:
        """By priority; one without pools. None: unknown, as of an endpoint made elsewhere, or without instances."""
        return None

    def metric(self, metric_name: str, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Any metric that the tables have for this kind, by its CloudWatch name; pools are taken together."""
        return self._published(self._fact(metric_name, self.instance_types), {}, options)

    def _dimension_values(self) -> Mapping[str, str]:
        """CloudWatch dimension -> its value here."""
        raise NotImplementedError

    @property
    def _subject(self) -> str:
        """What the metrics are of, for messages."""
        raise NotImplementedError

    def _fact(self, metric_name: str, types: Sequence[InstanceType] | None) -> MetricFact:
        """The table's row, if at least one of `types` publishes it, or if they are not known."""
        fact = published(metric_name, self.kind)
        if isinstance(fact, NotPublished):
            allowed = f"of {KINDS[self.kind]}: {', '.join(known.name for known in of_kind(self.kind))}"
            fix = f"use {fact.instead}" if fact.instead else "choose one of these"
            problem = Problem("metric_name", metric_name, allowed, f"{fix}: {fact.why}, {fact.source}")
            raise ConfigurationError(self._subject, [problem])
        if types is not None and all(hardware.kind not in fact.hardware for hardware in types):
            fix = f"{NO_NEURON_METRIC}; use CPUUtilization, or how many requests are in flight"
            names = ", ".join(hardware.name for hardware in types)
            allowed = f"hardware of kind {', '.join(sorted(fact.hardware))}, not {names}"
            raise ConfigurationError(self._subject, [Problem("metric_name", metric_name, allowed, fix)])
        return fact

    def _published(self, fact: MetricFact, further: Mapping[str, str], options: Mapping[str, Any]) -> cloudwatch.Metric:
        """The metric with the table's dimensions and `further` ones."""
        from aws_cdk import aws_cloudwatch as cloudwatch

        check_options(self._subject, options)
        values = self._dimension_values()
        defaults = {
            "statistic": fact.statistic,
            "dimensions_map": {**{dimension: values[dimension] for dimension in fact.dimensions}, **further},
        }
        metric = cloudwatch.Metric(namespace=fact.namespace, metric_name=fact.name, **{**defaults, **options})
        # A dashboard or alarm of another region then names this one.
        return metric.attach_to(self) if isinstance(self, Construct) else metric

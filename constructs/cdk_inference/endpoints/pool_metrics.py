"""Metrics of each instance type of an endpoint's pools, and how full the pools are together.

https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-heterogeneous.html (read 2026-11-24)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from constructs import Construct

from cdk_inference.core.checks import is_token, known_choice, number_above
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints.metrics import EndpointMetrics
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.metric_options import check_options
from cdk_inference.metrics import POOL_DIMENSION
from cdk_inference.target import MetricOptions

if TYPE_CHECKING:  # loaded with the first metric
    from aws_cdk import aws_cloudwatch as cloudwatch

# Options that belong to the expression; the others to the metrics in it, and period to both.
_OF_EXPRESSION = ("color", "label", "period")

CONCURRENCY = "ConcurrentRequestsPerModel"
# The statistic of AWS's own example for pools, see above; the list of metrics calls only Minimum and Maximum valid.
CONCURRENCY_STATISTIC = "Average"


class PoolMetrics(EndpointMetrics):
    """What is published per instance type. Each raises ConfigurationError on an endpoint without known pools.

    A pool without instances publishes nothing, which leaves a sum without a value; `FILL` puts a number in its place.
    In an alarm that hides a late data point too, so require several of more periods (3 of 5).
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html (read 2026-11-22)
    """

    def metric_per_type(
        self, metric_name: str, **options: Unpack[MetricOptions]
    ) -> dict[str, cloudwatch.MathExpression]:
        """Instance type -> `FILL(metric, 0)`, by priority; any metric of the table by its CloudWatch name.

        The legend is the type; a `label` among the options stands before it.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch

        label = options.get("label")
        begin = f"{label} " if label else ""
        return {
            name: cloudwatch.MathExpression(
                expression=f"FILL({key}, 0)",
                using_metrics={key: metric},
                **{**_of_expression(options), "label": f"{begin}{name}"},
            )
            for name, (key, metric) in self._per_type(metric_name, options).items()
        }

    def metric_of_type(
        self, metric_name: str, instance_type: str, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Any metric of the table for one type of the pools, as it is published: without instances, nothing."""
        found = self._per_type(metric_name, options)
        raise_problems(
            self._subject, known_choice("instance_type", instance_type, tuple(found), "write one of the pools' types")
        )
        return found[instance_type][1]

    def metric_pool_load(
        self, max_concurrency: Mapping[str, float], **options: Unpack[MetricOptions]
    ) -> cloudwatch.MathExpression:
        """How full the pools are, 1 being full: requests in flight / `max_concurrency`, averaged over the pools.

        max_concurrency: instance type -> requests in flight that one instance of it takes, above 0; for every type.

        Only pools that publish are counted, so an empty one neither adds load nor thins the others'. Statistic:
        Average. Each pool counts the same, however many instances it has.
        """
        from aws_cdk import aws_cloudwatch as cloudwatch

        found = self._per_type(CONCURRENCY, {"statistic": CONCURRENCY_STATISTIC, **options})
        raise_problems(self._subject, *_concurrency_problems(max_concurrency, tuple(found)))
        load = " + ".join(f"FILL({key}, 0) / {max_concurrency[name]!r}" for name, (key, _) in found.items())
        published = " + ".join(f"(FILL({key}, -1) >= 0)" for key, _ in found.values())
        return cloudwatch.MathExpression(
            expression=f"({load}) / ({published})",
            using_metrics=dict(found.values()),
            **{"label": "load of the pools", **_of_expression(options)},
        )

    def _per_type(self, metric_name: str, options: Mapping[str, Any]) -> dict[str, tuple[str, cloudwatch.Metric]]:
        """Instance type -> (id, metric), where every type publishes it."""
        check_options(self._subject, options)
        types = self.instance_types
        if types is None:
            fix = "write RealtimeEndpoint.from_endpoint_name(..., hardware=InstancePools(types=(...)))"
            raise_problems(self._subject, Problem("hardware", None, "the instance types of the endpoint's pools", fix))
        elif len(types) == 1:
            allowed = "InstancePools: SageMaker publishes metrics per instance type for these only"
            raise_problems(
                self._subject, Problem("hardware", types[0].name, allowed, f"use metric({_shown(metric_name)})")
            )
        of_metric = {name: value for name, value in options.items() if name not in _OF_EXPRESSION or name == "period"}
        found = {}
        for hardware in types or ():
            fact = self._fact(metric_name, [hardware])
            metric = self._published(fact, {POOL_DIMENSION: hardware.name}, of_metric)
            found[hardware.name] = (self._id(hardware.name, metric), metric)
        return found

    def _id(self, instance_type: str, metric: cloudwatch.Metric) -> str:
        """An id in expressions, which a graph does not allow twice for unlike metrics: of other endpoints, say."""
        whose = self.node.path if isinstance(self, Construct) else self.endpoint_name
        parts = (whose, self.variant_name, metric.metric_name, metric.statistic, metric.period.to_seconds())
        place = (metric.region, metric.account)
        digest = hashlib.sha256(repr((parts, place)).encode()).hexdigest()[:8]
        return f"{instance_type.removeprefix('ml.').replace('.', '_').replace('-', '_')}_{digest}"


class VariantMetrics(PoolMetrics):
    """The metrics of one of an endpoint's variants."""

    def __init__(self, endpoint_name: str, variant_name: str, instance_types: tuple[InstanceType, ...]) -> None:
        self.endpoint_name = endpoint_name
        self.variant_name = variant_name
        self._types = instance_types

    @property
    def instance_types(self) -> tuple[InstanceType, ...]:
        """The variant's instance types, by priority."""
        return self._types


def _of_expression(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in _OF_EXPRESSION if name in options}


def _shown(metric_name: object) -> str:
    """A name as it is written in code; a placeholder of the CDK is none."""
    return repr(metric_name) if isinstance(metric_name, str) else "metric_name"


def _concurrency_problems(max_concurrency: object, types: tuple[str, ...]) -> list[Problem | None]:
    named = ", ".join(types)
    fix = f'write max_concurrency={{"{types[0]}": 16, ...}} with every type of the pools'
    if not isinstance(max_concurrency, Mapping):
        return [Problem("max_concurrency", max_concurrency, f"a mapping of {named} to numbers", fix)]
    if set(max_concurrency) != set(types):
        got = list(max_concurrency)
        return [Problem("max_concurrency", got, f"each of the pools' types and no other: {named}", fix)]
    number = "write how many requests in flight one instance takes"
    return [
        Problem(f"max_concurrency[{name!r}]", "a value known at deployment only", "a plain number", number)
        if is_token(value)
        else number_above(f"max_concurrency[{name!r}]", value, 0, number)
        for name, value in max_concurrency.items()
    ]

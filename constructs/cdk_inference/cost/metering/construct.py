"""Metering: what runs in an account and region, and what it costs an hour, read from SageMaker every few minutes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Unpack

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference import hardware
from cdk_inference.core.checks import has_members, instance_of, is_token, one_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.metering.alarms import meter_alarms
from cdk_inference.cost.metering.function import FUNCTION_NAME, NAMESPACE, make_function
from cdk_inference.kit.interfaces import Key, Topic
from cdk_inference.kit.log_groups import LOG_RETENTION_DAYS, LogRetentionDays
from cdk_inference.kit.metric_options import check_options
from cdk_inference.kit.physical_names import name_of
from cdk_inference.kit.region_checks import key_problem, region_problem, topic_problem
from cdk_inference.kit.stack_context import StackContext, path_below, stack_context
from cdk_inference.kit.topic_publishers import CLOUDWATCH, report_publisher
from cdk_inference.pricing import PriceBook
from cdk_inference.target import MetricOptions

_MINUTES_MAX = 60
# Kind of target -> what to pass instead.
_WITHOUT_INSTANCES = {
    "serverless": "leave it out: a serverless endpoint has no instances and is billed by use",
    "component": "pass its endpoint: instances belong to that, and its components share them",
}


class Metering(Construct):
    """Counts the instances of every SageMaker endpoint of the stack's account and region, whoever made it.

    For what no published metric shows: hosts of inference components, the types within instance pools, endpoints that
    no stack of yours made. A Lambda function calls DescribeEndpoint and publishes in the namespace `CdkInference/Cost`.

    alarm_topic: gets three alarms: the function fails, it publishes nothing, instances run without a known price.
    prices: where prices are looked up; they become a part of the function. Default: the shipped table as of its own
        day, so that the same code is the same template on every day.
    every_minutes: how often, 1 to 60. Default 5.
    encryption_key: encrypts the function's log group. Default: CloudWatch Logs' own key.
    retention_days: one of CloudWatch Logs' periods. Default 30.
    reserve_concurrency: whether the function reserves a concurrency of 1, so that two readings never overlap. Default
        True. Lambda keeps 100 of an account's executions unreserved, so a quota of 10, as of new accounts, has none to
        reserve, and the deployment fails: write False. Should a reading overlap the next one, both publish.

    One per account and region: its name is fixed, so that a second one is refused, in one app here and otherwise when
    it is deployed.

    Attributes: `every_minutes`.

    Raises ConfigurationError.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        alarm_topic: Topic,
        prices: PriceBook | None = None,
        every_minutes: int = 5,
        encryption_key: Key | None = None,
        retention_days: LogRetentionDays = 30,
        reserve_concurrency: bool = True,
    ) -> None:
        place = stack_context(scope)
        wrong = instance_of("prices", prices, (PriceBook, type(None)), "PriceBook or None", "prices=price_book(...)")
        shipped = PriceBook(today=datetime.date.fromisoformat(hardware.KNOWLEDGE_DATE))
        book = prices if isinstance(prices, PriceBook) else shipped
        known = () if is_token(place.region) else book.hourly(place.region)
        days = "choose the next longer period"
        raise_problems(
            f"Metering {path_below(scope, id)}",
            *_scope_problems(place),
            wrong,
            _region_problem(place.region, bool(known) or wrong is not None),
            topic_problem("alarm_topic", alarm_topic, place.region),
            _minutes_problem(every_minutes),
            None if encryption_key is None else key_problem(encryption_key, place.region, "log group"),
            one_of("retention_days", retention_days, LOG_RETENTION_DAYS, days),
            instance_of("reserve_concurrency", reserve_concurrency, bool, "True or False", "write True or False"),
        )
        super().__init__(scope, id)
        report_publisher(self, alarm_topic, CLOUDWATCH)
        self.every_minutes = every_minutes
        self._period = Duration.minutes(every_minutes)
        make_function(
            self,
            place,
            known,
            every_minutes=every_minutes,
            retention_days=retention_days,
            key=encryption_key,
            reserve_concurrency=reserve_concurrency,
        )
        meter_alarms(
            self,
            name_of(self),
            every_minutes=every_minutes,
            errors=cloudwatch.Metric(
                namespace="AWS/Lambda",
                metric_name="Errors",
                dimensions_map={"FunctionName": FUNCTION_NAME},
                statistic="Sum",
                period=self._period,
            ),
            readings=self.metric_usd_per_hour(statistic="SampleCount"),
            unpriced=self.metric_unpriced_instances(),
            topic=alarm_topic,
        )

    def metric_usd_per_hour(self, target: Any = None, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """What the instances of `target`, or of all endpoints of the region (None), cost in an hour. Average.

        0 where nothing runs. Missing for an endpoint of which an instance has no known price; the region's sum leaves
        such instances out, see `metric_unpriced_instances`. Options are those of `aws_cloudwatch.Metric`.
        Raises ConfigurationError.
        """
        whose = {} if target is None else {"EndpointName": self._endpoint_name(target)}
        return self._metric("UsdPerHour", whose, "Average", options)

    def metric_instances(
        self, target: Any, variant_name: str, *, instance_type: str | None = None, **options: Unpack[MetricOptions]
    ) -> cloudwatch.Metric:
        """Instances of a variant, an update's second fleet included; of one type if the variant has pools. Average.

        Options are those of `aws_cloudwatch.Metric`. Raises ConfigurationError.
        """
        fix = "write the name as SageMaker has it"
        raise_problems(
            f"metric of Metering {self.node.path}",
            instance_of("variant_name", variant_name, str, "the name of one of the endpoint's variants", fix),
            None
            if instance_type is None
            else instance_of("instance_type", instance_type, str, "an instance type, as ml.g6.2xlarge, or None", fix),
        )
        whose = {"EndpointName": self._endpoint_name(target), "VariantName": variant_name}
        of_type = {} if instance_type is None else {"InstanceType": instance_type}
        return self._metric("Instances", {**whose, **of_type}, "Average", options)

    def metric_unpriced_instances(self, **options: Unpack[MetricOptions]) -> cloudwatch.Metric:
        """Instances of the region that have no known price, and so are not in its dollars. Maximum."""
        return self._metric("UnpricedInstances", {}, "Maximum", options)

    def _metric(
        self, name: str, whose: dict[str, str], statistic: str, options: Mapping[str, Any]
    ) -> cloudwatch.Metric:
        check_options(f"metric of Metering {self.node.path}", options)
        defaults = {"statistic": statistic, "period": self._period, "dimensions_map": whose}
        metric = cloudwatch.Metric(namespace=NAMESPACE, metric_name=name, **{**defaults, **options})
        # A dashboard or alarm of another region then names this one.
        return metric.attach_to(self)

    def _endpoint_name(self, target: Any) -> str:
        fix = _WITHOUT_INSTANCES.get(getattr(target, "kind", ""))
        problem: Problem | None = None
        if not has_members(target, "endpoint_name", "node"):
            write = "for example RealtimeEndpoint.from_endpoint_name(...)"
            problem = Problem("target", target, "an endpoint, or None for the whole region", write)
        elif fix is not None:
            problem = Problem("target", type(target).__name__, "an endpoint with instances of its own", fix)
        else:
            problem = region_problem("target", Stack.of(target), Stack.of(self).region, "an endpoint", "metering")
            here, there = (stack_context(one).known_account for one in (self, target))
            if problem is None and None not in (here, there) and here != there:
                allowed = f"an endpoint in {here}, the metering's account: it counts no others"
                problem = Problem("target", f"an endpoint in {there}", allowed, f"make a Metering in {there} too")
        raise_problems(f"metric of Metering {self.node.path}", problem)
        return str(target.endpoint_name)


def _scope_problems(place: StackContext) -> list[Problem]:
    fix = "use that one: it meters every endpoint of the region"
    return [
        Problem("scope", one.node.path, "one for an account and region, and there it is already", fix)
        for one in place.app.node.find_all()
        if isinstance(one, Metering) and _same_place(stack_context(one), place)
    ]


def _same_place(one: StackContext, other: StackContext) -> bool:
    """As far as is known: accounts may be the same as long as nobody said that they differ."""
    accounts = {place.account for place in (one, other) if not is_token(place.account)}
    return one.region == other.region and len(accounts) < 2


def _region_problem(region: str, priced: bool) -> Problem | None:
    if is_token(region):
        fix = 'give the stack a region: env=cdk.Environment(region="us-east-1")'
        return Problem("region", "a value known at deployment only", "a region, since prices differ", fix)
    if priced:
        return None
    fix = f"pass a table: prices=price_book(...); `cdk-inference prices refresh --region {region}` writes one from AWS"
    return Problem("prices", f"none in {region}", "a book with prices of instance types there", fix)


def _minutes_problem(minutes: object) -> Problem | None:
    if is_token(minutes):  # the schedule, the time-out and every alarm's period are made of it
        return Problem("every_minutes", "a value known at deployment only", "a plain number", "write it as in 5")
    return whole_number("every_minutes", minutes, 1, _MINUTES_MAX, "choose a time within the limits")

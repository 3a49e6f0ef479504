"""What counts as unhealthy: for each part of a target, the metrics to watch and when they alarm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration

from cdk_inference.cost.billed import COUNTED
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.cost.metric_math import expression, name_in_maths
from cdk_inference.health.limits import HealthLimits
from cdk_inference.hosting import KINDS, CountRange

if TYPE_CHECKING:
    from aws_cdk import aws_cloudwatch as cloudwatch

_MINUTE, _FIVE_MINUTES = 60, 300
# Requests: 3 of the last 15 minutes.
_OF_REQUESTS = (3, 15)
# Kind -> the metric of failed requests, where it is not that of answers with status 5xx.
_FAILED = {"async": "InvocationFailures"}
# Endpoints that host inference components; an instance without an active one publishes nothing there, so a missing
# instance cannot be distinguished from an empty one.
HOST = "shared"
# Metric of a host's instances -> (the alarm, what is full, what happens then).
_FULL = {
    "MemoryUtilization": ("memory", "memory", "containers are killed"),
    "DiskUtilization": ("disk", "disk", "a further component cannot download its model"),
}
_ERRORS = "Read its log group; if an update came before, go back to the version before it."
_ERRORS_AT_AWS = "See the AWS Health Dashboard; retry with backoff, or call the model in another region."
# CloudWatch's alarm configuration takes a warm-up of 1 to 2880 minutes (cfn-lint 1.58.0, AWS::CloudWatch::Alarm). An
# hour is what SageMaker gives a container for its start, and the same again for its download.
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (read 2026-11-22)
_START_MINUTES = 120


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One alarm to be: `metric` compared with `threshold`.

    name: ends its id and its name. what: what has happened, and advice: what to do. above: whether more is unhealthy;
    else less is. needed, of: so many of the last periods. missing_breaches: whether a period without a data point
    counts as unhealthy. warm_up_minutes: how long after its creation the alarm waits for data points.
    """

    name: str
    what: str
    advice: str
    metric: cloudwatch.IMetric
    threshold: float
    above: bool = True
    needed: int
    of: int
    missing_breaches: bool = False
    warm_up_minutes: int | None = None


def conditions(part: Part, path: str, limits: HealthLimits) -> Iterator[Condition]:
    """Yields the conditions that apply to a part of the target at `path`: its kind publishes their metrics."""
    if part.has_requests and (part.variant is None or part.variant.counts_requests):
        yield from _requests(part, path, limits)
    yield from _capacity(part, limits)
    yield from _room(part, limits)
    if part.kind == "async" and limits.oldest_request_seconds is not None:
        yield Condition(
            name="backlog",
            what=f"the oldest request has waited for more than {limits.oldest_request_seconds} seconds",
            advice="See whether instances run and answer; raise max_instances if they do.",
            metric=part.metrics.metric("ApproximateAgeOfOldestRequest", statistic="Maximum", period=_seconds(_MINUTE)),
            threshold=limits.oldest_request_seconds,
            needed=3,
            of=5,
        )


def _requests(part: Part, path: str, limits: HealthLimits) -> Iterator[Condition]:
    needed, of = _OF_REQUESTS
    minute: dict[str, Any] = {"period": _seconds(_MINUTE)}
    if limits.error_percent is not None:
        failed = _FAILED.get(part.kind or "")
        errors = part.metrics.metric(failed, **minute) if failed else part.metrics.metric_server_errors(**minute)
        names = [name_in_maths(path, f"{part.name} {what}", _MINUTE) for what in ("failed", "requests")]
        share = expression(
            f"100 * {names[0]} / {names[1]}",
            {names[0]: errors, names[1]: part.metrics.metric_requests(**minute)},
            _MINUTE,
            "failed requests, percent",
        )
        yield Condition(
            name="errors",
            what=f"more than {limits.error_percent:g} % of the requests failed, in {needed} of {of} minutes",
            advice=_ERRORS_AT_AWS if part.kind == "bedrock" else _ERRORS,
            metric=share,
            threshold=limits.error_percent,
            needed=needed,
            of=of,
        )
    if limits.p99_milliseconds is not None:
        yield Condition(
            name="latency",
            what=f"p99 latency was above {limits.p99_milliseconds:g} ms, in {needed} of {of} minutes",
            advice="Check requests per instance on the dashboard; lower its scaling target, or raise the maximum.",
            metric=part.metrics.metric_latency_milliseconds(statistic="p99", **minute),
            threshold=limits.p99_milliseconds,
            needed=needed,
            of=of,
        )
    if part.publishes("InvocationThrottles"):
        yield Condition(
            name="throttled",
            what=f"requests were throttled, in {needed} of {of} minutes",
            advice="Request a higher quota, spread the load over time, or call a cross-region inference profile.",
            metric=part.metrics.metric("InvocationThrottles", statistic="Sum", **minute),
            threshold=0,
            needed=needed,
            of=of,
        )


def _capacity(part: Part, limits: HealthLimits) -> Iterator[Condition]:
    """Instances by the samples they publish; where the minimum may be 0, requests that find nothing."""
    counts, seconds = _counts(part), _publish_seconds(part)
    lowest = None if counts is None else counts.lowest
    if limits.without_capacity_minutes is not None:
        periods = limits.without_capacity_minutes * _MINUTE // _FIVE_MINUTES
        kind = KINDS.get(part.kind or "")
        rules = None if kind is None else kind.scaling
        if part.variant is not None and isinstance(lowest, int) and lowest > 0:
            yield Condition(
                name="capacity",
                what=f"{'no instance' if lowest == 1 else f'fewer than {lowest} instances'} ran for "
                f"{limits.without_capacity_minutes} minutes",
                advice="See the endpoint's events for a lack of capacity or a container that does not start; add "
                "instance types (InstancePools), or reserve capacity.",
                metric=_samples(part),
                threshold=_threshold(lowest, part.variant.publish_seconds),
                above=False,
                needed=periods,
                of=periods,
                missing_breaches=True,
                warm_up_minutes=_START_MINUTES,
            )
        elif rules is not None and rules.wakes_on is not None and part.publishes(rules.wakes_on):
            yield Condition(
                name="capacity",
                what=f"requests found no capacity for {limits.without_capacity_minutes} minutes",
                advice="See the events for a lack of capacity or a container that does not start.",
                metric=part.metrics.metric(rules.wakes_on, statistic="Maximum", period=_seconds(_FIVE_MINUTES)),
                threshold=0,
                needed=periods,
                of=periods,
            )
    highest = None if counts is None else counts.highest
    if limits.at_maximum_minutes is None or seconds is None or not isinstance(highest, int):
        return
    if isinstance(lowest, int) and lowest < highest:
        periods = limits.at_maximum_minutes * _MINUTE // _FIVE_MINUTES
        yield Condition(
            name="at-maximum",
            what=f"all {highest} instances that it may have ran for {limits.at_maximum_minutes} minutes",
            advice="It cannot scale out further: raise max_instances, or see whether the load is meant.",
            metric=_samples(part),
            threshold=_threshold(highest, seconds),
            needed=periods,
            of=periods,
        )


def _room(part: Part, limits: HealthLimits) -> Iterator[Condition]:
    """Memory and disk that the components of a host share: one component takes them from the others."""
    if part.kind != HOST or limits.full_percent is None:
        return
    needed, of = _OF_REQUESTS
    for metric, (name, what, then) in _FULL.items():
        yield Condition(
            name=name,
            what=f"more than {limits.full_percent:g} % of an instance's {what} was in use, in {needed} of {of} minutes",
            advice=f"Once it is full, {then}: move a component to another endpoint, or choose larger instances.",
            metric=part.metrics.metric(metric, statistic="Maximum", period=_seconds(_MINUTE)),
            threshold=limits.full_percent,
            needed=needed,
            of=of,
        )


def _samples(part: Part) -> cloudwatch.IMetric:
    """Each instance publishes its processor use once per publish period, so samples count instances."""
    found: cloudwatch.IMetric = part.metrics.metric(COUNTED, statistic="SampleCount", period=_seconds(_FIVE_MINUTES))
    return found


def _threshold(count: int, publish_seconds: int) -> float:
    """Samples in five minutes of half an instance less than `count`: a sample may be late."""
    return (count - 0.5) * _FIVE_MINUTES / publish_seconds


def _counts(part: Part) -> CountRange | None:
    """How many instances run; a host scales them itself, so no policy of this package has the bounds."""
    found: CountRange | None = getattr(part.metrics, "counts", None) if part.kind == HOST else part.counts
    return found


def _publish_seconds(part: Part) -> int | None:
    """How often each instance publishes; None where instances are not counted, or where that is not known."""
    if part.variant is not None:
        return part.variant.publish_seconds
    settings = getattr(part.metrics, "shared", None) if part.kind == HOST else None
    return None if settings is None else int(settings.observability.metric_period_seconds)


def _seconds(seconds: int) -> Duration:
    return Duration.seconds(seconds)

"""The alarms that stop an update, and the one that reports a stopped update.

The dimension EndpointConfigName is documented for guardrails, which asynchronous endpoints have as well, and which
publish Invocation5XXErrors and ModelLatency "the same" as real-time ones. That they do so with this dimension was not
seen: https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-monitor.html (read 2026-11-24).

https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html (read 2026-11-22)
"""

from __future__ import annotations

from typing import NamedTuple

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from cdk_inference.kit.l1 import make_l1
from cdk_inference.kit.physical_names import alarm_name
from cdk_inference.metrics import BY_NAME
from cdk_inference.rollout.when import RollbackWhen

PERIOD_SECONDS = 60
EVALUATED, BREACHING = 3, 2

# Policies of this package: how often the alarm on another config looks, and how often it must see nothing.
COUNTING_PERIOD_SECONDS = 300
UNUSED_PERIODS = 3


class Counted(NamedTuple):
    """What says that an endpoint serves: samples of a metric, in so many periods of as many."""

    metric: str
    statistic: str
    serving: int
    evaluated: int


# Real-time endpoints publish zeros without requests, so one period is enough. Asynchronous ones publish no
# `Invocations`, but a `ModelLatency` for each request. They may rest for hours: the first answer after that must not
# raise the alarm before the other part of it has seen the same answer, hence two periods.
COUNTED = {
    "realtime": Counted("Invocations", "Sum", 1, 1),
    "async": Counted("ModelLatency", "SampleCount", 2, UNUSED_PERIODS),
}


def rollback_alarm_names(endpoint_name: str, when: RollbackWhen, variant: str = "") -> list[str]:
    """Fixed names: the role may read these alarms, they read the config's name, and the config needs the role.

    variant: the name of a further variant; "" for the endpoint's own. It stands last, so that no other endpoint, whose
        name may well be this one's and the variant's, has an alarm of the same name.
    """
    end = f"-{variant.lower()}" if variant else ""
    watched = ["5xx"] if when.p99_milliseconds is None else ["5xx", "p99"]
    return [alarm_name(endpoint_name, f"rollback-{what}{end}") for what in watched]


def make_rollback_alarms(
    scope: Construct,
    endpoint_name: str,
    variant_name: str,
    config_name: str,
    when: RollbackWhen,
    variant: str = "",
) -> list[cloudwatch.CfnAlarm]:
    """The alarms on the new fleet: the config's name is among their dimensions, so the old fleet's errors are not.

    variant: as in `rollback_alarm_names`.
    """
    return rollback_alarms(
        scope,
        rollback_alarm_names(endpoint_name, when, variant),
        when,
        _dimensions(endpoint_name, variant_name, config_name),
        whose="new fleet's",
        what=f"an update of {endpoint_name} SageMaker then returns to the old fleet",
        suffix=variant,
    )


def rollback_alarms(
    scope: Construct,
    names: list[str],
    when: RollbackWhen,
    dimensions: list[cloudwatch.CfnAlarm.DimensionProperty],
    *,
    whose: str,
    what: str,
    suffix: str = "",
) -> list[cloudwatch.CfnAlarm]:
    """One alarm per name: on errors and, where `when` says so, on latency. `suffix` ends their ids."""
    rows = [
        (
            "RollbackErrors",
            "Invocation5XXErrors",
            "Average",
            when.error_percent / 100,
            f"More than {when.error_percent:g}% of the {whose} answers have status 5xx",
        )
    ]
    if when.p99_milliseconds is not None:
        description = f"The {whose} p99 model latency is above {when.p99_milliseconds:g} ms"
        # ModelLatency is in microseconds.
        rows.append(("RollbackLatency", "ModelLatency", "p99", when.p99_milliseconds * 1000, description))
    return [
        make_l1(
            cloudwatch.CfnAlarm,
            scope,
            f"{id}{suffix}",
            alarm_name=name,
            alarm_description=(
                f"{description}, in {BREACHING} of {EVALUATED} minutes. During {what}; afterwards it is a sign to look "
                f"at the {'component' if whose.startswith('component') else 'endpoint'}'s log group."
            ),
            namespace=BY_NAME[metric].namespace,
            metric_name=metric,
            dimensions=dimensions,
            period=PERIOD_SECONDS,
            evaluation_periods=EVALUATED,
            datapoints_to_alarm=BREACHING,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
            # No traffic yet is no reason to end an update.
            treat_missing_data="notBreaching",
            statistic=None if statistic.startswith("p") else statistic,
            extended_statistic=statistic if statistic.startswith("p") else None,
        )
        for name, (id, metric, statistic, threshold, description) in zip(names, rows, strict=True)
    ]


def make_other_config_alarm(
    scope: Construct,
    endpoint_name: str,
    variant_name: str,
    config_name: str,
    endpoint: sagemaker.CfnEndpoint,
    topic_arn: str,
    *,
    counted: Counted,
) -> list[cloudwatch.CfnAlarm]:
    """Reports requests that are served, but none by the template's config: an update was rolled back unnoticed.

    counted: one of `COUNTED`, by the endpoint's kind.

    Two alarms without actions, which are returned, and a composite of both, which notifies. They change after the
    endpoint has: by then the new fleet has served for its baking period, or it is gone.
    """
    name = alarm_name(endpoint_name, "other-config")
    traffic = _counting(
        scope, "Traffic", alarm_name(endpoint_name, "traffic"), _dimensions(endpoint_name, variant_name, None), counted
    )
    traffic.alarm_description = f"{endpoint_name} receives requests. Component of the alarm {name}."
    traffic.comparison_operator, traffic.evaluation_periods = "GreaterThanThreshold", counted.evaluated
    if counted.serving != counted.evaluated:
        traffic.datapoints_to_alarm = counted.serving
    traffic.treat_missing_data = "notBreaching"
    unused = _counting(
        scope,
        "ConfigUnused",
        alarm_name(endpoint_name, "config-unused"),
        _dimensions(endpoint_name, variant_name, config_name),
        counted,
    )
    unused.alarm_description = f"The endpoint config of the template serves no requests. Component of the alarm {name}."
    unused.comparison_operator, unused.evaluation_periods = "LessThanOrEqualToThreshold", UNUSED_PERIODS
    # A config that serves nothing publishes nothing.
    unused.treat_missing_data = "breaching"
    minutes = UNUSED_PERIODS * COUNTING_PERIOD_SECONDS // 60
    composite = make_l1(
        cloudwatch.CfnCompositeAlarm,
        scope,
        "OtherConfig",
        alarm_name=name,
        alarm_rule=f'ALARM("{traffic.alarm_name}") AND ALARM("{unused.alarm_name}")',
        alarm_description=(
            f"{endpoint_name} serves requests, and for {minutes} minutes none of them with the endpoint config of its "
            "template: an update was rolled back, or someone changed the endpoint by hand. Compare EndpointConfigName "
            "in DescribeEndpoint with the stack's; deploy again once the reason is found."
        ),
        alarm_actions=[topic_arn],
        ok_actions=[topic_arn],
    )
    for part in (traffic, unused):
        part.add_resource_dependency(endpoint)
        composite.add_resource_dependency(part)
    return [traffic, unused]


def _counting(
    scope: Construct,
    id: str,
    name: str,
    dimensions: list[cloudwatch.CfnAlarm.DimensionProperty],
    counted: Counted,
) -> cloudwatch.CfnAlarm:
    fact = BY_NAME[counted.metric]
    return make_l1(
        cloudwatch.CfnAlarm,
        scope,
        id,
        alarm_name=name,
        namespace=fact.namespace,
        metric_name=fact.name,
        dimensions=dimensions,
        statistic=counted.statistic,
        period=COUNTING_PERIOD_SECONDS,
        threshold=0,
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
    )


def _dimensions(
    endpoint_name: str, variant_name: str, config_name: str | None
) -> list[cloudwatch.CfnAlarm.DimensionProperty]:
    values = {"EndpointName": endpoint_name, "VariantName": variant_name}
    if config_name is not None:
        values["EndpointConfigName"] = config_name
    return [cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value) for name, value in values.items()]

"""Alarms that page at night: an endpoint fails or is too slow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.core.checks import has_members, instance_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.control_checks import notification_problems
from cdk_inference.cost.dashboard.section import Part, parts_of
from cdk_inference.cost.notifications import AlarmTopic, connect
from cdk_inference.health.conditions import HOST, Condition, conditions
from cdk_inference.health.limits import HealthLimits
from cdk_inference.kit.interfaces import Topic, as_topic
from cdk_inference.kit.physical_names import alarm_name, alarms_name, name_of, name_problem, take_name
from cdk_inference.kit.region_checks import region_problem
from cdk_inference.kit.stack_context import path_below, stack_context
from cdk_inference.kit.topic_publishers import CLOUDWATCH, report_publisher

_WORDS = ("target_name", "node", "metric_requests", "metric_server_errors", "metric_latency_milliseconds")
_OF_HOST = ("target_name", "node")
_DEFAULT = HealthLimits()


class HealthAlarms(Construct):
    """Alarms on failed requests, latency, missing instances, full scale-out, throttling, old backlogs, full hosts.

    Each target gets the alarms for which its kind publishes metrics: docs/health.md has the table.

    Args:
        targets: Endpoints, inference components and models on Amazon Bedrock, all in the stack's region. A
            `ComponentEndpoint` has no requests of its own: pass its components too.
        limits: One `HealthLimits` for all targets, or target -> `HealthLimits`; targets that a mapping leaves out get
            the default. Default: `HealthLimits()`, without a limit of latency.
        alarm_topic: Gets all alarms and their ends. Its policy, and its key's, must let CloudWatch publish, as
            `AlarmTopic` does; a topic of the app that does not is a warning. Default: one that is made for `notify`.
        notify: E-mail addresses, each of which has to confirm AWS's mail. Either these or a topic. Default: none.

    Attributes:
        alarms: The alarms, for a dashboard or for `aws_cloudwatch.AlarmMuteRule(alarms=...)` during planned work.
        alarm_topic: Where they go.

    Raises:
        ConfigurationError: An argument is missing, of the wrong kind, or of another region; nothing is made then.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        targets: Sequence[Any],
        limits: HealthLimits | Mapping[Any, HealthLimits] = _DEFAULT,
        alarm_topic: Topic | None = None,
        notify: Sequence[str] = (),
    ) -> None:
        context, path = stack_context(scope), path_below(scope, id)
        region, name = context.region, alarms_name(path, context)
        raise_problems(
            f"HealthAlarms {path}",
            name_problem("health alarms", name, path, context, id=id),
            *_target_problems(targets, region),
            *_limit_problems(limits, targets),
            *notification_problems(notify, alarm_topic, None, region),
        )
        super().__init__(scope, id)
        take_name("health alarms", name, path, context)
        self.alarm_topic = as_topic(AlarmTopic(self, "Topic", notify=notify) if alarm_topic is None else alarm_topic)
        report_publisher(self, self.alarm_topic, CLOUDWATCH)
        begin = name_of(self)
        self.alarms: list[cloudwatch.IAlarm] = [
            self._alarm(begin, target, part, condition)
            for target in targets
            for part in parts_of(target, region)
            for condition in conditions(part, target.node.path, _limits_of(limits, target))
        ]

    def _alarm(self, begin: str, target: Any, part: Part, condition: Condition) -> cloudwatch.Alarm:
        comparison = cloudwatch.ComparisonOperator
        missing = cloudwatch.TreatMissingData
        variant = "" if part.variant is None else part.variant.metrics.variant_name
        # Targets of one id in different places differ by their address; the order of targets plays no part.
        alarm = cloudwatch.Alarm(
            self,
            f"{target.node.id}{variant}{target.node.addr[-6:]}{condition.name.title().replace('-', '')}",
            alarm_name=alarm_name("-".join(filter(None, (begin, target.target_name, variant))), condition.name),
            alarm_description=f"{part.name}: {condition.what}. {condition.advice}",
            metric=condition.metric,
            threshold=condition.threshold,
            comparison_operator=comparison.GREATER_THAN_THRESHOLD
            if condition.above
            else comparison.LESS_THAN_THRESHOLD,
            evaluation_periods=condition.of,
            datapoints_to_alarm=condition.needed,
            treat_missing_data=missing.BREACHING if condition.missing_breaches else missing.NOT_BREACHING,
        )
        if condition.warm_up_minutes is not None:
            resource = alarm.node.default_child
            assert isinstance(resource, cloudwatch.CfnAlarm)
            # Ends as soon as there are data points for all periods.
            # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html
            # (read 2026-11-24)
            resource.warm_up_configuration = cloudwatch.CfnAlarm.WarmUpConfigurationProperty(
                warm_up_period_duration_in_minutes=condition.warm_up_minutes
            )
        connect(alarm, self.alarm_topic)
        return alarm


def _limits_of(limits: HealthLimits | Mapping[Any, HealthLimits], target: Any) -> HealthLimits:
    return limits.get(target, _DEFAULT) if isinstance(limits, Mapping) else limits


def _target_problems(targets: Any, region: str) -> list[Problem | None]:
    allowed = "a list of InferenceTargets: endpoints, inference components, models on Bedrock"
    if isinstance(targets, str) or not isinstance(targets, Sequence) or not targets:
        return [Problem("targets", targets, allowed, "list the endpoints, components or models to watch")]
    return [_target_problem(f"targets[{number}]", one, targets[:number], region) for number, one in enumerate(targets)]


def _target_problem(argument: str, target: Any, before: Sequence[Any], region: str) -> Problem | None:
    if not has_members(target, *(_OF_HOST if getattr(target, "kind", None) == HOST else _WORDS)):
        allowed = "an InferenceTarget: an endpoint, an inference component, a model on Bedrock"
        return Problem(argument, type(target).__name__, allowed, "leave it out")
    if any(target is other for other in before):
        return Problem(argument, target.target_name, "each target once", "leave it out")
    return region_problem(argument, Stack.of(target), region, "a target", "alarm")


def _limit_problems(limits: Any, targets: Any) -> list[Problem | None]:
    fix = "limits=HealthLimits(p99_milliseconds=2000), or {endpoint: HealthLimits(...)}"
    if not isinstance(limits, Mapping):
        return [instance_of("limits", limits, HealthLimits, "HealthLimits, or target -> HealthLimits", fix)]
    known = targets if isinstance(targets, Sequence) else ()
    return [
        *(
            instance_of("limits", one, HealthLimits, "HealthLimits, or target -> HealthLimits", fix)
            for one in limits.values()
        ),
        *(
            Problem("limits", getattr(one, "target_name", one), "one of the targets", "add it to targets")
            for one in limits
            if all(one is not target for target in known)
        ),
    ]

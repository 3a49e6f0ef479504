"""Rules of CloudWatch alarms: what PutMetricAlarm refuses, and who an alarm reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from rehearsal.rule import Call, Rule

_PUT = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
_COMPOSITE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html"
_NOTIFY = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html"
_TOPIC_KEY = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_CHILD = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"([^\"]+)\"|'([^']+)'|([^\s()\"',]+))\s*\)")
_DAY = 86_400
_WEEK = 604_800


def children_of(rule: str) -> list[str]:
    """Returns the names of the alarms in a composite alarm's rule."""
    found = ("".join(groups) for groups in _CHILD.findall(rule))
    return [name.rpartition(":alarm:")[2] for name in found]


def _one_source(call: Call) -> Iterator[str]:
    given = {"MetricName", "Metrics", "EvaluationCriteria"} & set(call.params)
    if len(given) != 1:
        yield f"alarm: got {sorted(given) or 'none'}; allowed: exactly one of MetricName, Metrics, EvaluationCriteria"
    if "Metrics" in call.params:
        extra = {"Namespace", "Dimensions", "Period", "Statistic", "ExtendedStatistic", "Unit"} & set(call.params)
        if extra:
            yield f"alarm with Metrics: got {sorted(extra)}; allowed: they stand in each MetricStat"
    if "EvaluationCriteria" not in call.params and ("Threshold" in call.params) == ("ThresholdMetricId" in call.params):
        yield "alarm: allowed: exactly one of Threshold and ThresholdMetricId"


def _maths(call: Call) -> Iterator[str]:
    queries = call.params.get("Metrics", [])
    if not queries:
        return
    ids = [query["Id"] for query in queries]
    returned = [query["Id"] for query in queries if query.get("ReturnData", True)]
    band = call.params.get("ThresholdMetricId")
    if len(returned) != (2 if band else 1):
        yield f"Metrics: got ReturnData true for {', '.join(returned) or 'none'}; allowed: exactly one entry"
    if len(set(ids)) != len(ids):
        yield f"Metrics: got the ids {', '.join(ids)}; allowed: each once"
    stats = [query for query in queries if "MetricStat" in query]
    if len(stats) > 10:
        yield f"Metrics: got {len(stats)} metrics; allowed: 10"
    periods = {query["MetricStat"]["Period"] for query in stats}
    if len(periods) > 1:
        yield f"Metrics: got the periods {sorted(periods)} s; allowed: the same for all"
    for query in queries:
        text = query.get("Expression", "")
        if "SEARCH(" in text.upper():
            yield f"Metrics, {query['Id']}: got SEARCH; allowed in dashboards only"
        for name in re.findall(r"\b[a-z][A-Za-z0-9_]*\b", text):
            if name not in ids and not re.search(rf"['\"{{][^'\"]*\b{name}\b", text):
                yield f"Metrics, {query['Id']}: got the id {name} in {text}; allowed: {', '.join(ids)}"


def _window(call: Call) -> Iterator[str]:
    stats = [query["MetricStat"]["Period"] for query in call.params.get("Metrics", []) if "MetricStat" in query]
    periods = call.params.get("EvaluationPeriods")
    period = call.params.get("Period", max(stats, default=None))
    if period is None or periods is None:
        return
    highest = _DAY if period < 3600 else _WEEK
    if period * periods > highest:
        yield (
            f"alarm: got {period} s x {periods} periods = {period * periods} s; allowed: {highest} s with a period of "
            f"{period} s"
        )
    wanted = call.params.get("DatapointsToAlarm")
    if wanted is not None and wanted > periods:
        yield f"DatapointsToAlarm: got {wanted}; allowed: at most EvaluationPeriods, {periods}"


def _children(call: Call) -> Iterator[str]:
    missing = [name for name in children_of(call.params["AlarmRule"]) if name not in call.account.alarms]
    if missing:
        yield (
            f"AlarmRule: got {', '.join(missing)}, which do not exist; fix: create them first (DependsOn: a name in a "
            "text is no dependency)"
        )


def _suppressor(call: Call) -> Iterator[str]:
    waits = ("ActionsSuppressorWaitPeriod", "ActionsSuppressorExtensionPeriod")
    missing = [name for name in waits if name not in call.params]
    if "ActionsSuppressor" in call.params and missing:
        yield f"ActionsSuppressor: got none of {' and '.join(missing)}; allowed: both beside it"


def topics_of(alarm: Mapping[str, Any]) -> list[str]:
    """Returns the ARNs of the SNS topics that an alarm publishes to, each once."""
    keys = ("AlarmActions", "OKActions", "InsufficientDataActions")
    return list(dict.fromkeys(arn for key in keys for arn in alarm.get(key) or [] if ":sns:" in arn))


def _reach(call: Call) -> Iterator[tuple[str, str, str]]:
    """(alarm, its ARN, topic) of every alarm in the account."""
    for name, alarm in call.account.alarms.items():
        arn = alarm.get("AlarmArn", f"arn:aws:cloudwatch:{call.account.region}:{call.account.id}:alarm:{name}")
        for topic in topics_of(alarm):
            yield name, arn, topic


def _topic_lets_in(call: Call) -> Iterator[str]:
    for name, arn, topic in _reach(call):
        found = call.account.topics.get(topic)
        if found is None:
            yield f"alarm {name}: its topic {topic} does not exist in {call.account.region}; the alarm reaches nobody"
        elif found.policy is not None:
            answer = call.account.service_may("cloudwatch.amazonaws.com", "sns:Publish", found.policy, topic, arn)
            if not answer:
                yield (
                    f"alarm {name}: the policy of {topic} does not let cloudwatch.amazonaws.com publish "
                    f"({answer.why}); the alarm reaches nobody, and no error says so"
                )


def key_problem(call: Call, topic: str, service: str) -> str | None:
    """Returns why a service cannot use the key of a topic, or None."""
    found = call.account.topics.get(topic)
    if found is None or found.kms_key is None:
        return None
    if found.kms_key == "alias/aws/sns":
        return "the key alias/aws/sns lets no service in, and its policy cannot be edited; fix: a key of your own"
    policy = call.account.keys.get(found.kms_key)
    if policy is None:
        return f"the key {found.kms_key} does not exist in {call.account.region}"
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        answer = call.account.service_may(service, action, policy, found.kms_key, "")
        if not answer:
            return f"the policy of the key {found.kms_key} does not let {service} {action} ({answer.why})"
    return None


def _key_lets_in(call: Call) -> Iterator[str]:
    for name, _, topic in _reach(call):
        if (problem := key_problem(call, topic, "cloudwatch.amazonaws.com")) is not None:
            yield f"alarm {name}: {topic}: {problem}; the alarm reaches nobody, and no error says so"


def _metrics_of(alarm: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if alarm.get("MetricName"):
        yield alarm
    for query in alarm.get("Metrics") or []:
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"]


def _published(call: Call) -> Iterator[str]:
    for name, alarm in call.account.alarms.items():
        for metric in _metrics_of(alarm):
            namespace = metric.get("Namespace", "")
            dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions") or []}
            endpoint = dimensions.get("EndpointName")
            if namespace not in ("AWS/SageMaker", "/aws/sagemaker/Endpoints") or endpoint is None:
                continue
            found = call.hosting.endpoints.get(endpoint)
            variants = [one["VariantName"] for one in found["Variants"]] if found else []
            variant = dimensions.get("VariantName")
            if found is None:
                yield (
                    f"alarm {name}: {metric['MetricName']} of the endpoint {endpoint}, which does not exist: the "
                    "metric never comes"
                )
            elif variant is not None and variant not in variants:
                yield (
                    f"alarm {name}: {metric['MetricName']} of the variant {variant}; {endpoint} has "
                    f"{', '.join(variants)}: the metric never comes"
                )


RULES = (
    Rule(
        id="alarm-source",
        effect="refused",
        on=("PutMetricAlarm",),
        title="An alarm has exactly one of MetricName, Metrics and EvaluationCriteria, and one kind of threshold.",
        source=_PUT,
        check=_one_source,
    ),
    Rule(
        id="alarm-maths",
        effect="refused",
        on=("PutMetricAlarm",),
        title="Metric maths: one returned series, at most 10 metrics of one period, ids that exist, no SEARCH.",
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html",
        check=_maths,
    ),
    Rule(
        id="alarm-window",
        effect="refused",
        on=("PutMetricAlarm",),
        title="An alarm evaluates at most a day, or a week with periods of an hour and more.",
        source=_PUT,
        check=_window,
    ),
    Rule(
        id="composite-children",
        effect="refused",
        on=("PutCompositeAlarm",),
        title="The alarms in a composite alarm's rule exist.",
        source=_COMPOSITE,
        check=_children,
    ),
    Rule(
        id="composite-suppressor",
        effect="refused",
        on=("PutCompositeAlarm",),
        title="A suppressor comes with a wait period and an extension period.",
        source=_COMPOSITE,
        check=_suppressor,
    ),
    Rule(
        id="topic-policy",
        effect="later",
        on=(),
        title="The policy of an alarm's topic lets CloudWatch publish.",
        source=_NOTIFY,
        check=_topic_lets_in,
    ),
    Rule(
        id="topic-key",
        effect="later",
        on=(),
        title="The key of an alarm's topic lets CloudWatch encrypt.",
        source=_TOPIC_KEY,
        check=_key_lets_in,
    ),
    Rule(
        id="metric-never-comes",
        effect="later",
        on=(),
        title="An alarm on a SageMaker metric names an endpoint and a variant that exist.",
        source="https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html",
        confidence="inferred",
        check=_published,
    ),
)

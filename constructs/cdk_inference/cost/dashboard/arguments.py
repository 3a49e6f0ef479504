"""What can be wrong with a dashboard's arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdk_inference.core.checks import has_members, is_token, listed, number_above
from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.cost.dashboard.money import BUDGET_PERIOD_SECONDS_MIN
from cdk_inference.hosting import KINDS as HOSTED
from cdk_inference.metrics import KINDS

# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (2026-11-22)
ALARMS_MAX = 100

_WORDS = (
    "target_name",
    "metric_requests",
    "metric_client_errors",
    "metric_server_errors",
    "metric_latency_milliseconds",
)
_KNOWN = "a number that is known at synth time, since it is written into an expression or a title"


def target_problems(targets: Sequence[Any]) -> list[Problem]:
    """No targets, what is none, one that is there twice, or one without metrics."""
    if isinstance(targets, str) or not isinstance(targets, Sequence) or not targets:
        allowed = "at least one InferenceTarget: an endpoint, a component, or a model on Bedrock"
        return [Problem("targets", targets, allowed, "name what the dashboard is to show")]
    return [
        problem
        for number, target in enumerate(targets)
        if (problem := _target_problem(f"targets[{number}]", target, targets[:number]))
    ]


def _target_problem(argument: str, target: Any, before: Sequence[Any]) -> Problem | None:
    kind = getattr(target, "kind", None)
    if kind == "guardrail" or not has_members(target, *_WORDS):
        allowed = "an InferenceTarget: an endpoint, a component, or a model on Bedrock"
        fix = "leave it out, and graph its metrics on a dashboard of your own" if kind in KINDS else "leave it out"
        return Problem(argument, type(target).__name__, allowed, fix)
    if any(target is other for other in before):
        return Problem(argument, target.target_name, "each target once", "leave it out")
    if str(kind) in HOSTED and not HOSTED[str(kind)].has_requests:
        return None
    try:
        target.metric_requests()
    except ConfigurationError as error:
        (problem,) = error.problems
        allowed = f"a target whose metrics are known: {problem.argument} is {problem.allowed}"
        return Problem(argument, target.target_name, allowed, problem.fix)
    return None


def alarm_problems(alarms: Sequence[Any]) -> list[Problem]:
    """Problems of `alarms`: it is not a list, an item is not an alarm, or there are too many."""
    if wrong := listed("alarms", alarms, "a list of alarms", "alarms=controls.alarms"):
        return [wrong]
    found = [
        Problem(f"alarms[{number}]", type(one).__name__, "an alarm (aws_cloudwatch.IAlarm)", "pass the alarm itself")
        for number, one in enumerate(alarms)
        if not has_members(one, "alarm_arn")
    ]
    if len(alarms) > ALARMS_MAX:
        fix = "pass those that decide, or a composite alarm of them"
        found.append(Problem("alarms", f"{len(alarms)} alarms", f"up to {ALARMS_MAX} in one widget", fix))
    return found


def money_problems(
    usd_per_hour: Any, limit_usd_per_hour: float | None, unit_cost: Sequence[Any], monthly_budget_usd: float | None
) -> list[Problem | None]:
    """What is no metric, no amount, or lacks the rate that it is about."""
    wrong = listed("unit_cost", unit_cost, "a list of metrics", "unit_cost=[metric]")
    found: list[Problem | None] = [
        wrong,
        *(_metric_problem(f"unit_cost[{number}]", one) for number, one in enumerate([] if wrong else unit_cost)),
        *(
            _amount_problem(name, value)
            for name, value in (
                ("limit_usd_per_hour", limit_usd_per_hour),
                ("monthly_budget_usd", monthly_budget_usd),
            )
        ),
    ]
    if usd_per_hour is not None:
        rate = _metric_problem("usd_per_hour", usd_per_hour)
        return [rate, *found, None if rate or monthly_budget_usd is None else _period_problem(usd_per_hour)]
    given = {"limit_usd_per_hour": limit_usd_per_hour, "monthly_budget_usd": monthly_budget_usd}
    fix = "pass the metric too, for example metric_usd_per_hour() of CostControls"
    return [
        *found,
        *(
            Problem("usd_per_hour", None, f"a metric, since {name} is given", fix)
            for name, value in given.items()
            if value is not None
        ),
    ]


def _metric_problem(argument: str, metric: Any) -> Problem | None:
    if has_members(metric, "to_metric_config", "period"):
        return None
    allowed = "a metric (aws_cloudwatch.Metric or MathExpression)"
    return Problem(argument, metric, allowed, "for example cloudwatch.Metric(namespace=..., metric_name=...)")


def _amount_problem(argument: str, amount: float | None) -> Problem | None:
    if amount is None:
        return None
    if is_token(amount):
        return Problem(argument, amount, _KNOWN, "write the number itself")
    return number_above(argument, amount, 0, "write US dollars")


def _period_problem(usd_per_hour: Any) -> Problem | None:
    seconds = usd_per_hour.period.to_seconds()
    if seconds % BUDGET_PERIOD_SECONDS_MIN == 0:
        return None
    allowed = (
        f"a period that is a multiple of {BUDGET_PERIOD_SECONDS_MIN} seconds together with monthly_budget_usd: "
        "CloudWatch keeps finer points for 15 days only, and the budget is about 30"
    )
    return Problem("usd_per_hour", f"a period of {seconds:g} seconds", allowed, "read the rate every five minutes")


def link_problems(links: Mapping[str, str]) -> list[Problem]:
    """What is no address."""
    if not isinstance(links, Mapping):
        return [Problem("links", links, "a mapping of words to addresses", 'links={"Runbook": "https://..."}')]
    return [
        Problem(f"links[{words!r}]", address, "an address that begins with https://", "write the whole address")
        for words, address in links.items()
        if not isinstance(address, str) or not (is_token(address) or address.startswith("https://"))
    ]

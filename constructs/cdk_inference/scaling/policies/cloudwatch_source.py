"""A metric or expression of aws_cloudwatch as plain values, and whether target tracking can read it.

Target tracking knows neither periods nor other accounts and regions.
"""

from __future__ import annotations

from typing import Any

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.scaling.policy_parts import EXPRESSION_CHARACTERS_MAX, METRICS_MAX, Math, Measured
from cdk_inference.scaling.target import ScalableTarget

RESULT_ID = "result"
_ARGUMENT = "scaling.metric"


def given_problems(metric: Any, target: ScalableTarget) -> list[Problem]:
    """Why target tracking of `target` cannot read `metric`."""
    config = metric.to_metric_config()
    if config.math_expression is None:
        return _elsewhere(config.metric_stat, target)
    expression = config.math_expression.expression
    used = {id: one.to_metric_config() for id, one in config.math_expression.using_metrics.items()}
    problems = []
    if nested := [id for id, one in used.items() if one.math_expression is not None]:
        fix = "write one expression over metrics"
        problems.append(Problem(_ARGUMENT, nested, "metrics in the expression, not expressions", fix))
    # The expression itself is one of them.
    if len(used) >= METRICS_MAX:
        allowed = f"at most {METRICS_MAX} metrics, the expression included"
        problems.append(Problem(_ARGUMENT, f"{len(used) + 1} metrics", allowed, "read fewer"))
    if len(expression) > EXPRESSION_CHARACTERS_MAX:
        allowed = f"an expression of at most {EXPRESSION_CHARACTERS_MAX} characters"
        problems.append(Problem(_ARGUMENT, f"{len(expression)} characters", allowed, "shorten it"))
    if "SEARCH(" in expression.replace(" ", "").upper():
        fix = "name the metrics in using_metrics"
        allowed = "an expression without SEARCH: it cannot feed an alarm"
        problems.append(Problem(_ARGUMENT, expression, allowed, fix))
    if RESULT_ID in used:
        fix = "rename it in using_metrics and in the expression"
        problems.append(Problem(_ARGUMENT, RESULT_ID, f"metrics with ids other than {RESULT_ID}", fix))
    for one in used.values():
        problems += [] if one.metric_stat is None else _elsewhere(one.metric_stat, target)
    return problems


def given_source(metric: Any) -> Measured | Math:
    """The metric, or the expression with its metrics; only where `given_problems` has none."""
    config = metric.to_metric_config()
    if config.math_expression is None:
        return _measured(config.metric_stat)
    used = config.math_expression.using_metrics.items()
    metrics = tuple((id, _measured(one.to_metric_config().metric_stat)) for id, one in used)
    label = str(metric.label or "expression")
    return Math(metrics=metrics, expression=config.math_expression.expression, label=label)


def _elsewhere(stat: Any, target: ScalableTarget) -> list[Problem]:
    # Metrics that constructs hand out say where they are, too: here.
    named = [("account", stat.account, target.account), ("region", stat.region, target.region)]
    known = [(name, there, here) for name, there, here in named if there and here]
    found = {name: there for name, there, here in known if there != here and not is_token(there) and not is_token(here)}
    if not found:
        return []
    fix = "copy the metric into this account and region, or scale by one that is here"
    allowed = "a metric of this account and region, which is all that Application Auto Scaling reads"
    return [Problem(_ARGUMENT, found, allowed, fix)]


def _measured(stat: Any) -> Measured:
    return Measured(
        namespace=stat.namespace,
        metric_name=stat.metric_name,
        dimensions=tuple((one.name, one.value) for one in stat.dimensions or []),
        statistic=stat.statistic,
    )

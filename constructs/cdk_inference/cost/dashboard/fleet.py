"""One dashboard for a fleet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from cdk_inference.core.checks import one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.cost.dashboard.arguments import alarm_problems, link_problems, money_problems, target_problems
from cdk_inference.cost.dashboard.grid import ABREAST_MAX, METRICS_MAX, WIDGETS_MAX, Cell, counts, place
from cdk_inference.cost.dashboard.money import money
from cdk_inference.cost.dashboard.promql import detailed_panels
from cdk_inference.cost.dashboard.section import Part, parts_of
from cdk_inference.cost.dashboard.summary_row import verdict
from cdk_inference.cost.dashboard.traffic_widgets import callers
from cdk_inference.cost.dashboard.utilization_widgets import machines
from cdk_inference.cost.dashboard.widget import Panel, heading, slots
from cdk_inference.kit.physical_names import dashboard_name, name_problem, take_name
from cdk_inference.kit.stack_context import path_below, stack_context

if TYPE_CHECKING:
    from cdk_inference.target import InferenceTarget

_NO_LINKS: Mapping[str, str] = MappingProxyType({})
_SHOWN = Duration.hours(3)


class FleetDashboard(Construct):
    """A CloudWatch dashboard: what is wrong and what it costs on top, then a section for each target.

    targets: `InferenceTarget`s of any kind, and endpoints that host components. Each shows what its kind and hardware
        publish, and no graph without a metric behind it. Further variants of an endpoint get sections of their own.
    alarms: the alarms that decide, up to 100; firing ones come first. Default: none.
    usd_per_hour: what runs now costs this much in an hour, a metric; for example `CostControls.metric_usd_per_hour()`.
        Default: no costs.
    limit_usd_per_hour: what it should stay below, US dollars, drawn as a line. Default: none.
    unit_cost: metrics in US dollars, each with the label that becomes its title, such as dollars per 1000 requests.
        Default: none.
    monthly_budget_usd: shows what 30 days of `usd_per_hour` have left of it: an estimate, since CloudWatch has no
        metric of a budget. The rate's period must then be a multiple of 300 seconds. Default: not
        shown.
    links: words -> address, in the top line; for example a runbook. Default: none.
    detailed: whether real-time endpoints, hosts of components and components get charts of detailed observability too:
        tokens per second and time to first token of vLLM and SGLang, and instances (docs/metrics.md). Default False:
        the form of these charts is from public code, and has not been seen in an account.

    Attributes: `dashboard`, CDK's; `dashboard_name`, "<stack>-<id>-<region>" in lower case.

    Raises ConfigurationError, with everything that is wrong, before anything is synthesized.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        targets: Sequence[InferenceTarget | Any],
        alarms: Sequence[cloudwatch.IAlarm] = (),
        usd_per_hour: cloudwatch.IMetric | None = None,
        limit_usd_per_hour: float | None = None,
        unit_cost: Sequence[cloudwatch.IMetric] = (),
        monthly_budget_usd: float | None = None,
        links: Mapping[str, str] = _NO_LINKS,
        detailed: bool = False,
    ) -> None:
        path, where = path_below(scope, id), stack_context(scope)
        subject, name = f"FleetDashboard {path}", dashboard_name(path, where)
        raise_problems(
            subject,
            name_problem("dashboard", name, path, where, id=id),
            *target_problems(targets),
            *alarm_problems(alarms),
            *money_problems(usd_per_hour, limit_usd_per_hour, unit_cost, monthly_budget_usd),
            *link_problems(links),
            one_of("detailed", detailed, (True, False), "write True or False"),
        )
        parts = [part for target in targets for part in parts_of(target, where.region)]
        lines = [
            heading(_title(f"{where.outer_name} {id}", where.region, links)),
            verdict(alarms, usd_per_hour, parts, where.region),
            *_in_lines(money(usd_per_hour, limit_usd_per_hour, unit_cost, monthly_budget_usd, where.region)),
            *(line for part in parts for line in _section(part, detailed)),
        ]
        lines = [line for line in lines if line]
        cells = place([slots(line) for line in lines])
        raise_problems(subject, _size_problem(cells))
        widgets = _widgets(lines, cells)
        raise_problems(subject, *(_metrics_problem(one) for line in widgets for stack in line for one in stack))
        super().__init__(scope, id)
        self.dashboard_name = name
        take_name("dashboard", name, path, where)
        self.dashboard = cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.dashboard_name,
            default_interval=_SHOWN,
            # Rates are per minute and prices per hour: another period would falsify them.
            period_override=cloudwatch.PeriodOverride.INHERIT,
            widgets=_rows(widgets),
        )


def _title(name: str, region: str, links: Mapping[str, str]) -> str:
    return " · ".join([f"## {name}", region, *(f"[{words}]({address})" for words, address in links.items())])


def _section(part: Part, detailed: bool) -> list[list[Panel]]:
    """The heading, then what callers see and what it runs on, in one line if they fit; then the container's own."""
    seen, below = callers(part), machines(part)
    if not seen and not below:
        return []
    more = _in_lines(detailed_panels(part)) if detailed else []
    found = [[*seen, *below]] if len(seen) + len(below) <= ABREAST_MAX else [*_in_lines(seen), *_in_lines(below)]
    return [heading(" · ".join(word for word in (f"### {part.name}", part.words) if word)), *found, *more]


def _in_lines(panels: Sequence[Panel]) -> list[list[Panel]]:
    rest = iter(panels)
    return [[next(rest) for _ in range(count)] for count in counts(len(panels))]


def _widgets(lines: Sequence[Sequence[Panel]], cells: Sequence[Cell]) -> list[list[list[Any]]]:
    """Line by line the widgets of each panel, from above. CDK puts them where `cells` are: they fill their lines."""
    sizes = iter(cells)
    return [
        [[make(cell.width, cell.height) for make, cell in zip(panel.makes, sizes, strict=False)] for panel in line]
        for line in lines
    ]


def _rows(widgets: Sequence[Sequence[Sequence[Any]]]) -> list[list[Any]]:
    return [[cloudwatch.Column(*stack) for stack in line] for line in widgets]


def _size_problem(cells: Sequence[Cell]) -> Problem | None:
    if len(cells) <= WIDGETS_MAX:
        return None
    allowed = f"targets that come to {WIDGETS_MAX} widgets, the most of a dashboard"
    return Problem("targets", f"{len(cells)} widgets", allowed, "make a dashboard for each part of them")


def _metrics_problem(widget: Any) -> Problem | None:
    (body,) = widget.to_json()
    count = len(body["properties"].get("metrics", ()))
    if count <= METRICS_MAX:
        return None
    title = body["properties"].get("title")
    allowed = f"up to {METRICS_MAX} metrics and expressions in a graph, hidden ones included"
    return Problem(f"the graph {title!r}", f"{count} metrics", allowed, "make a dashboard for each part of the targets")

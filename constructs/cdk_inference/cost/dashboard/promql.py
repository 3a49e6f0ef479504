"""Charts of PromQL queries: detailed observability publishes without a namespace, so metric widgets cannot read it."""

from __future__ import annotations

from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.core.checks import instance_of, known_number, whole_number
from cdk_inference.core.errors import raise_problems
from cdk_inference.cost.dashboard.section import Part
from cdk_inference.cost.dashboard.widget import HEIGHT, Panel
from cdk_inference.metrics import DetailedQueries

_STEP_SECONDS = 60
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (read
# 2026-11-22)
_WIDTH_MAX, _HEIGHT_MAX = 24, 1000
_PLACED = "widgets are placed by it"


class PromQLChart(cloudwatch.ConcreteWidget):
    """A widget for any CloudWatch dashboard that draws a PromQL query over time.

    The CDK has no class for it. AWS's page on the structure of dashboards has a section "Chart Widget Object" (its list
    of sections was read on 2026-11-30, the section was not), and
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-PromQL-QueryStudio.html puts queries on
    dashboards. The members written here are those of AWS's own
    https://github.com/aws-devtools-labs/aws-blocks (read 2026-11-30). None has been shown in an account.

    Args:
        title: Above the chart, and the label of the line.
        query: PromQL, for example of `cdk_inference.metrics.DetailedQueries`.
        region: Where the metrics are. Default: the stack's.
        width: 1 to 24 grid units. Default 12.
        height: 1 to 1000 grid units. Default 6.

    Raises:
        ConfigurationError: An argument is of the wrong kind or out of its range.
    """

    def __init__(
        self, *, title: str, query: str, region: str | None = None, width: int = 12, height: int = HEIGHT
    ) -> None:
        texts = {"title": title, "query": query, **({} if region is None else {"region": region})}
        raise_problems(
            "PromQLChart",
            *(instance_of(name, value, str, "text", "write text") for name, value in texts.items()),
            known_number("width", width, _PLACED) or whole_number("width", width, 1, _WIDTH_MAX, "choose a width"),
            known_number("height", height, _PLACED)
            or whole_number("height", height, 1, _HEIGHT_MAX, "choose a height"),
        )
        super().__init__(width, height)
        self._title, self._query, self._region = title, query, Aws.REGION if region is None else region

    def to_json(self) -> list[Any]:
        """Returns the widget as the dashboard's body has it."""
        query = {
            "id": "q",
            "type": "cloudwatch-metrics",
            "language": "PromQL",
            "query": self._query,
            "step": _STEP_SECONDS,
            "label": self._title,
        }
        properties = {"title": self._title, "view": "timeSeries", "region": self._region, "data": {"queries": [query]}}
        place = {"width": self.width, "height": self.height, "x": self._x, "y": self._y}
        return [{"type": "chart", **place, "properties": properties}]


def detailed_panels(part: Part) -> list[Panel]:
    """Tokens, time to first token and instances of an endpoint or a component; nothing of other targets."""
    queries = _queries(part)
    if queries is None:
        return []
    of = {
        "Tokens per second, from the container": queries.tokens_per_second(),
        "Time to first token, p99, seconds": queries.first_token_seconds(),
    }
    if not part.counts_copies:
        of["Instances, from their hosts"] = queries.instances()
    return [_panel(title, query, part.region) for title, query in of.items()]


def _panel(title: str, query: str, region: str) -> Panel:
    return Panel(
        make=lambda width, height: PromQLChart(title=title, query=query, region=region, width=width, height=height)
    )


def _queries(part: Part) -> DetailedQueries | None:
    """A further variant has none: the queries are about the whole endpoint."""
    if part.kind == "component" and hasattr(part.metrics, "endpoint"):
        return DetailedQueries(
            endpoint_name=part.metrics.endpoint.endpoint_name, component_name=part.metrics.target_name
        )
    if part.kind in ("realtime", "shared") and (part.variant is None or part.variant.metrics is part.metrics):
        return DetailedQueries(endpoint_name=part.metrics.endpoint_name)
    return None

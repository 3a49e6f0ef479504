"""docs/metrics.md: every metric, per kind of endpoint, and what is not published."""

from __future__ import annotations

from cdk_inference.metrics import (
    KINDS,
    NO_NEURON_METRIC,
    POOL_DIMENSION,
    POOL_DIMENSION_DOUBT,
    POOL_DIMENSION_SOURCE,
    absent,
    of_kind,
)
from scripts.docs._markdown import NOTE, table


def page() -> str:
    """Every metric, per kind of endpoint, and what is not published."""
    sections = "".join(_metrics_section(kind, called) for kind, called in KINDS.items())
    return (
        f"{NOTE}# Metrics\n\n"
        "One row per kind of endpoint and metric; each has been read on AWS's page, none was seen in an account. Those "
        "of an endpoint have a method, `metric_<name>(**options)`, options as of `aws_cloudwatch.Metric`. "
        f"{NO_NEURON_METRIC}.\n\n{sections}{PER_TYPE}"
    )


def _metrics_section(kind: str, called: str) -> str:
    facts, missing = of_kind(kind), absent(kind)
    rows = [
        (
            f"`{fact.name}`",
            fact.meaning,
            f"`{fact.namespace}`",
            ", ".join(fact.dimensions),
            fact.unit,
            fact.statistic,
            ", ".join(sorted(fact.hardware)) if len(fact.hardware) < 4 else "any",
        )
        for fact in facts
    ]
    headings = ("metric", "meaning", "namespace", "dimensions", "unit", "statistic", "hardware")
    notes: dict[str, list[str]] = {}
    for fact in facts:
        if fact.note:
            notes.setdefault(fact.note, []).append(f"`{fact.name}`")
    contradictions = "".join(f"- {', '.join(names)}: {note}.\n" for note, names in notes.items())
    sources = "; ".join(sorted({fact.source for fact in facts}))
    gone = table(
        ("not published", "because", "instead", "source"),
        ((f"`{fact.name}`", fact.why, fact.instead, fact.source) for fact in missing),
    )
    return (
        f"## Of {called}\n\n"
        + table(headings, rows)
        + (f"\nWhere AWS's pages disagree or are silent:\n\n{contradictions}" if contradictions else "")
        + f"\nSources: {sources}.\n\n"
        + (f"{gone}\n" if missing else "")
    )


PER_TYPE = f"""\
## What the container says: PromQL

SageMaker reads the container's own Prometheus metrics, those of GPUs and those of hosts, and publishes them as
OpenTelemetry metrics: on unless `Observability(detailed=False)`. They have no namespace; PromQL alone reads them, in
the console, in Grafana and in alarms. CloudWatch charges $0.50 per GB ingested, which is not in `cdk-inference
estimate`, since no page says how many GB an endpoint publishes (AWS's post of 2026-06-18 on detailed metrics, read
2026-11-29).

`DetailedQueries(endpoint_name=...)` has queries for tokens per second, time to first token, instances, and what a
million tokens cost: [example](../examples/token_cost.py), with two alarms and a dashboard. `PromQLChart` of
`cdk_inference.cost` draws a query on any dashboard, and `FleetDashboard(detailed=True)` has charts of tokens, time to
first token and instances for endpoints and components. Of these charts AWS's page on the structure of dashboards has a
section, "Chart Widget Object", of which we have read the title alone (2026-11-30); their members are those of AWS's own
public code (https://github.com/aws-devtools-labs/aws-blocks). Two pages of AWS spell the names of vLLM's
metrics differently, and the queries match both. A parser for PromQL reads them in a test; **no query has been run in an
account**, so look in the console first whether one finds something: an alarm on a query that finds nothing never fires.

## Per instance type of a pool

On an endpoint with `InstancePools` each of a variant's metrics is published per instance type as well, with
`{POOL_DIMENSION}` as a further dimension: {POOL_DIMENSION_SOURCE}.

**Look first whether they are there**, with `aws cloudwatch list-metrics`. {POOL_DIMENSION_DOUBT}. We have not tried it.

- `metric_per_type(name, **options)` gives type -> `FILL(metric, 0)`, for a graph or an alarm of one type. A pool
  without instances publishes nothing, and a sum with a missing part has no value.
- `metric_pool_load({{type: requests in flight that one instance takes}})` says how full the pools are, 1 being full:
  the mean of requests in flight / what fits, over the pools that publish. AWS's example takes a fixed weight for each
  pool, so there an empty one has a share too, and it leaves gaps as they are.

In an alarm `FILL` hides a data point that is merely late, so let it ask for several of more periods, for example 3 of 5
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html, read 2026-11-22). We do not
know whether `FILL` fills a metric that has no data point at all in the time looked at. Example:
[examples/pools.py](../examples/pools.py).
"""

"""Writes the docs pages that are tables: docs/hardware.md, images.md, metrics.md, transitions.md, bedrock.md, review.md

    python scripts/generate_docs.py [--check]

With --check nothing is written; the status is 1 when a page differs from what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import bedrock_docs
import review_docs

from cdk_inference import hardware
from cdk_inference.metrics import (
    KINDS,
    NO_NEURON_METRIC,
    POOL_DIMENSION,
    POOL_DIMENSION_DOUBT,
    POOL_DIMENSION_SOURCE,
    absent,
    of_kind,
)
from cdk_inference.review import MEANINGS, TOPICS, TRANSITIONS, Transition
from cdk_inference.serving.images import HOST_PAIRS
from cdk_inference.serving.neuron_versions import NEURON_VERSIONS
from cdk_inference.serving.presets import PRESETS, AwsServer

DOCS = Path(__file__).parents[1] / "docs"
NOTE = "<!-- Written by scripts/generate_docs.py; change the tables it reads instead. -->\n"


def table(headings: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """A Markdown table; None is "unknown"."""
    lines = [headings, tuple("---" for _ in headings), *rows]
    return "".join(
        "| " + " | ".join("unknown" if cell is None else str(cell) for cell in line) + " |\n" for line in lines
    )


def hardware_page() -> str:
    """Every accelerated type, with what decides about a template."""
    types = [known for known in hardware.instance_types() if known.kind != "cpu"]
    plain = len(hardware.instance_types()) - len(types)
    rows = [
        (
            f"`{known.name}`",
            known.accelerator,
            known.accelerators,
            known.memory_gib,
            known.neuroncores or "",
            known.vcpus,
            known.ram_gib,
            known.nvme_gb,
            known.network_gbps,
            "yes" if known.storage_volume else "no",
            len(known.regions or ()),
        )
        for known in types
    ]
    headings = ("type", "accelerator", "count", "GiB each", "NeuronCores", "vCPUs", "RAM GiB", "NVMe GB")
    return (
        f"{NOTE}# Hardware\n\n{hardware.KNOWLEDGE}\n\n"
        "Storage volume: whether SageMaker attaches one, so that its size and KMS key may be set; on the other types "
        "the local NVMe disk is encrypted by the instance. Network: the baseline of one card, the default one, as EC2 "
        "states it, bursts left out. Regions: how many list the type for hosting; 0 means that "
        "the API knows the type and no region offers it. Unknown means that no source we trust says it.\n\n"
        + table((*headings, "network Gbit/s", "storage volume", "regions"), rows)
        + f"\nBesides these, {plain} types without accelerator (x86 and Graviton) are known: "
        "`cdk_inference.hardware.instance_types()`.\n\n"
        "A type that AWS released after that date is registered in one line: "
        "[examples/new_hardware.py](../examples/new_hardware.py).\n"
    )


def images_page() -> str:
    """AWS's images that have a preset."""
    images = [(f"`{preset.__name__}`", preset.aws_image) for preset in PRESETS]
    tags = [(name, f"`{image.reference}`", len(image.accounts), image.source) for name, image in images]
    pairs = [(image.reference, HOST_PAIRS[image.reference]) for _, image in images]
    hosts = [
        (f"`{reference}`", f"`{pair.host_image}`" if pair.host_image else "SageMaker's default", pair.why, pair.source)
        for reference, pair in pairs
    ]
    states = [(name, image.maintenance) for name, image in images]
    upkeep = [(name, known.status, known.since, known.why, known.instead, known.source) for name, known in states]
    settings = [
        (f"`{preset.__name__}`", f"`{setting.argument}`", f"`{setting.name}`", setting.allowed, _needed(setting.needed))
        for preset in PRESETS
        for setting in preset.settings
    ]
    formats = [(name, f"`{image.request_format}`", image.metrics_path) for name, image in images]
    hubs = [
        (f"`{preset.__name__}`", f"`{hub.model}`", f"`{hub.revision}`", f"`{hub.token}`", hub.source)
        for preset in PRESETS
        if (hub := preset.hub) is not None
    ]
    compiled = [
        (f"`{preset.__name__}`", " or ".join(inside.sdk), inside.optimum or "any", inside.source)
        for preset in PRESETS
        if (inside := NEURON_VERSIONS.get(preset.aws_image.reference)) is not None
    ]
    places = [row for preset in PRESETS for row in _places(preset)]
    return (
        f"{NOTE}# Images\n\n"
        "An image and the host image it goes with belong together: a CUDA or Neuron version that does not match "
        "the host's driver makes a container that dies or hangs without logs. So each preset brings both.\n\n"
        + table(("preset", "image", "regions", "source"), tags)
        + "\n## Which host image\n\nPairs are exact: they hold for this tag, not from a version on.\n\n"
        + table(("image", "host image (`InferenceAmiVersion`)", "because", "source"), hosts)
        + f"\n## Whether AWS still maintains it\n\n{MAINTENANCE}\n"
        + table(("preset", "status", "since", "because", "instead", "source"), upkeep)
        + f"\n{WITHOUT_PRESET}\n"
        + "## Where it runs\n\nRegions that have the image and list a type with the chip. A chip that no region "
        f"lists for hosting is left out. {hardware.KNOWLEDGE}\n\n"
        + table(("preset", "chip", "host image", "regions"), places)
        + "\n## Settings\n\nEach argument is one variable of the container. Any other variable goes into "
        "`environment`.\n\n"
        + table(("preset", "argument", "variable", "allowed", "needed"), settings)
        + "\n## A model from the Hugging Face hub\n\nThe variables that carry it; other presets, and `Container`, take "
        "their model from S3 only. [Models](models.md) says what that costs.\n\n"
        + table(("preset", "model", "revision", "token", "source"), hubs)
        + "\n## What a model must be compiled with\n\nThe versions inside the Neuron images. `Compiled(...)` is "
        "checked against them, since an artefact of another version is not loaded.\n\n"
        + table(("preset", "Neuron SDK", "optimum-neuron", "source"), compiled)
        + "\n## Requests and metrics\n\nSageMaker forwards `/invocations` and `/ping` only, so a metrics path is for "
        "code inside the container. CloudWatch has SageMaker's own: [metrics](metrics.md).\n\n"
        + table(("preset", "request body", "Prometheus metrics"), formats)
    )


MAINTENANCE = """\
"Current": new versions come. "Frozen": the image stays as it is; critical fixes come at best. "Ended": it is no longer
published or patched, and can be pulled until AWS removes it. Choosing a frozen or ended one is a warning at synth.

**LLMs on Inf2 and Trn1 are frozen.** AWS writes its LLM software for Trn2 and newer chips now, and no region lists a
Trn2 type for SageMaker hosting. An endpoint that runs on Inf2 or Trn1 goes on running, and new ones can be made. But
new model architectures will not come, nor faster engines; a security fix may not come either. So: keep what runs, do
not start an LLM there, and have a GPU variant tested before you need it. [How to change](changing-hardware.md).
"""

WITHOUT_PRESET = """\
No preset, and why:

| image | because | source |
| --- | --- | --- |
| `pytorch-inference-neuronx`, `pytorch-inference-vllm-neuronx` with vLLM 0.16 | not published since Neuron SDK 2.32, \
2026-08-17 | https://awsdocs-neuron.readthedocs-hosted.com/en/latest/release-notes/components/containers.html |
| `pytorch-inference-vllm-neuronx` with vLLM 0.24 | for Trn2 and Trn3, which no region lists for hosting | \
https://awsdocs-neuron.readthedocs-hosted.com/en/latest/about-neuron/whats-new.html (2026-07-20) |
| `vllm`, `sglang` on Ubuntu | AWS does not guarantee security patches and recommends Amazon Linux, as in `Vllm` and \
`SgLang` | https://aws.github.io/deep-learning-containers/reference/support_policy (2026-08-10) |

`Container` takes any of them, copied into your own ECR repository.
"""


def _needed(needed: bool) -> str:
    return "yes" if needed else ""


def _places(preset: type[AwsServer]) -> list[tuple[object, ...]]:
    """(preset, chip, host image, regions), one row per chip that the image runs on and some region has."""
    image = preset.aws_image
    listed: dict[str, set[str]] = {}
    for known in hardware.instance_types():
        if known.kind == image.kind and image.chip_problem(known) is None:
            listed.setdefault(known.accelerator or f"CPU ({known.architecture})", set()).update(known.regions or ())
    host = f"`{image.host_image}`" if image.host_image else "SageMaker's default"
    found = ((chip, sorted(regions & set(image.accounts))) for chip, regions in listed.items())
    return [
        (f"`{preset.__name__}`", chip, host, f"{len(regions)}: {', '.join(regions)}")
        for chip, regions in sorted(found)
        if regions
    ]


def metrics_page() -> str:
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


KIND_WORDS = {
    "realtime": "real-time",
    "async": "asynchronous",
    "serverless": "serverless",
    "component": "component",
    "shared": "host of components",
}


def transitions_page() -> str:
    """Every change on a running endpoint, and how it gets there."""
    words = table(("outcome", "meaning"), ((outcome.value, meaning) for outcome, meaning in MEANINGS.items()))
    headings = ("change", "of", "outcome", "lines", "deployments", "to know", "sure", "source")
    topics = "".join(f"## {topic}\n\n{table(headings, map(_transition, rows))}\n" for topic, rows in TOPICS.items())
    steps: dict[tuple[str, ...], list[str]] = {}
    for row in TRANSITIONS:
        if row.steps:
            steps.setdefault(row.steps, []).append(_change(row))
    several = "".join(
        f"**{'; '.join(dict.fromkeys(changes))}**\n\n"
        + "".join(f"{number}. {step[0].upper()}{step[1:]}.\n" for number, step in enumerate(one, 1))
        + "\n"
        for one, changes in steps.items()
    )
    introduction = f"{NOTE}# Updates, one by one\n\n{TRANSITIONS_INTRODUCTION}\n{words}\n"
    return f"{introduction}{topics}## The steps\n\n{several}{GUARD}"


def _change(row: Transition) -> str:
    return f"{row.change}, {row.when}" if row.when else row.change


def _transition(row: Transition) -> tuple[object, ...]:
    kinds = ", ".join(KIND_WORDS[kind] for kind in row.kinds)
    deployments = row.deployments or "none"
    return (_change(row), kinds, row.outcome.value, row.lines, deployments, row.risk, row.sure.value, row.source)


TRANSITIONS_INTRODUCTION = """\
What a change of a running endpoint does, and how many lines and deployments it takes. A line is an argument of the
construct that differs between before and after; what a step changes for a while is not counted.

**An instance type under autoscaling is one line and two deployments.** In one the update fails and is rolled back:
[changing hardware](changing-hardware.md). How an update reaches the instances, and what ends it: [updates](updates.md).

"Documented": AWS's page or CloudFormation's schema says so. "Inferred": it follows from what they say. "Not
documented": they are silent, and the row is the careful way. For each row a test holds the template before and after;
nothing was tried in an account.
"""

GUARD = """\
## Before you deploy

A synth cannot warn of these: it knows what will be, not what is deployed, and the `cdk.out` of the last synth is not
what is deployed either. `cdk_inference.review.classify(before, after)` takes the template that CloudFormation has
(`aws cloudformation get-template`) and the one in `cdk.out`, and gives the rows above that lie between them, with the
steps; `str()` of each is a sentence. Where something differs that no row is about, it says so. `cdk-inference review`
does that for whole deployments, and tells what else a change does: [reviewing a change](review.md).
"""


PAGES = {
    "hardware.md": hardware_page,
    "images.md": images_page,
    "metrics.md": metrics_page,
    "transitions.md": transitions_page,
    "bedrock.md": lambda: bedrock_docs.page(NOTE, table),
    "review.md": lambda: review_docs.page(NOTE, table),
}

if __name__ == "__main__":
    stale = []
    for name, page in PAGES.items():
        file = DOCS / name
        if "--check" not in sys.argv[1:]:
            file.write_text(page())
        elif not file.exists() or file.read_text() != page():
            stale.append(name)
    if stale:
        sys.exit(f"out of date: {', '.join(stale)}; run python scripts/generate_docs.py")

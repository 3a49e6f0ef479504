"""Writes the docs pages that are tables: docs/hardware.md, docs/images.md, docs/metrics.md.

    python scripts/generate_docs.py [--check]

With --check nothing is written; the status is 1 when a page differs from what would be written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from cdk_inference import hardware
from cdk_inference.metrics import METRICS, NO_NEURON_METRIC
from cdk_inference.serving.images import AWS_IMAGES, HOST_IMAGES

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
            "yes" if known.storage_volume else "no",
            len(known.regions or ()),
        )
        for known in types
    ]
    headings = ("type", "accelerator", "count", "GiB each", "NeuronCores", "vCPUs", "RAM GiB", "NVMe GB")
    return (
        f"{NOTE}# Hardware\n\n{hardware.KNOWLEDGE}\n\n"
        "Storage volume: whether SageMaker attaches one, so that its size and KMS key may be set; on the other types "
        "the local NVMe disk is encrypted by the instance. Regions: how many list the type for hosting; 0 means that "
        "the API knows the type and no region offers it. Unknown means that no source we trust says it.\n\n"
        + table((*headings, "storage volume", "regions"), rows)
        + f"\nBesides these, {plain} types without accelerator (x86 and Graviton) are known: "
        "`cdk_inference.hardware.instance_types()`.\n\n"
        "A type that AWS released after that date is registered in one line: "
        "[examples/new_hardware.py](../examples/new_hardware.py).\n"
    )


def images_page() -> str:
    """AWS's images that have a preset."""
    rows = [
        (
            f"`{image.repository}:{image.tag}`",
            HOST_IMAGES[image.host_image],
            f"`{image.host_image}`",
            regions(image),
            image.source,
        )
        for image in AWS_IMAGES
    ]
    return (
        f"{NOTE}# Images\n\n"
        "An image and the host image it was built for belong together: a CUDA or Neuron version that does not match "
        "the host's driver makes a container that dies or hangs without logs. So each preset brings both.\n\n"
        + table(("image", "hardware", "host image (`InferenceAmiVersion`)", "regions", "source"), rows)
    )


def regions(image: object) -> str:
    """The regions that have an image, in one cell."""
    return f"{len(image.accounts)}: {', '.join(sorted(image.accounts))}"  # type: ignore[attr-defined]


def metrics_page() -> str:
    """Every metric of a real-time endpoint."""
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
        for fact in METRICS
    ]
    sources = sorted({fact.source for fact in METRICS})
    return (
        f"{NOTE}# Metrics of a real-time endpoint\n\n"
        "Each has a method, `metric_<name>(**options)`; options are those of `aws_cloudwatch.Metric`. "
        f"{NO_NEURON_METRIC}.\n\n"
        + table(("metric", "meaning", "namespace", "dimensions", "unit", "statistic", "hardware"), rows)
        + "\nSources: "
        + "; ".join(sources)
        + ".\n"
    )


PAGES = {"hardware.md": hardware_page, "images.md": images_page, "metrics.md": metrics_page}

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

"""Sums against what engines reported when they started (tests/data/reported_kv_cache.csv), none of it made by us."""

from __future__ import annotations

import csv
import json
import statistics
from dataclasses import dataclass
from pathlib import Path

import pytest

from cdk_inference.fit import (
    PUBLISHED,
    SGLANG,
    VLLM,
    Settings,
    Workload,
    architecture_from_config,
    judge,
    memory_needed,
    problems,
    tokens_that_fit,
)
from cdk_inference.fit.terms import TERMS, Load
from cdk_inference.hardware import InstanceType, lookup
from tests.each import each

DATA = Path(__file__).parents[2] / "data"
MODELS = {
    name: architecture_from_config(config)
    for name, config in json.loads((DATA / "reported_models.json").read_text()).items()
    if isinstance(config, dict)
}


@dataclass(frozen=True, kw_only=True)
class Row:
    cells: dict[str, str]

    @property
    def workload(self) -> Workload:
        """One request of the longest length, which is what vLLM demands to start."""
        cells = self.cells
        return Workload(
            architecture=MODELS.get(cells["model"]) or PUBLISHED[cells["model"]],
            precision=cells["precision"],
            context_tokens=int(cells["longest"]),
            batch=1,
            kv_precision=cells["kv_precision"],
        )

    @property
    def hardware(self) -> InstanceType:
        return lookup(self.cells["type"])

    @property
    def degree(self) -> int:
        return int(self.cells["degree"])

    @property
    def settings(self) -> Settings:
        share = float(self.cells["share"]) if self.cells["share"] else None
        engine = SGLANG if self.cells["engine"].startswith("sglang") else VLLM
        return Settings(engine=engine, share=share, longest=int(self.cells["longest"]))

    @property
    def verdict(self) -> str:
        found = judge(self.workload, self.hardware, self.degree, self.settings)
        return "refused" if found is None else found.name

    def ratio(self, *, margin: bool) -> float:
        """Tokens by our sum over the reported ones."""
        tokens = tokens_that_fit(self.workload, self.hardware, self.degree, self.settings, margin=margin)
        return (tokens or 0) / int(self.cells["tokens"])


def read() -> list[Row]:
    with (DATA / "reported_kv_cache.csv").open() as file:
        return [Row(cells=cells) for cells in csv.DictReader(line for line in file if not line.startswith("#"))]


ROWS = read()
STARTED = [row for row in ROWS if row.cells["result"] == "started"]
FAILED = [row for row in ROWS if row.cells["result"] == "failed"]
COUNTED = [row for row in STARTED if row.cells["tokens"]]


def test_the_table_is_large_and_says_where_each_row_is_from() -> None:
    assert (len(COUNTED), len(FAILED)) == (58, 7)
    assert all(row.cells["source"].startswith(("https://", "LOGS ")) for row in ROWS)


@each("row", FAILED)
def test_nothing_that_failed_to_start_is_called_fitting(row: Row) -> None:
    assert row.verdict in ("tight", "does not fit", "refused")


def test_nothing_that_started_is_refused() -> None:
    assert [row.cells["model"] for row in STARTED if row.verdict not in ("fits", "tight")] == []
    assert [
        row.cells for row in STARTED if problems(row.workload, row.hardware, row.degree, settings=row.settings)
    ] == []


@each("only_fitting", [True, False])
def test_tokens_are_no_promise_that_the_engine_breaks(only_fitting: bool) -> None:
    """At most the reported ones in 9 of 10 rows, never more than 1.05 times."""
    ratios = [row.ratio(margin=True) for row in COUNTED if row.verdict == "fits" or not only_fitting]
    assert len(ratios) >= 10
    assert sum(ratio <= 1 for ratio in ratios) >= 0.9 * len(ratios)
    assert max(ratios) <= 1.05


def test_nothing_is_kept_back_for_safety_alone() -> None:
    assert statistics.median(row.ratio(margin=True) for row in COUNTED) >= 0.85
    assert statistics.median(row.ratio(margin=True) for row in COUNTED if row.verdict == "fits") >= 0.85
    assert 0.95 <= statistics.median(row.ratio(margin=False) for row in COUNTED) <= 1


@each("row", [row for row in ROWS if row.cells["weights"]])
def test_weights_are_what_the_engine_loaded(row: Row) -> None:
    """Within 3 %; encoders for images, and what Llama 4 keeps on every device besides, within 7 %."""
    ours = memory_needed(row.workload, row.degree).weights_gb * 1e9 / 2**30
    several = row.workload.architecture.vision is not None
    assert ours == pytest.approx(float(row.cells["weights"]), rel=0.07 if several else 0.03)


LOGGED = [row for row in ROWS if row.cells["engine"] == "vllm 0.19.0" and row.cells["activations"]]


@each("row", LOGGED)
def test_terms_are_near_what_vllm_0_19_measured(row: Row) -> None:
    """1024 requests and 8192 tokens of a step, vLLM's defaults on an H100. CUDA graphs are a lower figure on purpose."""
    load = Load(
        architecture=row.workload.architecture,
        experts_buffered=row.cells["precision"] != "mxfp4",
        degree=row.degree,
        requests=1024,
        step_tokens=8192,
        graphs=True,
    )
    found = {term.name: term.gib(load) for term in TERMS}
    outside, graphs = found.pop("outside PyTorch"), found.pop("CUDA graphs")
    assert sum(found.values()) == pytest.approx(float(row.cells["activations"]), abs=0.4)
    assert outside == pytest.approx(float(row.cells["outside"]), abs=0.22)
    assert graphs == pytest.approx(float(row.cells["graphs"]), abs=0.75)


def test_every_term_has_a_dated_source() -> None:
    assert all("(read 20" in term.source or "(20" in term.source for term in TERMS)
    assert len({term.name for term in TERMS}) == len(TERMS)

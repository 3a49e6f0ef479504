"""Readers on files that AIPerf 0.13.0 and LLMeter 0.2.0 wrote on 2026-11-29, against the local server.

aiperf/: ok (15 requests/s, 4 of warm-up, 24 prompts), reused (the same with 20 prompts), flaky (4 at once, errors),
failed (every request failed, no summary). llmeter/: stream, flaky, clock (SageMaker without streaming); 3 clients.
"""

from __future__ import annotations

import json
import math
import shutil
import tarfile
from pathlib import Path

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.proof.readers.aiperf import read_aiperf
from cdk_inference.proof.readers.aws_benchmark import read_aws_benchmark
from cdk_inference.proof.readers.guidellm import read_guidellm
from cdk_inference.proof.readers.imported import Place
from cdk_inference.proof.readers.llmeter import read_llmeter

FILES = Path(__file__).parents[2] / "data" / "engines"
PLACE = Place(candidate="new", pair=2, position=5)


def test_aiperfs_requests_are_read() -> None:
    found = read_aiperf(FILES / "aiperf" / "ok", PLACE, set())
    (step,) = found.block.steps
    # 20 measured, the first fifth dropped; the warm-up is not in it.
    assert (step.rate, step.requests, step.failed, found.block.warm_up_requests) == (15.0, 16, {}, 4)
    assert (step.tokens_in, step.tokens_out, step.repeated) == (7.0, 8.0, 0)
    # The intended times follow from the constant rate; this client was late by up to 58 ms on a busy machine.
    assert step.lateness_p99 == pytest.approx(0.058, abs=0.001)
    summary = json.loads((FILES / "aiperf" / "ok" / "profile_export_aiperf.json").read_text())
    assert step.latencies["ttft p99"] * 1000 == pytest.approx(summary["time_to_first_token"]["p99"], rel=0.01)
    assert found.notes == ()


def test_a_warm_up_that_uses_measured_prompts_is_seen() -> None:
    found = read_aiperf(FILES / "aiperf" / "reused", PLACE, set())
    assert found.block.steps[0].repeated == 4


def test_the_same_prompts_in_the_next_run_are_seen() -> None:
    seen: set[str] = set()
    read_aiperf(FILES / "aiperf" / "ok", PLACE, seen)
    assert read_aiperf(FILES / "aiperf" / "reused", PLACE, seen).block.steps[0].repeated == 20


def test_failed_rows_are_counted_and_have_no_times() -> None:
    found = read_aiperf(FILES / "aiperf" / "flaky", PLACE, set())
    (step,) = found.block.steps
    assert (step.at_once, step.failed, step.lateness_p99) == (4, {"error": 2}, None)
    assert step.latencies["latency p99"] == math.inf


def test_a_run_in_which_everything_failed() -> None:
    with pytest.raises(ConfigurationError, match="a run whose load is unknown"):
        read_aiperf(FILES / "aiperf" / "failed", PLACE, set())
    found = read_aiperf(FILES / "aiperf" / "failed", PLACE, set(), rate=15)
    assert (found.block.steps[0].goodput, found.block.steps[0].failed) == (0.0, {"error": 16})
    assert found.notes[0] == "there is no summary: the run was killed, or every request failed"


def test_a_stale_summary_is_not_used(tmp_path: Path) -> None:
    """A folder that was used again, where the new run failed: its lines stand beside the old summary."""
    shutil.copytree(FILES / "aiperf" / "failed", tmp_path / "again")
    shutil.copy(FILES / "aiperf" / "ok" / "profile_export_aiperf.json", tmp_path / "again")
    found = read_aiperf(tmp_path / "again", PLACE, set(), rate=15)
    assert found.notes[0] == "the summary is of another run than the lines, and is not used"


def test_a_killed_run_keeps_its_whole_lines(tmp_path: Path) -> None:
    text = (FILES / "aiperf" / "ok" / "profile_export.jsonl").read_text()
    (tmp_path / "profile_export.jsonl").write_text(text[:-100])
    found = read_aiperf(tmp_path, PLACE, set(), rate=15)
    assert found.block.steps[0].requests == 15  # 19 of 20, without 4 of the head
    assert found.notes[:2] == (
        "the last line was cut off: the run was killed",
        "there is no summary: the run was killed, or every request failed",
    )


def test_llmeters_runs_are_read() -> None:
    found = read_llmeter(FILES / "llmeter" / "stream", PLACE)
    (step,) = found.block.steps
    assert (step.at_once, step.requests, step.failed) == (3, 15, {})
    assert step.goodput == pytest.approx(15 / 0.9200291959996321)
    assert found.block.warm_up_requests is None
    assert found.notes == (
        "throughput and latencies are of the whole run, its slow beginning and its end included",
        "each prompt was sent 3 times, once by each client: a prefix cache is warm for the others",
    )


def test_llmeters_clock_readings_are_no_latencies() -> None:
    found = read_llmeter(FILES / "llmeter" / "clock", PLACE)
    assert (found.block.steps[0].failed, found.block.steps[0].goodput) == ({"unusable": 15}, 0.0)
    assert (
        "15 latencies are longer than the whole run: clock readings, not latencies; they count as failed" in found.notes
    )


def test_the_retries_that_hide_errors_are_counted() -> None:
    """boto3 repeated what the server refused; the rows look like successes."""
    found = read_llmeter(FILES / "llmeter" / "flaky", PLACE)
    assert (found.block.steps[0].failed, found.block.steps[0].retries) == ({}, 6)


def _archive(folder: Path, *names: str) -> Path:
    path = folder / "output.tar.gz"
    with tarfile.open(path, "w:gz") as opened:
        for name in names:
            opened.add(FILES / "aiperf" / "ok" / name, f"results/{name}")
    return path


def test_the_archive_of_a_benchmark_job_with_and_without_requests(tmp_path: Path) -> None:
    names = ("profile_export.jsonl", "profile_export_aiperf.json", "inputs.json")
    whole = read_aws_benchmark(_archive(tmp_path, *names), PLACE, set())
    assert whole.block.steps == read_aiperf(FILES / "aiperf" / "ok", PLACE, set()).block.steps
    found = read_aws_benchmark(_archive(tmp_path, names[1]), PLACE, set(), rate=15)
    (step,) = found.block.steps
    assert (step.requests, step.goodput, step.prompts) == (20, pytest.approx(14.150933146812335), "")
    assert step.latencies["ttft p95"] == pytest.approx(0.05580546595)
    assert found.notes == ("the archive has no requests: order, lateness, prompts and warm-up cannot be checked",)


def test_an_archive_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"got 'inputs.json'; allowed: an archive with profile_export_aiperf.json"
    ):
        read_aws_benchmark(_archive(tmp_path, "inputs.json"), PLACE, set(), rate=15)
    (tmp_path / "other.tar.gz").write_text("text")
    with pytest.raises(ConfigurationError, match="allowed: a tar archive that can be read"):
        read_aws_benchmark(tmp_path / "other.tar.gz", PLACE, set())


def test_guidellms_intended_times_are_read(tmp_path: Path) -> None:
    """Made by hand from the field names of the wheel: no run of guidellm was tried."""

    def request(start: float) -> dict[str, object]:
        timings = {
            "targeted_start": start,
            "request_start": start + 0.002,
            "first_token_iteration": start + 0.052,
            "request_end": start + 0.102,
        }
        metrics = {"input_metrics": {"text_tokens": 5}, "output_metrics": {"text_tokens": 8}}
        return {"request_args": f"prompt {start}", "info": {"timings": timings}, **metrics}

    successful = [request(1000 + number / 10) for number in range(20)]
    path = tmp_path / "benchmarks.json"
    path.write_text(json.dumps({"benchmarks": [{"requests": {"successful": successful, "errored": []}}]}))
    (step,) = read_guidellm(path, PLACE, set(), rates=[10.0]).block.steps
    assert (step.requests, step.tokens_out) == (16, 8.0)
    assert step.lateness_p99 == pytest.approx(0.002, abs=1e-6)
    assert step.latencies["ttft p50"] == pytest.approx(0.05, abs=1e-6)
    with pytest.raises(ConfigurationError, match="as many rates or numbers at once as benchmarks"):
        read_guidellm(path, PLACE, set())

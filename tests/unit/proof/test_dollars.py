"""The cost at a user's own traffic, and what `choose --measured` reads of a comparison."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from cdk_inference.cli import main
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting.count_range import CountRange
from cdk_inference.proof.candidate import Candidate, HourlyPrice
from cdk_inference.proof.dollars import TrafficCost, cost_of_traffic
from cdk_inference.proof.folder import block_name
from cdk_inference.proof.measured import measured_throughput
from cdk_inference.proof.recording import Recording, StepPlan
from cdk_inference.proof.request import Request
from cdk_inference.proof.result_file import BlockWriter

TODAY = datetime.date(2026, 11, 29)


def test_traffic_needs_whole_instances() -> None:
    # One instance serves 3600 an hour. 12 hours of 3600 need 1, 12 hours of 3601 need 2: 1.5 on average.
    found = cost_of_traffic(
        [3600.0] * 12 + [3601.0] * 12,
        requests_per_second=1.0,
        usd_per_instance_hour=2.0,
        counts=CountRange.scheduled(1, 4),
    )
    assert isinstance(found, TrafficCost)
    assert (found.average_instances, found.usd_per_month) == (1.5, 1.5 * 2 * 730)
    assert found.usd_per_1000_requests == pytest.approx(1.5 * 2 / 3600.5 * 1000)


def test_idle_instances_are_paid_and_limits_kept() -> None:
    quiet = cost_of_traffic(
        [36.0] * 24, requests_per_second=1.0, usd_per_instance_hour=2.0, counts=CountRange.scheduled(2, 4)
    )
    assert isinstance(quiet, TrafficCost)
    assert quiet.average_instances == 2.0
    busy = cost_of_traffic([18001.0], requests_per_second=1.0, usd_per_instance_hour=2.0, counts=CountRange.fixed(5))
    assert busy == Unknown("hour 0 needs 6 instances, 5 is the most")
    assert isinstance(
        cost_of_traffic([], requests_per_second=1.0, usd_per_instance_hour=2.0, counts=CountRange.fixed(5)), Unknown
    )


def comparison(folder: Path, **facts: str) -> Path:
    """Six pairs at 10 and 20 requests/s, of 2 instances each."""
    claim = {"metric": "throughput", "candidate": "new", "than": "old", "at": "latency p95 <= 200 ms", "source": "x"}
    content = {"format": "cdk-inference run", "version": 1, "run": "1", "name": "x", "looks": [6]}
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps({**content, "claims": [{**claim, "at_least_percent_higher": 50}]}))
    price = HourlyPrice(usd_per_hour=1.0, instances=2, date="2026-11-29", source="x")
    for position in range(12):
        pair, name = position // 2, "old" if position % 4 in (0, 3) else "new"
        rates = (8.0, 16.0) if name == "old" else (16.0, 32.0)
        kind = {"old": "ml.g6.xlarge", "new": "ml.inf2.xlarge"}[name]
        candidate = Candidate(name=name, price=price, facts={"instance_type": kind, **facts})
        steps = tuple(StepPlan(rate=rate) for rate in rates)
        head = Recording(run="1", candidate=candidate, pair=pair, position=position, steps=steps, requests=())
        with BlockWriter(folder / block_name(position, name), head) as writer:
            for step, rate in enumerate(rates):
                for number in range(100):
                    due = step * 100 + number / rate
                    # 100 ms, then 400 ms: the target of 200 ms is half way in logarithms, at rate * sqrt(2).
                    end = due + 0.1 * 4**step
                    prompt = f"{pair}-{step}-{number}"
                    writer.append(
                        Request(step=step, sent=due, due=due, end=end, status="ok", tokens_out=8, prompt=prompt)
                    )
            writer.finish(clock_jump_seconds=0.0, usd=0.1)
    return folder


def test_choose_reads_a_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = comparison(tmp_path / "run")
    found = measured_throughput(folder)
    assert found["ml.g6.xlarge"].requests_per_second == pytest.approx(8 * 2**0.5 / 2)
    assert found["ml.inf2.xlarge"].tokens_per_second == pytest.approx(16 * 2**0.5 / 2 * 8)
    arguments = "choose --parameters 1e9 --precision bf16 --context 2048 --batch 1 --region us-east-1 --measured"
    assert main([*arguments.split(), str(folder)], TODAY) == 0
    text = capsys.readouterr().out
    row = next(line for line in text.splitlines() if line.startswith("ml.inf2.xlarge"))
    # $0.99 an hour over 11.31 requests a second.
    assert "$0.02431" in row


def test_a_comparison_that_was_refused_is_not_read(tmp_path: Path) -> None:
    folder = comparison(tmp_path / "run")
    for path in folder.glob("*-new.jsonl"):
        path.write_text(path.read_text().replace('"prompt":"', '"prompt":"other '))
    with pytest.raises(
        ConfigurationError, match="received different prompts in 6 pairs'; allowed: a comparison that is fair"
    ):
        measured_throughput(folder)

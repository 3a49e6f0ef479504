"""Our own file: written as requests end, read back, cut off, of another run or version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.candidate import Candidate, CandidatePrice, HourlyPrice, PricePerToken
from cdk_inference.proof.folder import read_folder, set_aside
from cdk_inference.proof.recording import Recording, StepPlan
from cdk_inference.proof.request import Request
from cdk_inference.proof.result_file import BlockWriter, read_block

PRICE = HourlyPrice(usd_per_hour=0.99, instances=2, date="2026-09-27", source="listed")
REQUESTS = (
    Request(step=0, sent=0.5, status="ok", warm_up=True, end=0.6, prompt="aa"),
    Request(step=0, sent=1.001, due=1.0, first_token=1.02, end=1.1, status="ok", tokens_in=5, tokens_out=8, answer="Ä"),
    Request(step=1, sent=2.0, due=2.0, end=2.5, status="throttled", error="HTTP 429"),
)


def recording(price: CandidatePrice = PRICE, position: int = 0, run: str = "0123") -> Recording:
    candidate = Candidate(name="new", price=price, facts={"instance_type": "ml.inf2.xlarge"})
    steps = (StepPlan(rate=10.0), StepPlan(at_once=8))
    return Recording(
        run=run,
        candidate=candidate,
        pair=3,
        position=position,
        steps=steps,
        requests=(),
        started="2026-11-29T12:00:00Z",
    )


def written(path: Path, finish: bool = True, price: CandidatePrice = PRICE) -> Path:
    with BlockWriter(path, recording(price)) as writer:
        for request in REQUESTS:
            writer.append(request)
        if finish:
            writer.finish(clock_jump_seconds=0.25, usd=0.01)
    return path


@pytest.mark.parametrize(
    "price",
    [
        PRICE,
        PricePerToken(usd_per_million_input=1.0, usd_per_million_output=5.0, date="2026-11-01", source="a list"),
        Unknown("no price of ml.x"),
    ],
)
def test_what_is_written_is_read(tmp_path: Path, price: CandidatePrice) -> None:
    found, complete = read_block(written(tmp_path / "block.jsonl", price=price))
    assert complete
    assert found.requests == REQUESTS
    assert (found.candidate, found.steps, found.pair) == (recording(price).candidate, recording().steps, 3)
    assert (found.clock_jump_seconds, found.usd) == (0.25, 0.01)


def test_every_byte_that_a_killed_run_can_leave_is_read(tmp_path: Path) -> None:
    """Cut off anywhere after the header: the whole requests before the cut are there, and the block has no end."""
    content = written(tmp_path / "whole.jsonl").read_bytes()
    header = content.index(b"\n") + 1
    path = tmp_path / "cut.jsonl"
    for length in range(header, len(content) - 1):
        path.write_bytes(content[:length])
        found, complete = read_block(path)
        whole = content[header:length].count(b"\n")
        assert not complete
        assert len(found.requests) in (whole, whole + 1)


def test_a_block_is_never_overwritten(tmp_path: Path) -> None:
    path = written(tmp_path / "block.jsonl")
    with pytest.raises(FileExistsError):
        written(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "got 'an empty file'; allowed: a first line with format 'cdk-inference block'"),
        ('{"a": 1}', "allowed: a first line with format 'cdk-inference block'"),
        ('{"format": "cdk-inference block", "version": 2}', "got 'version 2'; allowed: version 1"),
        (
            '{"format": "cdk-inference block", "version": 1}',
            "got \"KeyError: 'candidate'\"; allowed: a complete header",
        ),
    ],
)
def test_another_file_is_refused(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text(line)
    with pytest.raises(ConfigurationError) as caught:
        read_block(path)
    assert message in str(caught.value)


def test_a_request_that_is_none_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "block.jsonl")
    path.write_text(path.read_text().replace('"status":"throttled"', '"status":"maybe"'))
    with pytest.raises(ConfigurationError, match=r"line 4: .*; allowed: a request"):
        read_block(path)


def _folder(path: Path, run: str = "0123") -> Path:
    path.mkdir(exist_ok=True)
    content = {"format": "cdk-inference run", "version": 1, "run": run, "name": "x", "looks": [10]}
    (path / "run.json").write_text(json.dumps(content))
    return path


def test_interrupted_blocks_are_kept_aside(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "run")
    written(folder / "block-0000-new.jsonl")
    written(folder / "block-0001-new.jsonl", finish=False)
    assert [path.name for path in set_aside(folder)] == ["0000-block-0001-new.jsonl"]
    found = read_folder(folder)
    assert ([len(one.requests) for one in found.recordings], len(found.interrupted)) == ([3], 1)


def test_a_block_of_another_run_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "run", run="4567")
    written(folder / "block-0000-new.jsonl")
    with pytest.raises(ConfigurationError) as caught:
        read_folder(folder)
    assert "run: got '0123'; allowed: blocks of run 4567; fix: move it to a folder of its own" in str(caught.value)
    with pytest.raises(ConfigurationError, match=r"4567'; allowed: 89, the run of this specification"):
        read_folder(folder, "89")

"""The sender against the local server: every protocol, failures, late clients, interrupted and resumed runs."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import fcntl
import itertools
import json
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import boto3
import pytest
from aiohttp import web
from botocore.credentials import Credentials

from cdk_inference.cli import main
from cdk_inference.pricing.book import price_book
from cdk_inference.proof.folder import read_folder
from cdk_inference.proof.request import Request
from cdk_inference.proof.spec import Spec, read_spec
from cdk_inference.sender.protocols import PROTOCOLS
from cdk_inference.sender.run import RunError, run
from cdk_inference.sender.send import Planned, Sender, Target
from localserver.backends import Backend, QueueBackend, RefusedError
from localserver.queueing import Queue
from localserver.server import application

TODAY = datetime.date(2026, 11, 29)
QUICK = Queue(slots=8, service_seconds=0.004, first_token_seconds=0.002)


class Failing:
    """Refuses everything."""

    def __init__(self, throttled: bool) -> None:
        self._throttled = throttled

    async def answer(self, prompt: str, tokens: int) -> AsyncIterator[str]:
        raise RefusedError(self._throttled)
        yield prompt * tokens


class Hanging:
    """Never answers."""

    async def answer(self, prompt: str, tokens: int) -> AsyncIterator[str]:
        await asyncio.sleep(3600)
        yield prompt * tokens


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The local server, in a thread of its own."""
    found: list[str] = []
    stops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    ready = threading.Event()

    async def serve() -> None:
        backends: dict[str, Backend] = {
            "old": QueueBackend(QUICK),
            "new": QueueBackend(QUICK),
            "throttled": Failing(True),
            "broken": Failing(False),
            "hanging": Hanging(),
        }
        runner = web.AppRunner(application(backends), access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.append(f"http://127.0.0.1:{runner.addresses[0][1]}")
        stops.append((asyncio.get_running_loop(), asyncio.Event()))
        ready.set()
        await stops[0][1].wait()
        await runner.cleanup()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    yield found[0]
    loop, stop = stops[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join()


def send(url: str, protocol: str, name: str = "new", count: int = 3, timeout: float = 10) -> list[Request]:
    """Sends `count` requests in an open loop, 20 ms apart."""
    chosen = PROTOCOLS[protocol]
    target = Target(
        protocol=chosen,
        name=name,
        url=chosen.url(name, url, "us-east-1"),
        region="us-east-1",
        body=chosen.body,
        max_tokens=4,
        timeout_seconds=timeout,
        credentials=Credentials("local", "local") if chosen.service else None,
        answers="text",
    )
    done: list[Request] = []

    async def all_of_them() -> None:
        async with aiohttp.ClientSession() as session:
            sender = Sender(target, session, done.append)
            start = sender.now() + 0.05
            planned = [Planned(step=0, prompt=f"Prompt {n}", due=start + n / 50) for n in range(count)]
            await sender.open_loop(planned)
            await sender.landed()

    asyncio.run(all_of_them())
    return done


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_protocol_is_spoken(url: str, protocol: str) -> None:
    found = send(url, protocol)
    assert [one.status for one in found] == ["ok"] * 3, found[0].error
    streamed = protocol.endswith("-stream")
    for one in found:
        assert (one.tokens_in, one.tokens_out) == (2, 4)
        assert len(one.answer.split()) == 4
        assert (one.first_token is not None) == streamed
        assert one.end is not None
        assert 0 <= (one.lateness or 0) < (one.first_token or one.end) - one.sent + 1


def test_the_streams_are_those_that_boto3_reads(url: str) -> None:
    """The server is judged by botocore, which parses and checks every event."""
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    client = boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=url, **keys)
    messages = [{"role": "user", "content": [{"text": "Prompt 0"}]}]
    stream = client.converse_stream(modelId="new", messages=messages, inferenceConfig={"maxTokens": 4})["stream"]
    events = list(stream)
    assert [next(iter(event)) for event in events] == [
        "messageStart",
        *["contentBlockDelta"] * 4,
        "contentBlockStop",
        "messageStop",
        "metadata",
    ]
    assert events[-1]["metadata"]["usage"] == {"inputTokens": 2, "outputTokens": 4, "totalTokens": 6}


@pytest.mark.parametrize(
    ("name", "status", "error"),
    [
        ("throttled", "throttled", 'HTTP 429: {"message": "ThrottlingException"}'),
        ("broken", "error", 'HTTP 500: {"message": "ModelError"}'),
        ("missing", "error", 'HTTP 404: {"message": "no endpoint or model missing"}'),
        ("hanging", "timeout", "no answer within 0.3 s"),
    ],
)
def test_failures_are_recorded(url: str, name: str, status: str, error: str) -> None:
    found = send(url, "sagemaker-stream", name, timeout=0.3 if name == "hanging" else 20)
    assert {(one.status, one.error, one.first_token) for one in found} == {(status, error, None)}


def test_an_open_loop_does_not_wait_for_answers(url: str) -> None:
    found = send(url, "openai", "hanging", count=5, timeout=0.5)
    gaps = [later.sent - earlier.sent for earlier, later in itertools.pairwise(found)]
    assert max(gaps) < 0.5


def write_spec(folder: Path, url: str, new: str = "new", **changes: object) -> Path:
    """A small comparison: two rates, six pairs."""
    content = {
        "name": "small",
        "prompts": "prompts.txt",
        "max_tokens": 4,
        "requests_per_step": 75,
        "warm_up_requests": 2,
        "looks": [6],
        "answers": "text",
        "timeout_seconds": 20,
        **changes,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in content.items() if value is not None]
    for name, endpoint in (("old", "old"), ("new", new)):
        lines += ["", "[[candidate]]", f'name = "{name}"', 'protocol = "sagemaker-stream"', f'endpoint = "{endpoint}"']
        lines += ['region = "us-east-1"', f'url = "{url}"', "rates = [400]", "usd_per_hour = 1.0"]
        lines += ['price_source = "a test"', 'price_date = "2026-11-29"']
    (folder / "prompts.txt").write_text("".join(f"Prompt {number}\n" for number in range(500)))
    path = folder / "spec.toml"
    path.write_text("\n".join(lines) + "\n")
    return path


def spec_of(folder: Path, url: str, new: str = "new", **changes: object) -> Spec:
    return read_spec(write_spec(folder, url, new, **changes), price_book([], TODAY))


class StopError(Exception):
    """Stands for a kill."""


def test_a_killed_run_goes_on_by_the_command_and_loses_the_block_in_flight(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, folder = write_spec(tmp_path, url), tmp_path / "comparisons" / "small"
    path.write_text(
        path.read_text()
        + '\n[[claim]]\nmetric = "cost per 1000 requests"\ncandidate = "new"\nthan = "old"\nat = "400 requests/s"\n'
        + 'at_least_percent_lower = 90\nsource = "a test"\n'
    )

    def kill(line: str) -> None:
        if line.startswith("block 2"):
            raise StopError

    with contextlib.suppress(StopError):
        run(read_spec(path, price_book([], TODAY)), folder, kill)
    (folder / "block-0002-new.jsonl").write_text((folder / "block-0001-new.jsonl").read_text()[:-40])
    assert main(["compare", "run", str(path)], TODAY) == 1
    said = capsys.readouterr()
    assert "2 of 12 blocks are there" in said.err
    assert said.out.splitlines()[0].split(":")[0] in ("REFUTED", "REFUSED")
    assert "12 of 12 blocks" in said.out
    found = read_folder(folder)
    assert (len(found.recordings), len(found.interrupted)) == (12, 1)
    # ABBA: the order turns round with each pair.
    assert [one.candidate.name for one in found.recordings][:4] == ["old", "new", "new", "old"]
    # Both sides of a pair got the same prompts, none of them a warm-up's.
    first, second = ({one.prompt for one in each.requests if not one.warm_up} for each in found.recordings[:2])
    warm = {one.prompt for one in found.recordings[0].requests if one.warm_up}
    assert first == second
    assert len(warm) == 2
    assert not warm & first
    assert all(one.usd and one.usd > 0 for one in found.recordings)

    assert main(["compare", "report", str(folder), "--format", "json"], TODAY) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdicts"][0]["pairs"] == 6
    assert report["verdicts"][0]["answers"]["agreement"]["estimate"] == 1.0
    for form in ("html", "markdown"):
        assert main(["compare", "report", str(folder), "--format", form], TODAY) == 1
        assert report["headline"] in capsys.readouterr().out


def test_a_candidate_that_does_not_answer_ends_the_run(url: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"^new does not answer: HTTP 500: \{\"message\": \"ModelError\"\}$"):
        run(spec_of(tmp_path, url, new="broken"), tmp_path / "out", lambda _: None)
    with pytest.raises(RunError, match=r"^new does not answer: no answer within 2 s$"):
        run(spec_of(tmp_path, url, new="hanging", timeout_seconds=2), tmp_path / "other", lambda _: None)


def test_the_budget_ends_the_run_before_it_is_exceeded(url: str, tmp_path: Path) -> None:
    # 75 requests at 400/s of two instances at $1 an hour: 0.1875 s, $0.000104.
    outcome = run(spec_of(tmp_path, url, max_usd=0.0001), tmp_path / "out", lambda _: None)
    assert outcome.ended == "max_usd 0.0001 would be exceeded: $0 spent, the next block would cost about $0.0001042"
    assert list((tmp_path / "out").glob("block-*")) == []


def test_two_runs_at_once_and_another_specification_are_refused(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RunError, match="another run writes to this folder"):
            run(spec_of(tmp_path, url), folder, lambda _: None)
    run(spec_of(tmp_path, url, max_usd=1e-9), folder, lambda _: None)
    with pytest.raises(ValueError, match="prompts, rates, candidates or claims were changed"):
        run(spec_of(tmp_path, url, max_tokens=5), folder, lambda _: None)

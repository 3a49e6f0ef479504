"""How late the sender of `compare run` is, against the local server on the same machine; a section of results.md.

python benchmarks/lateness.py [--rates 200 500] [--seconds 10]
"""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import aiohttp
from botocore.credentials import Credentials
from section import put_section

from cdk_inference.proof.request import Request
from cdk_inference.proof.step import quantile
from cdk_inference.sender.loop import run_loop
from cdk_inference.sender.protocols import PROTOCOLS
from cdk_inference.sender.run import SIGNING_SECONDS
from cdk_inference.sender.send import Planned, Sender, Target

HERE = Path(__file__).parent
PORT = 9117
FIRST_TOKEN_MS = 20
ENDPOINTS = f"""\
[constant]
slots = 10000
service_seconds = 0.03
first_token_seconds = {FIRST_TOKEN_MS / 1000}
first_token_sigma = 0.0
sigma = 0.0
"""
LIMIT_MS = 5.0


async def send(protocol: str, rate: float, count: int) -> list[Request]:
    """Sends at a constant rate, signed where the protocol is."""
    chosen = PROTOCOLS[protocol]
    target = Target(
        protocol=chosen,
        name="constant",
        url=chosen.url("constant", f"http://127.0.0.1:{PORT}", "us-east-1"),
        region="us-east-1",
        body=chosen.body,
        max_tokens=8,
        timeout_seconds=30,
        credentials=Credentials("local", "local") if chosen.service else None,
    )
    done: list[Request] = []
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        sender = Sender(target, session, done.append)
        await sender.closed_loop([Planned(step=0, prompt=f"Warm-up {n}", warm_up=True) for n in range(20)], 4)
        start = sender.now() + max(1, count * SIGNING_SECONDS)
        planned = [Planned(step=0, prompt=f"Prompt {n}", due=start + n / rate) for n in range(count)]
        await sender.open_loop(planned)
        await sender.landed()
    return [one for one in done if not one.warm_up]


def row(protocol: str, rate: float, requests: list[Request]) -> tuple[str, float]:
    """(a row of the table, the p99 of lateness in ms)."""
    late = sorted((one.lateness or 0) * 1000 for one in requests)
    first = sorted(one.ttft * 1000 for one in requests if one.ttft is not None)
    p50, p99 = quantile(late, 50), quantile(late, 99)
    above = quantile(first, 50) - FIRST_TOKEN_MS
    failed = len(requests) - len(first)
    times = " | ".join(f"{one:.2f}" for one in (p50, p99, late[-1], above))
    return f"| {protocol} | {rate:g} | {len(requests)} | {failed} | {times} |", p99


def _priority() -> str:
    """Under real-time priority other processes on the machine do not delay the sender."""
    real_time = hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) in (os.SCHED_RR, os.SCHED_FIFO)
    return "real-time" if real_time else "normal"


def main() -> None:
    """Every streaming protocol in turn, at each rate."""
    parser = argparse.ArgumentParser(description="Lateness of cdk-inference's sender.")
    parser.add_argument("--rates", type=float, nargs="+", default=[200, 500], help="requests per second")
    parser.add_argument("--seconds", type=float, default=10, help="of each protocol at each rate")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "endpoints.toml"
        path.write_text(ENDPOINTS, encoding="utf-8")
        command = [sys.executable, "-m", "localserver", "--port", str(PORT), str(path)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            server.stdout.readline()  # the address, once it listens
            streams = [name for name in PROTOCOLS if name.endswith("-stream")]
            found = {
                rate: [row(name, rate, run_loop(send(name, rate, int(chosen.seconds * rate)))) for name in streams]
                for rate in chosen.rates
            }
        finally:
            server.terminate()
            server.wait()
    text = "\n".join(
        [
            "## Lateness of the sender",
            "",
            *(
                f"- At {rate:g} requests per second, p99 of lateness under {LIMIT_MS:g} ms: "
                f"**{'met' if max(late for _, late in rows) < LIMIT_MS else 'missed'}**."
                for rate, rows in found.items()
            ),
            "",
            f"Measured {datetime.date.today()} on {os.cpu_count()} cores: one process that sends, the local server in "
            f"another, with {_priority()} priority.",
            "Requests to AWS's paths are signed. The first token is planned after 20 ms; what is above that is the",
            "sender's overhead and the server's own lateness together.",
            "",
            "| protocol | rate | requests | failed | late p50, ms | p99 | most | first token above plan, p50, ms |",
            "|---|--:|--:|--:|--:|--:|--:|--:|",
            *(line for rows in found.values() for line, _ in rows),
        ]
    )
    put_section(HERE / "results.md", "lateness", text)
    print(text)


if __name__ == "__main__":
    main()

"""Reads a folder that awslabs' LLMeter wrote (0.2.0 was tried): responses.jsonl and summary.json.

LLMeter runs a closed loop, and writes start times in whole seconds: no order, overlap or lateness can be read, and the
throughput is that of the whole run with its beginning and end.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

from cdk_inference.proof.block import Block
from cdk_inference.proof.readers.imported import Imported, Place, bad, json_lines, json_object, number
from cdk_inference.proof.step import PERCENTS, Step, quantile

LINES, SUMMARY = "responses.jsonl", "summary.json"
_TIMES = {"ttft": "time_to_first_token", "latency": "time_to_last_token"}


def read_llmeter(folder: Path, place: Place) -> Imported:
    """Returns the block in `folder`. Raises ConfigurationError."""
    lines, cut = json_lines(folder / LINES)
    summary = json_object(folder / SUMMARY)
    if not lines or summary is None:
        bad(folder, "no responses or no summary", f"LLMeter's {LINES} and {SUMMARY} of a run that ended")
    seconds, clients = number(summary, "total_test_time"), number(summary, "clients")
    if not seconds or not clients:
        bad(folder, f"total_test_time {seconds}, clients {clients}", "both, above 0")
    wanted = number(summary, "total_requests")
    notes = ["throughput and latencies are of the whole run, its slow beginning and its end included"]
    if cut or (wanted is not None and wanted != len(lines)):
        notes.append(f"the summary counts {wanted or 0:g} requests, {len(lines)} are there")
    statuses = [_status(line, seconds) for line in lines]
    if "unusable" in statuses:
        count = statuses.count("unusable")
        notes.append(
            f"{count} latencies are longer than the whole run: clock readings, not latencies; they count as failed"
        )
    answered = [line for line, status in zip(lines, statuses, strict=True) if status == "ok"]
    step = Step(
        rate=None,
        at_once=int(clients),
        requests=len(lines),
        goodput=len(answered) / seconds,
        latencies=_latencies(lines, statuses),
        failed=dict(Counter(status for status in statuses if status != "ok")),
        retries=sum(int(number(line, "retries") or 0) for line in lines),
        tokens_in=_mean(answered, "num_tokens_input"),
        tokens_out=_mean(answered, "num_tokens_output"),
    )
    prompts = {str(line.get("input_prompt") or line.get("input_payload")) for line in lines}
    if len(prompts) < len(lines):
        times = len(lines) / len(prompts)
        notes.append(
            f"each prompt was sent {times:.3g} times, once by each client: a prefix cache is warm for the others"
        )
    block = Block(
        candidate=place.candidate,
        pair=place.pair,
        position=place.position,
        steps=(step,),
        source=str(folder / LINES),
    )
    return Imported(block=block, notes=tuple(notes))


def _status(line: Mapping[str, Any], seconds: float) -> str:
    if line.get("error"):
        return "throttled" if "Throttl" in str(line["error"]) or "429" in str(line["error"]) else "error"
    times = [number(line, name) for name in _TIMES.values()]
    known = [time for time in times if time is not None]
    # SageMaker endpoints without streaming: the reading of a clock is written as the latency.
    return "unusable" if not known or any(not 0 < time <= seconds for time in known) else "ok"


def _latencies(lines: list[dict[str, Any]], statuses: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, key in _TIMES.items():
        values = []
        for line, status in zip(lines, statuses, strict=True):
            value = number(line, key) if status == "ok" else math.inf
            if value is None:
                break
            values.append(value)
        if len(values) == len(lines):
            found |= {f"{name} p{percent:g}": quantile(sorted(values), percent) for percent in PERCENTS}
    return found


def _mean(lines: list[dict[str, Any]], key: str) -> float | None:
    values = [number(line, key) for line in lines]
    known = [value for value in values if value is not None]
    return fmean(known) if known and len(known) == len(values) else None

"""Reads a folder that NVIDIA AIPerf wrote (0.13.0 was tried): profile_export.jsonl, one line a request.

The lines carry no version, so metrics are read by name and unit, and what is missing is unknown. The summary is used
for the load only, and only where its counts are those of the lines: a folder that is used again keeps the old summary
when the new run fails.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdk_inference.proof.block import Block
from cdk_inference.proof.readers.imported import Imported, Place, bad, json_lines, json_object, number
from cdk_inference.proof.request import Request, Status
from cdk_inference.proof.step import summarize

LINES, SUMMARY, INPUTS = "profile_export.jsonl", "profile_export_aiperf.json", "inputs.json"
_NS = 1e9


def read_aiperf(
    folder: Path, place: Place, seen: set[str], *, rate: float | None = None, at_once: int | None = None
) -> Imported:
    """Returns the block in `folder`. Raises ConfigurationError.

    Args:
        seen: Hashes of the prompts that the candidate received before; this block's are added.
        rate, at_once: The load, where the summary does not say it.
    """
    path = folder / LINES
    lines, cut = json_lines(path)
    if not lines or not all("metadata" in line and "metrics" in line for line in lines):
        bad(path, "no line with metadata and metrics", f"AIPerf's {LINES}")
    notes = ["the last line was cut off: the run was killed"] if cut else []
    prompts = _prompts(folder / INPUTS)
    start = min(line["metadata"]["request_start_ns"] for line in lines)
    requests = [_request(line, start, prompts) for line in lines]
    measured = [one for one in requests if not one.warm_up]
    summary = json_object(folder / SUMMARY)
    if summary is None:
        notes.append("there is no summary: the run was killed, or every request failed")
    elif _differs(summary, measured):
        notes.append("the summary is of another run than the lines, and is not used")
        summary = None
    phase = _phase(summary or {})
    if rate is None and at_once is None:
        rate, at_once = number(phase, "rate"), _whole(number(phase, "concurrency"))
    if rate is None and at_once is None:
        bad(folder, "a run whose load is unknown", "rate or at_once, as it was run")
    if rate is None:
        measured = [replace(one, due=None) for one in measured]
    elif phase.get("type") == "constant":
        measured = _due(measured, rate)
    else:
        notes.append("lateness is counted from the issue of a request, since the intended time is not written")
    unusable = sum(one.status == "unusable" for one in measured)
    if unusable:
        notes.append(f"{unusable} requests end before they start, and count as failed")
    warm_up = [one for one in requests if one.warm_up]
    seen.update(one.prompt for one in warm_up if one.prompt)
    step = summarize(measured, rate=rate, at_once=at_once, seen=seen)
    block = Block(
        candidate=place.candidate,
        pair=place.pair,
        position=place.position,
        steps=() if step is None else (step,),
        warm_up_requests=len(warm_up),
        source=str(path),
    )
    return Imported(block=block, notes=tuple(notes))


def _request(line: Mapping[str, Any], start: int, prompts: Mapping[str, str]) -> Request:
    about, metrics, error = line["metadata"], line["metrics"], line.get("error")
    sent, end = (about["request_start_ns"] - start) / _NS, (about["request_end_ns"] - start) / _NS
    status: Status = "ok"
    if error:
        status = "throttled" if error.get("code") == 429 else "error"
        if "timeout" in str(error.get("type", "")).lower():
            status = "timeout"
    elif about.get("was_cancelled"):
        status = "error"
    elif end <= sent:
        status = "unusable"
    ttft = _milliseconds(metrics, "time_to_first_token")
    return Request(
        step=0,
        sent=sent,
        due=(about["credit_issued_ns"] - start) / _NS if "credit_issued_ns" in about else None,
        first_token=None if ttft is None or status != "ok" else sent + ttft / 1000,
        # A failed request is written with an end that equals its start.
        end=end if end > sent else None,
        status=status,
        warm_up=about.get("benchmark_phase") == "warmup",
        tokens_in=_tokens(metrics, "usage_prompt_tokens", "input_sequence_length"),
        tokens_out=_tokens(metrics, "usage_completion_tokens", "output_sequence_length"),
        prompt=prompts.get(about.get("conversation_id", ""), ""),
        error="" if not error else f"{error.get('code', '')} {error.get('type', '')}: {error.get('message', '')}"[:200],
    )


def _due(requests: list[Request], rate: float) -> list[Request]:
    """At a constant rate the intended times follow from the first issue."""
    ordered = sorted(requests, key=lambda one: one.due or one.sent)
    first = ordered[0].due
    return ordered if first is None else [replace(one, due=first + n / rate) for n, one in enumerate(ordered)]


def _differs(summary: Mapping[str, Any], measured: list[Request]) -> bool:
    succeeded, every = number(summary, "request_count", "avg"), number(summary, "completed_request_count", "avg")
    ok = sum(one.status in ("ok", "unusable") for one in measured)
    return succeeded != ok or (every is not None and every != len(measured))


def _phase(summary: Mapping[str, Any]) -> Mapping[str, Any]:
    phases = (summary.get("input_config") or {}).get("phases") or []
    return next((one for one in phases if one.get("kind") == "profiling"), {})


def _prompts(path: Path) -> dict[str, str]:
    """Conversation id -> hash of the last message; ids are new in each run, texts are not."""
    found = {}
    for session in (json_object(path) or {}).get("data", []):
        payloads = session.get("payloads") or [{}]
        messages = payloads[-1].get("messages") or [{}]
        content = messages[-1].get("content", "")
        text = content if isinstance(content, str) else json.dumps(content)
        if text:
            found[session["session_id"]] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def _milliseconds(metrics: Mapping[str, Any], name: str) -> float | None:
    if (metrics.get(name) or {}).get("unit") != "ms":
        return None
    return number(metrics, name, "value")


def _tokens(metrics: Mapping[str, Any], *names: str) -> int | None:
    found = (number(metrics, name, "value") for name in names)
    return _whole(next((value for value in found if value is not None), None))


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)

"""Reads guidellm's benchmarks.json (fields as in the wheel of 0.8.1; no run of it was tried).

guidellm is the only engine that writes when a request was meant to start (targeted_start).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdk_inference.proof.block import Block
from cdk_inference.proof.readers.imported import Imported, Place, bad, json_object, number
from cdk_inference.proof.request import Request, Status
from cdk_inference.proof.step import Step, summarize

_KINDS: Mapping[str, Status] = {"successful": "ok", "errored": "error", "incomplete": "error"}


def read_guidellm(
    path: Path, place: Place, seen: set[str], *, rates: list[float] | None = None, at_once: list[int] | None = None
) -> Imported:
    """Returns the block in `path`: one step per benchmark. Raises ConfigurationError.

    Args:
        rates, at_once: The load of each benchmark, in the order of the file; one of the two.
    """
    content = json_object(path) or {}
    benchmarks = content.get("benchmarks")
    if not isinstance(benchmarks, list) or not benchmarks or not all(isinstance(one, dict) for one in benchmarks):
        bad(path, "no benchmarks", "guidellm's benchmarks.json")
    loads = rates if rates is not None else at_once
    if loads is None or len(loads) != len(benchmarks):
        bad(path, f"{len(benchmarks)} benchmarks", "as many rates or numbers at once as benchmarks")
    steps: list[Step] = []
    notes: list[str] = []
    for index, benchmark in enumerate(benchmarks):
        requests = _requests(benchmark)
        if not requests:
            notes.append(f"benchmark {index} has no request with a start")
            continue
        rate = None if rates is None else rates[index]
        step = summarize(requests, rate=rate, at_once=None if at_once is None else at_once[index], seen=seen)
        steps += [] if step is None else [step]
    block = Block(
        candidate=place.candidate, pair=place.pair, position=place.position, steps=tuple(steps), source=str(path)
    )
    return Imported(block=block, notes=tuple(notes))


def _requests(benchmark: Mapping[str, Any]) -> list[Request]:
    groups = benchmark.get("requests")
    found = []
    for kind, status in _KINDS.items():
        for one in (groups or {}).get(kind) or []:
            times = (one.get("info") or {}).get("timings") or {}
            sent = number(times, "request_start")
            if sent is None:
                continue
            end = number(times, "request_end")
            text = one.get("request_args")
            text = text if isinstance(text, str) else json.dumps(text, sort_keys=True)
            tokens = [number(one, f"{side}_metrics", "text_tokens") for side in ("input", "output")]
            found.append(
                Request(
                    step=0,
                    sent=sent,
                    due=number(times, "targeted_start"),
                    first_token=number(times, "first_token_iteration") if status == "ok" else None,
                    end=end,
                    status="unusable" if status == "ok" and (end is None or end <= sent) else status,
                    tokens_in=None if tokens[0] is None else int(tokens[0]),
                    tokens_out=None if tokens[1] is None else int(tokens[1]),
                    prompt=hashlib.sha256(text.encode()).hexdigest()[:16] if one.get("request_args") else "",
                )
            )
    return found

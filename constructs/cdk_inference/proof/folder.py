"""The folder of a comparison: run.json, one result file per block, and interrupted blocks set aside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.proof.candidate import Candidate
from cdk_inference.proof.claim import Claim
from cdk_inference.proof.looks import Looks
from cdk_inference.proof.recording import Recording
from cdk_inference.proof.result_file import read_block, vars_of
from cdk_inference.proof.spec import Spec, read_claim

RUN, LOCK, INTERRUPTED = "run.json", ".lock", "interrupted"
FORMAT, VERSION = "cdk-inference run", 1


@dataclass(frozen=True, kw_only=True)
class Results:
    """What a folder holds.

    Args:
        recordings: Complete blocks, in the order of time.
        interrupted: Blocks without an end, which no verdict rests on.
        candidates: By name.
        claims, looks: As they were fixed before the first block.
    """

    run: str
    name: str
    looks: Looks
    claims: tuple[Claim, ...]
    traffic_per_hour: tuple[float, ...]
    scorer: str
    recordings: tuple[Recording, ...]
    interrupted: tuple[Recording, ...]
    candidates: Mapping[str, Candidate]


def block_name(position: int, candidate: str) -> str:
    """Returns the name of a block's file."""
    return f"block-{position:04d}-{candidate}.jsonl"


def write_run(folder: Path, spec: Spec) -> None:
    """Writes run.json; raises ConfigurationError where the folder belongs to another comparison."""
    path = folder / RUN
    content = {
        "format": FORMAT,
        "version": VERSION,
        "run": spec.run,
        "name": spec.name,
        "looks": list(spec.looks.pairs),
        "claims": [claim_line(claim) for claim in spec.claims],
        "traffic_per_hour": list(spec.traffic_per_hour),
        "scorer": spec.scorer,
    }
    if path.exists():
        _run_of(folder, spec.run)
    elif any(folder.glob("block-*.jsonl")):
        got = f"blocks without a {RUN}"
        raise ConfigurationError(str(folder), [Problem("folder", got, "an empty folder, or one of this run", _FIX)])
    else:
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def set_aside(folder: Path) -> list[Path]:
    """Moves blocks without an end into a folder of their own, and returns where they are now."""
    moved = []
    for path in sorted(folder.glob("block-*.jsonl")):
        try:
            complete = read_block(path)[1]
        except ConfigurationError:
            # Killed before the header was whole: nothing was measured.
            if path.stat().st_size and path.read_bytes().endswith(b"\n"):
                raise
            complete = False
        if complete:
            continue
        aside = folder / INTERRUPTED
        aside.mkdir(exist_ok=True)
        number = len(list(aside.iterdir()))
        moved.append(path.rename(aside / f"{number:04d}-{path.name}"))
    return moved


def read_folder(folder: Path, run: str | None = None) -> Results:
    """Returns the blocks in `folder`. Raises ConfigurationError for blocks of another run or version.

    Args:
        run: The id that is expected; None: that of run.json.
    """
    content = _content(folder)
    run = _run_of(folder, run)
    complete: list[Recording] = []
    interrupted: list[Recording] = []
    for path in sorted(folder.glob("block-*.jsonl")):
        recording, ended = read_block(path)
        if recording.run != run:
            allowed = f"blocks of run {run}"
            raise ConfigurationError(
                str(path), [Problem("run", recording.run, allowed, "move it to a folder of its own")]
            )
        (complete if ended else interrupted).append(recording)
    for path in sorted((folder / INTERRUPTED).glob("*.jsonl")):
        try:
            interrupted.append(read_block(path)[0])
        except ConfigurationError:
            continue  # not even its header is whole
    complete.sort(key=lambda one: one.position)
    try:
        claims = tuple(read_claim(one) for one in content.get("claims", []))
        looks = Looks(pairs=tuple(content["looks"]))
        traffic = tuple(map(float, content.get("traffic_per_hour", [])))
    except (KeyError, TypeError, ValueError) as error:
        problem = Problem("file", str(error), "what `compare run` wrote", _FIX)
        raise ConfigurationError(str(folder / RUN), [problem]) from None
    return Results(
        run=run,
        name=str(content.get("name", "")),
        looks=looks,
        claims=claims,
        traffic_per_hour=traffic,
        scorer=str(content.get("scorer", "")),
        recordings=tuple(complete),
        interrupted=tuple(interrupted),
        candidates={one.candidate.name: one.candidate for one in complete},
    )


def claim_line(claim: Claim) -> dict[str, Any]:
    """Returns a claim as a JSON object, as `read_claim` reads it."""
    found = {name: value for name, value in vars_of(claim).items() if value not in (None, "")}
    if claim.answers is not None:
        found["answers"] = vars_of(claim.answers)
    return found


def _run_of(folder: Path, wanted: str | None) -> str:
    run = str(_content(folder).get("run"))
    if wanted is not None and run != wanted:
        fix = "name another folder; prompts, rates, candidates or claims were changed since this one was begun"
        raise ConfigurationError(str(folder), [Problem("run", run, f"{wanted}, the run of this specification", fix)])
    return run


def _content(folder: Path) -> dict[str, Any]:
    path = folder / RUN
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(str(path), [Problem("file", why, "what `compare run` wrote", _FIX)]) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT or content.get("version") != VERSION:
        got = {key: content.get(key) for key in ("format", "version")} if isinstance(content, dict) else content
        raise ConfigurationError(str(path), [Problem("format", got, f"{FORMAT!r}, version {VERSION}", _FIX)])
    return content


_FIX = "name the folder of a comparison"

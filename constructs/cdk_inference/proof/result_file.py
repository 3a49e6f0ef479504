"""Our own result file: a block as JSON lines. Appended to as requests end, so that a killed run loses nothing else.

The first line is the header (format, version, run, candidate with its price, block, steps), then comes one line per
request, then an end line. A file without its end line is a block that was interrupted; its requests are still there.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.proof.candidate import Candidate, CandidatePrice, HourlyPrice, PricePerToken
from cdk_inference.proof.recording import Recording, StepPlan
from cdk_inference.proof.request import STATUSES, Request

FORMAT, VERSION = "cdk-inference block", 1
_PRICES: Mapping[str, type[HourlyPrice] | type[PricePerToken]] = {"hourly": HourlyPrice, "per token": PricePerToken}
_DEFAULTS = {one.name: one.default for one in dataclasses.fields(Request)}
_NAMES = frozenset(_DEFAULTS)


class BlockWriter:
    """Writes one block; a context manager. The end line is written by `finish`, and by nothing else."""

    def __init__(self, path: Path, recording: Recording) -> None:
        self._path = path
        self._header = header_of(recording)
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        # "x": a block that is there already is never overwritten.
        self._file = self._path.open("x", encoding="utf-8")
        self._write(self._header)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def append(self, request: Request) -> None:
        """Writes a request at once."""
        self._write(request_line(request))

    def finish(self, *, clock_jump_seconds: float, usd: float | None) -> None:
        """Marks the block as complete. usd: what the block cost by its prices; None is unknown."""
        self._write({"complete": True, "clock_jump_seconds": round(clock_jump_seconds, 4), "usd": usd})

    def _write(self, line: Mapping[str, Any]) -> None:
        assert self._file is not None
        self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n")
        self._file.flush()


def request_line(request: Request) -> dict[str, Any]:
    """Returns a request without the fields that have their defaults; times rounded to microseconds."""
    found = {}
    for name, default in _DEFAULTS.items():
        value = getattr(request, name)
        if value != default or name in ("step", "sent", "status"):
            found[name] = round(value, 6) if isinstance(value, float) else value
    return found


def header_of(recording: Recording) -> dict[str, Any]:
    """Returns the header line of a block."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "run": recording.run,
        "candidate": {
            "name": recording.candidate.name,
            "facts": recording.candidate.facts,
            "price": price_line(recording.candidate.price),
        },
        "pair": recording.pair,
        "position": recording.position,
        "started": recording.started,
        "steps": [
            {name: value for name, value in vars_of(step).items() if value is not None} for step in recording.steps
        ],
    }


def vars_of(value: Any) -> dict[str, Any]:
    """Returns the fields of a dataclass."""
    return {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}


def read_block(path: Path) -> tuple[Recording, bool]:
    """Returns (the block, whether it is complete). A last line that was cut off is left out.

    Raises ConfigurationError for a file of another format or version.
    """
    try:
        # A killed run may leave half of a character; its line is cut off as well, and left out below.
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError as error:
        raise _bad(path, error.strerror or str(error), "a file that can be read") from None
    if not lines[-1]:
        lines.pop()
    header = _object(lines[0]) if lines else None
    if header is None or header.get("format") != FORMAT:
        raise _bad(path, lines[0][:80] if lines else "an empty file", f"a first line with format {FORMAT!r}")
    if header.get("version") != VERSION:
        raise _bad(path, f"version {header.get('version')}", f"version {VERSION}")
    requests: list[Request] = []
    end = None
    for number, line in enumerate(lines[1:], 2):
        content = _object(line)
        if content is None and number == len(lines):
            break  # cut off in the middle of a line
        if content is not None and "complete" in content:
            end = content
            continue
        request = None if content is None else _request(content)
        if request is None:
            raise _bad(path, f"line {number}: {line[:80]}", "a request")
        requests.append(request)
    try:
        return _recording(header, requests, end or {}, path), end is not None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise _bad(path, f"{type(error).__name__}: {error}", "a complete header") from None


def _recording(header: dict[str, Any], requests: list[Request], end: dict[str, Any], path: Path) -> Recording:
    candidate = header["candidate"]
    return Recording(
        run=header["run"],
        candidate=Candidate(name=candidate["name"], facts=candidate["facts"], price=_price(candidate["price"])),
        pair=int(header["pair"]),
        position=int(header["position"]),
        started=header["started"],
        steps=tuple(StepPlan(**step) for step in header["steps"]),
        requests=tuple(requests),
        clock_jump_seconds=end.get("clock_jump_seconds"),
        usd=end.get("usd"),
        source=str(path),
    )


def price_line(price: CandidatePrice) -> dict[str, Any]:
    """Returns a price as a JSON object."""
    if isinstance(price, Unknown):
        return {"unknown": price.reason}
    kind = next(name for name, one in _PRICES.items() if isinstance(price, one))
    return {"kind": kind, **vars_of(price)}


def _price(line: dict[str, Any]) -> CandidatePrice:
    if "unknown" in line:
        return Unknown(line["unknown"])
    values = {name: value for name, value in line.items() if name != "kind"}
    return _PRICES[line["kind"]](**values)


def _request(content: dict[str, Any]) -> Request | None:
    times = [content.get(name) for name in ("sent", "due", "first_token", "end")]
    if any(one is not None and not (isinstance(one, (int, float)) and math.isfinite(one)) for one in times):
        return None
    if content.get("sent") is None or content.get("status") not in STATUSES or type(content.get("step")) is not int:
        return None
    # A later version may add fields; these are passed over.
    return Request(**{name: value for name, value in content.items() if name in _NAMES})


def _object(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _bad(path: Path, got: str, allowed: str) -> ConfigurationError:
    problem = Problem("file", got, allowed, "name a block file that this version of cdk-inference wrote")
    return ConfigurationError(str(path), [problem])

"""docs/choosing.md: the answers that it shows are made by the command itself.

The words are in choosing.md beside this file.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
from pathlib import Path

from cdk_inference.cli import main
from cdk_inference.facts import table
from scripts.docs._markdown import NOTE

PROSE = Path(__file__).with_name("choosing.md")
ROOT = Path(__file__).parents[2]
RATE = "--requests-per-second 50 --prompt-tokens 2000 --output-tokens 400"
MEASURED = "--measured examples/measured.toml"
FIRST = 4  # of the types in the table of the rate
UNUSED = "Measured, but not used:"
CUT = "..."


def page() -> str:
    """The whole page."""
    us, eu = ("us-east-1", "qwen.qwen3-32b-v1:0"), ("eu-central-1", "eu.amazon.nova-lite-v1:0")
    return PROSE.read_text(encoding="utf-8").format(
        note=NOTE.rstrip("\n"),
        us=_block(*us),
        eu=_block(*eu),
        us_measured=_block(*us, MEASURED),
        eu_measured=_block(*eu, MEASURED),
    )


def day() -> datetime.date:
    """The newest day of the prices, so that the page changes with them alone."""
    return max(datetime.date.fromisoformat(row["date"]) for name in ("prices", "tokens") for row in table(name).rows())


def _block(region: str, against: str, *more: str) -> str:
    """The command and parts of its answer: headline, rows of the rate, and measurements that do not count."""
    first = f"cdk-inference choose --model Qwen/Qwen3-32B --batch 16 --region {region}"
    second = " ".join([RATE, "--against", against])
    command = [first, second, *more]
    lines = _run(" ".join(command).split()[1:])
    shown = [*lines[: _line(lines, "Model: ")], *_rows(lines[_line(lines, "At ", 3) :])]
    if UNUSED in lines:
        start = lines.index(UNUSED)
        shown += ["", *lines[start : lines.index("", start)], CUT]
    return "\n".join(["$ " + " \\\n    ".join(command), *shown])


def _rows(lines: list[str]) -> list[str]:
    """Titles, Bedrock, then the first types and those that were measured."""
    lines = lines[: _line(lines, "Instances: ")]
    starts = [number for number, line in enumerate(lines) if line.startswith("ml.")]
    rows = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    measured = [row for row in rows[FIRST:] if " unknown " not in row[0]]
    shown = [*lines[: starts[0]], *(line for row in rows[:FIRST] for line in row), CUT]
    return [*shown, *(line for row in measured for line in (*row, CUT))]


def _line(lines: list[str], start: str, first: int = 0) -> int:
    return next(number for number, line in enumerate(lines) if number >= first and line.startswith(start))


def _run(arguments: list[str]) -> list[str]:
    text = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(text):
        status = main(arguments, day())
    if status != os.EX_OK:
        raise ValueError(f"{' '.join(arguments)}: exit status {status}")
    return text.getvalue().splitlines()

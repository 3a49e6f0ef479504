"""Fills README's block of `make rehearse` from the command's own output.

    make rehearse > rehearsal.log; python -m scripts.rehearsal_block rehearsal.log

Lines are left out and cut by the rules below, never written: the block lies between the two markers.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- rehearsal: begin -->", "<!-- rehearsal: end -->"
WIDTH = 118
ROWS_MAX = 4  # after a line with its time
_TIMED = re.compile(r"\[ *[0-9.]+ s\] ")
# Progress of single resources, and what is said of each endpoint again.
_LEFT_OUT = re.compile(r"(CREATE|DELETE|UPDATE)_(COMPLETE|SKIPPED)|not rehearsed, since")
_LEFT_OUT_ROW = re.compile(r"[- ]+| *alarms publish to .*|.* (made|deleted)")
_ONCE = re.compile(r"invoke_endpoint")


def block(log: str) -> str:
    """Returns the block with its markers."""
    lines = [line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..." for line in _kept(log.splitlines())]
    return "\n".join([BEGIN, "```console", "$ make rehearse", *lines, "```", END])


def _kept(lines: Iterable[str]) -> Iterator[str]:
    rows, seen, skipping = 0, False, False
    for line in lines:
        if _TIMED.match(line):
            rows = 0
            if not line[10:].startswith("  "):  # a line of its own, not one that belongs to the line before
                skipping = bool(_LEFT_OUT.search(line) or (_ONCE.search(line) and seen))
                seen = seen or bool(_ONCE.search(line))
            if not skipping and not _LEFT_OUT.search(line):
                yield line
        elif line.startswith("          ") and not _LEFT_OUT_ROW.fullmatch(line):
            rows += 1
            if rows <= ROWS_MAX + 1:  # the head of the table is one
                yield line


def filled(readme: str, log: str) -> str:
    """Returns README with the block in the place of what is between the markers.

    Raises:
        ValueError: A marker is missing, or the log does not end as a rehearsal does.
    """
    if BEGIN not in readme or END not in readme:
        raise ValueError(f"README.md: got no block; allowed: {BEGIN} and {END} on lines of their own")
    if "] done. " not in log:
        raise ValueError("log: got a rehearsal that did not go to its end; allowed: the output of make rehearse")
    before, _, rest = readme.partition(BEGIN)
    return before + block(log) + rest.partition(END)[2]


def main(arguments: list[str]) -> None:
    """Writes README.md."""
    try:
        text = filled(README.read_text(encoding="utf-8"), Path(arguments[0]).read_text(encoding="utf-8"))
    except (IndexError, OSError, ValueError) as problem:
        sys.exit(f"rehearsal_block: {problem}; usage: python -m scripts.rehearsal_block LOG")
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

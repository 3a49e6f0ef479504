"""The terminal that a report is written for: its width, and whether it shows colours."""

from __future__ import annotations

import os
import re
import shutil
import textwrap
from contextvars import ContextVar
from typing import NamedTuple, TextIO

DEFAULT_COLUMNS = 120  # of a pipe or a file, so that what is written there is always the same
_COLUMNS_MIN = 40

# For tables, which are made before they are printed.
columns: ContextVar[int] = ContextVar("columns", default=DEFAULT_COLUMNS)


class Terminal(NamedTuple):
    """columns: how many characters a line has. wraps: whether long lines are broken into several."""

    columns: int = DEFAULT_COLUMNS
    wraps: bool = False
    coloured: bool = False

    def shown(self, text: str) -> str:
        """Returns a report or a message as it is printed: wrapped, then coloured."""
        text = wrapped(text, self.columns) if self.wraps else text
        return coloured(text) if self.coloured else text


def terminal_of(stream: TextIO, colour: str = "auto") -> Terminal:
    """Returns what `stream` is connected to; of a terminal, COLUMNS wins over what it reports.

    https://no-color.org and https://force-color.org (read 2026-11-30)
    """
    connected = stream.isatty()
    width = shutil.get_terminal_size((DEFAULT_COLUMNS, 24)).columns if connected else DEFAULT_COLUMNS
    return Terminal(
        columns=max(_COLUMNS_MIN, width),
        wraps=connected,
        coloured=_coloured(connected, colour),
    )


def _coloured(connected: bool, colour: str) -> bool:
    if colour != "auto":
        return colour == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return connected and os.environ.get("TERM") != "dumb"


def wrapped(text: str, width: int) -> str:
    """Breaks lines that are longer than `width` between words; what follows is indented by two.

    Lines that are indented by four spaces are code to paste and stay whole.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if len(line) <= width or line.startswith("    "):
            lines.append(line)
            continue
        indent = " " * (len(line) - len(line.lstrip()))
        lines += textwrap.wrap(
            line, width, subsequent_indent=f"{indent}  ", break_long_words=False, break_on_hyphens=False
        )
    return "\n".join(lines)


_RED, _GREEN, _YELLOW, _CYAN, _BOLD = "31;1", "32;1", "33;1", "36;1", "1"
# The verdicts at the beginning of a report; every other one says that something is not known.
_VERDICTS = {
    _GREEN: ("OK", "WITHIN BUDGET", "SUPPORTED", "BACKED", "CHEAPEST", "WROTE"),
    _RED: ("NOT OK", "OVER BUDGET", "REFUTED", "REFUSED", "UNBACKED", "NONE"),
}
_OF_VERDICT = {verdict: code for code, verdicts in _VERDICTS.items() for verdict in verdicts}
_OF_LEVEL = {"ERROR": _RED, "WARNING": _YELLOW, "NOTE": _CYAN}
_VERDICT = re.compile(r"\A[A-Z][A-Z]+(?: [A-Z]+)*(?=[:,])")
_LEVEL = re.compile(r"(?m)^(ERROR|WARNING|NOTE)(?= )")
_TITLE = re.compile(r"(?m)^(?! )[^\n]{1,60}:$")
_SELF = re.compile(r"\Acdk-inference:")


def coloured(text: str) -> str:
    """Returns a report with its verdict, levels and titles in colour."""
    text = _TITLE.sub(lambda match: _paint(_BOLD, match[0]), text)
    text = _LEVEL.sub(lambda match: _paint(_OF_LEVEL[match[0]], match[0]), text)
    text = _SELF.sub(lambda match: _paint(_RED, match[0]), text)
    return _VERDICT.sub(lambda match: _paint(_OF_VERDICT.get(match[0], _YELLOW), match[0]), text)


def _paint(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"

"""Texts of the commands, the prices and the review are in plain English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.each import each
from tests.unit.core.sources import PACKAGE, source

pytestmark = pytest.mark.xdist_group("sources")


ROOMS = ("cli", "pricing", "requirements", "review", "template")
BANNED = (
    "anew",
    "are out",
    "asks AWS",
    "beside",
    "carried out",
    "dearest",
    "fewest",
    "goes from",
    "hears",
    "holds it",
    "in this order",
    "is not said",
    "is told",
    "lost is",
    "makes a new one",
    "is no finding",
    "are no finding",
    "NO BUDGET GIVEN",
    "NOT KNOWN",
    "nobody is told",
    "nobody knows",
    "nothing found",
    "stands twice",
    "taken away",
    "To know",
    "unseen",
    "whatever runs",
    "WITH A RESERVATION",
)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yields string literals of at least two words, without docstrings; f-strings without their values."""
    for one in source(path).texts:
        text = " ".join(one.text.split())
        if " " in text and not one.whole:
            yield one.line, text


@each("room", ROOMS)
def test_no_text_reads_as_a_translation(room: str) -> None:
    banned = re.compile(rf"\b(?:{'|'.join(map(re.escape, BANNED))})(?!\w)")
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {match[0]!r} in {text!r}"
        for path in sorted((PACKAGE / room).rglob("*.py"))
        for line, text in texts(path)
        if (match := banned.search(text))
    ]
    found += [
        f"{path.relative_to(PACKAGE)}: {match[0]!r}"
        for path in sorted((PACKAGE / room).rglob("*.html"))
        if (match := banned.search(" ".join(path.read_text(encoding="utf-8").split())))
    ]
    assert found == []

"""Texts that people read, such as errors and descriptions of alarms, are in plain English.

Every text of the code outside docstrings is looked at: what is shown to people is not told apart from what is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.unit.core.sources import MODULES, PACKAGE, Source, read, source

pytestmark = pytest.mark.xdist_group("sources")

# Rooms whose texts have tests of their own.
OTHERS = {"cli", "review"}
# A habit -> what to write instead.
BANNED = {
    r"(nobody|somebody)": "the noun: callers, addresses",
    r"(asks?|asked|asking)": "request, need, read",
    r"(tells?|told|hears?|heard)": "notify, report, receive",
    r"(says?|said) (so|nothing|how|what|when|whether|where|which)": "document, state, contain",
    r"say": "write",
    r"fewest": "min, minimum",
    r"(dear|dearer|dearest)": "more expensive, most expensive",
    r"(beside|elsewhere)": "together with, in another stack",
    r"stands? (for|there|in)": "is, is in",
    r"(is|are) none": "is not a ...",
    r"(?<!there )(is|are) no(?! longer)": "is not a ...",
    r"what is (not|to be|left)": "the noun",
}


ANY = re.compile(rf"\b({'|'.join(BANNED)})\b")


def texts(of: Source) -> Iterator[tuple[int, str]]:
    """(line, text) of each text with a space in it; of an f-string the whole."""
    for one in of.texts:
        if one.whole or (" " in one.text and not one.part):
            yield one.line, one.text


def found(text: str) -> list[str]:
    if not ANY.search(text):
        return []
    return [
        f"{match[0]!r}: write {instead}"
        for habit, instead in BANNED.items()
        if (match := re.search(rf"\b{habit}\b", text))
    ]


def test_no_text_has_a_banned_word() -> None:
    wrong = [
        f"{file.relative_to(PACKAGE)}:{line}: {habit}: {text[:120]}"
        for file in MODULES
        if file.relative_to(PACKAGE).parts[0] not in OTHERS
        for line, text in texts(source(file))
        for habit in found(text)
    ]
    assert wrong == [], "\n".join(wrong)


def test_the_check_finds_one_in_a_part_of_a_text_and_passes_docstrings() -> None:
    code = 'def f(x):\n    """It is told."""\n    return g(f"{x} is " "no list"), "they are told"\n'
    assert [(line, found(text)) for line, text in texts(read(code))] == [
        (3, ["'is no': write is not a ..."]),
        (3, ["'told': write notify, report, receive"]),
    ]


def test_no_name_in_the_code_is_a_verb_of_speech() -> None:
    """A stranger reads `subscribers` or `spec`, and has to look up `told` or `asked`."""
    named = {
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in MODULES
        if file.parent.name != "meter"  # a Lambda function's code: another name is another deployment
        for name in source(file).names
        if name.strip("_") in ("told", "asked")
    }
    assert named == set()

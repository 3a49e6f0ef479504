"""Patterns of a PII filter: refused where no engine compiles them, and only there."""

from __future__ import annotations

import re
import warnings

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.bedrock import PiiRegex
from cdk_inference.bedrock.regex import regex_problem
from tests.each import each
from tests.refusals import refusal_of


@each(
    ("pattern", "why"),
    [
        ("C-([0-9]{8}", "a group does not close"),
        ("C-[0-9]{8})", "a group closes that was not opened"),
        ("C-[0-9", "a set does not close"),
        ("[9-0]+", "9-0 runs backwards"),
        ("[0-9]{8,2}", "{8,2} runs backwards"),
        ("*[0-9]", "* repeats nothing"),
        ("(+49|0)1", "+ repeats nothing"),
        ("a|?", "? repeats nothing"),
        ("a***", "* repeats nothing"),
        ("C-\\", "it ends with an escape of nothing"),
    ],
)
def test_what_compiles_nowhere(pattern: str, why: str) -> None:
    assert refusal_of(PiiRegex, name="Customer", pattern=pattern) == (
        f"PiiRegex: pattern: got {pattern!r}; allowed: a regular expression that compiles: {why}; fix: correct it, or "
        "escape with \\"
    )


@each(
    "pattern",
    [
        r"(?<year>[0-9]{4})-\k<year>",  # .NET, Java
        r"(?P<year>[0-9]{4})",  # Python, RE2
        r"\p{Lu}\p{IsAlphabetic}++",  # Java
        r"[a-z&&[^aeiou]]",  # Java
        r"\Q(no group\E",  # Java, PCRE
        r"[[:alpha:]]+",  # PCRE
        r"[]a]x",  # Python, PCRE
        r"[^]",  # JavaScript
        r"(*UTF8)a",  # PCRE
        r"(?<!\$)\b\d{1,3}+(?>,\d{3})*",
        r"(?x) a # a comment with ( in it",
        "x{", "}", "]", "^*", "a{2}{3}",
    ],
)  # fmt: skip
def test_what_compiles_somewhere(pattern: str) -> None:
    assert PiiRegex(name="Customer", pattern=pattern).pattern == pattern


PARTS = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "*",
    "+",
    "?",
    "|",
    "\\",
    "a",
    "b",
    "1",
    "2",
    ",",
    "-",
    "^",
    "(?:",
    "[^",
    "{1,2}",
    "\\d",
    "\\]",
    "&&",
    ":",
]


@given(st.lists(st.sampled_from(PARTS), max_size=8))
def test_what_python_compiles_is_never_refused(parts: list[str]) -> None:
    pattern = "".join(parts)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            re.compile(pattern)
        except (re.error, OverflowError):
            return
    assert regex_problem("pattern", pattern) is None

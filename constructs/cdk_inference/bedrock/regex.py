"""Whether a regular expression compiles in no engine at all: Java's, PCRE, RE2, .NET's, JavaScript's or Python's.

Dialects differ in what an escape or a group means, and agree on what is open, what is repeated, and how ranges run.
"""

from __future__ import annotations

import re

from cdk_inference.core.errors import Problem

_BOUNDS = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_MARKED = re.compile(r"\((?:\?|\*[A-Z])")
_COMMENTS = re.compile(r"\(\?(?:#|[a-zA-Z]*x)")
_QUOTED = re.compile(r"\\Q.*?(?:\\E|$)", re.DOTALL)
_CLOSING = re.compile(r"(?:\\.|[^\\\]])*\]", re.DOTALL)
# A member of a set: an escape, or a character that is none.
_MEMBER = re.compile(r"\\(?:[xuUpP]\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)|[^\\]", re.DOTALL)


def regex_problem(argument: str, pattern: str) -> Problem | None:
    """Reports a pattern that compiles in no engine. One with comments (the flag x) is let through."""
    if _COMMENTS.search(pattern):
        return None
    why = _fault(_QUOTED.sub("q", pattern))
    if why is None:
        return None
    return Problem(argument, pattern, f"a regular expression that compiles: {why}", "correct it, or escape with \\")


def _fault(pattern: str) -> str | None:
    at, depth, repeatable = 0, 0, False
    while at < len(pattern):
        one = pattern[at]
        bounds = _BOUNDS.match(pattern, at)
        if one == "\\":
            if at + 1 == len(pattern):
                return "it ends with an escape of nothing"
            at, repeatable = at + 2, True
            continue
        if one == "[":
            end, why = _set_end(pattern, at)
            if why is not None:
                return why
            at, repeatable = end, True
            continue
        if one == "(":
            # "(*...)" begins a verb of PCRE, and "(?" what differs by dialect.
            depth, repeatable = depth + 1, False
            at += 2 if _MARKED.match(pattern, at) else 1
            continue
        if one == ")":
            depth -= 1
            if depth < 0:
                return "a group closes that was not opened"
            repeatable = True
        elif one == "|":
            repeatable = False
        elif one in "*+?" or bounds is not None:
            if not repeatable:
                return f"{one if bounds is None else bounds[0]} repeats nothing"
            if bounds is not None and bounds[3] and int(bounds[3]) < int(bounds[1]):
                return f"{bounds[0]} runs backwards"
            at = at + 1 if bounds is None else bounds.end()
            # Lazy and possessive quantifiers; a third one repeats nothing.
            at += 1 if pattern[at : at + 1] in ("?", "+") else 0
            repeatable = pattern[at : at + 1] not in ("*", "?", "+")
            continue
        else:
            repeatable = True
        at += 1
    return None if depth == 0 else "a group does not close"


def _set_end(pattern: str, start: int) -> tuple[int, str | None]:
    """(the place behind a set, its fault). Java has sets in sets; a bracket that comes first may be a member."""
    at = start + 1 + (pattern[start + 1 : start + 2] == "^")
    first = at
    while at < len(pattern):
        if pattern[at] == "]":
            # "[]" is an empty set in JavaScript; elsewhere the bracket is a member, and another one closes.
            if at > first or not _CLOSING.match(pattern, at + 1):
                return at + 1, None
            at += 1
            continue
        if pattern[at] == "[":
            end, why = _set_end(pattern, at)
            # Only Java and .NET nest; elsewhere it is a character.
            at = end if why is None and _CLOSING.match(pattern, end) else at + 1
            continue
        member = _MEMBER.match(pattern, at)
        if member is None:
            return at, "it ends with an escape of nothing"
        low, at = member[0], member.end()
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("", "]", "["):
            high = _MEMBER.match(pattern, at + 1)
            if high is not None and len(low) == len(high[0]) == 1 and high[0] < low:
                return at, f"{low}-{high[0]} runs backwards"
            if high is not None:
                at = high.end()
    return at, "a set does not close"

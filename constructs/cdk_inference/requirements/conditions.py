"""The conditions that most rows are made of: required when, only when, not with, exactly one of."""

from __future__ import annotations

import re
from collections.abc import Callable

from cdk_inference.core.errors import Problem
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Check
from cdk_inference.template.values import MARK, readable

_ENDS_UNKNOWN = re.compile(f"(?:{MARK})$")

When = Callable[[Part], bool]


def always(_: Part) -> bool:
    """Holds everywhere."""
    return True


def equals(member: str, *values: str) -> When:
    """Holds where a text is one of `values`."""
    return lambda part: part.text(member) in values


def present(*members: str) -> When:
    """Holds where one of the members is there."""
    return lambda part: any(part.has(member) for member in members)


def required(member: str, when: When, words: str, fix: str = "") -> Check:
    """`member` must be there where `when` holds. words: the condition, after "where"."""

    def check(part: Part) -> Problem | None:
        if not when(part) or part.has(member):
            return None
        return Problem(member, None, f"a value, where {words}", fix or f"add {member}")

    return check


def only(member: str, when: When, words: str, fix: str = "") -> Check:
    """`member` may be there only where `when` holds. words: the condition, after "only where"."""

    def check(part: Part) -> Problem | None:
        if not part.has(member) or when(part):
            return None
        return Problem(member, part.words(member), f"{member} only where {words}", fix or f"remove {member}")

    return check


def not_with(member: str, *others: str, fix: str = "") -> Check:
    """`member` must not stand beside any of `others`."""

    def check(part: Part) -> Problem | None:
        if not part.has(member):
            return None
        beside = [other for other in others if part.has(other)]
        if not beside:
            return None
        got = f"{member} with {', '.join(beside)}"
        return Problem(member, got, f"{member} without {listed(beside)}", fix or f"remove {listed(beside)}")

    return check


def exactly_one(*members: str, fix: str = "", when: When | None = None) -> Check:
    """One of `members` must be there, and no second one."""

    def check(part: Part) -> Problem | None:
        if when is not None and not when(part):
            return None
        found = [member for member in members if part.has(member)]
        if len(found) == 1:
            return None
        got = " and ".join(found) or None
        return Problem("", got, f"exactly one of {', '.join(members)}", fix or f"keep one of {listed(members)}")

    return check


def at_most_one(*members: str, fix: str = "") -> Check:
    """No two of `members` stand beside each other."""

    def check(part: Part) -> Problem | None:
        found = [member for member in members if part.has(member)]
        if len(found) < 2:
            return None
        return Problem("", " and ".join(found), f"one of {', '.join(members)}", fix or f"keep one of {listed(found)}")

    return check


def ends_with(member: str, ending: str, fix: str, when: When | None = None) -> Check:
    """A text must end so."""

    def check(part: Part) -> Problem | None:
        found = part.partial(member)
        if found is None or found.endswith(ending) or (when is not None and not when(part)):
            return None
        if _ENDS_UNKNOWN.search(found):
            part.text(member)  # raises: the end is known at deployment only
        return Problem(member, readable(found)[:80], f"text that ends in {ending}", fix)

    return check


def listed(words: list[str] | tuple[str, ...]) -> str:
    """ "A", "A or B", "A, B or C"."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def unique(member: str, key: str) -> Check:
    """No two objects of a list have the same text."""

    def check(part: Part) -> Problem | None:
        found = [one.text(key) for one in part.parts(member)]
        twice = next((text for number, text in enumerate(found) if text is not None and text in found[:number]), None)
        if twice is None:
            return None
        return Problem(f"{member}.{key}", f"{twice} twice", f"{key} of its own for each", "rename one of the two")

    return check


def lower_case_first(member: str) -> Check:
    """A text begins with a lower-case letter."""

    def check(part: Part) -> Problem | None:
        text = part.text(member)
        if text is None or "a" <= text[:1] <= "z":
            return None
        fix = f"write for example m{text.lower()}" if text[:1].isdigit() else f"write {text[:1].lower()}{text[1:]}"
        return Problem(member, text, "a lower-case letter first", fix)

    return check

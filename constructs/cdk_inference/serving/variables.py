"""A container's variables as a table: name, the argument that sets it, what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cdk_inference.core.checks import instance_of, is_text_token, matching, number_above, one_of, whole_number
from cdk_inference.core.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable.

    name: as the container reads it.
    argument: the preset's argument.
    allowed: the type with its limits, for the docs.
    check: what is wrong with a value, if anything.
    needed: whether None is refused.
    """

    name: str
    argument: str
    allowed: str
    check: Callable[[str, object], Problem | None]
    needed: bool = False

    def problem(self, value: object) -> Problem | None:
        """What is wrong with `value`, if anything."""
        return self.check(self.argument, value) if self.needed or value is not None else None


_FRACTION = "give a fraction, for example 0.9"


def text(value: object) -> str:
    """How a value is written into the environment: true and false in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def count(name: str, argument: str, *, needed: bool = False) -> Variable:
    """A whole number from 1."""

    def check(argument: str, value: object) -> Problem | None:
        # A variable is text, so a token may be.
        return None if is_text_token(value) else whole_number(argument, value, 1, None, "give a count of 1 or more")

    return Variable(name=name, argument=argument, allowed="a whole number from 1", check=check, needed=needed)


def share(name: str, argument: str) -> Variable:
    """A fraction above 0, at most 1."""

    def check(argument: str, value: object) -> Problem | None:
        return None if is_text_token(value) else number_above(argument, value, 0, _FRACTION, high=1)

    return Variable(name=name, argument=argument, allowed="a number above 0, at most 1", check=check)


def choice(name: str, argument: str, *values: str) -> Variable:
    """One of `values`."""

    def check(argument: str, value: object) -> Problem | None:
        return one_of(argument, value, values, "write one of them, or leave it out")

    return Variable(name=name, argument=argument, allowed=", ".join(values), check=check)


def flag(name: str, argument: str) -> Variable:
    """True or False."""

    def check(argument: str, value: object) -> Problem | None:
        return instance_of(argument, value, bool, "True or False", "write True or False")

    return Variable(name=name, argument=argument, allowed="True or False", check=check)


def word(name: str, argument: str, pattern: str, allowed: str, fix: str, *, needed: bool = False) -> Variable:
    """Text that `pattern` matches."""

    def check(argument: str, value: object) -> Problem | None:
        return matching(argument, value, pattern, allowed, fix)

    return Variable(name=name, argument=argument, allowed=allowed, check=check, needed=needed)

"""Configuration errors: argument, value, allowed values and the fix, every failure of one object at once.

Values and constructs collect `Problem`s and raise one `ConfigurationError`, which ends an app without a stack trace.
What the CDK's own validation finds is printed the same way inside `plain_errors()`.
"""

from __future__ import annotations

import contextlib
import enum
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from cdk_inference.core.unknown import LATER, is_number_token

_Made = TypeVar("_Made")
# As Python writes an object that says nothing of itself: its address changes with each run.
_OBJECT = re.compile(r"<(?:(?:\w+|<locals>)\.)*(.*?)(?: object)? at 0x[0-9a-f]+>")


@dataclass(frozen=True)
class Problem:
    """One wrong argument.

    `argument` is the name the caller wrote; `got` the value found there; `allowed` what would have been
    accepted; `fix` what to write instead.
    """

    argument: str
    got: object
    allowed: str
    fix: str

    def __str__(self) -> str:
        got = _OBJECT.sub(r"<\1>", repr(LATER if is_number_token(self.got) else self.got))
        return f"{self.argument}: got {got}; allowed: {self.allowed}; fix: {self.fix}"


class ConfigurationError(ValueError):
    """Everything that is wrong with one object (`subject`), in the order of its arguments."""

    def __init__(self, subject: str, problems: list[Problem]) -> None:
        self.subject = subject
        self.problems = tuple(problems)
        if len(problems) == 1:
            message = f"{subject}: {problems[0]}"
        else:
            lines = "".join(f"\n  {number}. {problem}" for number, problem in enumerate(problems, 1))
            message = f"{subject} has {len(problems)} problems:{lines}"
        super().__init__(message)

    def __reduce__(self) -> tuple[type[ConfigurationError], tuple[str, list[Problem]]]:
        """Pickles by its arguments, so that it travels between processes."""
        return type(self), (self.subject, list(self.problems))


def raise_problems(subject: str, *problems: Problem | None) -> None:
    """Raises `ConfigurationError` with every problem that is not None; returns if there is none."""
    found = [problem for problem in problems if problem is not None]
    if found:
        raise ConfigurationError(subject, found)


def attempt(make: Callable[[], _Made]) -> tuple[_Made | None, tuple[Problem, ...]]:
    """Returns what `make` returns, or None and every problem of the ConfigurationError that it raises."""
    try:
        return make(), ()
    except ConfigurationError as error:
        return None, error.problems


class InputError(ValueError):
    """A file or folder that cannot be read as what it should be; the message says what to do."""


class CommandError(RuntimeError):
    """A command that could not be carried out, with the reason."""


class ExitStatus(enum.IntEnum):
    """How a command ends. NOT_KNOWN: it was carried out, and what decides is known at deployment only, or nowhere.

    INTERRUPTED is what a shell reports for SIGINT: 128 and the signal's number.
    """

    OK = 0
    NOT_OK = 1
    UNABLE = 2
    NOT_KNOWN = 3
    INTERRUPTED = 130


@contextlib.contextmanager
def plain_errors() -> Iterator[None]:
    """Prints what the CDK's validation found inside without a stack trace, and exits with status 1.

    The CDK raises RuntimeError("ValidationFailed...: message") through jsii. A ConfigurationError needs no such care:
    see uncaught.py.
    """
    try:
        yield
    except RuntimeError as error:
        kind, _, message = str(error).partition(": ")
        if not kind.startswith("ValidationFailed"):
            raise
        print(message, file=sys.stderr)
        sys.exit(1)

"""A table in one test: for rows that take less time than pytest needs to collect, run and report a test."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Test = Callable[..., None]


def each(names: str | tuple[str, ...], rows: Iterable[Any], **_: object) -> Callable[[Test], Test]:
    """Decorates like `pytest.mark.parametrize`, and makes one test that runs every row and names all that fail.

    A decorated test has no fixtures, since its rows would share them.
    """
    arguments = [names] if isinstance(names, str) else list(names)
    table = [row if len(arguments) > 1 else (row,) for row in rows]
    assert table, "a table without rows tests nothing"

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)
        left = [one for name, one in signature.parameters.items() if name not in arguments]

        @functools.wraps(test)
        def run(**outer: Any) -> None:
            failures: list[str] = []
            last: BaseException | None = None
            for row in table:
                given = dict(zip(arguments, row, strict=True))
                try:
                    test(**given, **outer)
                except (Exception, pytest.fail.Exception) as error:
                    shown = ", ".join(f"{name}={str(value)[:100]}" for name, value in given.items())
                    failures.append(f"{shown}: {type(error).__name__}: {error}")
                    last = error
            if failures:
                raise AssertionError(f"{len(failures)} of {len(table)} rows fail\n" + "\n".join(failures)) from last

        run.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]  # pytest reads it
        return run

    return decorate

"""A table in one test: for rows that take less time than pytest needs to collect, run and report a test."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

Test = Callable[..., None]


def each(
    names: str | tuple[str, ...], rows: Iterable[Any] | Callable[[], Iterable[Any]], **_: object
) -> Callable[[Test], Test]:
    """Decorates like `pytest.mark.parametrize`, and makes one test that runs every row and names all that fail.

    Rows that take time to make are given as a function, which is called when the test runs. A row has a `tmp_path` and
    a `monkeypatch` of its own; any other fixture is the test's, which all rows share.
    """
    arguments = [names] if isinstance(names, str) else list(names)
    known = None if callable(rows) else _table(arguments, rows)

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)
        left = [one for name, one in signature.parameters.items() if name not in arguments]

        @functools.wraps(test)
        def run(**outer: Any) -> None:
            failures: list[str] = []
            last: BaseException | None = None
            table = _table(arguments, rows()) if callable(rows) else known
            assert table is not None
            for number, given in enumerate(table):
                try:
                    with _own(outer, number) as fixtures:
                        test(**given, **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    shown = ", ".join(f"{name}={str(value)[:100]}" for name, value in given.items())
                    failures.append(f"{shown}: {type(error).__name__}: {error}")
                    last = error
            if failures:
                raise AssertionError(f"{len(failures)} of {len(table)} rows fail\n" + "\n".join(failures)) from last

        run.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]  # pytest reads it
        return run

    return decorate


def _table(arguments: list[str], rows: Iterable[Any]) -> list[dict[str, Any]]:
    table = [dict(zip(arguments, row if len(arguments) > 1 else (row,), strict=True)) for row in rows]
    assert table, "a table without rows tests nothing"
    return table


@contextlib.contextmanager
def _own(outer: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """The fixtures of one row."""
    own = dict(outer)
    if "tmp_path" in outer:
        own["tmp_path"] = outer["tmp_path"] / str(number)
        own["tmp_path"].mkdir()
    if "monkeypatch" not in outer:
        yield own
        return
    with outer["monkeypatch"].context() as own["monkeypatch"]:
        yield own

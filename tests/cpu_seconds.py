"""`pytest -p tests.cpu_seconds`: CPU seconds per folder and of the costliest tests, Node and other children included.

Wall time says little on a machine that others use too. With `-n` each worker's share is only in the sum of `time`.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

_TICKS = os.sysconf("SC_CLK_TCK")
_spent: Counter[str] = Counter()


def _children(process: int) -> Iterator[int]:
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, path.read_text().split()):
            yield child
            yield from _children(child)


def _of(process: int) -> float:
    """CPU seconds of a running process, and of children of it that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS


def _now() -> float:
    ended = os.times()
    own = time.process_time() + ended.children_user + ended.children_system
    return own + sum(_of(child) for child in _children(os.getpid()))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    begin = _now()
    try:
        return (yield)
    finally:
        _spent[item.nodeid] = _now() - begin


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    folders: Counter[str] = Counter()
    for test, seconds in _spent.items():
        folders[str(Path(test.partition("::")[0]).parent)] += seconds
    terminalreporter.section("CPU seconds")
    for name, seconds in [*folders.most_common(), ("all tests", _spent.total()), ("with collection", _now())]:
        terminalreporter.line(f"{seconds:8.2f} {name}")
    terminalreporter.section("costliest tests")
    for test, seconds in _spent.most_common(int(os.environ.get("CPU_SECONDS_TESTS", "40"))):
        terminalreporter.line(f"{seconds:8.2f} {test}")

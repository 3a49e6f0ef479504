"""Progress on standard error: what a command does, once it has taken two seconds, where a terminal is."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

AFTER_SECONDS = 2.0
_EVERY_SECONDS = 0.5
_current = ""


def step(text: str) -> None:
    """States what begins now, such as "reading cdk.out"."""
    global _current
    _current = text


@contextlib.contextmanager
def progress(command: str) -> Iterator[None]:
    """Shows the current step with the seconds so far, on one line that is removed in the end."""
    if not sys.stderr.isatty():
        yield
        return
    step("working")
    ended = threading.Event()
    writer = threading.Thread(target=_write, args=(command, ended), daemon=True)
    writer.start()
    try:
        yield
    finally:
        ended.set()
        writer.join()


def _write(command: str, ended: threading.Event) -> None:
    begun = time.monotonic()
    if ended.wait(AFTER_SECONDS):
        return
    while True:
        seconds = time.monotonic() - begun
        sys.stderr.write(f"\r\x1b[K{command}: {_current} ({seconds:.0f} s)")
        sys.stderr.flush()
        if ended.wait(_EVERY_SECONDS):
            break
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()

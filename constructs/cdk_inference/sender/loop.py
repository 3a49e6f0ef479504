"""The event loop of sender and local server: uvloop's where it is installed. A request takes half as long there.

https://uvloop.readthedocs.io (0.23.0, read 2026-11-30)
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run_loop(main: Coroutine[Any, Any, T]) -> T:
    """Runs `main` to its end and returns its result."""
    try:
        import uvloop
    except ImportError:  # there is none for Windows
        return asyncio.run(main)
    return uvloop.run(main)

"""One emulator for all tests of a worker: it takes two seconds to start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rehearsal import processes, workspace
from tests.rehearsal.cloud import PYTHON, Cloud


@pytest.fixture(scope="session")
def cloud() -> Iterator[Cloud]:
    place = workspace.make()
    try:
        with processes.emulator(place, python=PYTHON, run_lambda=False):
            yield Cloud(place)
    finally:
        place.remove()

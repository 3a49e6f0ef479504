"""What every test shares: the context of cdk.json, how many values are generated, and whether cfn-lint judges."""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from cdk_inference.hardware import table
from tests.judges import lint

ROOT = Path(__file__).parents[1]

# Few generated values in every run, and the same ones in CI; `make fuzz` takes many. No time limit: machines are busy.
_SHARED = {"deadline": None, "suppress_health_check": list(hypothesis.HealthCheck)}
hypothesis.settings.register_profile("few", max_examples=15, derandomize=bool(os.environ.get("CI")), **_SHARED)
hypothesis.settings.register_profile("fuzz", max_examples=1000, **_SHARED)
hypothesis.settings.load_profile("few")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cfn-lint", action="store_true", help="judge every template by cfn-lint as well (slow)")


def pytest_configure(config: pytest.Config) -> None:
    lint.with_cfn_lint = config.getoption("--cfn-lint")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves the tests of cfn-lint itself out of a run without it."""
    left_out = [] if lint.with_cfn_lint else [item for item in items if item.get_closest_marker("cfn_lint")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection() -> None:
    """Keeps all that the collection makes: a full garbage collection walks through it again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _fresh_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends what a test registers with that test: instance types are the one table that an app can add to."""
    monkeypatch.setattr(table, "registered", {})


@pytest.fixture(scope="session")
def context() -> dict[str, Any]:
    """The context of cdk.json."""
    found = json.loads((ROOT / "cdk.json").read_text())["context"]
    assert isinstance(found, dict)
    return found

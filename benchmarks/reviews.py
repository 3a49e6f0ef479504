"""Two deployments to review: what a scenario synthesizes, and the same after a change of every endpoint."""

from __future__ import annotations

import shutil
from pathlib import Path

# Another instance type and another maximum, which the review has something to say about.
CHANGES = {
    "ml.g6.2xlarge": "ml.g6.4xlarge",
    "ml.inf2.xlarge": "ml.inf2.8xlarge",
    '"MaxCapacity": 2': '"MaxCapacity": 9',
}


def changed(base: Path, head: Path) -> int:
    """Copies the assembly in `base` to `head`, changed; how many values differ."""
    shutil.copytree(base, head)
    return change(head)


def change(head: Path) -> int:
    """Changes the assembly; how many values."""
    count = 0
    for file in sorted(head.glob("*.template.json")):
        text = file.read_text(encoding="utf-8")
        for old, new in CHANGES.items():
            count += text.count(old)
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    return count


def command(base: Path, head: Path) -> list[str]:
    """The arguments of one review, which ends with status 0 whatever it finds."""
    return ["-m", "cdk_inference.cli", "review", "--base", str(base), "--head", str(head), "--fail-on", "never"]

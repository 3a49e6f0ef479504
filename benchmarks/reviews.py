"""Two deployments to review: what a scenario synthesizes, and the same after a change of every endpoint."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

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


def nested(folder: Path, levels: int = 16) -> tuple[Path, Path]:
    """Base and head of templates in which every stack has two nested ones, `levels` deep; the innermost change."""
    stack = "AWS::CloudFormation::Stack"
    for side in ("base", "head"):
        (folder / side).mkdir()
        for level in range(levels):
            below = {"Type": stack, "Properties": {"TemplateURL": f"level-{level + 1}.json"}}
            _write(folder / side / f"level-{level}.json", {"First": below, "Second": below})
        table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": side}}
        _write(folder / side / f"level-{levels}.json", {f"Table{number}": table for number in range(10)})
    return folder / "base", folder / "head"


def large(folder: Path, size: int = 100_000_000) -> tuple[Path, Path]:
    """Base and head of one template each, with a text of `size` characters."""
    for side in ("base", "head"):
        _write(folder / f"{side}.json", {}, Description=side[0] * size)
    return folder / "base.json", folder / "head.json"


def _write(file: Path, resources: dict[str, Any], **more: Any) -> None:
    file.write_text(json.dumps({"Resources": resources, **more}), encoding="utf-8")


def command(base: Path, head: Path) -> list[str]:
    """The arguments of one review, which ends with status 0 whatever it finds."""
    return ["-m", "cdk_inference.cli", "review", "--base", str(base), "--head", str(head), "--fail-on", "never"]

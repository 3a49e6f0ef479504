"""Three changes of which docs/review.md shows the comment: of one endpoint, of 45, and a harmless one."""

from __future__ import annotations

import contextlib
import datetime
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from cdk_inference.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples/review"
ENDPOINTS = 45
# Of the prices in the comment, so that it is the same on every day.
TODAY = datetime.date(2026, 11, 24)
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    "MinCapacity": 1,
}


def one_endpoint() -> str:
    """The comment on examples/review."""
    return _comment(EXAMPLE / "deployed.yaml", EXAMPLE / "changed.yaml")


def many_endpoints() -> str:
    """The comment on 45 endpoints, of which all get another instance type and two thirds are autoscaled."""
    return _of_templates(_fleet("ml.g6.2xlarge", 4), _fleet("ml.g6.4xlarge", 6))


def harmless() -> str:
    """The comment on a change of a description, an alarm that is stricter, and a higher maximum."""
    before = _fleet("ml.g6.2xlarge", 4)
    after = {**_fleet("ml.g6.2xlarge", 4), "Description": "One model for each team"}
    after["Resources"] = json.loads(json.dumps(after["Resources"]))
    after["Resources"]["Target1"]["Properties"]["ScheduledActions"] = [
        {"ScheduledActionName": "night", "Schedule": "cron(0 22 * * ? *)", "ScalableTargetAction": {"MaxCapacity": 2}}
    ]
    return _of_templates(before, after)


def _fleet(instance_type: str, most: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for number in range(1, ENDPOINTS + 1):
        name = f"team-{number}"
        variant = {"VariantName": "main", "ModelName": name, "InstanceType": instance_type, "InitialInstanceCount": 1}
        made[f"Config{number}"] = _resource("SageMaker::EndpointConfig", ProductionVariants=[variant])
        config = {"Fn::GetAtt": [f"Config{number}", "EndpointConfigName"]}
        made[f"Endpoint{number}"] = _resource(
            "SageMaker::Endpoint", EndpointName=name, EndpointConfigName=config, RetainAllVariantProperties=True
        )
        if number % 3:
            made[f"Target{number}"] = _resource(
                "ApplicationAutoScaling::ScalableTarget",
                ResourceId=f"endpoint/{name}/variant/main",
                MaxCapacity=most,
                **TARGET,
            )
    return {"Resources": made}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def _of_templates(before: dict[str, Any], after: dict[str, Any]) -> str:
    with tempfile.TemporaryDirectory(prefix="comment-") as folder:
        files = [Path(folder) / f"{side}/fleet.json" for side in ("base", "head")]
        for file, template in zip(files, (before, after), strict=True):
            file.parent.mkdir()
            file.write_text(json.dumps(template), encoding="utf-8")
        return _comment(*files)


def _comment(base: Path, head: Path) -> str:
    """The Markdown as it stands in a comment."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        sides = [f"--base={base}", f"--head={head}", "--region=us-east-1"]
        main(["review", *sides, "--format=markdown", "--docs-url=review.md"], today=TODAY)
    return out.getvalue().strip()

"""Pure rooms are plain Python: importing one loads neither the CDK nor boto3."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import cdk_inference

FORBIDDEN = {"aws_cdk", "constructs", "jsii", "boto3", "botocore", "cdk_nag"}


@pytest.mark.parametrize(
    "module",
    [
        "cli",
        "pricing",
        "review",
        "template",
        "serving",
        "hardware",
        "scaling",
        "metrics",
        "hosting",
        "core.names",
        "core.checks",
        "core.errors",
        "scaling.policies",
        "scaling.target",
    ],
)
def test_a_pure_room_loads_neither_the_cdk_nor_boto3(module: str) -> None:
    code = f"import cdk_inference.{module}, sys; print(*sys.modules)"
    source_root = Path(cdk_inference.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", code], cwd=source_root, capture_output=True, text=True, check=True)
    assert FORBIDDEN & set(done.stdout.split()) == set()
    assert f"cdk_inference.{module}" in done.stdout.split()

"""Pure rooms are plain Python: importing one loads neither the CDK nor boto3."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cdk_inference

FORBIDDEN = {"aws_cdk", "constructs", "jsii", "boto3", "botocore", "cdk_nag"}


MODULES = (
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
)
CODE = """
import importlib, json, sys
loaded = {}
for name in json.loads(sys.argv[1]):
    before = set(sys.modules)
    importlib.import_module(f"cdk_inference.{name}")
    loaded[name] = sorted(set(sys.modules) - before)
print(json.dumps(loaded))
"""


def test_a_pure_room_loads_neither_the_cdk_nor_boto3() -> None:
    """In one process, one after the other: what none of them loads, each alone does not load."""
    source_root = Path(cdk_inference.__file__).parents[1]
    command = [sys.executable, "-c", CODE, json.dumps(MODULES)]
    done = subprocess.run(command, cwd=source_root, capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout)
    assert {name: FORBIDDEN & set(loaded[name]) for name in MODULES} == {name: set() for name in MODULES}
    assert {f"cdk_inference.{name}" for name in MODULES} <= {module for one in loaded.values() for module in one}

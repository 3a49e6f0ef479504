"""What the scenarios share: the context of cdk.json, the stacks, the model's bucket, the values of one endpoint."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

ROOT = Path(__file__).parents[2]
REGION = "us-east-1"
# 9 resources each, so 360 of the 500 that CloudFormation takes.
ENDPOINTS_PER_STACK = 40


def context() -> dict[str, Any]:
    """The context of cdk.json, which an app without the CDK CLI does not get by itself."""
    found: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    return found


def arguments() -> tuple[int, str | None]:
    """`[N] [output folder]`: 1 and a temporary folder if not given."""
    count, outdir = (*sys.argv[1:], None, None)[:2]
    return int(count or 1), outdir


def synthesize(make: Callable[[Construct, str, s3.IBucket], None]) -> None:
    """An app with as many endpoints as the command line says, each made by `make(scope, id, bucket)`."""
    count, outdir = arguments()
    app = App(context=context(), outdir=outdir)
    for number in range(math.ceil(count / ENDPOINTS_PER_STACK)):
        stack = Stack(app, f"bench-{number}", env=Environment(region=REGION))
        bucket = s3.Bucket.from_bucket_name(stack, "Models", "example-models")
        for index in range(number * ENDPOINTS_PER_STACK, min(count, (number + 1) * ENDPOINTS_PER_STACK)):
            make(stack, f"E{index}", bucket)
    app.synth()

"""Endpoints in nested stacks are endpoints."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk

from cdk_inference.cli.summary import summary
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.template import load_deployment, read_hosting
from tests.support import CONTEXT, llm, models


def test_an_endpoint_in_a_nested_stack_is_counted(tmp_path: Path) -> None:
    app = cdk.App(context=CONTEXT, outdir=str(tmp_path))
    stack = cdk.Stack(app, "fleet", env=cdk.Environment(region="us-east-1"))
    nested = cdk.NestedStack(cdk.NestedStack(stack, "Outer"), "Inner")
    RealtimeEndpoint(nested, "Chat", server=llm(models(nested)), hardware="ml.g6.2xlarge")
    app.synth()
    deployment = load_deployment([tmp_path], None)
    found = summary(deployment)
    text = found.text
    assert text.splitlines()[0] == "OK: 1 endpoint, no open findings, 0 acknowledged"
    assert found.status == 0
    assert text.splitlines()[3].split()[:2] == ["fleet-outer-inner-chat", "ml.g6.2xlarge"]
    assert [stack.nested for stack in deployment.stacks[2:]] == [{}]  # read, and none below
    assert [(one.name, type(one.hosted.variants)) for one in read_hosting(deployment).endpoints] == [
        ("fleet-outer-inner-chat", tuple)
    ]

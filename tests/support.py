"""Short ways to a synthesized template. A kernel's first synth takes seconds, later ones a tenth of one."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import aws_cdk as cdk
from aws_cdk import aws_s3 as s3

from cdk_inference.comparison import comparison
from cdk_inference.endpoints import RealtimeEndpoint, base
from cdk_inference.requirements import judge
from cdk_inference.serving import Bucket, HuggingFaceNeuron, ImageException, Lmi, S3Model
from cdk_inference.serving.compilation import Compilation
from cdk_inference.template.deployments import deployment_of
from tests.compiled import BERT
from tests.judges import aws_engine
from tests.type_checks import check_once

ROOT = Path(__file__).parents[1]
check_once()
CONTEXT: dict[str, Any] = json.loads((ROOT / "cdk.json").read_text())["context"]

# In tests, constructs are made on this day: what was accepted until a later one holds, whenever the tests run.
# tests/unit/test_dates.py watches the real day.
DAY = datetime.date(2026, 11, 29)
mock.patch.object(base, "datetime", SimpleNamespace(date=SimpleNamespace(today=lambda: DAY))).start()
NOON = datetime.datetime.combine(DAY, datetime.time(12), datetime.UTC)
mock.patch.object(comparison, "now", return_value=NOON).start()

Template = dict[str, Any]

# Neuron images are frozen, which would fail a strict synth.
FOR_NOW = ImageException(reason="tests", until="2999-12-31")


def new_stack(
    name: str = "fleet", region: str | None = "us-east-1", app: cdk.App | None = None, account: str | None = None
) -> cdk.Stack:
    """A stack in an app with cdk.json's context. No region: environment-agnostic."""
    env = None if region is None else cdk.Environment(region=region, account=account)
    return cdk.Stack(app or cdk.App(context=CONTEXT), name, env=env)


def models(stack: cdk.Stack) -> Bucket:
    """A bucket made elsewhere, without a key."""
    return s3.Bucket.from_bucket_name(stack, "Models", "models")


def llm(bucket: Bucket, **changes: Any) -> Lmi:
    """An 8B model on one GPU."""
    model = S3Model(bucket=bucket, prefix="llama/", size_gb=16.1)
    return Lmi(**{"model": model, "tensor_parallel_degree": 1, "max_model_len": 8192, **changes})


# What an LMI container needs to load adapters while it runs.
WITH_ADAPTERS = {"OPTION_ENABLE_LORA": "true"}


def encoder(bucket: Bucket, compilation: Compilation = BERT) -> HuggingFaceNeuron:
    """A small compiled encoder."""
    return HuggingFaceNeuron(
        model=S3Model(bucket=bucket, prefix="bert/", size_gb=0.5),
        task="feature-extraction",
        compilation=compilation,
        image_exception=FOR_NOW,
    )


def template_of(stack: cdk.Stack) -> Template:
    """The synthesized template of `stack`, judged by AWS's engine, as at the end of a synth, and by AWS's requirements."""
    app = stack.node.root
    assert isinstance(app, cdk.App)
    folder = Path(app.synth().directory)
    manifest = json.loads((folder / "manifest.json").read_text())["artifacts"][stack.artifact_id]
    # Node reads, parses and sends a template that it is asked for once more.
    found = json.loads((folder / manifest["properties"]["templateFile"]).read_text())
    assert isinstance(found, dict)
    region = manifest["environment"].rpartition("/")[2]
    findings = aws_engine.findings(found, region)
    accepted = acknowledged(folder) if findings else set()
    assert [one for one in findings if f"CloudFormation-Validate::{one.partition(' ')[0]}" not in accepted] == []
    assert required_in_words(found, region) == []
    return found


def required_in_words(template: Template, region: str | None) -> list[str]:
    """What a template violates of AWS's requirements in words."""
    found = judge(deployment_of({"stack": template}, None if region == "unknown-region" else region))
    return [f"{one.requirement.id} {one.place}: {one.finding}" for one in found.violations]


def acknowledged(folder: Path) -> set[str]:
    """The rules that are acknowledged somewhere in an assembly."""
    entries = [
        entry
        for file in folder.glob("*.metadata.json")
        for entries in json.loads(file.read_text()).values()
        for entry in entries
    ]
    return {rule for entry in entries if entry["type"] == "aws:cdk:acknowledged-rules" for rule in entry["data"]}


def endpoint_template(region: str | None = "us-east-1", **arguments: Any) -> Template:
    """The template of a stack with one endpoint "Chat"; a callable argument is called with the stack."""
    return _endpoint_template(region, arguments) if arguments else json.loads(_plain_endpoint(region))


@functools.cache
def _plain_endpoint(region: str | None) -> str:
    return json.dumps(_endpoint_template(region, {}))


def _endpoint_template(region: str | None, arguments: dict[str, Any]) -> Template:
    stack = new_stack(region=region)
    given = {name: value(stack) if _is_maker(value) else value for name, value in arguments.items()}
    given.setdefault("hardware", "ml.g6.2xlarge")
    given.setdefault("server", llm(models(stack)) if "server" not in given else None)
    RealtimeEndpoint(stack, "Chat", **given)
    return template_of(stack)


def _is_maker(value: object) -> bool:
    return callable(value) and not isinstance(value, type)


def of_type(template: Template, kind: str) -> list[dict[str, Any]]:
    """Properties of every resource of the CloudFormation type `kind`, in order."""
    found = template.get("Resources", {}).values()
    return [resource.get("Properties", {}) for resource in found if resource["Type"] == kind]


def only(template: Template, kind: str) -> dict[str, Any]:
    """Properties of the one resource of a type."""
    (found,) = of_type(template, kind)
    return found


def resource(template: Template, kind: str) -> dict[str, Any]:
    """The one resource of a type, whole."""
    (found,) = (value for value in template["Resources"].values() if value["Type"] == kind)
    assert isinstance(found, dict)
    return found


Build = Callable[[cdk.Stack], object]

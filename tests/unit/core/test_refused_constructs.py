"""A construct that is refused leaves nothing behind: no child, no name that is taken, no right that was given."""

from __future__ import annotations

import datetime
import inspect
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_inference import bedrock, comparison, cost, endpoints, health, network
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.serving import S3Archive, TeiCpu
from tests.costs import topic_of
from tests.support import CONTEXT, WITH_ADAPTERS, llm, models

LITE, PRO = bedrock.FoundationModel("amazon.nova-lite-v1:0"), bedrock.FoundationModel("amazon.nova-pro-v1:0")
GUARDRAIL = bedrock.ExistingGuardrail(
    guardrail_arn="arn:aws:bedrock:us-east-1:111122223333:guardrail/abc123", guardrail_version="1"
)
HARDWARE = "ml.g6.2xlarge"
END = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=2)  # a comparison ends within 14 days


def key(stack: cdk.Stack) -> kms.Key:
    return kms.Key(stack, "Key")


def chat(stack: cdk.Stack) -> endpoints.RealtimeEndpoint:
    return endpoints.RealtimeEndpoint(stack, "Target", server=llm(models(stack)), hardware=HARDWARE)


def host(stack: cdk.Stack) -> endpoints.ComponentEndpoint:
    instances = endpoints.ManagedInstances(max_instances=40)
    return endpoints.ComponentEndpoint(stack, "Host", hardware=HARDWARE, instances=instances)


def component(stack: cdk.Stack) -> dict[str, Any]:
    resources = endpoints.Resources(memory_mb=8192, accelerators=1)
    return {"endpoint": host(stack), "server": llm(models(stack)), "resources": resources}


def adapter(stack: cdk.Stack) -> dict[str, Any]:
    given = component(stack)
    bucket = stack.node.find_child("Models")
    server = llm(bucket, environment=WITH_ADAPTERS)
    base = endpoints.InferenceComponent(stack, "Base", **{**given, "server": server})
    return {"base": base, "adapter": S3Archive(bucket=bucket, key="a.tar.gz", size_gb=0.1, unpacked_gb=0.1)}


def serverless(stack: cdk.Stack) -> dict[str, Any]:
    model = S3Archive(bucket=models(stack), key="tiny.tar.gz", size_gb=0.1, unpacked_gb=0.2)
    return {"server": TeiCpu(model=model)}


def candidates(stack: cdk.Stack) -> list[comparison.EndpointCandidate]:
    server = llm(models(stack))
    return [comparison.EndpointCandidate(name=name, server=server, hardware=HARDWARE) for name in ("One", "Two")]


class Row(NamedTuple):
    """sound: arguments of a construct that is made, in a stack. wrong: replaces some of them, or adds to them."""

    sound: Callable[[cdk.Stack], dict[str, Any]]
    wrong: dict[str, Any]


ROWS: dict[type[Construct], Row] = {
    endpoints.RealtimeEndpoint: Row(
        lambda stack: {"server": llm(models(stack)), "hardware": HARDWARE, "encryption_key": key(stack)},
        {"hardware": "ml.g6.3xlarge"},
    ),
    endpoints.AsyncEndpoint: Row(
        lambda stack: {
            "server": llm(models(stack)),
            "hardware": HARDWARE,
            "exchange": endpoints.AsyncIo(bucket=stack.node.find_child("Models")),
        },
        {"max_concurrent_per_instance": 0},
    ),
    endpoints.ServerlessEndpoint: Row(serverless, {"memory_mb": 1}),
    endpoints.ComponentEndpoint: Row(
        lambda _: {"hardware": HARDWARE, "instances": endpoints.ManagedInstances(max_instances=4)},
        {"instances": 4},
    ),
    endpoints.InferenceComponent: Row(
        component, {"resources": endpoints.Resources(memory_mb=8192, accelerators=2), "startup": 3}
    ),
    endpoints.AdapterComponent: Row(adapter, {"adapter": "s3://adapters/a.tar.gz"}),
    endpoints.PayloadBucket: Row(lambda stack: {"key": key(stack), "retention_days": 3}, {"retention_days": 0}),
    endpoints.ImportedEndpoint: Row(
        lambda _: {"endpoint_name": "chat", "variant_name": "AllTraffic", "hardware": None},
        {"endpoint_name": "-"},
    ),
    endpoints.ImportedComponent: Row(
        lambda _: {"component_name": "chat", "endpoint_name": "host"},
        {"component_name": "-"},
    ),
    endpoints.ImportedAsyncEndpoint: Row(lambda _: {"endpoint_name": "chat"}, {"endpoint_name": None}),
    endpoints.ImportedServerlessEndpoint: Row(lambda _: {"endpoint_name": "chat"}, {"endpoint_name": "a_b"}),
    endpoints.ImportedComponentEndpoint: Row(lambda _: {"endpoint_name": "chat"}, {"hardware": "ml.g6.3xlarge"}),
    network.InferenceNetwork: Row(lambda stack: {"read_from": [models(stack)]}, {"zones": 3}),
    bedrock.ApplicationProfile: Row(lambda _: {"of": LITE, "tags": {"team": "search"}}, {"tags": {}}),
    bedrock.BedrockAccess: Row(lambda _: {"models": [LITE]}, {"models": [LITE, LITE]}),
    bedrock.EnforcedGuardrail: Row(lambda _: {"guardrail": GUARDRAIL}, {"system": "NOTHING"}),
    bedrock.Guardrail: Row(
        lambda stack: {"policies": [bedrock.BlockedWords(words=("secret",))], "encryption_key": key(stack)},
        {"keep": "yes"},
    ),
    bedrock.MarketplaceSubscriber: Row(
        lambda _: {
            "assumed_by": iam.AccountRootPrincipal(),
            "product_ids": ["prod-xdkflymybwmvi"],
        },
        {"product_ids": []},
    ),
    bedrock.PrivatePath: Row(
        lambda stack: {"vpc": network.InferenceNetwork(stack, "Network", read_from=[models(stack)]), "models": [LITE]},
        {"models": []},
    ),
    bedrock.PromptRouter: Row(
        lambda _: {"models": [LITE, PRO], "fallback": PRO, "quality_difference_percent": 25},
        {"quality_difference_percent": 101},
    ),
    cost.AlarmTopic: Row(lambda stack: {"encryption_key": key(stack)}, {"notify": ["nobody"]}),
    cost.AnomalyDetection: Row(lambda stack: {"usd": 100, "alarm_topic": topic_of(stack)}, {"usd": 0}),
    cost.BillingAlarm: Row(lambda stack: {"usd": 100, "alarm_topic": topic_of(stack)}, {"usd": 0}),
    cost.Budget: Row(
        lambda stack: {"monthly": cost.MonthlyBudget(usd=100), "tag": None, "alarm_topic": topic_of(stack)},
        {"alarm_topic": None},
    ),
    cost.CostControls: Row(
        lambda stack: {
            "targets": [chat(stack)],
            "notify": ["oncall@example.com"],
            "monthly_budget": cost.MonthlyBudget(usd=5000),
        },
        {"monthly_budget": cost.MonthlyBudget(usd=100)},
    ),
    cost.FleetDashboard: Row(lambda stack: {"targets": [chat(stack)]}, {"limit_usd_per_hour": 3}),
    health.HealthAlarms: Row(lambda stack: {"targets": [chat(stack)], "notify": ["oncall@example.com"]}, {"limits": 5}),
    comparison.Comparison: Row(
        lambda stack: {
            "candidates": candidates(stack),
            "end": END,
            "notify": ["oncall@example.com"],
        },
        {"notify": []},
    ),
    cost.Metering: Row(lambda stack: {"alarm_topic": topic_of(stack)}, {"every_minutes": 0}),
}
# What others are made of: users make none of these themselves.
BASES = {endpoints.InvocableEndpoint, bedrock.ModelTarget, bedrock.VersionedGuardrail}


def test_every_public_construct_has_a_row() -> None:
    public = {
        getattr(room, name) for room in (endpoints, network, bedrock, cost, health, comparison) for name in room.__all__
    }
    assert {one for one in public if inspect.isclass(one) and issubclass(one, Construct)} - BASES == set(ROWS)


def templates(*, refused_first: bool) -> dict[str, Any]:
    """The templates of a stack for each row, by file; every construct has the id "It"."""
    app = cdk.App(context=CONTEXT)
    for made, row in ROWS.items():
        env = cdk.Environment(account="111122223333", region="us-east-1")
        stack = cdk.Stack(app, made.__name__, env=None if made is network.InferenceNetwork else env)
        cdk.CfnWaitConditionHandle(stack, "Handle")  # some constructs make no resource, and no template is empty
        given = row.sound(stack)
        if refused_first:
            before = len(stack.node.find_all())
            with pytest.raises(ConfigurationError, match=f"{stack.node.path}/It"):
                made(stack, "It", **{**given, **row.wrong})
            assert len(stack.node.find_all()) == before
        made(stack, "It", **given)
    files = sorted(Path(app.synth().directory).glob("*.template.json"))
    return {file.name: json.loads(file.read_text()) for file in files}


def test_a_construct_is_made_after_a_refusal_as_if_there_had_been_none() -> None:
    """The same id, and the same template: names, key policies, roles and tags are as without the refusal."""
    assert templates(refused_first=True) == templates(refused_first=False)


def refusal(stack: cdk.Stack, made: Any, given: dict[str, Any]) -> str:
    """The message; "" where nothing is refused, and then nothing is left of the construct."""
    try:
        made(stack, "It", **given)
    except ConfigurationError as error:
        return str(error)
    stack.node.try_remove_child("It")
    return ""


def test_two_arguments_of_a_wrong_kind_are_reported_together() -> None:
    """Every pair of arguments that are each refused alone: one error reports both."""
    app, missing = cdk.App(context=CONTEXT), []
    for made, row in ROWS.items():
        env = cdk.Environment(account="111122223333", region="us-east-1")
        stack = cdk.Stack(app, made.__name__, env=None if made is network.InferenceNetwork else env)
        sound, wrong = row.sound(stack), object()
        names = [name for name in inspect.signature(made.__init__).parameters if name not in ("self", "scope", "id")]
        refused = [name for name in names if f"{name}: got" in refusal(stack, made, {**sound, name: wrong})]
        for one, other in itertools.combinations(refused, 2):
            said = refusal(stack, made, {**sound, one: wrong, other: wrong})
            if f"{one}: got" not in said or f"{other}: got" not in said:
                missing.append(f"{made.__name__}, {one} and {other}: {said}")
    assert not missing, "\n".join(missing)

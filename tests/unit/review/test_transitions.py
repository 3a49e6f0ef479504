"""For each row of the table: the template before, the one after, and what alone differs between them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import (
    AdapterComponent,
    AsyncEndpoint,
    AsyncExchange,
    CapacityReservation,
    ComponentEndpoint,
    InferenceComponent,
    InstancePools,
    ManagedInstances,
    Observability,
    RealtimeEndpoint,
    Resources,
    ServerlessEndpoint,
    ShadowVariant,
    Variant,
)
from cdk_inference.errors import ConfigurationError
from cdk_inference.review import OUTCOMES, TRANSITIONS
from cdk_inference.review.transition import CONFIDENCES
from cdk_inference.rollout import Canary
from cdk_inference.scaling import (
    FixedCopies,
    FixedCount,
    TargetConcurrency,
    TargetConcurrencyPerCopy,
    TargetInvocations,
)
from cdk_inference.serving import S3Archive, S3Model, TeiCpu, Vllm
from tests.support import Template, llm, models, new_stack, template_of

Build = Callable[[cdk.Stack], object]
BY_ID = {row.id: row for row in TRANSITIONS}
SCALED = TargetConcurrency(per_instance=4, max_instances=3)
PAIR = ("ml.g6.2xlarge", "ml.g5.2xlarge")
ONE_GPU = Resources(memory_mb=4096, accelerators=1)


def bucket_of(stack: cdk.Stack) -> Any:
    return stack.node.try_find_child("Models") or models(stack)


def chat(id: str = "Chat", **arguments: Any) -> Build:
    """A real-time endpoint; a callable argument gets the stack."""

    def build(stack: cdk.Stack) -> object:
        made = {name: value(stack) if callable(value) else value for name, value in arguments.items()}
        given = {"server": llm(bucket_of(stack)), "hardware": "ml.g6.2xlarge", **made}
        return RealtimeEndpoint(stack, id, **given)

    return build


def serverless(**arguments: Any) -> Build:
    def build(stack: cdk.Stack) -> object:
        model = S3Archive(bucket=bucket_of(stack), key="m.tar.gz", size_gb=0.4, unpacked_gb=0.5)
        return ServerlessEndpoint(stack, "Chat", server=TeiCpu(model=model), **arguments)

    return build


def shared(
    components: dict[str, dict[str, Any]], instances: int = 2, adapter: str = "", on: dict[str, str] | None = None
) -> Build:
    """One or two shared endpoints with components; `on`: component -> endpoint."""

    def build(stack: cdk.Stack) -> object:
        bucket = bucket_of(stack)
        names = sorted({"Shared", *(on or {}).values()})
        endpoints = {
            name: ComponentEndpoint(
                stack, name, hardware="ml.g6.12xlarge", instances=ManagedInstances(max_instances=instances)
            )
            for name in names
        }
        made = None
        for id, arguments in components.items():
            given = {"server": llm(bucket), "resources": ONE_GPU, **arguments}
            made = InferenceComponent(stack, id, endpoint=endpoints[(on or {}).get(id, "Shared")], **given)
        if adapter:
            assert made is not None
            archive = S3Archive(bucket=bucket, key=adapter, size_gb=0.1, unpacked_gb=0.1)
            AdapterComponent(stack, "Legal", base=made, adapter=archive)
        return endpoints

    return build


def beside(percent: float = 10, name: str = "B") -> Callable[[cdk.Stack], list[Variant]]:
    def made(stack: cdk.Stack) -> list[Variant]:
        other = llm(bucket_of(stack), max_model_len=1024)
        return [Variant(name=name, traffic_percent=percent, server=other, hardware="ml.g6.2xlarge")]

    return made


def copied(stack: cdk.Stack) -> ShadowVariant:
    return ShadowVariant(sampling_percent=10, server=llm(bucket_of(stack)), hardware="ml.g6e.2xlarge")


def asynchronous(stack: cdk.Stack) -> object:
    exchange = AsyncExchange(bucket=s3.Bucket.from_bucket_name(stack, "Exchange", "exchange"))
    return AsyncEndpoint(stack, "Batch", server=llm(bucket_of(stack)), hardware="ml.g6.2xlarge", exchange=exchange)


def both(*builds: Build) -> Build:
    return lambda stack: [build(stack) for build in builds]


# Row -> the templates in their order, and between each two what differs: "-" gone, "+" new, "~" with which properties.
CONFIG = "~EndpointConfig ProductionVariants"
TARGET, POLICY = "ScalableTarget", "ScalingPolicy"
KEPT = "Endpoint RetainAllVariantProperties"
STARTUP = "EndpointConfig Metadata"
ROWS: dict[str, tuple[list[Build], list[set[str]]]] = {
    "server": (
        [chat(scaling=SCALED), chat(scaling=SCALED, server=lambda stack: llm(bucket_of(stack), max_model_len=1024))],
        [{"~Model PrimaryContainer"}],
    ),
    "type-fixed": ([chat(), chat(hardware="ml.g5.2xlarge")], [{CONFIG, f"~{STARTUP}"}]),
    "type-scaled": (
        [chat(scaling=SCALED), chat(scaling=FixedCount(instances=2)), chat(scaling=SCALED, hardware="ml.g5.2xlarge")],
        [
            {f"-{TARGET}", f"-{POLICY}", f"~{KEPT}", CONFIG},
            {f"+{TARGET}", f"+{POLICY}", f"~{KEPT}", CONFIG, f"~{STARTUP}"},
        ],
    ),
    "to-pools": (
        [chat(scaling=SCALED), chat(scaling=SCALED, hardware=InstancePools(types=PAIR))],
        [{CONFIG}],
    ),
    "pools-edited": (
        [
            chat(scaling=SCALED, hardware=InstancePools(types=PAIR)),
            chat(scaling=FixedCount(instances=2), hardware=InstancePools(types=PAIR)),
            chat(scaling=SCALED, hardware=InstancePools(types=PAIR[::-1])),
        ],
        [
            {f"-{TARGET}", f"-{POLICY}", f"~{KEPT}", CONFIG},
            {f"+{TARGET}", f"+{POLICY}", f"~{KEPT}", CONFIG, f"~{STARTUP}"},
        ],
    ),
    "encryption-key": (
        [
            chat(observability=Observability(metric_period_seconds=60)),
            chat(observability=Observability(metric_period_seconds=10), network_isolation=False),
        ],
        [{"~EndpointConfig MetricsConfig", "~Model EnableNetworkIsolation"}],
    ),
    "reservation": (
        [
            chat(),
            chat(reservation=CapacityReservation(arn="arn:aws:sagemaker:us-east-1:111122223333:ml-reservation/a")),
        ],
        [{CONFIG}],
    ),
    "fixed-count": ([chat(scaling=FixedCount(instances=1)), chat(scaling=FixedCount(instances=2))], [{CONFIG}]),
    "bounds": (
        [chat(scaling=SCALED), chat(scaling=TargetConcurrency(per_instance=5, max_instances=6))],
        [{f"~{TARGET} MaxCapacity", f"~{POLICY} TargetTrackingScalingPolicyConfiguration"}],
    ),
    "policy": (
        [chat(scaling=SCALED), chat(scaling=TargetInvocations(per_instance_per_minute=60, max_instances=3))],
        [{f"~{POLICY} PolicyName", f"~{POLICY} TargetTrackingScalingPolicyConfiguration"}],
    ),
    "to-scaled": ([chat(), chat(scaling=SCALED)], [{f"+{TARGET}", f"+{POLICY}", f"~{KEPT}"}]),
    "to-fixed": (
        [chat(scaling=SCALED), chat(scaling=FixedCount(instances=2))],
        [{f"-{TARGET}", f"-{POLICY}", f"~{KEPT}", CONFIG}],
    ),
    "variant-added": (
        [chat(), chat(more_variants=beside())],
        [
            {
                "+Model",
                "+Alarm",
                CONFIG,
                "~Endpoint DeploymentConfig",
                "~Endpoint DependsOn",
                "~ManagedPolicy PolicyDocument",
            }
        ],
    ),
    "variant-removed-fixed": (
        [chat(more_variants=beside()), chat()],
        [
            {
                "-Model",
                "-Alarm",
                CONFIG,
                "~Endpoint DeploymentConfig",
                "~Endpoint DependsOn",
                "~ManagedPolicy PolicyDocument",
            }
        ],
    ),
    "variant-removed-scaled": (
        [chat(scaling=SCALED, more_variants=beside()), chat(more_variants=beside()), chat(scaling=SCALED)],
        [
            {f"-{TARGET}", f"-{POLICY}", f"~{KEPT}", "~Endpoint ExcludeRetainedVariantProperties"},
            {
                *("-Model", "-Alarm", CONFIG, f"+{TARGET}", f"+{POLICY}", f"~{KEPT}"),
                *("~Endpoint DeploymentConfig", "~Endpoint DependsOn", "~ManagedPolicy PolicyDocument"),
            },
        ],
    ),
    "traffic": (
        [chat(scaling=SCALED, more_variants=beside(10)), chat(scaling=SCALED, more_variants=beside(50))],
        [{CONFIG}],
    ),
    "variant-renamed": (
        [chat(more_variants=beside(name="B")), chat(more_variants=beside(name="C"))],
        [
            {
                "-Alarm",
                "+Alarm",
                CONFIG,
                "~Endpoint DeploymentConfig",
                "~Endpoint DependsOn",
                "~ManagedPolicy PolicyDocument",
            }
        ],
    ),
    "shadow": (
        [chat(), chat(shadow=copied)],
        [
            {
                *("~EndpointConfig ShadowProductionVariants", f"~{STARTUP}"),
                *("+Model", "~ManagedPolicy PolicyDocument"),
            }
        ],
    ),
    "rollout": (
        [chat(scaling=FixedCount(instances=4)), chat(scaling=FixedCount(instances=4), rollout=Canary(percent=25))],
        [{"~Endpoint DeploymentConfig"}],
    ),
    "log-retention": (
        [chat(), chat(observability=Observability(log_retention_days=7))],
        [{"~LogGroup RetentionInDays"}],
    ),
    "serverless-size": ([serverless(memory_mb=2048), serverless(memory_mb=4096)], [{CONFIG}]),
    "renamed": ([chat("Chat"), chat("Talk")], [{"-Endpoint", "+Endpoint"}]),
    "kind": ([chat(), both(chat(), asynchronous), asynchronous], [{"+Endpoint"}, {"-Endpoint"}]),
    "component-server": (
        [shared({"A": {}}), shared({"A": {"resources": Resources(memory_mb=8192, accelerators=1)}})],
        [{"~InferenceComponent Specification"}],
    ),
    "component-added": (
        [shared({"A": {}}), shared({"A": {}, "B": {}})],
        [{"+InferenceComponent", "+Model", "+LogGroup", "~ManagedPolicy PolicyDocument"}],
    ),
    "component-instances": ([shared({"A": {}}, instances=2), shared({"A": {}}, instances=3)], [{CONFIG}]),
    "component-moved": (
        [
            shared({"A": {}}, on={"Keep": "Other"}),
            shared({"A": {}, "B": {}}, on={"B": "Other"}),
            shared({"B": {}}, on={"B": "Other"}),
        ],
        [
            {"+InferenceComponent", "+Model", "+LogGroup", "~ManagedPolicy PolicyDocument", CONFIG},
            {"-InferenceComponent", "-Model", "-LogGroup", "~ManagedPolicy PolicyDocument", CONFIG},
        ],
    ),
    "adapter": (
        [shared({"A": {}}, adapter="one.tar.gz"), shared({"A": {}}, adapter="two.tar.gz")],
        [{"~InferenceComponent Specification", "~ManagedPolicy PolicyDocument"}],
    ),
}
# Only the endpoints are compared where a whole endpoint comes or goes.
ENDPOINTS_ONLY = {"renamed", "kind"}


def made_by(build: Build) -> Template:
    stack = new_stack()
    build(stack)
    return template_of(stack)


def difference(before: Template, after: Template) -> set[str]:
    """What differs, as in `ROWS`."""
    old, new = before["Resources"], after["Resources"]
    found = {f"-{_kind(old[name])}" for name in old.keys() - new.keys()}
    found |= {f"+{_kind(new[name])}" for name in new.keys() - old.keys()}
    for name in old.keys() & new.keys():
        one, other = ({**value.get("Properties", {}), **_beside(value)} for value in (old[name], new[name]))
        changed = (key for key in one.keys() | other.keys() if json.dumps(one.get(key)) != json.dumps(other.get(key)))
        found |= {f"~{_kind(old[name])} {key}" for key in changed}
    return found


def _kind(value: dict[str, Any]) -> str:
    return str(value["Type"]).rpartition("::")[2]


def _beside(value: dict[str, Any]) -> dict[str, Any]:
    metadata = {key: one for key, one in value.get("Metadata", {}).items() if key.startswith("cdk-inference")}
    return {key: one for key, one in (("DependsOn", value.get("DependsOn")), ("Metadata", metadata)) if one}


@pytest.mark.parametrize("id", ROWS)
def test_before_and_after(id: str) -> None:
    builds, expected = ROWS[id]
    templates = [made_by(build) for build in builds]
    found = [difference(one, other) for one, other in itertools.pairwise(templates)]
    if id in ENDPOINTS_ONLY:
        found = [{one for one in step if one in ("-Endpoint", "+Endpoint", "~Endpoint EndpointName")} for step in found]
    assert found == expected
    assert len(expected) == BY_ID[id].deployments


@pytest.mark.parametrize("id", ROWS)
def test_what_is_said_of_the_config_is_so(id: str) -> None:
    """ "in place" leaves config and models as they are: whatever changes there makes a new config."""
    _, expected = ROWS[id]
    moves = any(re.match(r"~(EndpointConfig (?!Metadata)|Model )", one) for step in expected for one in step)
    if BY_ID[id].outcome in ("in place", "new config"):
        assert moves == (BY_ID[id].outcome == "new config")


def test_zero_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        made_by(chat(scaling=TargetConcurrency(per_instance=1, min_instances=0, max_instances=1)))
    with pytest.raises(ConfigurationError):
        made_by(shared({"A": {"scaling": TargetConcurrencyPerCopy(per_copy=1, min_copies=0, max_copies=1)}}))
    with pytest.raises(ConfigurationError):
        FixedCopies(copies=0)
    assert BY_ID["zero"].outcome == "refused"


def test_every_row_has_its_templates() -> None:
    assert set(BY_ID) == {*ROWS, "zero"}
    assert len(BY_ID) == len(TRANSITIONS)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.id)
def test_every_row_is_whole(row: Any) -> None:
    assert row.outcome in OUTCOMES
    assert row.confidence in CONFIDENCES
    assert re.search(r"https://\S+ \(20\d\d-\d\d-\d\d\)$|schema of AWS::\S+ \(20\d\d-\d\d-\d\d\)$", row.source)
    assert (row.deployments == 2) == (row.outcome == "two deployments" or row.id == "kind")
    assert row.change
    assert row.how


def test_the_first_component_brings_the_host_image() -> None:
    found = difference(made_by(shared({})), made_by(shared({"A": {}})))
    assert CONFIG in found


def test_one_line_changes_the_chip_and_one_goes_back() -> None:
    """The line is `hardware`; a server for another chip is another line, since its container and files differ."""
    there, back = made_by(chat(hardware="ml.g6.2xlarge")), made_by(chat(hardware="ml.g6.2xlarge"))
    assert difference(there, back) == set()
    assert difference(there, made_by(chat(hardware="ml.g6e.2xlarge"))) == {CONFIG, f"~{STARTUP}"}


def test_another_model_is_another_prefix() -> None:
    def on(prefix: str) -> Build:
        return chat(
            server=lambda stack: Vllm(
                model=S3Model(bucket=bucket_of(stack), prefix=prefix, size_gb=1), tensor_parallel_degree=1
            )
        )

    assert difference(made_by(on("a/")), made_by(on("b/"))) == {
        "~Model PrimaryContainer",
        "~ManagedPolicy PolicyDocument",
    }

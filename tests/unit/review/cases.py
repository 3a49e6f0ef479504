"""For each row of the table of updates a pair of arguments: before, and what is different after.

All are made in one app, each side in a stage of its own, so that both have the same names; it is synthesized once.
"""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, cast

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference import endpoints as e
from cdk_inference import rollout as r
from cdk_inference import scaling as sc
from cdk_inference.review import BY_ID, Outcome
from cdk_inference.serving import Bucket, Container, EcrImage, S3Archive, S3Model, StartupTimeouts, TeiCpu
from tests.support import CONTEXT, WITH_ADAPTERS, Template, llm

G6, G5 = "ml.g6.12xlarge", "ml.g5.12xlarge"
SCALED = sc.TargetConcurrency(per_instance=4, min_instances=2, max_instances=6)
TWO = sc.FixedCount(instances=2)
COPIES = sc.TargetConcurrencyPerCopy(per_copy=4, min_copies=2, max_copies=6)
PREFIX_AWARE = e.PrefixAware(prefix_length=4096, concurrency_threshold=32)
COMPONENT_TYPES = ("ml.g6.12xlarge", "ml.g6.24xlarge")


@dataclass(frozen=True)
class Parts:
    """What constructs are made of, in one stack."""

    stack: cdk.Stack
    bucket: Bucket

    def container(self, tag: str = "1.0", **changes: Any) -> Container:
        repository = self.stack.node.try_find_child("Repository") or ecr.Repository.from_repository_name(
            self.stack, "Repository", "mine"
        )
        model = S3Model(bucket=self.bucket, prefix="llama/", size_gb=16.1)
        image = EcrImage(repository=cast(Any, repository), tag=tag)
        return Container(**{"model": model, "image": image, "runs_on": ("gpu",), **changes})

    def archive(self, key: str = "small.tar.gz") -> S3Archive:
        return S3Archive(bucket=self.bucket, key=key, size_gb=0.2, unpacked_gb=0.4)

    def key(self) -> kms.IKey:
        return kms.Key(self.stack, "Key", enable_key_rotation=True)

    def placement(self) -> e.VpcPlacement:
        network = ec2.Vpc.from_vpc_attributes(
            self.stack,
            "Vpc",
            vpc_id="vpc-0a1b2c3d",
            availability_zones=["us-east-1a", "us-east-1b"],
            isolated_subnet_ids=["subnet-0a1b2c3d", "subnet-1a2b3c4d"],
            isolated_subnet_route_table_ids=["rtb-0a1b2c3d", "rtb-1a2b3c4d"],
        )
        group = ec2.SecurityGroup.from_security_group_id(self.stack, "Group", "sg-0a1b2c3d")
        return e.VpcPlacement(vpc=network, security_groups=[group])

    def exchange(self, **changes: Any) -> e.AsyncIo:
        bucket = s3.Bucket.from_bucket_name(self.stack, "Exchange", "requests")
        return e.AsyncIo(bucket=bucket, **changes)

    def capture(self) -> e.Observability:
        bucket = s3.Bucket.from_bucket_attributes(
            self.stack,
            "Captured",
            bucket_name="captured",
            encryption_key=kms.Key.from_key_arn(
                self.stack, "CaptureKey", "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555"
            ),
        )
        return e.Observability(capture=e.DataCapture(bucket=bucket, percent=5))

    def other(self, **changes: Any) -> e.Variant:
        return e.Variant(
            **{"name": "Other", "traffic_percent": 10, "server": llm(self.bucket), "hardware": G6, **changes}
        )

    def shadow(self, **changes: Any) -> e.ShadowVariant:
        server = llm(self.bucket, max_model_len=2048)
        return e.ShadowVariant(**{"sampling_percent": 50, "server": server, "hardware": G6, **changes})


class Later(NamedTuple):
    """An argument that needs a stack."""

    of: Callable[[Parts], Any]


Arguments = dict[str, Any]


def realtime(parts: Parts, given: Arguments) -> object:
    return e.RealtimeEndpoint(parts.stack, "Chat", **{"server": llm(parts.bucket), "hardware": G6, **given})


def asynchronous(parts: Parts, given: Arguments) -> object:
    common = {"server": llm(parts.bucket), "hardware": G6}
    if "exchange" not in given:
        common["exchange"] = parts.exchange()
    return e.AsyncEndpoint(parts.stack, "Chat", **{**common, **given})


def serverless(parts: Parts, given: Arguments) -> object:
    return e.ServerlessEndpoint(parts.stack, "Chat", **{"server": TeiCpu(model=parts.archive()), **given})


def components(parts: Parts, given: Arguments) -> object:
    """An endpoint "Chat" with a component "One"; other arguments: those of the component, "second", "adapter", "lora"."""
    shared = {
        name: given[name]
        for name in ("hardware", "instances", "encryption_key", "network_isolation", "vpc", "routing", "observability")
        if name in given
    }
    endpoint = e.ComponentEndpoint(
        parts.stack, "Chat", **{"hardware": G6, "instances": e.ManagedInstances(max_instances=3), **shared}
    )
    own = {name: value for name, value in given.items() if name not in (*shared, "second", "adapter", "lora", "id")}
    environment = WITH_ADAPTERS if given.get("adapter") or given.get("lora") else {}
    common = {
        "server": llm(parts.bucket, environment=environment),
        "resources": e.Resources(memory_mb=1024, accelerators=1),
    }
    one = e.InferenceComponent(parts.stack, given.get("id", "One"), endpoint=endpoint, **{**common, **own})
    if given.get("second"):
        e.InferenceComponent(parts.stack, "Two", endpoint=endpoint, **common)
    if given.get("adapter"):
        e.AdapterComponent(parts.stack, "Adapter", base=one, adapter=parts.archive(given["adapter"]))
    return one


def alone(parts: Parts, given: Arguments) -> object:
    """An endpoint for components without one."""
    return e.ComponentEndpoint(parts.stack, "Chat", hardware=G6, instances=e.ManagedInstances(max_instances=3), **given)


def neighbours(parts: Parts, given: Arguments) -> object:
    """Two endpoints with a component each, and "One" on the endpoint of the id `on`."""
    environment = WITH_ADAPTERS if given.get("adapter") else {}
    common = {
        "server": llm(parts.bucket, environment=environment),
        "resources": e.Resources(memory_mb=1024, accelerators=1),
    }
    hosts = {
        id: e.ComponentEndpoint(parts.stack, id, hardware=G6, instances=e.ManagedInstances(max_instances=3))
        for id in ("Chat", "Elsewhere")
    }
    for id, host in hosts.items():
        e.InferenceComponent(parts.stack, f"{id}Own", endpoint=host, **common)
    return e.InferenceComponent(parts.stack, "One", endpoint=hosts[given["on"]], **common)


def by_hand(parts: Parts, given: Arguments) -> object:
    """An endpoint that does not keep its counts, as constructs do not make it."""
    made = e.RealtimeEndpoint(parts.stack, "Chat", server=llm(parts.bucket), hardware=G6, **given)
    cast(cdk.CfnResource, made.node.find_child("Resource")).add_property_deletion_override("RetainAllVariantProperties")
    return made


Maker = Callable[[Parts, Arguments], object]


@dataclass(frozen=True)
class Case:
    """before: arguments, beside the maker's own. change: what is different afterwards. becomes: another kind's maker.

    name: of the case, where a row has several. subject: that the row is about. unlike: resources that differ besides,
    and that no row is about. stack: its name afterwards.
    """

    row: str
    before: Arguments = field(default_factory=dict)
    change: Arguments = field(default_factory=dict)
    make: Maker = realtime
    becomes: Maker | None = None
    name: str = ""
    subject: str = "fleet-chat"
    unlike: tuple[str, ...] = ()
    after_stack: str = "fleet"
    after_region: str = "us-east-1"

    @property
    def id(self) -> str:
        return f"{self.row}{'-' + self.name if self.name else ''}"

    def __str__(self) -> str:
        return self.id

    def lines(self) -> int:
        """Arguments that differ, and the class if another is made."""
        return len(self.change) + (self.becomes is not None)


POOLS = e.InstancePools(types=(G6, G5))


def pools(*types: str) -> e.InstancePools:
    return e.InstancePools(types=types)


def tracking(**changes: Any) -> sc.TargetConcurrency:
    return sc.TargetConcurrency(**{"per_instance": 4, "min_instances": 2, "max_instances": 6, **changes})


NIGHT = (sc.ScheduledBounds(schedule="cron(0 22 * * ? *)", time_zone="UTC", min_capacity=2, max_capacity=2),)
POLICY = ("AWS::IAM::ManagedPolicy",)


def backlog(low: int) -> sc.TargetBacklog:
    return sc.TargetBacklog(per_instance=5, min_instances=low, max_instances=6)


HARDWARE = (
    Case("instance-type", {"scaling": TWO}, {"hardware": G5}),
    Case("instance-type", {"scaling": TWO}, {"hardware": G5}, asynchronous, name="async"),
    Case(
        "instance-type",
        {"scaling": SCALED, "shadow": Later(lambda p: p.shadow())},
        {"shadow": Later(lambda p: p.shadow(hardware=G5))},
        name="shadow",
    ),
    Case("instance-type-autoscaled", {"scaling": SCALED}, {"hardware": G5}),
    Case("instance-type-autoscaled", {"scaling": backlog(0)}, {"hardware": G5}, asynchronous, name="async"),
    Case(
        "instance-type-autoscaled",
        {"scaling": SCALED, "more_variants": Later(lambda p: [p.other()])},
        {"more_variants": Later(lambda p: [p.other(hardware=G5)])},
        name="pinned",
    ),
    Case("to-pools", {"scaling": TWO}, {"hardware": POOLS}),
    Case("to-pools-autoscaled", {"scaling": SCALED}, {"hardware": POOLS}),
    Case("to-other-pools-autoscaled", {"scaling": SCALED}, {"hardware": pools(G5, G6)}),
    Case("from-pools", {"hardware": POOLS, "scaling": TWO}, {"hardware": G6}),
    Case("from-pools-autoscaled", {"hardware": POOLS, "scaling": SCALED}, {"hardware": G6}),
    Case("pools-edited", {"hardware": POOLS, "scaling": TWO}, {"hardware": pools(G5, G6)}),
    Case("pools-edited-autoscaled", {"hardware": POOLS, "scaling": SCALED}, {"hardware": pools(G5, G6)}, name="order"),
    Case(
        "pools-edited-autoscaled",
        {"hardware": POOLS, "scaling": SCALED},
        {"hardware": pools(G6, G5, "ml.g6.24xlarge")},
        name="added",
    ),
    Case(
        "pools-edited-autoscaled",
        {"hardware": pools(G6, G5, "ml.g6.24xlarge"), "scaling": SCALED},
        {"hardware": POOLS},
        name="removed",
    ),
    Case("shared-hardware", {}, {"hardware": G5}, components),
    Case(
        "reservation",
        {"scaling": TWO},
        {"reservation": e.CapacityReservation(arn="arn:aws:sagemaker:us-east-1:111122223333:training-plan/mine")},
    ),
)

PER_MINUTE = sc.TargetInvocations(per_instance_per_minute=600, min_instances=2, max_instances=6)

COUNTS = (
    Case("count", {"scaling": TWO}, {"scaling": sc.FixedCount(instances=3)}),
    Case("count", {"instances": TWO}, {"instances": sc.FixedCount(instances=3)}, components, name="shared"),
    Case(
        "count-kept",
        {"scaling": SCALED, "shadow": Later(lambda p: p.shadow())},
        {"shadow": Later(lambda p: p.shadow(instances=2))},
    ),
    Case("upper-bound", {"scaling": SCALED}, {"scaling": tracking(max_instances=8)}),
    Case(
        "upper-bound",
        {"scaling": COPIES},
        {"scaling": sc.TargetConcurrencyPerCopy(per_copy=4, min_copies=2, max_copies=8)},
        components,
        name="component",
        subject="fleet-one",
    ),
    Case("lower-bound", {"scaling": SCALED}, {"scaling": tracking(min_instances=3)}),
    Case("lower-bound-in-place", {"scaling": backlog(1)}, {"scaling": backlog(0)}, asynchronous),
    Case("lower-bound-in-place", {"scaling": backlog(0)}, {"scaling": backlog(1)}, asynchronous, name="up"),
    Case("target-value", {"scaling": SCALED}, {"scaling": tracking(per_instance=8)}),
    Case("target-value", {"scaling": SCALED}, {"scaling": tracking(scale_in_cooldown_seconds=60)}, name="cooldown"),
    Case(
        "policy-kind",
        {"scaling": SCALED},
        {"scaling": PER_MINUTE},
    ),
    Case(
        "policy-kind",
        {"scaling": SCALED},
        {"scaling": sc.CombinedPolicies(policies=(SCALED, PER_MINUTE))},
        name="second",
    ),
    Case("schedule", {"scaling": SCALED}, {"scaling": tracking(windows=NIGHT)}),
    Case("retained-counts", {"scaling": SCALED}, {}, by_hand, becomes=realtime),
    Case("scaled", {"scaling": TWO}, {"scaling": SCALED}),
    Case("scaled", {"scaling": sc.FixedCount(instances=5)}, {"scaling": SCALED}, name="count"),
    Case("unscaled", {"scaling": SCALED}, {"scaling": TWO}),
    Case("unscaled", {"scaling": SCALED}, {"scaling": sc.FixedCount(instances=5)}, name="count"),
    Case(
        "unscaled", {"scaling": SCALED, "more_variants": Later(lambda p: [p.other()])}, {"scaling": TWO}, name="pinned"
    ),
)

OBSERVED = e.Observability
CONFIGURED = (
    Case(
        "model",
        {"server": Later(lambda p: p.container())},
        {"server": Later(lambda p: p.container(model=S3Model(bucket=p.bucket, prefix="llama-2/", size_gb=16.1)))},
        unlike=POLICY,
    ),
    Case(
        "model",
        {"scaling": SCALED, "server": Later(lambda p: p.container())},
        {"server": Later(lambda p: p.container(model=S3Model(bucket=p.bucket, prefix="llama-2/", size_gb=16.1)))},
        unlike=POLICY,
        name="autoscaled",
    ),
    Case(
        "model",
        {},
        {"server": Later(lambda p: TeiCpu(model=p.archive("other.tar.gz")))},
        serverless,
        unlike=POLICY,
        name="serverless",
    ),
    Case(
        "image",
        {"scaling": SCALED, "server": Later(lambda p: p.container())},
        {"server": Later(lambda p: p.container("2.0"))},
    ),
    Case("environment", {"scaling": SCALED}, {"server": Later(lambda p: llm(p.bucket, max_model_len=4096))}),
    Case(
        "environment",
        {"hardware": Later(lambda p: e.InstancePools(types=(G6, G5), servers={G5: llm(p.bucket, max_model_len=1024)}))},
        {"hardware": Later(lambda p: e.InstancePools(types=(G6, G5), servers={G5: llm(p.bucket, max_model_len=2048)}))},
        name="pool",
    ),
    Case(
        "host-image",
        {"scaling": SCALED, "server": Later(lambda p: p.container(ami_version="al2-ami-sagemaker-inference-gpu-3-1"))},
        {"server": Later(lambda p: p.container(ami_version="al2023-ami-sagemaker-inference-gpu-4-1"))},
    ),
    Case("startup", {"scaling": SCALED}, {"startup": StartupTimeouts(download_seconds=900, container_seconds=900)}),
    Case("routing", {"scaling": SCALED}, {"routing": PREFIX_AWARE}),
    Case("routing", {}, {"routing": PREFIX_AWARE}, components, name="shared"),
    Case("network-isolation", {"scaling": SCALED}, {"network_isolation": False}),
    Case("vpc", {}, {"vpc": Later(lambda p: p.placement())}, unlike=POLICY),
    Case(
        "encryption-key",
        {"hardware": "ml.m5.xlarge", "server": Later(lambda p: p.container(runs_on=("cpu",)))},
        {"encryption_key": Later(lambda p: p.key())},
        unlike=(*POLICY, "AWS::KMS::Key"),
    ),
    Case("data-capture", {}, {"observability": Later(lambda p: p.capture())}, unlike=POLICY),
    Case("metric-period", {}, {"observability": OBSERVED(metric_period_seconds=10)}),
    Case("async-settings", {}, {"max_concurrent_per_instance": 4}, asynchronous),
    Case(
        "async-settings",
        {},
        {"exchange": Later(lambda p: p.exchange(output_prefix="answers/"))},
        asynchronous,
        name="prefix",
        unlike=POLICY,
    ),
    Case("serverless-size", {}, {"memory_mb": 4096}, serverless),
    Case("serverless-size", {}, {"max_concurrency": 9}, serverless, name="concurrency"),
    Case("provisioned-concurrency", {}, {"provisioned": sc.ProvisionedConcurrency(executions=2)}, serverless),
    Case("region", after_region="eu-west-1", unlike=(*POLICY, "AWS::IAM::Role")),
    Case("rollout", {"scaling": TWO}, {"rollout": r.Canary(percent=50)}),
    Case("rollout", {"scaling": TWO}, {"rollout": r.Immediate()}, name="none", unlike=POLICY),
    Case("alarms", {}, {"rollout": r.AllAtOnce(rollback_when=r.RollbackWhen(error_percent=1))}),
    Case(
        "alarms",
        {},
        {"rollout": r.AllAtOnce(rollback_when=r.RollbackWhen(p99_milliseconds=900))},
        name="latency",
        unlike=POLICY,
    ),
    Case("logs", {}, {"observability": OBSERVED(retention_days=90)}),
    Case("logs", {}, {"observability": OBSERVED(keep_logs=False)}, name="kept"),
)

BOTH = Later(lambda p: [p.other(scaling=TWO)])
VARIANTS = (
    Case("variant-added", {"scaling": TWO}, {"more_variants": BOTH}, unlike=POLICY),
    Case("variant-added", {"scaling": SCALED}, {"more_variants": BOTH}, name="autoscaled", unlike=POLICY),
    Case("variant-removed", {"scaling": TWO, "more_variants": BOTH}, {"more_variants": ()}, unlike=POLICY),
    Case(
        "variant-removed-autoscaled", {"scaling": SCALED, "more_variants": BOTH}, {"more_variants": ()}, unlike=POLICY
    ),
    Case(
        "variant-renamed",
        {"scaling": TWO, "more_variants": BOTH},
        {"more_variants": Later(lambda p: [p.other(name="Else", scaling=TWO)])},
        unlike=POLICY,
    ),
    Case(
        "variant-renamed-autoscaled",
        {"scaling": SCALED, "more_variants": BOTH},
        {"more_variants": Later(lambda p: [p.other(name="Else", scaling=TWO)])},
        unlike=POLICY,
    ),
    Case(
        "traffic-share",
        {"more_variants": BOTH},
        {"more_variants": Later(lambda p: [p.other(scaling=TWO, traffic_percent=30)])},
    ),
    Case("shadow-added", {"scaling": SCALED}, {"shadow": Later(lambda p: p.shadow())}),
    Case("shadow-removed", {"scaling": SCALED, "shadow": Later(lambda p: p.shadow())}, {"shadow": None}),
    Case(
        "shadow-renamed", {"shadow": Later(lambda p: p.shadow())}, {"shadow": Later(lambda p: p.shadow(name="Shade"))}
    ),
    Case(
        "shadow-promoted",
        {"scaling": SCALED, "shadow": Later(lambda p: p.shadow())},
        {"shadow": None, "server": Later(lambda p: llm(p.bucket, max_model_len=2048))},
    ),
    Case(
        "shadow-sampling",
        {"shadow": Later(lambda p: p.shadow())},
        {"shadow": Later(lambda p: p.shadow(sampling_percent=10))},
    ),
)

ONE = {"make": components, "subject": "fleet-one"}
COMPONENTS = (
    Case("component-server", {}, {"server": Later(lambda p: llm(p.bucket, max_model_len=2048))}, **ONE),
    Case(
        "component-server",
        {},
        {"startup": StartupTimeouts(download_seconds=900, container_seconds=900)},
        name="startup",
        **ONE,
    ),
    Case("component-resources", {}, {"resources": e.Resources(memory_mb=2048, accelerators=1)}, **ONE),
    Case("component-placement", {}, {"placement": e.Placement(strategy="SPREAD")}, **ONE),
    Case(
        "component-per-type",
        {"hardware": pools(*COMPONENT_TYPES)},
        {
            "per_type": Later(
                lambda p: {
                    COMPONENT_TYPES[1]: e.ComponentOn(
                        server=llm(p.bucket), resources=e.Resources(memory_mb=2048, accelerators=1)
                    )
                }
            )
        },
        **ONE,
    ),
    Case(
        "adapter",
        {"adapter": "legal.tar.gz"},
        {"adapter": "tax.tar.gz"},
        components,
        subject="fleet-adapter",
        unlike=POLICY,
    ),
    Case(
        "component-rollout",
        {"scaling": sc.FixedCopies(copies=2)},
        {"rollout": r.Rolling(percent=50)},
        **ONE,
        unlike=POLICY,
    ),
    Case(
        "alarms",
        {"scaling": sc.FixedCopies(copies=2), "rollout": r.Rolling(percent=50)},
        {"rollout": r.Rolling(percent=50, rollback_when=r.RollbackWhen(error_percent=1))},
        name="component",
        **ONE,
    ),
    Case("copies", {}, {"scaling": sc.FixedCopies(copies=2)}, **ONE),
    Case(
        "copies-lower-bound",
        {"scaling": COPIES},
        {"scaling": sc.TargetConcurrencyPerCopy(per_copy=4, min_copies=3, max_copies=6)},
        **ONE,
    ),
    Case("copies-scaled", {"scaling": sc.FixedCopies(copies=2)}, {"scaling": COPIES}, **ONE),
    Case("copies-scaled", {"scaling": COPIES}, {"scaling": sc.FixedCopies(copies=2)}, name="back", **ONE),
    Case("component-added", {}, {"second": True}, components, subject="fleet-two", unlike=POLICY),
    Case(
        "component-added",
        {"lora": True},
        {"adapter": "legal.tar.gz"},
        components,
        name="adapter",
        subject="fleet-adapter",
        unlike=POLICY,
    ),
    Case("component-removed", {"second": True}, {"second": False}, components, subject="fleet-two", unlike=POLICY),
    Case("component-renamed", {}, {"id": "Other"}, components, subject="fleet-other", unlike=POLICY),
    Case("component-moved", {"on": "Chat"}, {"on": "Elsewhere"}, neighbours, subject="fleet-one", unlike=POLICY),
    Case("managed-instances", {}, {"instances": e.ManagedInstances(max_instances=5)}, components),
    Case(
        "managed-instances",
        {},
        {"instances": e.ManagedInstances(min_instances=2, max_instances=3)},
        components,
        name="minimum",
    ),
)

EMBEDDINGS = {"server": Later(lambda p: TeiCpu(model=p.archive()))}
LIVES = (
    Case("kind", {}, {}, becomes=asynchronous, unlike=POLICY),
    Case("kind", {}, {}, becomes=alone, name="components", unlike=POLICY),
    Case(
        "to-serverless",
        {**EMBEDDINGS, "hardware": "ml.m5.xlarge"},
        {"hardware": None},
        becomes=serverless,
        unlike=POLICY,
    ),
    Case("from-serverless", EMBEDDINGS, {"hardware": "ml.m5.xlarge"}, serverless, becomes=realtime, unlike=POLICY),
    Case("endpoint-renamed", {}, {}, subject="other-chat", after_stack="other", unlike=POLICY),
)

CASES = (*HARDWARE, *COUNTS, *CONFIGURED, *VARIANTS, *COMPONENTS, *LIVES)


class _App:
    """Stacks by what they are made of: most cases begin at the same few."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="transitions-"))
        # Constructs of these kinds are validated where they are tested; here it would take half of the time.
        self.app = cdk.App(context=CONTEXT, outdir=str(self.folder), builtin_cloud_formation_validation=False)
        self._stages: dict[object, str] = {}

    def stage(self, make: Maker, given: Arguments, name: str = "fleet", region: str = "us-east-1") -> str:
        """The stage that holds the stack; made if it is not there."""
        # Arguments live as long as the module, so their identity is theirs alone.
        key = (make, tuple((argument, id(value)) for argument, value in sorted(given.items())), name, region)
        if key not in self._stages:
            self._stages[key] = f"Side{len(self._stages)}"
            inside = cdk.Stage(self.app, self._stages[key])
            stack = cdk.Stack(inside, "Fleet", stack_name=name, env=cdk.Environment(region=region))
            parts = Parts(stack, s3.Bucket.from_bucket_name(stack, "Models", "models"))
            there = {argument: value for argument, value in given.items() if value is not None}
            values = {name: value.of(parts) if isinstance(value, Later) else value for name, value in there.items()}
            make(parts, values)
        return self._stages[key]

    def template(self, stage: str) -> Template:
        (file,) = (self.folder / f"assembly-{stage}").glob("*.template.json")
        found = json.loads(file.read_text())
        assert isinstance(found, dict)
        return found


class Sides(NamedTuple):
    """The templates of a case; held is the step between, where there is one."""

    before: Template
    after: Template
    held: Template | None = None


HELD: Arguments = {"scaling": sc.FixedCount(instances=3)}
HELD_VARIANTS = Later(lambda p: [p.other(scaling=TWO)])


def held(case: Case) -> Arguments:
    """The arguments of step one: every variant at a fixed count, all else as before."""
    more = {"more_variants": HELD_VARIANTS} if "more_variants" in case.before else {}
    return {**case.before, **HELD, **more}


@functools.cache
def sides() -> dict[str, Sides]:
    """The templates of every case, by its id."""
    made = _App()
    stages: dict[str, list[str]] = {}
    for case in CASES:
        after = {**case.before, **case.change}
        stages[case.id] = [
            made.stage(case.make, case.before),
            made.stage(case.becomes or case.make, after, case.after_stack, case.after_region),
        ]
        if BY_ID[case.row].outcome is Outcome.TWO_DEPLOYMENTS:
            stages[case.id].append(made.stage(case.make, held(case)))
    made.app.synth()
    return {id: Sides(*map(made.template, names)) for id, names in stages.items()}

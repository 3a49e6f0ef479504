"""Every argument of every public value and construct, given a value of the wrong kind: refused by name, or taken.

Nothing else may happen: no AttributeError or TypeError from inside, no fault of jsii, and no end of its Node process,
which all later constructs need.
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import inspect
import math
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_inference import (
    bedrock,
    comparison,
    cost,
    endpoints,
    fit,
    hardware,
    health,
    metrics,
    network,
    rollout,
    scaling,
    serving,
)
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.scaling import FixedCount, ScheduledBounds, Step, TargetConcurrency, TargetInvocations
from cdk_inference.serving import CompilesAtStart, EcrImage, S3Model, TokenInEnvironment
from tests.compiled import BERT, for_vllm
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN
from tests.support import CONTEXT, FOR_NOW
from tests.unit.core.test_refused_constructs import LITE, PRO, ROWS, chat

ROOMS = (endpoints, serving, scaling, rollout, cost, health, bedrock, network, comparison)

PLAIN: dict[str, Any] = {
    "text": "text",
    "empty text": "",
    "None": None,
    "True": True,
    "zero": 0,
    "negative": -1,
    "fraction": 0.5,
    "huge": 10**30,
    "NaN": math.nan,
    "inf": math.inf,
    "list": [1],
    "list of None": [None],
    "empty list": [],
    "tuple of lists": ([],),
    "dict": {"a": 1},
    "empty dict": {},
    "bytes": b"text",
    "a date": datetime.date(2026, 11, 29),
    "an object": object(),
    "a class": FixedCount,
    "number token": NUMBER_TOKEN,
    "text token": TEXT_TOKEN,
    "list token": ["#{Token[TOKEN.13]}"],
}

# A construct takes more time than a value, so it is given fewer.
OTHER_TYPES = ("text", "None", "True", "negative", "NaN", "inf", "list", "dict", "a date", "an object")
FEWER = {name: PLAIN[name] for name in (*OTHER_TYPES, "number token", "text token")}

# Stand-ins: values look at members and not at classes.
BUCKET: Any = SimpleNamespace(
    bucket_name="models",
    bucket_arn="arn:aws:s3:::models",
    encryption_key=SimpleNamespace(key_arn="arn:aws:kms:us-east-1:111122223333:key/k", add_to_resource_policy=None),
    grant_put=None,
)
REPOSITORY: Any = SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=None)
SECRET: Any = SimpleNamespace(secret_value=None, secret_value_from_json=None)
ROLE: Any = SimpleNamespace(role_arn="arn", role_name="deployer", principal_account=None)
MODEL = S3Model(prefix="m/", size_gb=1)
GPU: dict[str, Any] = {"model": MODEL, "tensor_parallel_degree": 1}
NEURON: dict[str, Any] = {"model": MODEL, "image_exception": FOR_NOW}
SERVER = serving.Lmi(**GPU)
DAY = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=2, max_capacity=2)
PER_INSTANCE = TargetConcurrency(per_instance=1, max_instances=2)
PER_MINUTE = TargetInvocations(per_instance_per_minute=1, max_instances=2)
ANY: dict[str, Any] = {"max_capacity": 2}
STARTS = CompilesAtStart(reason="a test", seconds=60)
BEDROCK_ARN = "arn:aws:bedrock:us-east-1:111122223333:"

# Class or function -> sound arguments; each of its arguments is replaced by what is wrong.
SOUND: dict[Callable[..., Any], dict[str, Any]] = {
    endpoints.AsyncIo: {"bucket": BUCKET},
    endpoints.CapacityReservation: {"arn": "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p"},
    endpoints.ComponentOn: {"server": SERVER, "resources": endpoints.Resources(memory_mb=1024)},
    endpoints.Consolidation: {},
    endpoints.DataCapture: {"bucket": BUCKET, "percent": 5},
    endpoints.InstancePools: {"types": ("ml.g6.2xlarge", "ml.g5.2xlarge")},
    endpoints.ManagedInstances: {"max_instances": 2},
    endpoints.Observability: {},
    endpoints.Placement: {"strategy": "SPREAD"},
    endpoints.PrefixAware: {"prefix_length": 1024, "concurrency_threshold": 8},
    endpoints.Resources: {"memory_mb": 1024},
    endpoints.ShadowVariant: {"sampling_percent": 5, "server": SERVER, "hardware": "ml.g6.2xlarge"},
    endpoints.Variant: {"name": "B", "traffic_percent": 5, "server": SERVER, "hardware": "ml.g6.2xlarge"},
    endpoints.VpcPlacement: {"vpc": SimpleNamespace(select_subnets=None)},
    serving.Adapters: {"folders": {"billing": "adapters/billing"}},
    serving.Compiled: {"model": "m", "chip": "Trainium", "cores": 1, "sdk_version": "2.26.1"},
    serving.CompilesAtStart: {"reason": "a test", "seconds": 60},
    serving.Container: {"model": MODEL, "image": EcrImage(repository=REPOSITORY, tag="1"), "runs_on": ("gpu",)},
    serving.DjlNeuron: {**NEURON, "tensor_parallel_degree": 1, "sequence_length": 8, "compilation": STARTS},
    serving.EcrImage: {"repository": REPOSITORY, "tag": "1"},
    serving.HuggingFaceModel: {
        "model_id": "a/b",
        "revision": "v1",
        "size_gb": 1,
        "token": TokenInEnvironment(secret=SECRET),
    },
    serving.HuggingFaceNeuron: {**NEURON, "task": "fill-mask", "compilation": BERT},
    serving.ImageException: {"reason": "a test", "until": "2027-05-31"},
    serving.Lmi: GPU,
    serving.S3Archive: {"key": "m.tar.gz", "size_gb": 1, "unpacked_gb": 2},
    serving.S3Model: {"prefix": "m/", "size_gb": 1},
    serving.SgLang: GPU,
    serving.StartupTimeouts: {"download_seconds": 60, "container_seconds": 60},
    serving.Tei: {"model": MODEL},
    serving.TeiCpu: {"model": MODEL},
    serving.Tgi: {**GPU, "image_exception": FOR_NOW},
    serving.TgiNeuron: {
        **NEURON,
        "tensor_parallel_degree": 1,
        "sequence_length": 8,
        "batch_size": 1,
        "compilation": for_vllm(1, 8, 1, sdk_version="2.24.1", optimum_version="0.3.0"),
    },
    serving.TokenInEnvironment: {"secret": SECRET},
    serving.Triton: {"model": MODEL, "model_name": "m"},
    serving.TritonCpu: {"model": MODEL, "model_name": "m"},
    serving.Vllm: GPU,
    serving.VllmNeuron: {
        **NEURON,
        "tensor_parallel_degree": 1,
        "sequence_length": 8,
        "batch_size": 1,
        "compilation": for_vllm(1, 8, 1),
    },
    scaling.CombinedPolicies: {"policies": (PER_INSTANCE, PER_MINUTE)},
    scaling.FixedCopies: {},
    scaling.FixedCount: {},
    scaling.PoolLoad: {
        "max_concurrency": {"ml.g6.2xlarge": 8, "ml.g5.2xlarge": 6},
        "load": 0.5,
        "max_instances": 2,
    },
    scaling.ProvisionedConcurrency: {"executions": 1},
    scaling.ScheduledBounds: {
        "schedule": "cron(0 8 * * ? *)",
        "time_zone": "UTC",
        "min_capacity": 1,
        "max_capacity": 2,
    },
    scaling.ScheduledCount: {"windows": (DAY,)},
    scaling.Step: {"at": 1, "change": 1},
    scaling.StepScaling: {"metric": "ModelLatency", "steps": (Step(at=1, change=1),), **ANY},
    scaling.TargetBacklog: {"per_instance": 1, "max_instances": 2},
    scaling.TargetConcurrency: {"per_instance": 1, "max_instances": 2},
    scaling.TargetConcurrencyPerCopy: {"per_copy": 1, "max_copies": 2},
    scaling.TargetInvocations: {"per_instance_per_minute": 1, "max_instances": 2},
    scaling.TargetInvocationsPerCopy: {"per_copy_per_minute": 1, "max_copies": 2},
    scaling.TargetMetric: {"metric": "ModelLatency", "value": 1, **ANY},
    scaling.TargetProvisionedUtilization: {"utilization": 0.5, "max_concurrency": 2, "allow_untested": True},
    scaling.TargetUtilization: {"of": "gpu", "percent": 70, **ANY},
    scaling.target_from: {"requests_per_second": 1},
    rollout.AllAtOnce: {},
    rollout.Canary: {"percent": 10},
    rollout.Immediate: {},
    rollout.Linear: {"percent": 10},
    rollout.RollbackWhen: {},
    rollout.Rolling: {"percent": 10},
    cost.BurnRate: {"usd_per_hour": 10},
    cost.CostTag: {"key": "team", "value": "search"},
    cost.DenyNewEndpoints: {"roles": [ROLE]},
    cost.Idle: {},
    cost.MonthlyBudget: {"usd": 100},
    cost.UnderUse: {},
    cost.UnitCost: {"usd_per_1000_requests": 1},
    health.HealthLimits: {},
    comparison.EndpointCandidate: {"name": "Gpu", "server": SERVER, "hardware": "ml.g6.2xlarge"},
    bedrock.BlockedWords: {"words": ("secret",)},
    bedrock.ContentFilter: {"category": "HATE"},
    bedrock.CrossRegion: {"profile": "us", "regions": ("us-east-1", "us-west-2")},
    bedrock.CustomModelDeployment: {"arn": f"{BEDROCK_ARN}custom-model-deployment/a1b2c3d4e5f6"},
    bedrock.DeniedTopic: {"name": "Advice", "definition": "Advice on investments"},
    bedrock.ExistingGuardrail: {"guardrail_arn": f"{BEDROCK_ARN}guardrail/abc123", "guardrail_version": "1"},
    bedrock.ExistingProfile: {"arn": f"{BEDROCK_ARN}application-inference-profile/abc123", "of": LITE},
    bedrock.ExistingRouter: {"arn": f"{BEDROCK_ARN}prompt-router/abc123", "models": (LITE, PRO)},
    bedrock.ImportedModel: {"arn": f"{BEDROCK_ARN}imported-model/a1b2c3d4e5f6"},
    bedrock.ProvisionedModel: {"arn": f"{BEDROCK_ARN}provisioned-model/a1b2c3d4e5f6"},
    bedrock.FoundationModel: {"id": "amazon.nova-lite-v1:0"},
    bedrock.Grounding: {"grounding": 0.5},
    bedrock.InferenceProfile: {"id": "us.amazon.nova-lite-v1:0"},
    bedrock.PiiFilter: {"entities": ("EMAIL",)},
    cost.PromQLChart: {"title": "Up", "query": "up"},
    bedrock.PiiRegex: {"name": "ticket", "pattern": "T-[0-9]+"},
    bedrock.ServiceAccess: {
        "service": "bedrock-agent-runtime",
        "actions": ("bedrock:Retrieve",),
        "resources": ("arn:aws:bedrock:us-east-1:111122223333:knowledge-base/A",),
    },
}
# Of rooms whose other values and functions the package itself makes and calls.
LLAMA = fit.PUBLISHED["meta-llama/Llama-3.1-8B"]
SOUND_BESIDES: dict[Callable[..., Any], dict[str, Any]] = {
    fit.Architecture: {field.name: getattr(LLAMA, field.name) for field in dataclasses.fields(LLAMA)},
    fit.Experts: {"per_token": 2, "width": 14336, "parameters": 4.5e10},
    fit.RecurrentState: {"layers": 8, "bytes_per_layer": 1024},
    fit.VisionEncoder: {"layers": 32, "hidden_size": 1280},
    fit.Window: {"layers": 16, "tokens": 4096},
    fit.Workload: {"architecture": LLAMA, "precision": "bf16", "context_tokens": 2048, "batch": 4},
    hardware.InstanceType: {"name": "ml.g9.2xlarge", "kind": "gpu", "storage_volume": False},
    hardware.lookup: {"name": "ml.g6.2xlarge"},
    hardware.register_region: {"name": "ml.g6.2xlarge", "region": "us-east-1"},
    metrics.DetailedQueries: {"endpoint_name": "chat"},
    metrics.absent: {"kind": "realtime"},
    metrics.of_kind: {"kind": "realtime"},
    metrics.published: {"name": "Invocations", "kind": "realtime"},
}
# What the package itself makes, and the bases and faces of others.
NOT_MADE_BY_USERS = {
    *(endpoints.BilledVariant, serving.AwsImage, serving.Bucket, serving.Maintenance, serving.Server),
    *(scaling.Policy, scaling.ScalableTarget, bedrock.GuardrailLike),
}


def public(room: Any) -> Iterator[Callable[..., Any]]:
    """What users of a room call, constructs left out."""
    for name in room.__all__:
        one = getattr(room, name)
        if callable(one) and not (inspect.isclass(one) and issubclass(one, Construct)):
            yield one


def test_every_value_and_function_has_a_row() -> None:
    own = {one for room in ROOMS for one in public(room)}
    assert own - NOT_MADE_BY_USERS - {serving.startup_timeouts, cost.send_alarm} == set(SOUND)


def attempts(made: Callable[..., Any], sound: dict[str, Any], wrong: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(where, arguments) for each argument of `made` and each wrong value, which its default is not."""
    parameters = inspect.signature(made.__init__ if inspect.isclass(made) else made).parameters
    for name, parameter in parameters.items():
        if name not in ("self", "scope", "id"):
            for kind, value in wrong.items():
                if value is not parameter.default or name in sound:
                    yield f"{made.__name__}({name}={kind})", {**sound, name: value}


def told_badly(error: ConfigurationError) -> bool:
    """Whether a message lacks a part, or prints a placeholder of the CDK as a number."""
    return "e+289" in str(error) or any(not (one.argument and one.allowed and one.fix) for one in error.problems)


def test_a_value_refuses_by_name_what_it_does_not_take() -> None:
    wrong = {**PLAIN, "a bucket": BUCKET}
    failures = []
    for made, sound in {**SOUND, **SOUND_BESIDES}.items():
        made(**sound)
        for where, arguments in attempts(made, sound, wrong):
            try:
                hash_or_repr = repr(made(**arguments))
                del hash_or_repr
            except ConfigurationError as error:
                failures += [f"{where}: {error}"] if told_badly(error) else []
            except Exception as error:
                failures.append(f"{where}: {type(error).__name__}: {error}")
    assert not failures, "\n".join(failures)


# Values that are checked where they are used -> the argument of a RealtimeEndpoint that takes them.
CHECKED_LATER: dict[Callable[..., Any], Callable[[Any], dict[str, Any]]] = {
    endpoints.Variant: lambda value: {"more_variants": [value]},
    endpoints.ShadowVariant: lambda value: {"shadow": value},
}


def used(sound: dict[str, Any], place: Any, value: Any, given: dict[str, Any]) -> dict[str, Any]:
    """`sound` with a value made of `given` in its place."""
    return {**sound, **place(value(**given))}


def test_a_construct_refuses_by_name_what_it_does_not_take() -> None:
    app = cdk.App(context=CONTEXT)
    others = cdk.Stack(app, "Others", env=cdk.Environment(account="111122223333", region="us-east-1"))
    wrong = {
        **FEWER,
        "a topic": sns.Topic(others, "Topic"),
        "a bucket": s3.Bucket(others, "Bucket"),
        "a role": iam.Role(others, "Role", assumed_by=iam.AccountRootPrincipal()),
    }
    failures: list[str] = []

    def tried(stack: cdk.Stack, where: str, made: Any, arguments: Callable[[], dict[str, Any]]) -> None:
        try:
            made(stack, "It", **arguments())
        except ConfigurationError as error:
            failures.extend([f"{where}: {error}"] if told_badly(error) else [])
        except Exception as error:
            failures.append(f"{where}: {type(error).__name__}: {str(error)[:300]}")
        else:
            stack.node.try_remove_child("It")
            stack.node.try_remove_child("ItKey")  # of an AlarmTopic, beside it

    for made, row in ROWS.items():
        env = cdk.Environment(account="111122223333", region="us-east-1")
        stack = cdk.Stack(app, made.__name__, env=None if made is network.InferenceNetwork else env)
        sound = row.sound(stack)
        for where, arguments in attempts(made, sound, wrong):
            tried(stack, where, made, functools.partial(dict, arguments))
        if made is endpoints.RealtimeEndpoint:
            for value, place in CHECKED_LATER.items():
                for where, given in attempts(value, SOUND[value], FEWER):
                    tried(stack, where, made, functools.partial(used, sound, place, value, given))
        assert [one.node.path for one in stack.node.find_all() if "/It" in one.node.path] == []
    assert not failures, "\n".join(failures)
    assert cdk.Stack(app, "Alive").node.id == "Alive"


# The arguments that a call needs; each one that the method has, and is not named here, is left at its default.
NEEDED: dict[str, Any] = {
    "metric_name": "Invocations",
    "instance_type": "ml.g6.2xlarge",
    "max_concurrency": {"ml.g6.2xlarge": 8},
    "name": "AllTraffic",
    "variant_name": "AllTraffic",
}
METHODS = ("metric", "metric_requests", "metric_of_type", "metric_per_type", "metric_pool_load", "target", "variant")
METRIC_OPTIONS = ("period", "statistic", "label", "color", "region", "account", "unit", "id", "visible")


def walked(made: Any, seen: set[object]) -> Iterator[Callable[..., Any]]:
    """The methods of a construct that take something from a user: grants, metrics, documents, targets."""
    begins = ("grant_", "metric_usd", "metric_instances")
    for name in dir(type(made)):
        chosen = name in METHODS or name.startswith(begins) or name.endswith("_document")
        found = inspect.getattr_static(made, name) if chosen else None
        own = inspect.isfunction(found) and found.__module__.startswith("cdk_inference")
        if own and found not in seen:
            seen.add(found)
            yield getattr(made, name)


def calls(method: Callable[..., Any], given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, arguments) for each argument and each option of a metric, and each wrong value."""
    parameters = inspect.signature(method).parameters.values()
    named = [one for one in parameters if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)]
    sound = {one.name: given[one.name] for one in named if one.default is one.empty}
    options = METRIC_OPTIONS if any(one.kind is one.VAR_KEYWORD for one in parameters) else ()
    for name in (*(one.name for one in named), *options):
        for kind, value in FEWER.items():
            yield f"{method.__qualname__}({name}={kind})", {**sound, name: value}


def test_a_method_refuses_by_name_what_it_does_not_take() -> None:
    app = cdk.App(context=CONTEXT)
    failures: list[str] = []
    seen: set[object] = set()  # a method that several classes inherit is walked once
    for made, row in ROWS.items():
        env = cdk.Environment(account="111122223333", region="us-east-1")
        stack = cdk.Stack(app, made.__name__, env=None if made is network.InferenceNetwork else env)
        role = iam.Role(stack, "Caller", assumed_by=iam.AccountRootPrincipal())
        it = made(stack, "It", **row.sound(stack))
        target = chat(stack) if made is cost.Metering else stack.node.try_find_child("Target")
        given = {**NEEDED, "grantee": role, "target": target}
        functions = [cost.send_alarm] if made is cost.AlarmTopic else []
        if functions:
            requests = chat(stack).metric_requests()
            given["alarm"] = cloudwatch.Alarm(stack, "Any", metric=requests, threshold=1, evaluation_periods=1)
            given["topic"] = it
        for method in (*walked(it, seen), *functions):
            for where, arguments in calls(method, given):
                try:
                    method(**arguments)
                except ConfigurationError as error:
                    failures += [f"{where}: {error}"] if told_badly(error) else []
                except Exception as error:
                    failures.append(f"{where}: {type(error).__name__}: {str(error)[:200]}")
    assert not failures, "\n".join(failures)

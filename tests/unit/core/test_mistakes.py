"""Fifty mistakes of a first app, and what each says. A row's number groups the variants of one mistake.

Each ends in the one place that the user wrote wrong: a ConfigurationError whose end is given here, one of Python's own
errors, or a warning of the synth. None prints a trace of Node.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

import cdk_inference
from cdk_inference.bedrock import BedrockAccess, FoundationModel, InferenceProfile
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import AlarmTopic, BurnRate, CostControls, MonthlyBudget
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.health import HealthAlarms
from cdk_inference.network import InferenceNetwork
from cdk_inference.rollout import Canary
from cdk_inference.scaling import TargetBacklog, TargetConcurrency
from cdk_inference.serving import HuggingFaceModel, ImageException, Lmi, S3Archive, S3Model, Vllm
from tests.each import each
from tests.support import new_stack

FOUR_GPUS = "ml.g6.12xlarge"
LLAMA = PUBLISHED["meta-llama/Llama-3.1-8B"]


def bucket(stack: cdk.Stack) -> Any:
    return stack.node.try_find_child("Models") or s3.Bucket.from_bucket_name(stack, "Models", "my-models")


def model(stack: cdk.Stack, **changes: Any) -> S3Model:
    return S3Model(**{"bucket": bucket(stack), "prefix": "llama/", "size_gb": 16.1, **changes})


def lmi(stack: cdk.Stack, degree: Any = 4, **changes: Any) -> Lmi:
    return Lmi(**{"model": model(stack), "tensor_parallel_degree": degree, "max_model_len": 8192, **changes})


def endpoint(stack: cdk.Stack, id: str = "Chat", **changes: Any) -> RealtimeEndpoint:
    return RealtimeEndpoint(stack, id, **{"server": lmi(stack), "hardware": FOUR_GPUS, **changes})


def controls(stack: cdk.Stack, **changes: Any) -> CostControls:
    targets = changes.pop("targets", None) or [endpoint(stack)]
    given = {"targets": targets, "burn_rate": BurnRate(usd_per_hour=50), "notify": ["oncall@example.com"]}
    return CostControls(stack, "Cost", **{**given, **changes})


def workload(context: int, batch: int = 1) -> Workload:
    return Workload(architecture=LLAMA, precision="bf16", context_tokens=context, batch=batch)


class Mistake(NamedTuple):
    """number: of the kind of mistake. said: what the message contains."""

    number: int
    make: Callable[[cdk.Stack], object]
    said: str


def no_scope() -> Any:
    return None


def in_region(region: str) -> cdk.Stack:
    return new_stack(region=region)


REFUSED = [
    Mistake(1, lambda s: endpoint(s, scaling=2, server=lmi(s, 8)), "has 2 problems:"),
    Mistake(4, lambda s: endpoint(s, hardware="g6.12xlarge"), "fix: write 'ml.g6.12xlarge'"),
    Mistake(5, lambda s: endpoint(s, hardware="ml.g6.12xlrge"), "fix: use 'ml.g6.12xlarge'"),
    Mistake(6, lambda s: endpoint(s, hardware="ml.inf3.xlarge"), "there is no Inferentia3"),
    Mistake(7, lambda s: endpoint(s, hardware=None), "hardware: got None; allowed: the name of an instance type as text"),
    Mistake(7, lambda s: endpoint(s, hardware=ec2.InstanceType("g6.xlarge")), "hardware: got <InstanceType>; allowed: the name of an"),
    Mistake(7, lambda s: endpoint(s, hardware=[FOUR_GPUS]), "fix: for several types write hardware=InstancePools(types=(...))"),
    Mistake(8, lambda s: endpoint(s, server="vllm"), "server: got 'vllm'; allowed: a server; fix: for example server=Lmi("),
    Mistake(8, lambda s: endpoint(s, server=Lmi), "allowed: a server; fix: for example server=Lmi("),
    Mistake(9, lambda s: lmi(s, model="s3://b/x"), "fix: model=S3Model(bucket=..., prefix=..., size_gb=...)"),
    Mistake(9, lambda s: lmi(s, model="org/m-8B"), 'fix: model=HuggingFaceModel(model_id="org/m-8B", revision=..., size_gb=...), or a'),
    Mistake(10, lambda s: model(s, bucket="my-models"), "bucket: got 'my-models'; allowed: a bucket (aws_s3.IBucket)"),
    Mistake(11, lambda s: endpoint(s, server=lmi(s, model=S3Model(prefix="x/", size_gb=1))), "allowed: the bucket that holds the model"),
    Mistake(12, lambda s: model(s, prefix="llama"), 'fix: write "llama/", or S3Archive(key="llama.tar.gz") for an archive'),
    Mistake(12, lambda _: S3Archive(key="llama/", size_gb=1, unpacked_gb=1), 'fix: write S3Model(prefix="llama/")'),
    Mistake(13, lambda s: model(s, prefix="s3://my-models/llama/"), "fix: write the bucket as bucket=..., and the rest as prefix=..."),
    Mistake(14, lambda s: model(s, prefix="/llama/"), 'begins without a slash; fix: write "llama/"'),
    Mistake(14, lambda _: S3Archive(key="/m.tar.gz", size_gb=1, unpacked_gb=1), 'begins without a slash; fix: write "m.tar.gz"'),
    Mistake(15, lambda s: model(s, size_gb=16_100_000_000), "size_gb: got 16100000000; allowed:"),
    Mistake(15, lambda s: model(s, size_gb="16.1"), "size_gb: got '16.1'; allowed: a number"),
    Mistake(15, lambda s: model(s, size_gb=float("nan")), "size_gb: got nan; allowed: a number"),
    Mistake(16, lambda s: endpoint(s, server=lmi(s, model=model(s, size_gb=16_100))), "server.model: got '16100 GB on disk'; allowed: what the local disk of ml.g6.12xlarge holds, 3760 GB"),
    Mistake(18, lambda s: lmi(s, 4.0), "tensor_parallel_degree: got 4.0; allowed: a whole number from 1"),
    Mistake(18, lambda s: lmi(s, True), "tensor_parallel_degree: got True; allowed: a whole number from 1"),
    Mistake(20, lambda s: endpoint(s, hardware="ml.g6.2xlarge", server=Vllm(model=model(s, size_gb=140), tensor_parallel_degree=1)), "allowed: more than 130.64 GiB to use on each GPU"),
    Mistake(22, lambda s: endpoint(s, hardware="ml.inf2.xlarge"), "or a server for it: VllmNeuron or HuggingFaceNeuron"),
    Mistake(22, lambda s: endpoint(s, hardware="ml.c5.xlarge"), "or a server for it: TeiCpu or TritonCpu"),
    Mistake(23, lambda _: TargetConcurrency(per_instance=4, min_instances=5, max_instances=2), "allowed: at least min_instances (5)"),
    Mistake(23, lambda s: endpoint(s, scaling=TargetConcurrency(per_instance=4, min_instances=0, max_instances=2)), "fix: use 1 or more: a real-time endpoint cannot scale to zero"),
    Mistake(25, lambda s: endpoint(s, server=lmi(s, workload=workload(8192, 2000))), "allowed: more than 506.94 GiB to use on each GPU (weights 3.74, KV cache 500.00,"),
    # A longer limit beside a short workload is legitimate, and judged: its longest request must fit.
    Mistake(26, lambda s: endpoint(s, hardware="ml.g6.2xlarge", server=lmi(s, 1, max_model_len=65536, workload=workload(1024))), "one request of 65536 tokens, the longest that the server accepts, must fit"),
    Mistake(27, lambda s: endpoint(s, encryption_key=kms.Key.from_key_arn(s, "K", "arn:aws:kms:eu-west-1:111122223333:key/k")), "encryption_key: got 'a key in eu-west-1'; allowed: a key in us-east-1"),
    Mistake(28, lambda _: endpoint(in_region("us-esat-1")), "region: got 'us-esat-1'; allowed: a region of SageMaker hosting; as of 2026-10-20 no region has this name; fix: write env=cdk.Environment(region=\"us-east-1\") for the stack"),
    Mistake(28, lambda _: endpoint(in_region("us-east-1a")), "region: got 'us-east-1a'; allowed: a region of SageMaker hosting"),
    Mistake(29, lambda _: endpoint(in_region("eu-north-1"), hardware="ml.p4d.24xlarge", server=lmi(in_region("eu-north-1"), 8)), "call register_region('ml.p4d.24xlarge', 'eu-north-1') first"),
    Mistake(30, lambda _: MonthlyBudget(usd="3000"), "usd: got '3000'; allowed: a number"),  # type: ignore[arg-type]
    Mistake(30, lambda s: controls(s, monthly_budget=3000), "monthly_budget: got 3000; allowed: MonthlyBudget"),
    Mistake(31, lambda s: controls(s, monthly_budget=MonthlyBudget(usd=1000)), "monthly_budget.usd: got 1000; allowed: more than $4,198.96"),
    Mistake(32, lambda s: controls(s, notify=["x@.."]), "notify[0]: got 'x@..'; allowed: an e-mail address, as oncall@example.com; fix: write one address"),
    Mistake(32, lambda s: controls(s, notify=["https://hooks.slack.com/services/T/B/x"]), "aws_chatbot.SlackChannelConfiguration(notification_topics=[topic], ...)"),
    Mistake(33, lambda s: controls(s, notify=()), "notify, alarm_topic: got None; allowed: one of them"),
    Mistake(34, lambda s: controls(s, targets=endpoint(s)), "targets: got <RealtimeEndpoint>; allowed: at least one target, as a list"),
    Mistake(34, lambda s: HealthAlarms(s, "H", targets=endpoint(s), notify=["a@example.com"]), "targets: got <RealtimeEndpoint>; allowed: a list"),  # type: ignore[arg-type]
    Mistake(35, lambda s: controls(s, burn_rate=BurnRate(usd_per_hour=1)), "burn_rate.usd_per_hour: got 1; allowed: more than $5.752"),
    Mistake(36, lambda s: endpoint(s, vpc=ec2.Vpc(s, "V")), "vpc: got <Vpc>; allowed: VpcPlacement; fix: write vpc=VpcPlacement(vpc=...)"),
    Mistake(36, lambda s: endpoint(s, vpc=InferenceNetwork(s, "N", read_from=[bucket(s)])), "vpc: got <InferenceNetwork>; allowed: VpcPlacement; fix: write vpc=network.placement"),
    Mistake(37, lambda s: InferenceNetwork(s, "N", read_from=[bucket(s)], zones=1), "zones: got 1; allowed:"),
    Mistake(37, lambda s: InferenceNetwork(s, "N", read_from=[bucket(s)], cidr="10.0.0.0/33"), "cidr: got '10.0.0.0/33'; allowed:"),
    Mistake(37, lambda s: endpoint(s, vpc=InferenceNetwork(s, "N", read_from=[s3.Bucket.from_bucket_name(s, "B", "others")]).placement), "vpc.read_from: got ('others',); allowed: the bucket my-models too"),
    Mistake(39, lambda s: endpoint(s, id="Chät bot"), "id: got 'Chät bot'; allowed: ASCII letters and digits"),
    Mistake(39, lambda s: endpoint(s, id="中文"), "id: got '中文'; allowed: ASCII letters and digits"),
    Mistake(40, lambda _: ImageException(reason="a test", until=datetime.date(2027, 5, 31)), "until: got datetime.date(2027, 5, 31); allowed:"),  # type: ignore[arg-type]
    Mistake(40, lambda _: ImageException(reason="a test", until="01/05/2027"), "until: got '01/05/2027'; allowed:"),
    Mistake(41, lambda s: endpoint(s, rollout="canary"), "rollout: got 'canary'; allowed:"),
    Mistake(41, lambda s: endpoint(s, rollout=Canary(percent=50)), "rollout: got 'Canary with 1 instance'; allowed: Canary with at least 2 instances"),
    Mistake(42, lambda s: endpoint(s).grant_invoke(no_scope()), "grantee: got None; allowed: a grantee (aws_iam.IGrantable)"),
    Mistake(42, lambda s: endpoint(s).grant_invoke("arn:aws:iam::111122223333:role/x"), "allowed: a grantee (aws_iam.IGrantable)"),  # type: ignore[arg-type]
    Mistake(43, lambda s: RealtimeEndpoint.from_endpoint_name(s, "E", "e", hardware="ml.inf2.xlarge").metric_gpu_utilization(), "allowed: hardware of kind gpu, not ml.inf2.xlarge"),
    Mistake(44, lambda s: RealtimeEndpoint(s.node.root, "Chat", server=lmi(s), hardware=FOUR_GPUS), "scope: got 'the app'; allowed: a stack, or a construct in one; fix: pass self inside a stack, or the stack"),
    Mistake(44, lambda s: RealtimeEndpoint(no_scope(), "Chat", server=lmi(s), hardware=FOUR_GPUS), "scope: got None; allowed: a stack"),
    Mistake(44, lambda s: AlarmTopic(s.node.root, "Topic"), "scope: got 'the app'; allowed: a stack"),
    Mistake(44, lambda _: BedrockAccess(no_scope(), "Access", models=[FoundationModel("amazon.nova-lite-v1:0")]), "scope: got None; allowed: a stack"),
    Mistake(45, lambda s: lmi(s, environment={"A": 1}), 'fix: write "1"'),
    Mistake(46, lambda _: HuggingFaceModel(model_id="a/b", revision="main", size_gb=1, token=no_scope()), "revision: got 'main'; allowed:"),
    Mistake(46, lambda _: HuggingFaceModel(model_id="a/b", revision="v1", size_gb=1, token="hf_secret"), "token: got"),  # type: ignore[arg-type]
    Mistake(47, lambda s: BedrockAccess(s, "Access", models=[InferenceProfile("eu.anthropic.claude-haiku-5-5")]), 'fix: InferenceProfile("us.anthropic.claude-haiku-5-5")'),
    Mistake(47, lambda s: BedrockAccess(s, "Access", models=["us.amazon.nova-lite-v1:0"]), 'fix: models=[InferenceProfile("us.amazon.nova-lite-v1:0")]'),  # type: ignore[list-item]
    Mistake(47, lambda s: BedrockAccess(s, "Access", models="amazon.nova-lite-v1:0"), 'fix: models=[FoundationModel("amazon.nova-lite-v1:0")]'),  # type: ignore[arg-type]
    Mistake(48, lambda s: endpoint(s, scaling=TargetBacklog(per_instance=4, max_instances=4)), "fix: use TargetConcurrency or TargetInvocations: a real-time endpoint does not publish ApproximateBacklogSizePerInstance"),
]  # fmt: skip


@each("mistake", REFUSED)
def test_a_mistake_is_refused_with_its_fix(mistake: Mistake, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        mistake.make(new_stack())
    said = str(caught.value)
    assert mistake.said in said
    assert "0x" not in said
    assert "hf_secret" not in said
    assert capfd.readouterr().err == ""


# Python's own error, in the line that the user wrote.
BY_PYTHON: list[Mistake] = [
    Mistake(2, lambda s: endpoint(s, hardwre=FOUR_GPUS), "RealtimeEndpoint.__init__() got an unexpected keyword argument 'hardwre'"),
    Mistake(3, lambda s: lmi(s, tensor_parallel=1), "Lmi.__init__() got an unexpected keyword argument 'tensor_parallel'"),
    Mistake(3, lambda s: lmi(s, num_gpus=4), "Lmi.__init__() got an unexpected keyword argument 'num_gpus'"),
    Mistake(17, lambda s: S3Model(bucket(s), "x/", 16), "S3Model.__init__() takes 1 positional argument but 4 were given"),  # type: ignore[misc]
    Mistake(24, lambda _: TargetConcurrency(per_instance=4), "missing 1 required keyword-only argument: 'max_instances'"),  # type: ignore[call-arg]
    Mistake(50, lambda s: endpoint(s).name, "'RealtimeEndpoint' object has no attribute 'name'"),  # type: ignore[attr-defined]
]  # fmt: skip


@each("mistake", BY_PYTHON)
def test_python_names_the_argument(mistake: Mistake) -> None:
    with pytest.raises((TypeError, AttributeError)) as caught:
        mistake.make(new_stack())
    assert mistake.said in str(caught.value)


WARNED = [
    Mistake(19, lambda s: endpoint(s, server=lmi(s, 3)), "Lmi uses 3 of the 4 GPUs of ml.g6.12xlarge: 1 is paid for and idle."),
    Mistake(21, lambda s: endpoint(s, hardware="ml.g6.2xlarge", server=lmi(s, 1, max_model_len=None)), "Lmi on ml.g6.2xlarge has neither max_model_len nor workload"),
    Mistake(40, lambda s: endpoint(s, server=Vllm(model=model(s), tensor_parallel_degree=1), hardware="ml.p5.48xlarge"), "Vllm uses 1 of the 8 GPUs"),
]  # fmt: skip


@each("mistake", WARNED)
def test_a_mistake_that_may_be_meant_is_a_warning(mistake: Mistake) -> None:
    stack = new_stack()
    mistake.make(stack)
    found = [str(entry.data) for one in stack.node.find_all() for entry in one.node.metadata if "warn" in entry.type]
    assert any(mistake.said in one for one in found)


@each(
    ("name", "said"),
    [
        ("RealtimeEndpoint", "write: from cdk_inference.endpoints import RealtimeEndpoint"),
        ("RealTimeEndpoint", "write: from cdk_inference.endpoints import RealtimeEndpoint"),
        ("CostControl", "write: from cdk_inference.cost import CostControls"),
        ("Comparison", "write: from cdk_inference.comparison import Comparison"),
        ("Vlm", "write: from cdk_inference.serving import Vllm"),
    ],
)
def test_a_name_imported_from_the_top_is_answered_with_its_subpackage(name: str, said: str) -> None:
    """Mistake 49."""
    with pytest.raises(ImportError, match=said):
        exec(f"from cdk_inference import {name}", {})


def test_other_names_of_the_package_are_as_pythons() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Zebra' from 'cdk_inference'"):
        exec("from cdk_inference import Zebra", {})
    assert not hasattr(cdk_inference, "realtime")


def test_two_endpoints_of_one_id_are_refused_by_the_cdk() -> None:
    """Mistake 38."""
    stack = new_stack()
    endpoint(stack)
    with pytest.raises(RuntimeError, match="already a Construct with name 'Chat'"):
        endpoint(stack)


def test_every_mistake_has_a_row() -> None:
    assert {one.number for one in (*REFUSED, *BY_PYTHON, *WARNED)} | {38, 49} == set(range(1, 51))

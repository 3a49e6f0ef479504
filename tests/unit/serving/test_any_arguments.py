"""Whatever is written as an argument: the value is made, or a ConfigurationError names the argument. Nothing else."""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.hardware import lookup
from cdk_inference.scaling import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    Policy,
    PoolLoad,
    ProvisionedConcurrency,
    ScalableTarget,
    ScheduledBounds,
    ScheduledCount,
    Step,
    StepScaling,
    TargetBacklog,
    TargetConcurrency,
    TargetConcurrencyPerCopy,
    TargetInvocations,
    TargetInvocationsPerCopy,
    TargetMetric,
    TargetProvisionedUtilization,
    TargetUtilization,
)
from cdk_inference.serving import (
    Adapters,
    Compiled,
    CompilesAtStart,
    Container,
    DjlNeuron,
    EcrImage,
    HuggingFaceModel,
    HuggingFaceNeuron,
    ImageException,
    Lmi,
    S3Archive,
    S3Model,
    Server,
    SgLang,
    StartupTimeouts,
    Tei,
    TeiCpu,
    Tgi,
    TgiNeuron,
    TokenInEnvironment,
    Triton,
    TritonCpu,
    Vllm,
    VllmNeuron,
    startup_timeouts,
)
from cdk_inference.serving.aws_server import AwsServer
from cdk_inference.serving.startup import volume_gb
from tests.compiled import AT_START, BERT, for_tgi, for_vllm
from tests.each import each

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.text(st.characters(), max_size=5),  # with halves of surrogate pairs
    st.binary(max_size=5),
    st.sampled_from(
        ["${Token[TOKEN.12]}", -1.8881545897087626e289, math.inf, -math.inf, math.nan, 1e308, 10**400, -(10**400)]
    ),
)
JUNK = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=3),
    st.tuples(SCALARS),
    st.dictionaries(SCALARS, SCALARS, max_size=3),
    st.sampled_from([int, object(), print, ...]),
)
MODEL = S3Model(prefix="llama/", size_gb=16.1)
IMAGE = EcrImage(repository=SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=str), tag="1")
SECRET = SimpleNamespace(
    secret_value=SimpleNamespace(unsafe_unwrap=lambda: "{{resolve:all}}"),
    secret_value_from_json=lambda key: SimpleNamespace(unsafe_unwrap=lambda: f"{{{{resolve:{key}}}}}"),
)
TOKEN = TokenInEnvironment(secret=SECRET, json_field="token")
HUB = HuggingFaceModel(model_id="meta-llama/Llama-3.1-8B-Instruct", revision="v1.0", size_gb=16.1, token=TOKEN)
BUCKET = SimpleNamespace(bucket_arn="arn", bucket_name="models", encryption_key=None)
HARDWARE = [lookup(f"ml.{name}") for name in ("g5.xlarge", "inf1.xlarge", "inf2.xlarge", "m5.large", "dl1.24xlarge")]
ENVIRONMENT = [{}, {"A": "b"}, {"A": "b" * 1025}, {5: "b" * 1025}]
TARGETS = [
    *(ScalableTarget.variant(kind, "chat", "AllTraffic") for kind in ("realtime", "async", "serverless")),
    ScalableTarget.variant("realtime", "chat", "AllTraffic", hardware=tuple(HARDWARE[:1])),
    ScalableTarget.component("chat", hardware=tuple(HARDWARE[2:3])),
]
WINDOW = ScheduledBounds(schedule="cron(0 8 * * ? *)", time_zone="UTC", min_capacity=2, max_capacity=2)
COOLDOWNS = {"scale_out_cooldown_seconds": [0, 300], "scale_in_cooldown_seconds": [0, 300]}
TRACKED: dict[str, list[Any]] = {**COOLDOWNS, "scale_in": [True, False], "windows": [(), (WINDOW,)]}
POLICY: dict[str, list[Any]] = {"min_instances": [1, 5], "max_instances": [1, 5], **TRACKED}
COPIES: dict[str, list[Any]] = {"min_copies": [1, 0], "max_copies": [1, 5], **TRACKED}
CAPACITY: dict[str, list[Any]] = {"min_capacity": [1, 0], "max_capacity": [1, 5]}
ONE, TWO = (
    TargetConcurrency(per_instance=1, max_instances=2),
    TargetInvocations(per_instance_per_minute=1, max_instances=2),
)

LLAMA = Workload(architecture=next(iter(PUBLISHED.values())), precision="bf16", context_tokens=4096, batch=4)
SERVER: dict[str, list[Any]] = {
    "model": [MODEL],
    "environment": ENVIRONMENT,
    "image_exception": [None, ImageException(reason="a test", until="2027-05-31")],
    "workload": [None, LLAMA],
}
UNSPLIT = {**SERVER, "workload": [None]}
TEI = {
    **UNSPLIT,
    "max_concurrent_requests": [None, 8],
    "max_batch_tokens": [None, 8192],
    "max_batch_requests": [None, 8],
    "max_client_batch_size": [None, 8],
    "dtype": [None, "float16", "float32"],
    "pooling": [None, "cls", "last-token"],
    "auto_truncate": [None, True, False],
}
TRITON = {
    **UNSPLIT,
    "model_name": ["detector", "a.b-1"],
    "inference_type": [None, "infer", "generate_stream"],
    "threads": [None, 8],
    "shared_memory_bytes": [None, 2**24],
    "allow_metrics": [None, True],
    "verbose_logs": [None, False],
}
# value -> argument -> some of what it takes
TAKEN: dict[type, dict[str, list[Any]]] = {
    HuggingFaceModel: {
        "model_id": ["gpt2", "meta-llama/Llama-3.1-8B-Instruct"],
        "revision": ["v1.0", "a" * 40],
        "size_gb": [1, 0.5],
        "token": [None, TOKEN],
    },
    TokenInEnvironment: {"secret": [SECRET], "json_field": [None, "token"]},
    Adapters: {"folders": [{"a": "adapters/a"}], "max_rank": [8, 512], "at_once": [1, 4]},
    S3Model: {
        "prefix": ["llama/"],
        "size_gb": [1, 0.5, 5e-324],
        "bucket": [None, BUCKET],
        "accept_eula": [False, True],
    },
    S3Archive: {
        "key": ["a.tar.gz"],
        "size_gb": [1, 0.5],
        "unpacked_gb": [2, 100_000],
        "bucket": [None, BUCKET],
        "accept_eula": [False, True],
    },
    StartupTimeouts: {
        "download_seconds": [60, 3600],
        "container_seconds": [60, 3600],
        "explained": [None, "measured", ""],
    },
    EcrImage: {"repository": [IMAGE.repository], "tag": ["1.4.2"]},
    Lmi: {
        **SERVER,
        "model": [MODEL, HUB],
        "adapters": [None],
        "tensor_parallel_degree": [1, 4],
        "max_model_len": [None, 4096],
        "max_concurrent_requests": [None, 8],
    },
    HuggingFaceNeuron: {**UNSPLIT, "task": ["fill-mask"], "compilation": [BERT, AT_START]},
    VllmNeuron: {
        **SERVER,
        "tensor_parallel_degree": [2],
        "sequence_length": [4096],
        "batch_size": [4],
        "compilation": [for_vllm()],
    },
    Vllm: {
        **SERVER,
        "adapters": [None, Adapters(folders={"a": "b/c"})],
        "tensor_parallel_degree": [1, 4],
        "max_model_len": [None, 4096],
        "max_concurrent_requests": [None, 8],
        "gpu_memory_share": [None, 0.9, 1],
        "dtype": [None, "auto", "bfloat16"],
        "quantization": [None, "fp8", "compressed-tensors"],
        "enforce_eager": [None, True, False],
    },
    SgLang: {
        **SERVER,
        "tensor_parallel_degree": [1, 4],
        "max_model_len": [None, 4096],
        "kv_cache_share": [None, 0.8],
        "dtype": [None, "auto"],
        "quantization": [None, "awq"],
    },
    Tgi: {
        **SERVER,
        "tensor_parallel_degree": [1, 4],
        "max_input_tokens": [None, 1024],
        "max_total_tokens": [None, 4096],
        "max_concurrent_requests": [None, 8],
        "dtype": [None],
        "quantization": [None, "awq"],
    },
    Tei: TEI,
    TeiCpu: TEI,
    Triton: TRITON,
    TritonCpu: TRITON,
    TgiNeuron: {
        **SERVER,
        "tensor_parallel_degree": [1],
        "sequence_length": [4096],
        "batch_size": [4],
        "max_input_tokens": [None, 1024],
        "cast": [None, "bf16"],
        "compilation": [for_tgi(cores=1)],
    },
    DjlNeuron: {
        **SERVER,
        "tensor_parallel_degree": [1, 2],
        "sequence_length": [4096],
        "max_concurrent_requests": [None, 8],
        "model_loading_seconds": [None, 1800],
        "compilation": [AT_START],
    },
    Container: {
        "model": [MODEL],
        "environment": ENVIRONMENT,
        "image": [IMAGE],
        "runs_on": [("gpu",), ("neuron", "cpu")],
        "ami_version": [None, "al2-ami-sagemaker-inference-gpu-2"],
        "architecture": ["x86_64", "arm64"],
    },
    Compiled: {
        "model": ["llama"],
        "chip": ["Inferentia2", "Trainium2"],
        "cores": [1, 24],
        "sdk_version": ["2.26.1"],
        "sequence_length": [None, 4096],
        "batch_size": [1, 8],
        "optimum_version": [None, "0.4.5"],
    },
    CompilesAtStart: {"reason": ["a test"], "seconds": [1, 3000]},
    FixedCount: {"instances": [1, 100]},
    TargetInvocations: {"per_instance_per_minute": [600, 0.5], **POLICY},
    TargetConcurrency: {"per_instance": [4, 0.5], **POLICY},
    FixedCopies: {"copies": [1, 100]},
    ProvisionedConcurrency: {"executions": [1, 200]},
    PoolLoad: {"max_concurrency": [{"ml.g5.xlarge": 8, "ml.g6.xlarge": 9.5}], "load": [0.7], **POLICY},
    TargetBacklog: {"per_instance": [4], **POLICY, "min_instances": [1, 0]},
    TargetInvocationsPerCopy: {"per_copy_per_minute": [600], **COPIES},
    TargetConcurrencyPerCopy: {"per_copy": [4], **COPIES},
    TargetProvisionedUtilization: {
        "utilization": [0.5, 1],
        "min_concurrency": [1, 5],
        "max_concurrency": [1, 200],
        "allow_untested": [True],
        **TRACKED,
    },
    TargetUtilization: {"of": ["gpu", "cpu"], "percent": [70, 100], **CAPACITY, **TRACKED},
    TargetMetric: {
        "metric": ["ModelLatency", "Tokens"],
        "value": [1, 0.5],
        "statistic": [None, "Maximum"],
        "name": [None, "mine"],
        **CAPACITY,
        **TRACKED,
    },
    Step: {"at": [0, -1, 0.5], "change": [1, -1]},
    StepScaling: {
        "metric": ["ModelLatency"],
        "steps": [(Step(at=1, change=1), Step(at=2, change=3)), (Step(at=1, change=-1),)],
        "statistic": [None, "Maximum"],
        "period_seconds": [60, 10],
        "breaching": [1, 2],
        "evaluated": [1, 2],
        "cooldown_seconds": [0, 300],
        "name": [None, "mine"],
        "windows": [(), (WINDOW,)],
        **CAPACITY,
    },
    ScheduledCount: {"count": [1, 0], "windows": [(WINDOW,)]},
    CombinedPolicies: {"policies": [(ONE, TWO)]},
    ScheduledBounds: {
        "schedule": ["cron(0 8 ? * MON-FRI *)", "at(2027-01-31T08:00:00)"],
        "time_zone": ["Europe/Berlin", "UTC"],
        "min_capacity": [0, 2],
        "max_capacity": [2, 5],
    },
}


TODAY = datetime.date(2026, 11, 23)


def use(value: Any) -> None:
    """Asks `value` everything that an endpoint asks of it."""
    if isinstance(value, (S3Model, S3Archive, HuggingFaceModel)):
        for hardware in HARDWARE:
            assert startup_timeouts(value, hardware).explained
        assert volume_gb(value) >= 30
    elif isinstance(value, Server):
        assert all(isinstance(text, str) for text in value.variables.values())
        assert value.maintenance_warning(TODAY) is None or isinstance(value, AwsServer)
        for hardware in HARDWARE:
            [str(problem) for problem in value.problems_on(hardware)]
    elif isinstance(value, Policy):
        assert value.minimum is not None
        assert value.maximum is not None
        for target in TARGETS:
            if not [str(problem) for problem in value.problems_for(target)]:
                assert value.fixed == (value.parts(target) == [] and not value.clock)


def may_be_wrong(arguments: dict[str, Any]) -> set[str]:
    """Arguments that the table takes only beside some of the others."""
    bounds = {"max_instances", "max_copies", "max_concurrency", "max_capacity", "maximum", "evaluated"}
    return (
        ({"environment", "unpacked_gb", "max_input_tokens", *bounds} & set(arguments))
        | {f"compilation.{field}" for field in ("cores", "sequence_length", "batch_size") if "compilation" in arguments}
        | ({"workload.context_tokens"} if {"workload", "max_model_len"} <= set(arguments) else set())
    )


def test_every_argument_is_in_the_table() -> None:
    assert {kind: set(arguments) for kind, arguments in TAKEN.items()} == {
        kind: {field.name for field in dataclasses.fields(kind)} for kind in TAKEN
    }


@each("kind", TAKEN)
@given(data=st.data())
def test_a_value_is_made_or_says_what_is_wrong(kind: type, data: st.DataObject) -> None:
    taken = TAKEN[kind]
    wrong = data.draw(st.sets(st.sampled_from(sorted(taken))), label="wrong arguments")
    arguments = {
        name: data.draw(JUNK if name in wrong else st.sampled_from(choices), label=name)
        for name, choices in taken.items()
    }
    refusal = None
    try:
        use(kind(**arguments))
    except ConfigurationError as error:
        refusal = error
    if refusal is not None:
        told = {re.sub(r"\[.*", "", problem.argument, flags=re.DOTALL) for problem in refusal.problems}
        assert told
        assert told <= wrong | may_be_wrong(arguments)
        assert str(refusal).startswith(kind.__name__)
        assert all(str(problem) in str(refusal) for problem in refusal.problems)


@each("kind", TAKEN)
def test_what_the_table_says_is_taken(kind: type) -> None:
    arguments = {name: choices[0] for name, choices in TAKEN[kind].items()}
    made = kind(**arguments)
    assert {name: getattr(made, name) for name in arguments} == arguments
    use(made)

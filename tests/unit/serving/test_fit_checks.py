"""Memory with the settings of a server: refusals and warnings, word by word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import PUBLISHED, Workload
from cdk_inference.hardware import lookup
from cdk_inference.serving import HuggingFaceModel, Lmi, S3Archive, S3Model, SgLang, Tgi, Vllm, VllmNeuron
from tests.compiled import for_vllm
from tests.each import each
from tests.refusals import NUMBER_TOKEN

MODEL = S3Model(prefix="llama/", size_gb=16.1)
LARGE = S3Model(prefix="llama70/", size_gb=140)
LLAMA = Workload(architecture=PUBLISHED["meta-llama/Llama-3.1-8B"], precision="bf16", context_tokens=8192, batch=1)


def vllm(**changes: Any) -> Vllm:
    return Vllm(**{"model": MODEL, "tensor_parallel_degree": 1, **changes})


def told(server: Any, hardware: str, region: str | None = None) -> list[str]:
    return [str(problem) for problem in server.problems_on(lookup(hardware), region)]


def warned(server: Any, hardware: str, *, alone: bool = True) -> list[str]:
    return [name for name, _ in server.fit_warnings(lookup(hardware), alone=alone)]


DECLARE = "or declare workload= if fewer bits are loaded"


@each("kind", [Lmi, Vllm, SgLang, Tgi])
def test_weights_are_checked_without_a_workload(kind: type[Vllm]) -> None:
    """140 GB are 130.39 GiB; 0.9 x 22.03 = 19.83 GiB, and less of SGLang."""
    (message,) = told(kind(model=LARGE, tensor_parallel_degree=1), "ml.g6.2xlarge")
    assert message.startswith("hardware: got 'ml.g6.2xlarge with degree 1'; allowed: more than 130.")
    assert message.endswith(DECLARE)
    assert told(kind(model=LARGE, tensor_parallel_degree=8), "ml.p4d.24xlarge") == []


def test_what_holds_the_weights_is_named() -> None:
    """130.39 + 0.25 GiB; in halves 65.19 + 2.1 of 71.20."""
    assert told(vllm(model=LARGE), "ml.g6.2xlarge") == [
        "hardware: got 'ml.g6.2xlarge with degree 1'; allowed: more than 130.64 GiB to use on each GPU (weights 130.39, "
        "outside PyTorch 0.25); here are 19.83 of 22.40; fix: use 'ml.g6e.12xlarge' (degree 4) or 'ml.g5.48xlarge' "
        f"(degree 8) or 'ml.g6.48xlarge' (degree 8); {DECLARE}"
    ]
    assert told(vllm(model=LARGE), "ml.p5.48xlarge") == [
        "hardware: got 'ml.p5.48xlarge with degree 1'; allowed: more than 130.64 GiB to use on each GPU (weights 130.39, "
        f"outside PyTorch 0.25); here are 71.20 of 80.00; fix: use degree 2 or 4 or 8; {DECLARE}"
    ]
    assert "ml.g6e.12xlarge" not in told(vllm(model=LARGE), "ml.g6.2xlarge", "eu-west-3")[0]


@each(
    "server",
    [
        vllm(),
        vllm(tensor_parallel_degree=NUMBER_TOKEN, model=LARGE),
        vllm(model=S3Model(prefix="a/", size_gb=70), quantization="bitsandbytes"),  # a quarter of it is loaded
        vllm(model=LARGE, workload=replace(LLAMA, precision="awq"), max_model_len=8192),  # the workload counts
        vllm(model=HuggingFaceModel(model_id="a/b", revision="0" * 40, size_gb=16)),
        vllm(model=S3Archive(key="a.tar.gz", size_gb=12, unpacked_gb=16)),
        Lmi(model=MODEL, tensor_parallel_degree=1),
    ],
)
def test_weights_that_may_be_small_enough_are_let_through(server: Vllm) -> None:
    assert told(server, "ml.g6.2xlarge") == []


def test_files_are_counted_unpacked() -> None:
    assert len(told(vllm(model=S3Archive(key="a.tar.gz", size_gb=12, unpacked_gb=24)), "ml.g6.2xlarge")) == 1


def test_the_share_is_the_servers() -> None:
    """0.3 x 22.03 = 6.61 GiB."""
    (message,) = told(vllm(gpu_memory_share=0.3, workload=LLAMA, max_model_len=8192), "ml.g6.xlarge")
    assert "here are 6.61 of 22.40; fix: give the engine more than 0.3 of each GPU" in message
    (message,) = told(SgLang(model=MODEL, tensor_parallel_degree=1, kv_cache_share=0.3), "ml.g6.xlarge")
    assert "here are 6.53 of 22.40" in message
    (message,) = told(vllm(gpu_memory_share=0.3), "ml.g6.xlarge")
    assert "here are 6.61 of 22.40" in message


def test_a_variable_in_the_environment_counts_as_the_argument() -> None:
    server = vllm(environment={"SM_VLLM_GPU_MEMORY_UTILIZATION": "0.3", "SM_VLLM_MAX_MODEL_LEN": "8192"})
    assert "here are 6.61 of 22.40" in told(server, "ml.g6.xlarge")[0]
    assert "cdk-inference:length-unknown" not in warned(server, "ml.g6e.xlarge")
    lmi = Lmi(model=MODEL, tensor_parallel_degree=1, environment={"OPTION_GPU_MEMORY_UTILIZATION": "0.3"})
    assert "here are 6.61 of 22.40" in told(lmi, "ml.g6.xlarge")[0]


@each(
    ("length", "fix"),
    [
        (131_072, "fix: write max_model_len=8192; at most 10486 tokens fit"),
        (None, "fix: write max_model_len=8192; at most 10486 tokens fit"),  # then it is the model's own
    ],
)
def test_one_request_of_the_longest_length_must_fit(length: int | None, fix: str) -> None:
    (message,) = told(vllm(workload=LLAMA, max_model_len=length), "ml.g6.xlarge")
    assert "one request of 131072 tokens, the longest that the server accepts, must fit" in message
    assert message.endswith(fix)
    assert told(vllm(workload=LLAMA, max_model_len=8192), "ml.g6.xlarge") == []
    assert told(Tgi(model=MODEL, tensor_parallel_degree=1, workload=LLAMA), "ml.g6.xlarge") == []


def test_a_workload_beyond_what_the_server_accepts_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        vllm(workload=replace(LLAMA, batch=32), max_model_len=4096, max_concurrent_requests=16)
    assert str(caught.value) == (
        "Vllm has 2 problems:\n"
        "  1. workload.context_tokens: got 8192; allowed: up to 4096, the server's max_model_len; "
        "fix: raise max_model_len to 8192, or declare what the server is set up for\n"
        "  2. workload.batch: got 32; allowed: up to 16, the server's max_concurrent_requests; "
        "fix: raise max_concurrent_requests to 32, or declare what the server is set up for"
    )
    with pytest.raises(ConfigurationError, match="up to 4096, the server's sequence_length"):
        VllmNeuron(
            model=MODEL,
            tensor_parallel_degree=2,
            sequence_length=4096,
            batch_size=1,
            compilation=for_vllm(2, 4096, 1),
            workload=LLAMA,
        )


def test_an_llm_without_length_and_workload_is_warned_of() -> None:
    """16.1 GB are 8.05e9 parameters in 16 bits, of which Gemma 2 9B has the largest cache."""
    ((name, message),) = vllm().fit_warnings(lookup("ml.g6.2xlarge"))
    assert name == "cdk-inference:length-unknown"
    assert message.startswith(
        "Vllm on ml.g6.2xlarge has neither max_model_len nor workload: vLLM refuses to start unless one request of the "
        "model's own longest length fits. With 16.1 GB of weights in 16 bits a request of about "
    )
    assert message.endswith(
        " tokens fits, if the model's cache is as large as that of google/gemma-2-9b, the largest of its size. Write "
        "max_model_len=..., or better workload=Workload(...), so that the memory is checked. https://github.com/your-organization/cdk-inference/blob/main/docs/fit.md shows one."
    )
    ((_, other),) = vllm(model=S3Model(prefix="a/", size_gb=0.1)).fit_warnings(lookup("ml.g6.2xlarge"))
    assert "How long a request may be is not known for files of this size." in other


@each(
    ("server", "hardware", "names"),
    [
        (vllm(max_model_len=8192), "ml.g6e.xlarge", []),
        (vllm(workload=LLAMA, max_model_len=8192), "ml.g6e.xlarge", []),
        (Lmi(model=MODEL, tensor_parallel_degree=1), "ml.g6e.xlarge", ["length-unknown"]),
        (SgLang(model=MODEL, tensor_parallel_degree=1), "ml.g6e.xlarge", ["length-unknown"]),
        (Tgi(model=MODEL, tensor_parallel_degree=1), "ml.g6e.xlarge", []),  # it finds out what fits
        (vllm(workload=replace(LLAMA, batch=2), max_model_len=8192), "ml.g6.xlarge", ["memory-tight"]),
        (vllm(workload=LLAMA, max_model_len=8192, gpu_memory_share=0.95), "ml.p5.4xlarge", ["memory-tight"]),
        (vllm(max_model_len=8192), "ml.p5.48xlarge", ["idle-accelerators"]),
        (vllm(max_model_len=8192, tensor_parallel_degree=8), "ml.p5.48xlarge", []),
        # LMI starts a copy on each
        (Lmi(model=MODEL, tensor_parallel_degree=1, max_model_len=8192), "ml.p5.48xlarge", []),
        (vllm(max_model_len=NUMBER_TOKEN), "ml.g6e.xlarge", ["length-unknown"]),
        (vllm(tensor_parallel_degree=NUMBER_TOKEN), "ml.p5.48xlarge", []),
    ],
)
def test_what_is_warned_of(server: Vllm, hardware: str, names: list[str]) -> None:
    assert warned(server, hardware) == [f"cdk-inference:{name}" for name in names]


def test_idle_devices_and_tight_memory_are_named() -> None:
    ((_, idle),) = vllm(max_model_len=8192).fit_warnings(lookup("ml.p5.48xlarge"))
    assert idle == (
        "Vllm uses 1 of the 8 GPUs of ml.p5.48xlarge: 7 are paid for and idle. Raise tensor_parallel_degree, choose a "
        "type with fewer GPUs, or place several copies with a ComponentEndpoint."
    )
    assert warned(vllm(max_model_len=8192), "ml.p5.48xlarge", alone=False) == []
    ((_, tight),) = vllm(workload=replace(LLAMA, batch=2), max_model_len=8192).fit_warnings(lookup("ml.g6.xlarge"))
    assert tight == (
        "Vllm on ml.g6.xlarge with degree 1 is tight (1.5 GiB per GPU to spare; try it). The sum is weights 14.96, KV "
        "cache 2.00, sampling 0.43, hidden states 0.03, outside PyTorch 0.25, CUDA graphs 0.64 GiB on each GPU, of 19.83 "
        "to use. Start it once before you rely on it, or take more devices, a larger type or a smaller workload. "
        "https://github.com/your-organization/cdk-inference/blob/main/docs/fit.md has the sum."
    )

"""Presets of AWS's images: variables by hand, refusals in whole messages, chips, and the warning of a frozen image."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.serving import (
    DjlNeuron,
    Lmi,
    SgLang,
    Tei,
    TeiCpu,
    Tgi,
    TgiNeuron,
    Triton,
    TritonCpu,
    Vllm,
)
from cdk_inference.serving.images import AWS_IMAGES
from cdk_inference.serving.presets import PRESETS, AwsServer
from tests.each import each
from tests.refusals import NUMBER_TOKEN, refusal_of
from tests.unit.serving.made_presets import NEEDED, made

FOLDER = "/opt/ml/model"


def refusal(kind: type[AwsServer], **changes: Any) -> str:
    return refusal_of(made, kind, **changes)


def test_every_image_has_its_preset() -> None:
    assert [preset.aws_image for preset in PRESETS] == list(AWS_IMAGES)
    missing = [preset.__name__ for preset in PRESETS if preset not in NEEDED]
    assert missing == [], "add the arguments that it needs to tests/unit/serving/made_presets.py"


@each("kind", PRESETS)
def test_every_argument_is_one_variable(kind: type[AwsServer]) -> None:
    shared = {"model", "environment", "image_exception", "workload", "compilation", "adapters"}
    own = {field.name for field in dataclasses.fields(kind)} - shared
    assert [setting.argument for setting in kind.settings] == [
        field.name for field in dataclasses.fields(kind) if field.name in own
    ]
    names = [*kind.fixed_variables, *(setting.name for setting in kind.settings)]
    assert len(set(names)) == len(names)


@each("kind", PRESETS)
def test_a_docstring_names_every_argument_and_its_source(kind: type[AwsServer]) -> None:
    told_once = kind.__doc__ or ""
    if kind not in (TeiCpu, TritonCpu):
        assert [setting.argument for setting in kind.settings if f"\n    {setting.argument}: " not in told_once] == []
        assert re.search(r"https://\S+", told_once)
        assert re.search(r"read 20\d\d-\d\d-\d\d\)", told_once)


@each(
    ("server", "variables"),
    [
        (
            made(Lmi, max_model_len=8192, max_concurrent_requests=32),
            {
                "HF_MODEL_ID": FOLDER,
                "OPTION_TENSOR_PARALLEL_DEGREE": "2",
                "OPTION_MAX_MODEL_LEN": "8192",
                "OPTION_MAX_ROLLING_BATCH_SIZE": "32",
            },
        ),
        (
            made(
                Vllm,
                max_model_len=8192,
                max_concurrent_requests=32,
                gpu_memory_share=0.85,
                dtype="auto",
                quantization="fp8",
                enforce_eager=True,
            ),
            {
                "SM_VLLM_MODEL": FOLDER,
                "SM_VLLM_TENSOR_PARALLEL_SIZE": "2",
                "SM_VLLM_MAX_MODEL_LEN": "8192",
                "SM_VLLM_MAX_NUM_SEQS": "32",
                "SM_VLLM_GPU_MEMORY_UTILIZATION": "0.85",
                "SM_VLLM_DTYPE": "auto",
                "SM_VLLM_QUANTIZATION": "fp8",
                "SM_VLLM_ENFORCE_EAGER": "true",
            },
        ),
        (made(Vllm), {"SM_VLLM_MODEL": FOLDER, "SM_VLLM_TENSOR_PARALLEL_SIZE": "2"}),
        (
            made(SgLang, max_model_len=8192, kv_cache_share=0.8, dtype="float16", quantization="awq"),
            {
                "SM_SGLANG_MODEL_PATH": FOLDER,
                "SM_SGLANG_TP": "2",
                "SM_SGLANG_CONTEXT_LENGTH": "8192",
                "SM_SGLANG_MEM_FRACTION_STATIC": "0.8",
                "SM_SGLANG_DTYPE": "float16",
                "SM_SGLANG_QUANTIZATION": "awq",
            },
        ),
        (
            made(Tgi, max_input_tokens=1024, max_total_tokens=2048, max_concurrent_requests=64, quantization="eetq"),
            {
                "HF_MODEL_ID": FOLDER,
                "SM_NUM_GPUS": "2",
                "MAX_INPUT_TOKENS": "1024",
                "MAX_TOTAL_TOKENS": "2048",
                "MAX_CONCURRENT_REQUESTS": "64",
                "HF_MODEL_QUANTIZE": "eetq",
            },
        ),
        *(
            (
                made(
                    kind,
                    max_concurrent_requests=64,
                    max_batch_tokens=8192,
                    max_batch_requests=16,
                    max_client_batch_size=8,
                    dtype="float16",
                    pooling="mean",
                    auto_truncate=False,
                ),
                {
                    "HF_MODEL_ID": FOLDER,
                    "MAX_CONCURRENT_REQUESTS": "64",
                    "MAX_BATCH_TOKENS": "8192",
                    "MAX_BATCH_REQUESTS": "16",
                    "MAX_CLIENT_BATCH_SIZE": "8",
                    "DTYPE": "float16",
                    "POOLING": "mean",
                    "AUTO_TRUNCATE": "false",
                },
            )
            for kind in (Tei, TeiCpu)
        ),
        *(
            (
                made(
                    kind,
                    inference_type="generate",
                    threads=4,
                    shared_memory_bytes=33554432,
                    allow_metrics=True,
                    verbose_logs=False,
                ),
                {
                    "SAGEMAKER_TRITON_DEFAULT_MODEL_NAME": "detector",
                    "SAGEMAKER_TRITON_INFERENCE_TYPE": "generate",
                    "SAGEMAKER_TRITON_THREAD_COUNT": "4",
                    "SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE": "33554432",
                    "SAGEMAKER_TRITON_ALLOW_METRICS": "true",
                    "SAGEMAKER_TRITON_LOG_VERBOSE": "false",
                },
            )
            for kind in (Triton, TritonCpu)
        ),
        (
            made(TgiNeuron, max_input_tokens=2048, cast="bf16"),
            {
                "MODEL_ID": FOLDER,
                "HF_NUM_CORES": "2",
                "MAX_TOTAL_TOKENS": "4096",
                "MAX_BATCH_SIZE": "4",
                "MAX_INPUT_TOKENS": "2048",
                "HF_AUTO_CAST_TYPE": "bf16",
            },
        ),
        (
            made(DjlNeuron, max_concurrent_requests=8, model_loading_seconds=3400),
            {
                "HF_MODEL_ID": FOLDER,
                "OPTION_ENTRYPOINT": "djl_python.transformers_neuronx",
                "OPTION_ROLLING_BATCH": "auto",
                "TENSOR_PARALLEL_DEGREE": "2",
                "OPTION_N_POSITIONS": "4096",
                "OPTION_MAX_ROLLING_BATCH_SIZE": "8",
                "OPTION_MODEL_LOADING_TIMEOUT": "3400",
            },
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_variables_by_hand(server: AwsServer, variables: dict[str, str]) -> None:
    assert server.variables == variables


COUNTS = [
    *((kind, setting.argument) for kind in PRESETS for setting in kind.settings if "whole number" in setting.allowed)
]


@each(("kind", "argument"), COUNTS)
@each("value", [0, -1, 1.5, "4", True], ids=repr)
def test_a_count_is_a_whole_number_from_1(kind: type[AwsServer], argument: str, value: object) -> None:
    assert refusal(kind, **{argument: value}) == (
        f"{kind.__name__}: {argument}: got {value!r}; allowed: a whole number from 1; fix: give a count of 1 or more"
    )


@each(("kind", "argument"), [(Vllm, "gpu_memory_share"), (SgLang, "kv_cache_share")])
@each("value", [0, -0.1, 1.01, "0.9", True, float("nan")], ids=repr)
def test_a_share_is_a_fraction(kind: type[AwsServer], argument: str, value: object) -> None:
    assert refusal(kind, **{argument: value}) == (
        f"{kind.__name__}: {argument}: got {value!r}; allowed: a number above 0, at most 1;"
        " fix: give a fraction, for example 0.9"
    )


@each(
    ("kind", "argument", "allowed"),
    [
        (Vllm, "dtype", "auto, float16, bfloat16"),
        (SgLang, "dtype", "auto, float16, bfloat16"),
        (Tgi, "dtype", "float16, bfloat16"),
        (Tei, "dtype", "float16, float32"),
        (Tei, "pooling", "cls, mean, splade, last-token"),
        (Triton, "inference_type", "infer, generate, generate_stream"),
        (TgiNeuron, "cast", "bf16, fp16"),
        (
            Tgi,
            "quantization",
            "awq, bitsandbytes, bitsandbytes-fp4, bitsandbytes-nf4, compressed-tensors, eetq, exl2, fp8, gptq, marlin",
        ),
    ],
)
@each("value", ["", "half", 16, True, ["auto"]], ids=repr)
def test_another_choice_is_refused(kind: type[AwsServer], argument: str, allowed: str, value: object) -> None:
    assert refusal(kind, **{argument: value}) == (
        f"{kind.__name__}: {argument}: got {value!r}; allowed: {allowed}; fix: write one of them, or leave it out"
    )


@each(
    ("kind", "argument"),
    [(Vllm, "enforce_eager"), (Tei, "auto_truncate"), (Triton, "allow_metrics"), (Triton, "verbose_logs")],
)
@each("value", ["true", 1, 0, []], ids=repr)
def test_a_flag_is_true_or_false(kind: type[AwsServer], argument: str, value: object) -> None:
    assert refusal(kind, **{argument: value}) == (
        f"{kind.__name__}: {argument}: got {value!r}; allowed: True or False; fix: write True or False"
    )


@each("kind", [Vllm, SgLang])
@each("value", ["", "FP8", "a b", "--fp8", 8], ids=repr)
def test_a_quantization_is_one_word(kind: type[AwsServer], value: object) -> None:
    assert refusal(kind, quantization=value) == (
        f"{kind.__name__}: quantization: got {value!r}; allowed: the engine's name of the method, in lower case;"
        ' fix: for example "fp8"'
    )


@each("value", [None, "", "a/b", "../a", ".a", "a b", 1], ids=repr)
def test_a_triton_model_is_a_folder(value: object) -> None:
    assert refusal(Triton, model_name=value) == (
        f"Triton: model_name: got {value!r}; allowed: the name of a folder: letters, digits, _, . and -;"
        " fix: write the folder that holds config.pbtxt"
    )


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_prompt_leaves_room_for_the_answer(prompt: int, total: int) -> None:
    fix = "counts both"
    for kind, larger in ((Tgi, "max_total_tokens"), (TgiNeuron, "sequence_length")):
        arguments: dict[str, Any] = {"max_input_tokens": prompt, larger: total}
        if prompt < total:
            assert made(kind, **arguments).variables["MAX_INPUT_TOKENS"] == str(prompt)
        else:
            assert refusal(kind, **arguments) == (
                f"{kind.__name__}: max_input_tokens: got {prompt}; allowed: below {larger} ({total});"
                f" fix: leave room for the answer: {larger} {fix}"
            )


def test_a_total_that_is_known_at_deployment_is_let_through() -> None:
    assert made(Tgi, max_input_tokens=8, max_total_tokens=NUMBER_TOKEN).variables["MAX_INPUT_TOKENS"] == "8"


def test_tgi_takes_a_dtype_or_a_quantization() -> None:
    assert refusal(Tgi, dtype="float16", quantization="awq") == (
        "Tgi: dtype: got 'float16'; allowed: None together with quantization; fix: leave one of them out"
    )


def test_tgi_tells_every_problem_at_once() -> None:
    assert refusal(Tgi, tensor_parallel_degree=0, dtype="half", max_input_tokens=8, max_total_tokens=4) == (
        "Tgi has 3 problems:\n"
        "  1. tensor_parallel_degree: got 0; allowed: a whole number from 1; fix: give a count of 1 or more\n"
        "  2. dtype: got 'half'; allowed: float16, bfloat16; fix: write one of them, or leave it out\n"
        "  3. max_input_tokens: got 8; allowed: below max_total_tokens (4);"
        " fix: leave room for the answer: max_total_tokens counts both"
    )

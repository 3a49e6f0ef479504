"""AWS's images for LLMs on NVIDIA GPUs: LMI, vLLM, SGLang, TGI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from cdk_inference.core.errors import Problem
from cdk_inference.fit import SGLANG as SGLANG_ENGINE
from cdk_inference.fit import TGI as TGI_ENGINE
from cdk_inference.fit import VLLM as VLLM_ENGINE
from cdk_inference.fit import Engine
from cdk_inference.serving.adapters import (
    Adapters,
    adapter_problems,
    lmi_problem,
    lmi_variables,
    vllm_problem,
    vllm_variables,
)
from cdk_inference.serving.aws_server import AwsServer, below
from cdk_inference.serving.hub import HubVariables
from cdk_inference.serving.images import LMI, SGLANG, TGI, VLLM, AwsImage
from cdk_inference.serving.servers import MODEL_FOLDER
from cdk_inference.serving.variables import Variable, choice, count, flag, share, word

AutoDtype = Literal["auto", "float16", "bfloat16"]
TgiDtype = Literal["float16", "bfloat16"]
TgiQuantization = Literal[
    "awq",
    "bitsandbytes",
    "bitsandbytes-fp4",
    "bitsandbytes-nf4",
    "compressed-tensors",
    "eetq",
    "exl2",
    "fp8",
    "gptq",
    "marlin",
]

_QUANTIZATION = (r"[a-z0-9]+([-_][a-z0-9]+)*", "the engine's name of the method, in lower case", 'for example "fp8"')


@dataclass(frozen=True, kw_only=True)
class Lmi(AwsServer):
    """AWS's Large Model Inference container with vLLM, for LLMs on NVIDIA GPUs.

    tensor_parallel_degree: GPUs that share the model, 1 or more, at most the GPUs of the hardware.
    max_model_len: tokens of prompt and answer together, 1 or more; None leaves it to the model's own configuration.
    max_concurrent_requests: requests that the engine works on at once, 1 or more; None leaves it to the container.
    adapters: LoRA adapters in adapters/<name> beside the model; a request chooses one by "adapters". Default: none.

    https://docs.djl.ai/docs/serving/serving/docs/lmi/user_guides/vllm_user_guide.html (read 2026-11-23)
    """

    tensor_parallel_degree: int
    max_model_len: int | None = None
    max_concurrent_requests: int | None = None
    adapters: Adapters | None = None

    aws_image: ClassVar[AwsImage] = LMI
    engine: ClassVar[Engine | None] = VLLM_ENGINE
    lengths_to_declare: ClassVar[tuple[str, ...]] = ("max_model_len",)
    share_variable: ClassVar[str | None] = "OPTION_GPU_MEMORY_UTILIZATION"
    # "LMI automatically start multiple copies of the model within the same inference container":
    # https://aws-samples.github.io/foundation-model-benchmarking-tool/mm_copies.html (read 2026-11-29)
    fills_instance: ClassVar[bool] = True
    # https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-adapt.html (read 2026-11-22)
    loads_adapters_with: ClassVar[tuple[str, ...] | None] = ("OPTION_ENABLE_LORA",)
    fixed_variables: ClassVar[Mapping[str, str]] = {"HF_MODEL_ID": MODEL_FOLDER}
    hub: ClassVar[HubVariables | None] = HubVariables(
        model="HF_MODEL_ID",
        revision="HF_REVISION",
        token="HF_TOKEN",
        source="https://github.com/deepjavalibrary/djl-serving/blob/master/serving/docs/lmi/user_guides/"
        "starting-guide.md (2026-06-24)",
    )
    settings: ClassVar[tuple[Variable, ...]] = (
        count("OPTION_TENSOR_PARALLEL_DEGREE", "tensor_parallel_degree", needed=True),
        count("OPTION_MAX_MODEL_LEN", "max_model_len"),
        count("OPTION_MAX_ROLLING_BATCH_SIZE", "max_concurrent_requests"),
    )

    def _own_variables(self) -> dict[str, str]:
        own = super()._own_variables()
        return {**own, **lmi_variables(self.adapters)} if isinstance(self.adapters, Adapters) else own

    def _problems(self) -> list[Problem | None]:
        return [*super()._problems(), *adapter_problems(self.adapters, self.model, lmi_problem)]


@dataclass(frozen=True, kw_only=True)
class Vllm(AwsServer):
    """AWS's own vLLM container on Amazon Linux 2023, for LLMs on NVIDIA GPUs.

    tensor_parallel_degree: GPUs that share the model, 1 or more, at most the GPUs of the hardware.
    max_model_len: tokens of prompt and answer together, 1 or more; None leaves it to the model's own configuration.
    max_concurrent_requests: requests that the engine works on at once, 1 or more; None leaves it to vLLM.
    gpu_memory_share: part of the GPU's memory that vLLM takes, above 0, at most 1; None is vLLM's own, 0.9 or 0.92 by
        its version.
    dtype: "auto", "float16" or "bfloat16"; None is "auto".
    quantization: "awq", "gptq", "fp8", ...; None reads it from the model.
    enforce_eager: True does without CUDA graphs; None is False.
    adapters: LoRA adapters beside the model; a request chooses one by "model". Default: none.

    Any other flag of vLLM goes into `environment` as SM_VLLM_<FLAG>.
    https://aws.github.io/deep-learning-containers/vllm/configuration/ (2026-08-21, read 2026-11-23);
    SM_VLLM_MAX_NUM_SEQS is vLLM's --max-num-seqs, https://docs.vllm.ai/en/latest/configuration/engine_args.html
    """

    tensor_parallel_degree: int
    max_model_len: int | None = None
    max_concurrent_requests: int | None = None
    gpu_memory_share: float | None = None
    dtype: AutoDtype | None = None
    quantization: str | None = None
    enforce_eager: bool | None = None
    adapters: Adapters | None = None

    aws_image: ClassVar[AwsImage] = VLLM
    engine: ClassVar[Engine | None] = VLLM_ENGINE
    lengths_to_declare: ClassVar[tuple[str, ...]] = ("max_model_len",)
    fixed_variables: ClassVar[Mapping[str, str]] = {"SM_VLLM_MODEL": MODEL_FOLDER}
    # "Required: Set VLLM_ALLOW_RUNTIME_LORA_UPDATING=True to enable dynamic adapter loading with inference components":
    # https://github.com/aws/model-hosting-container-standards/blob/main/docs/sagemaker/05_lora_adapter_management.md
    # (read 2026-11-29)
    loads_adapters_with: ClassVar[tuple[str, ...] | None] = ("SM_VLLM_ENABLE_LORA", "VLLM_ALLOW_RUNTIME_LORA_UPDATING")
    # vLLM's --revision, https://docs.vllm.ai/en/latest/configuration/engine_args.html; the tokenizer follows it
    # (tokenizer_revision in vllm/config/model.py).
    hub: ClassVar[HubVariables | None] = HubVariables(
        model="SM_VLLM_MODEL",
        revision="SM_VLLM_REVISION",
        token="HF_TOKEN",
        source="https://aws.github.io/deep-learning-containers/vllm/configuration/ (2026-08-21)",
    )
    settings: ClassVar[tuple[Variable, ...]] = (
        count("SM_VLLM_TENSOR_PARALLEL_SIZE", "tensor_parallel_degree", needed=True),
        count("SM_VLLM_MAX_MODEL_LEN", "max_model_len"),
        count("SM_VLLM_MAX_NUM_SEQS", "max_concurrent_requests"),
        share("SM_VLLM_GPU_MEMORY_UTILIZATION", "gpu_memory_share"),
        choice("SM_VLLM_DTYPE", "dtype", *get_args(AutoDtype)),
        word("SM_VLLM_QUANTIZATION", "quantization", *_QUANTIZATION),
        flag("SM_VLLM_ENFORCE_EAGER", "enforce_eager"),
    )

    def _own_variables(self) -> dict[str, str]:
        own = super()._own_variables()
        return {**own, **vllm_variables(self.adapters)} if isinstance(self.adapters, Adapters) else own

    def _problems(self) -> list[Problem | None]:
        return [*super()._problems(), *adapter_problems(self.adapters, self.model, vllm_problem)]


@dataclass(frozen=True, kw_only=True)
class SgLang(AwsServer):
    """AWS's own SGLang container on Amazon Linux 2023, for LLMs on NVIDIA GPUs.

    tensor_parallel_degree: GPUs that share the model, 1 or more, at most the GPUs of the hardware.
    max_model_len: tokens of prompt and answer together, 1 or more; None leaves it to the model's own configuration.
    kv_cache_share: part of the GPU's memory for weights and cache, above 0, at most 1; None leaves it to SGLang, which
        keeps a reserve by the size of the GPU.
    dtype: "auto", "float16" or "bfloat16"; None is "auto".
    quantization: "awq", "gptq", "fp8", ...; None reads it from the model.

    Any other flag of SGLang goes into `environment` as SM_SGLANG_<FLAG>; leave port and host alone.
    https://aws.github.io/deep-learning-containers/sglang/configuration/ (2026-08-21, read 2026-11-23)
    """

    tensor_parallel_degree: int
    max_model_len: int | None = None
    kv_cache_share: float | None = None
    dtype: AutoDtype | None = None
    quantization: str | None = None

    aws_image: ClassVar[AwsImage] = SGLANG
    engine: ClassVar[Engine | None] = SGLANG_ENGINE
    lengths_to_declare: ClassVar[tuple[str, ...]] = ("max_model_len",)
    fixed_variables: ClassVar[Mapping[str, str]] = {"SM_SGLANG_MODEL_PATH": MODEL_FOLDER}
    # SGLang's --revision: https://docs.sglang.io/advanced_features/server_arguments.html
    hub: ClassVar[HubVariables | None] = HubVariables(
        model="SM_SGLANG_MODEL_PATH",
        revision="SM_SGLANG_REVISION",
        token="HF_TOKEN",
        source="https://aws.github.io/deep-learning-containers/sglang/configuration/ (2026-08-21)",
    )
    settings: ClassVar[tuple[Variable, ...]] = (
        count("SM_SGLANG_TP", "tensor_parallel_degree", needed=True),
        count("SM_SGLANG_CONTEXT_LENGTH", "max_model_len"),
        share("SM_SGLANG_MEM_FRACTION_STATIC", "kv_cache_share"),
        choice("SM_SGLANG_DTYPE", "dtype", *get_args(AutoDtype)),
        word("SM_SGLANG_QUANTIZATION", "quantization", *_QUANTIZATION),
    )


@dataclass(frozen=True, kw_only=True)
class Tgi(AwsServer):
    """Hugging Face's Text Generation Inference, for LLMs on NVIDIA GPUs. Frozen: for what already runs on it.

    tensor_parallel_degree: GPUs that share the model, 1 or more, at most the GPUs of the hardware.
    max_input_tokens: tokens of a prompt, 1 or more, below max_total_tokens; None is what fits.
    max_total_tokens: tokens of prompt and answer together, 1 or more; None is what fits.
    max_concurrent_requests: requests before further ones are refused, 1 or more; None is TGI's 128.
    dtype: "float16" or "bfloat16", not beside quantization; None leaves it to the model.
    quantization: "awq", "bitsandbytes", "bitsandbytes-fp4", "bitsandbytes-nf4", "compressed-tensors", "eetq", "exl2",
        "fp8", "gptq" or "marlin"; None reads it from the model.

    https://huggingface.co/docs/text-generation-inference/reference/launcher and sagemaker-entrypoint.sh of
    https://github.com/huggingface/text-generation-inference (2026-01-08, read 2026-11-23)
    """

    tensor_parallel_degree: int
    max_input_tokens: int | None = None
    max_total_tokens: int | None = None
    max_concurrent_requests: int | None = None
    dtype: TgiDtype | None = None
    quantization: TgiQuantization | None = None

    aws_image: ClassVar[AwsImage] = TGI
    engine: ClassVar[Engine | None] = TGI_ENGINE
    fixed_variables: ClassVar[Mapping[str, str]] = {"HF_MODEL_ID": MODEL_FOLDER}
    hub: ClassVar[HubVariables | None] = HubVariables(
        model="HF_MODEL_ID",
        revision="HF_MODEL_REVISION",
        token="HF_TOKEN",
        source="https://github.com/huggingface/text-generation-inference/blob/v3.3.6/sagemaker-entrypoint.sh and "
        "docs/source/basic_tutorials/gated_model_access.md (2025-09-16)",
    )
    settings: ClassVar[tuple[Variable, ...]] = (
        count("SM_NUM_GPUS", "tensor_parallel_degree", needed=True),
        count("MAX_INPUT_TOKENS", "max_input_tokens"),
        count("MAX_TOTAL_TOKENS", "max_total_tokens"),
        count("MAX_CONCURRENT_REQUESTS", "max_concurrent_requests"),
        choice("DTYPE", "dtype", *get_args(TgiDtype)),
        choice("HF_MODEL_QUANTIZE", "quantization", *get_args(TgiQuantization)),
    )

    def _problems(self) -> list[Problem | None]:
        both = None
        if self.dtype is not None and self.quantization is not None:
            both = Problem("dtype", self.dtype, "None together with quantization", "leave one of them out")
        return [
            *super()._problems(),
            below("max_input_tokens", self.max_input_tokens, "max_total_tokens", self.max_total_tokens),
            both,
        ]

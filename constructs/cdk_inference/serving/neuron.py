"""AWS's images for Inferentia2 and Trainium1. All are frozen or ended: docs/images.md says what that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from cdk_inference.core.errors import Problem
from cdk_inference.fit import NEURON, Engine
from cdk_inference.serving.aws_server import below
from cdk_inference.serving.compilation import Compiled, CompilesAtStart
from cdk_inference.serving.images import DJL_NEURON, HUGGING_FACE_NEURON, TGI_NEURON, VLLM_NEURON, AwsImage
from cdk_inference.serving.neuron_server import NeuronServer
from cdk_inference.serving.servers import MODEL_FOLDER
from cdk_inference.serving.variables import Variable, choice, count, word

# optimum/commands/neuron/serve.py of optimum-neuron v0.4.4; backends/neuron of text-generation-inference v3.3.6.
_ASKS_THE_HUB = "for anything else the server looks for compiled parts on the Hugging Face hub, and fails without"

CastType = Literal["bf16", "fp16"]


@dataclass(frozen=True, kw_only=True)
class HuggingFaceNeuron(NeuronServer):
    """Hugging Face's toolkit on Neuron, for encoders, vision and diffusion models on Inferentia2 and Trainium1.

    The model folder holds the compiled model (`model.neuron` and its configuration, from `optimum-cli export neuron`).
    With `CompilesAtStart` it holds the plain model, and the environment HF_OPTIMUM_SEQUENCE_LENGTH and
    HF_OPTIMUM_BATCH_SIZE, unless config.json has them. The toolkit runs one worker per NeuronCore, each with a model of
    its own, so compile for one core.

    task: the pipeline ("feature-extraction", "text-classification", ...).

    https://github.com/aws/sagemaker-huggingface-inference-toolkit (read 2026-11-23)
    """

    task: str

    aws_image: ClassVar[AwsImage] = HUGGING_FACE_NEURON
    takes: ClassVar[tuple[type, ...]] = (Compiled, CompilesAtStart)
    settings: ClassVar[tuple[Variable, ...]] = (
        word(
            "HF_TASK",
            "task",
            r"[a-z0-9]+(-[a-z0-9]+)*",
            "the name of a Hugging Face pipeline, in lower case with hyphens",
            'for example task="feature-extraction"',
            needed=True,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class VllmNeuron(NeuronServer):
    """Hugging Face's vLLM on Neuron, for LLMs on Inferentia2 and Trainium1.

    The model folder holds a model exported for exactly these numbers (`optimum-cli export neuron`).
    AWS no longer develops LLM serving on Inf2 and Trn1: the Neuron SDK of this image (2.26.1) stays what it is.

    tensor_parallel_degree: NeuronCores that share the model, 1 or more, at most those of the hardware.
    sequence_length: tokens of prompt and answer together, 1 or more, as exported.
    batch_size: requests at once, 1 or more, as exported.

    https://huggingface.co/docs/optimum-neuron/guides/vllm_plugin (read 2026-11-23)
    """

    tensor_parallel_degree: int
    sequence_length: int
    batch_size: int

    aws_image: ClassVar[AwsImage] = VLLM_NEURON
    engine: ClassVar[Engine | None] = NEURON
    takes_because: ClassVar[str] = _ASKS_THE_HUB
    fixed_variables: ClassVar[Mapping[str, str]] = {"SM_ON_MODEL": MODEL_FOLDER}
    settings: ClassVar[tuple[Variable, ...]] = (
        count("SM_ON_TENSOR_PARALLEL_SIZE", "tensor_parallel_degree", needed=True),
        count("SM_ON_SEQUENCE_LENGTH", "sequence_length", needed=True),
        count("SM_ON_BATCH_SIZE", "batch_size", needed=True),
    )


@dataclass(frozen=True, kw_only=True)
class TgiNeuron(NeuronServer):
    """Text Generation Inference on Neuron, for LLMs on Inferentia2 and Trainium1. Frozen.

    The model folder holds a model exported for exactly these numbers (`optimum-cli export neuron`).

    tensor_parallel_degree: NeuronCores that share the model, 1 or more, at most those of the hardware.
    sequence_length: tokens of prompt and answer together, 1 or more, as exported.
    batch_size: requests at once, 1 or more, as exported.
    max_input_tokens: tokens of a prompt, 1 or more, below sequence_length; None is half of it.
    cast: "bf16" or "fp16", as exported; None reads it from the model.

    https://huggingface.co/docs/text-generation-inference/backends/neuron (2026-01-08) and tests/huggingface of
    https://github.com/awslabs/llm-hosting-container (2026-06-17, both read 2026-11-23)
    """

    tensor_parallel_degree: int
    sequence_length: int
    batch_size: int
    max_input_tokens: int | None = None
    cast: CastType | None = None

    aws_image: ClassVar[AwsImage] = TGI_NEURON
    engine: ClassVar[Engine | None] = NEURON
    takes_because: ClassVar[str] = _ASKS_THE_HUB
    # MODEL_ID, not HF_MODEL_ID: the entrypoint of 3.3.6 reads no other.
    fixed_variables: ClassVar[Mapping[str, str]] = {"MODEL_ID": MODEL_FOLDER}
    settings: ClassVar[tuple[Variable, ...]] = (
        count("HF_NUM_CORES", "tensor_parallel_degree", needed=True),
        count("MAX_TOTAL_TOKENS", "sequence_length", needed=True),
        count("MAX_BATCH_SIZE", "batch_size", needed=True),
        count("MAX_INPUT_TOKENS", "max_input_tokens"),
        choice("HF_AUTO_CAST_TYPE", "cast", *get_args(CastType)),
    )

    def _problems(self) -> list[Problem | None]:
        short = below("max_input_tokens", self.max_input_tokens, "sequence_length", self.sequence_length)
        return [*super()._problems(), short]


@dataclass(frozen=True, kw_only=True)
class DjlNeuron(NeuronServer):
    """AWS's Large Model Inference container with transformers-neuronx, on Inferentia2 and Trainium1. Ended.

    It compiles the model while it starts, so it takes `CompilesAtStart` only. The container's own limit is
    model_loading_seconds.

    tensor_parallel_degree: NeuronCores that share the model, 1 or more, at most those of the hardware.
    sequence_length: tokens of prompt and answer together, 1 or more; the engine's own is 128.
    max_concurrent_requests: requests that the engine works on at once, 1 or more; None leaves it to the container.
    model_loading_seconds: until the container gives up, 1 or more; None is 1800.

    https://docs.djl.ai/v0.29.0/docs/serving/serving/docs/lmi/user_guides/tnx_user_guide.html (read 2026-11-23)
    """

    tensor_parallel_degree: int
    sequence_length: int
    max_concurrent_requests: int | None = None
    model_loading_seconds: int | None = None

    aws_image: ClassVar[AwsImage] = DJL_NEURON
    engine: ClassVar[Engine | None] = NEURON
    fills_instance: ClassVar[bool] = True  # as LMI does: gpu.py
    takes: ClassVar[tuple[type, ...]] = (CompilesAtStart,)
    takes_because: ClassVar[str] = "its engine compiles whatever it loads"
    fixed_variables: ClassVar[Mapping[str, str]] = {
        "HF_MODEL_ID": MODEL_FOLDER,
        "OPTION_ENTRYPOINT": "djl_python.transformers_neuronx",
        "OPTION_ROLLING_BATCH": "auto",
    }
    settings: ClassVar[tuple[Variable, ...]] = (
        count("TENSOR_PARALLEL_DEGREE", "tensor_parallel_degree", needed=True),
        count("OPTION_N_POSITIONS", "sequence_length", needed=True),
        count("OPTION_MAX_ROLLING_BATCH_SIZE", "max_concurrent_requests"),
        count("OPTION_MODEL_LOADING_TIMEOUT", "model_loading_seconds"),
    )

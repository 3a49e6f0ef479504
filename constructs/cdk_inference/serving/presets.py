"""AWS's serving images as servers: one for GPUs, two for Neuron (encoders, and LLMs)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.checks import is_token, matching, whole_number
from cdk_inference.errors import Problem
from cdk_inference.hardware import InstanceType
from cdk_inference.serving.images import HOST_IMAGES, HUGGING_FACE_NEURON, LMI, VLLM_NEURON, AwsImage
from cdk_inference.serving.servers import MODEL_FOLDER, Server


@dataclass(frozen=True, kw_only=True)
class AwsServer(Server):
    """A server on one of AWS's images, which brings the host image that it was built for."""

    aws_image: ClassVar[AwsImage]

    @property
    def container_image(self) -> AwsImage:
        return self.aws_image

    @property
    def host_image(self) -> str:
        return self.aws_image.host_image

    @property
    def hardware_kinds(self) -> tuple[str, ...]:
        return (HOST_IMAGES[self.host_image],)


@dataclass(frozen=True, kw_only=True)
class Lmi(AwsServer):
    """AWS's Large Model Inference container with vLLM, for LLMs on NVIDIA GPUs.

    tensor_parallel_degree: GPUs that share the model, 1 or more, at most the GPUs of the hardware.
    max_model_len: tokens of prompt and answer together, 1 or more; None leaves it to the model's own configuration.
    max_concurrent_requests: requests that the engine works on at once, 1 or more; None leaves it to the container.

    https://docs.djl.ai/docs/serving/serving/docs/lmi/user_guides/vllm_user_guide.html (read 2026-11-23)
    """

    tensor_parallel_degree: int
    max_model_len: int | None = None
    max_concurrent_requests: int | None = None

    aws_image: ClassVar[AwsImage] = LMI

    def _own_variables(self) -> dict[str, str]:
        return _given(
            HF_MODEL_ID=MODEL_FOLDER,
            OPTION_TENSOR_PARALLEL_DEGREE=self.tensor_parallel_degree,
            OPTION_MAX_MODEL_LEN=self.max_model_len,
            OPTION_MAX_ROLLING_BATCH_SIZE=self.max_concurrent_requests,
        )

    def _problems(self) -> list[Problem | None]:
        return [
            _count("tensor_parallel_degree", self.tensor_parallel_degree),
            None if self.max_model_len is None else _count("max_model_len", self.max_model_len),
            None
            if self.max_concurrent_requests is None
            else _count("max_concurrent_requests", self.max_concurrent_requests),
        ]

    def problems_on(self, hardware: InstanceType) -> list[Problem]:
        return super().problems_on(hardware) + _degree_problems(
            self.tensor_parallel_degree, hardware, "gpu", hardware.accelerators, "GPUs"
        )


@dataclass(frozen=True, kw_only=True)
class HuggingFaceNeuron(AwsServer):
    """Hugging Face's toolkit on Neuron, for encoders, vision and diffusion models on Inferentia2 and Trainium1.

    The model folder holds the compiled model (`model.neuron` and its configuration, from `optimum-cli export neuron`):
    compiling needs minutes at every start, so it belongs before the deployment.

    task: the pipeline ("feature-extraction", "text-classification", ...).

    https://github.com/aws/sagemaker-huggingface-inference-toolkit (read 2026-11-23)
    """

    task: str

    aws_image: ClassVar[AwsImage] = HUGGING_FACE_NEURON

    def _own_variables(self) -> dict[str, str]:
        return _given(HF_TASK=self.task)

    def _problems(self) -> list[Problem | None]:
        return [
            matching(
                "task",
                self.task,
                r"[a-z0-9]+(-[a-z0-9]+)*",
                "the name of a Hugging Face pipeline, in lower case with hyphens",
                'for example task="feature-extraction"',
            )
        ]

    def problems_on(self, hardware: InstanceType) -> list[Problem]:
        return super().problems_on(hardware) + _generation_problems(hardware)


@dataclass(frozen=True, kw_only=True)
class VllmNeuron(AwsServer):
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

    def _own_variables(self) -> dict[str, str]:
        return _given(
            SM_ON_MODEL=MODEL_FOLDER,
            SM_ON_TENSOR_PARALLEL_SIZE=self.tensor_parallel_degree,
            SM_ON_SEQUENCE_LENGTH=self.sequence_length,
            SM_ON_BATCH_SIZE=self.batch_size,
        )

    def _problems(self) -> list[Problem | None]:
        return [
            _count("tensor_parallel_degree", self.tensor_parallel_degree),
            _count("sequence_length", self.sequence_length),
            _count("batch_size", self.batch_size),
        ]

    def problems_on(self, hardware: InstanceType) -> list[Problem]:
        return (
            super().problems_on(hardware)
            + _generation_problems(hardware)
            + _degree_problems(self.tensor_parallel_degree, hardware, "neuron", hardware.neuroncores, "NeuronCores")
        )


# The host image for Neuron serves these only: "Accelerator: Inferentia2 and Trainium".
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html (read 2026-11-23)
_NEURON_HOST_ACCELERATORS = ("Inferentia2", "Trainium", "Trainium2")


def _generation_problems(hardware: InstanceType) -> list[Problem]:
    if hardware.kind != "neuron" or hardware.accelerator in (None, *_NEURON_HOST_ACCELERATORS):
        return []
    return [
        Problem(
            "server",
            f"{hardware.accelerator} ({hardware.name})",
            f"{', '.join(_NEURON_HOST_ACCELERATORS)}, which the image's host image serves",
            "choose Inf2 or Trn1 hardware, or Container(...) with an image for this chip",
        )
    ]


def _degree_problems(degree: int, hardware: InstanceType, kind: str, available: int | None, unit: str) -> list[Problem]:
    if hardware.kind != kind or available is None or is_token(degree) or degree <= available:
        return []
    return [
        Problem(
            "server.tensor_parallel_degree",
            degree,
            f"1 to {available}: {hardware.name} has {available} {unit if available != 1 else unit.rstrip('s')}",
            f"lower the degree to {available}, or choose hardware with more {unit}",
        )
    ]


def _count(argument: str, value: object) -> Problem | None:
    return whole_number(argument, value, 1, None, "give a count of 1 or more")


def _given(**variables: object) -> dict[str, str]:
    """The variables that have a value, as text."""
    return {name: str(value) for name, value in variables.items() if value is not None}

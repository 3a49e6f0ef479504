"""NVIDIA's Triton Inference Server: any framework, on a GPU or a CPU."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from cdk_inference.serving.aws_server import AwsServer
from cdk_inference.serving.images import TRITON, TRITON_CPU, AwsImage
from cdk_inference.serving.variables import Variable, choice, count, flag, word

InferenceType = Literal["infer", "generate", "generate_stream"]


@dataclass(frozen=True, kw_only=True)
class Triton(AwsServer):
    """Triton with one model, or one ensemble, on an NVIDIA GPU.

    The model source holds a model repository: a folder per model, with config.pbtxt and numbered versions inside.

    model_name: the folder of the model to load; of an ensemble, its own folder.
    inference_type: "infer", "generate" or "generate_stream"; None is "infer".
    threads: threads that take requests, 1 or more; None leaves it to Triton.
    shared_memory_bytes: first size of the Python backend's shared memory, 1 or more; None is 16 MiB.
    allow_metrics: whether Triton publishes Prometheus metrics inside the container; None is False.
    verbose_logs: whether every request is logged; None is True.

    https://github.com/triton-inference-server/server/blob/main/docker/sagemaker/serve (2025-03-04, read 2026-11-23)
    """

    model_name: str
    inference_type: InferenceType | None = None
    threads: int | None = None
    shared_memory_bytes: int | None = None
    allow_metrics: bool | None = None
    verbose_logs: bool | None = None

    aws_image: ClassVar[AwsImage] = TRITON
    settings: ClassVar[tuple[Variable, ...]] = (
        word(
            "SAGEMAKER_TRITON_DEFAULT_MODEL_NAME",
            "model_name",
            r"[A-Za-z0-9_][A-Za-z0-9_.-]*",
            "the name of a folder: letters, digits, _, . and -",
            "write the folder that holds config.pbtxt",
            needed=True,
        ),
        choice("SAGEMAKER_TRITON_INFERENCE_TYPE", "inference_type", *get_args(InferenceType)),
        count("SAGEMAKER_TRITON_THREAD_COUNT", "threads"),
        count("SAGEMAKER_TRITON_SHM_DEFAULT_BYTE_SIZE", "shared_memory_bytes"),
        flag("SAGEMAKER_TRITON_ALLOW_METRICS", "allow_metrics"),
        flag("SAGEMAKER_TRITON_LOG_VERBOSE", "verbose_logs"),
    )


@dataclass(frozen=True, kw_only=True)
class TritonCpu(Triton):
    """Triton on an x86 CPU; arguments as in `Triton`."""

    aws_image: ClassVar[AwsImage] = TRITON_CPU

"""Hugging Face's Text Embeddings Inference (TEI): embeddings, rerankers and classifiers on a GPU or a CPU."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from cdk_inference.serving.aws_server import AwsServer
from cdk_inference.serving.hub import HubVariables
from cdk_inference.serving.images import TEI, TEI_CPU, AwsImage
from cdk_inference.serving.servers import MODEL_FOLDER
from cdk_inference.serving.variables import Variable, choice, count, flag

TeiDtype = Literal["float16", "float32"]
Pooling = Literal["cls", "mean", "splade", "last-token"]


@dataclass(frozen=True, kw_only=True)
class Tei(AwsServer):
    """Text Embeddings Inference on an NVIDIA GPU.

    max_concurrent_requests: requests before further ones are refused, 1 or more; None is TEI's 512.
    max_batch_tokens: tokens that are computed together, 1 or more; None is TEI's 16384.
    max_batch_requests: inputs that are computed together, 1 or more; None is no limit.
    max_client_batch_size: inputs in one request, 1 or more; None is TEI's 32.
    dtype: "float16" or "float32"; None leaves it to TEI.
    pooling: "cls", "mean", "splade" or "last-token"; None reads it from the model.
    auto_truncate: whether an input that is too long is cut (True) or refused (False); None leaves it to TEI.

    https://aws.github.io/deep-learning-containers/tei/deployment/sagemaker/ (2026-08-21),
    https://huggingface.co/docs/text-embeddings-inference/cli_arguments (both read 2026-11-23)
    """

    max_concurrent_requests: int | None = None
    max_batch_tokens: int | None = None
    max_batch_requests: int | None = None
    max_client_batch_size: int | None = None
    dtype: TeiDtype | None = None
    pooling: Pooling | None = None
    auto_truncate: bool | None = None

    aws_image: ClassVar[AwsImage] = TEI
    fixed_variables: ClassVar[Mapping[str, str]] = {"HF_MODEL_ID": MODEL_FOLDER}
    hub: ClassVar[HubVariables | None] = HubVariables(
        model="HF_MODEL_ID",
        revision="HF_MODEL_REVISION",
        token="HF_TOKEN",
        source="https://github.com/huggingface/text-embeddings-inference/blob/v1.8.2/sagemaker-entrypoint.sh and "
        "router/src/main.rs (2025-09-09)",
    )
    settings: ClassVar[tuple[Variable, ...]] = (
        count("MAX_CONCURRENT_REQUESTS", "max_concurrent_requests"),
        count("MAX_BATCH_TOKENS", "max_batch_tokens"),
        count("MAX_BATCH_REQUESTS", "max_batch_requests"),
        count("MAX_CLIENT_BATCH_SIZE", "max_client_batch_size"),
        choice("DTYPE", "dtype", *get_args(TeiDtype)),
        choice("POOLING", "pooling", *get_args(Pooling)),
        flag("AUTO_TRUNCATE", "auto_truncate"),
    )


@dataclass(frozen=True, kw_only=True)
class TeiCpu(Tei):
    """Text Embeddings Inference on an x86 CPU; arguments as in `Tei`."""

    aws_image: ClassVar[AwsImage] = TEI_CPU

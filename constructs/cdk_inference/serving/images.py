"""Container images: the table of AWS's own that have a preset, and any in ECR.

Repository, tag and accounts come from facts/ (images, registries); the host image of each tag stands in
hardware/host_images.py. Here is what only its documentation states: chips, formats and maintenance, each with source
and date.
"""

from __future__ import annotations

from cdk_inference.hardware.host_images import HOST_IMAGES, HOST_PAIRS, NEURON_HOST_CHIPS, HostPair
from cdk_inference.serving.aws_image import AwsImage, Maintenance
from cdk_inference.serving.ecr_image import EcrImage, Repository

__all__ = [
    "AWS_IMAGES",
    "HOST_IMAGES",
    "HOST_PAIRS",
    "NEURON_HOST_CHIPS",
    "AwsImage",
    "EcrImage",
    "HostPair",
    "Maintenance",
    "Repository",
]

_CHAT = '{"messages": [...]} as OpenAI\'s chat completions'
_OPENAI = f'{_CHAT}, or {{"prompt": "..."}} as its completions'
_INPUTS = '{"inputs": "...", "parameters": {...}}'
_DJL_METRICS = "/server/metrics"  # docs.djl.ai, serving/docs/management_api.html (2026-06-24)
_NEURON_DOCS = "https://awsdocs-neuron.readthedocs-hosted.com/en/latest"
_CURRENT = Maintenance(
    status="current",
    since="2026-10-21",
    why="sagemaker-core 2.27.0 lists it as the newest",
    instead="",
    source="https://github.com/aws/sagemaker-python-sdk",
)
_TEI_CURRENT = Maintenance(
    status="current",
    since="2026-08-10",
    why="AWS announced it as released, and builds it in its own pipeline from this version on",
    instead="",
    source="https://github.com/aws/deep-learning-containers/pull/6524",
)
_TGI_FROZEN = Maintenance(
    status="frozen",
    since="2025-12-11",
    why="Hugging Face put Text Generation Inference into maintenance mode: minor fixes only, no new models",
    instead="Vllm, SgLang or Lmi on a GPU",
    source="https://github.com/huggingface/text-generation-inference/pull/3344",
)
_LATER_GPUS = ("NVIDIA L4", "NVIDIA L40S", "NVIDIA H100")
_BY_NEURON_HOST = "which the image's host image serves"
# "Trainium 1, Inferentia 2": huggingface.co/docs/text-generation-inference/backends/neuron (2026-01-08)
_FIRST_NEURON_CHIPS = ("Inferentia2", "Trainium")

LMI = AwsImage(
    name="djl-lmi",
    kind="gpu",
    request_format=f"{_INPUTS}, or {_OPENAI}",
    metrics_path=_DJL_METRICS,
    maintenance=_CURRENT,
)
# AWS's images on Amazon Linux. Of the Ubuntu ones (vllm.json, sglang.json) AWS says: "We cannot guarantee security
# patching ... We recommend migrating to our Amazon Linux-based images".
# https://aws.github.io/deep-learning-containers/reference/support_policy (2026-08-10)
VLLM = AwsImage(name="vllm-server", kind="gpu", request_format=_OPENAI, metrics_path="/metrics", maintenance=_CURRENT)
SGLANG = AwsImage(
    name="sglang-server",
    kind="gpu",
    request_format=_CHAT,  # http_server.py of sgl-project/sglang: /invocations is chat completions
    metrics_path="/metrics, with SM_SGLANG_ENABLE_METRICS=true",  # docs.sglang.io/references/production_metrics.html
    maintenance=_CURRENT,
)
# CUDA 12.4 and its driver 550 are older than Blackwell, which begins with CUDA 12.8.
# https://docs.nvidia.com/datacenter/tesla/drivers/cuda-toolkit-driver-and-architecture-matrix.html (read 2026-11-23)
TGI = AwsImage(
    name="huggingface-llm",
    kind="gpu",
    request_format=f"{_INPUTS}, or {_OPENAI}",  # router/src/sagemaker.rs of text-generation-inference (2026-01-08)
    metrics_path="/metrics",
    maintenance=_TGI_FROZEN,
    chips=("NVIDIA V100", "NVIDIA T4", "NVIDIA A10G", "NVIDIA A100", *_LATER_GPUS, "NVIDIA H200"),
    chips_by="which the image's CUDA 12.4 supports",
)
_TEI_REQUEST = '{"inputs": "..." or [...]}; a reranker takes {"query": "...", "texts": [...]}'
# The entrypoint has binaries for compute capability 7.5, 8.x, 9.0, 10.0 and 12.0, so not for V100. Its host image has
# driver 550, which is older than Blackwell (10.0 and later).
# https://github.com/aws/deep-learning-containers/blob/main/docker/tei/1.9.3/gpu/entrypoint.sh (2026-07-29)
TEI = AwsImage(
    name="huggingface-tei",
    kind="gpu",
    request_format=_TEI_REQUEST,
    metrics_path="/metrics",
    maintenance=_TEI_CURRENT,
    chips=("NVIDIA T4", "NVIDIA A10G", "NVIDIA A100", *_LATER_GPUS, "NVIDIA H200"),
    chips_by="which the image's entrypoint and its host's driver 550 know",
)
TEI_CPU = AwsImage(
    name="huggingface-tei-cpu",
    kind="cpu",
    request_format=_TEI_REQUEST,
    metrics_path="/metrics",
    maintenance=_TEI_CURRENT,
)
# https://github.com/triton-inference-server/server, docker/sagemaker/serve and src/sagemaker_server.cc (2026-08-19)
_TRITON_REQUEST = (
    'KServe v2: {"inputs": [{"name", "shape", "datatype", "data"}]} as JSON, or binary as '
    "application/vnd.sagemaker-triton.binary+json;json-header-size=N"
)
_TRITON_METRICS = "/metrics on port 8002, with allow_metrics=True"
TRITON = AwsImage(
    name="sagemaker-tritonserver",
    kind="gpu",
    request_format=_TRITON_REQUEST,
    metrics_path=_TRITON_METRICS,
    maintenance=_CURRENT,
)
TRITON_CPU = AwsImage(
    name="sagemaker-tritonserver-cpu",
    kind="cpu",
    request_format=_TRITON_REQUEST,
    metrics_path=_TRITON_METRICS,
    maintenance=_CURRENT,
)
HUGGING_FACE_NEURON = AwsImage(
    name="huggingface-neuronx",
    kind="neuron",
    request_format='{"inputs": ...}, as the Hugging Face pipeline of the task',
    metrics_path=None,
    maintenance=Maintenance(
        status="frozen",
        since="2026-03-31",
        why="the Neuron SDK no longer supports its PyTorch 2.8, and Inf2 and Trn1 inference gets critical fixes only",
        instead="Tei on a GPU or TeiCpu for encoders",
        source=f"{_NEURON_DOCS}/about-neuron/announcements/neuron2.x/announce-eos-pytorch-2-7-2-8-v229.html",
    ),
    chips=NEURON_HOST_CHIPS,
    chips_by=_BY_NEURON_HOST,
)
VLLM_NEURON = AwsImage(
    name="huggingface-vllm-neuronx",
    kind="neuron",
    request_format=_OPENAI,
    metrics_path=None,
    maintenance=Maintenance(
        status="frozen",
        since="2026-04-09",
        why="from Neuron SDK 2.29 on AWS develops LLM serving for Trn2 and newer only; this image has SDK 2.26.1",
        instead="Vllm, SgLang or Lmi on a GPU",
        source=f"{_NEURON_DOCS}/about-neuron/whats-new.html",
    ),
    chips=NEURON_HOST_CHIPS,
    chips_by=_BY_NEURON_HOST,
)
TGI_NEURON = AwsImage(
    name="huggingface-llm-neuronx",
    kind="neuron",
    request_format=f"{_INPUTS}, or {_OPENAI}",
    metrics_path="/metrics",
    maintenance=_TGI_FROZEN,
    chips=_FIRST_NEURON_CHIPS,
)
DJL_NEURON = AwsImage(
    name="djl-neuronx",
    kind="neuron",
    request_format=_INPUTS,
    metrics_path=_DJL_METRICS,
    maintenance=Maintenance(
        status="ended",
        since="2025-11-03",
        why="AWS discontinued the Neuron LMI container, and Neuron SDK 2.26 ended the engine inside it",
        instead="Vllm, SgLang or Lmi on a GPU",
        source="https://github.com/deepjavalibrary/djl-serving/pull/2939",
    ),
    chips=_FIRST_NEURON_CHIPS,
)
AWS_IMAGES = (
    *(LMI, VLLM, SGLANG, TGI, TEI, TEI_CPU, TRITON, TRITON_CPU),
    *(HUGGING_FACE_NEURON, VLLM_NEURON, TGI_NEURON, DJL_NEURON),
)

"""What runs on the chip: where a model comes from, what serves it, and how long it may take to start."""

from cdk_inference.serving.accepted import Accepted
from cdk_inference.serving.images import AwsImage, EcrImage, Maintenance
from cdk_inference.serving.models import Bucket, ModelSource, S3Archive, S3Model
from cdk_inference.serving.presets import (
    DjlNeuron,
    HuggingFaceNeuron,
    Lmi,
    SgLang,
    Tei,
    TeiCpu,
    Tgi,
    TgiNeuron,
    Triton,
    TritonCpu,
    Vllm,
    VllmNeuron,
)
from cdk_inference.serving.servers import Container, Server
from cdk_inference.serving.startup import StartupTimeouts
from cdk_inference.serving.startup_sum import startup_timeouts

__all__ = [
    "Accepted",
    "AwsImage",
    "Bucket",
    "Container",
    "DjlNeuron",
    "EcrImage",
    "HuggingFaceNeuron",
    "Lmi",
    "Maintenance",
    "ModelSource",
    "S3Archive",
    "S3Model",
    "Server",
    "SgLang",
    "StartupTimeouts",
    "Tei",
    "TeiCpu",
    "Tgi",
    "TgiNeuron",
    "Triton",
    "TritonCpu",
    "Vllm",
    "VllmNeuron",
    "startup_timeouts",
]

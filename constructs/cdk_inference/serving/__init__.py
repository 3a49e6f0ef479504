"""What runs on the chip: where a model comes from, what serves it, and how long it may take to start."""

from cdk_inference.serving.adapters import Adapters
from cdk_inference.serving.compilation import Compiled, CompilesAtStart
from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.hub_token import TokenInEnvironment
from cdk_inference.serving.image_exception import ImageException
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
    "Adapters",
    "AwsImage",
    "Bucket",
    "Compiled",
    "CompilesAtStart",
    "Container",
    "DjlNeuron",
    "EcrImage",
    "HuggingFaceModel",
    "HuggingFaceNeuron",
    "ImageException",
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
    "TokenInEnvironment",
    "Triton",
    "TritonCpu",
    "Vllm",
    "VllmNeuron",
    "startup_timeouts",
]

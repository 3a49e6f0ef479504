"""AWS's serving images as servers: GPU LLMs, encoders, Triton, Neuron."""

from __future__ import annotations

from cdk_inference.serving.aws_server import AwsServer
from cdk_inference.serving.encoders import Tei, TeiCpu
from cdk_inference.serving.gpu import Lmi, SgLang, Tgi, Vllm
from cdk_inference.serving.neuron import DjlNeuron, HuggingFaceNeuron, TgiNeuron, VllmNeuron
from cdk_inference.serving.triton import Triton, TritonCpu

__all__ = [
    "PRESETS",
    "AwsServer",
    "DjlNeuron",
    "HuggingFaceNeuron",
    "Lmi",
    "SgLang",
    "Tei",
    "TeiCpu",
    "Tgi",
    "TgiNeuron",
    "Triton",
    "TritonCpu",
    "Vllm",
    "VllmNeuron",
]

# In the order of `images.AWS_IMAGES`.
PRESETS: tuple[type[AwsServer], ...] = (
    *(Lmi, Vllm, SgLang, Tgi, Tei, TeiCpu, Triton, TritonCpu),
    *(HuggingFaceNeuron, VllmNeuron, TgiNeuron, DjlNeuron),
)

"""One of each preset of AWS's images, with the arguments that it needs."""

from __future__ import annotations

from typing import Any

from cdk_inference.hardware import lookup
from cdk_inference.serving import (
    DjlNeuron,
    HuggingFaceNeuron,
    Lmi,
    S3Model,
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
from cdk_inference.serving.presets import AwsServer

MODEL = S3Model(prefix="llama/", size_gb=16.1)
DEGREE: dict[str, Any] = {"tensor_parallel_degree": 2}
EXPORTED = {**DEGREE, "sequence_length": 4096}
BATCH = {**EXPORTED, "batch_size": 4}
NEEDED: dict[type[AwsServer], dict[str, Any]] = {
    **dict.fromkeys((Lmi, Vllm, SgLang, Tgi), DEGREE),
    **{kind: {} for kind in (Tei, TeiCpu)},
    **{kind: {"model_name": "detector"} for kind in (Triton, TritonCpu)},
    HuggingFaceNeuron: {"task": "fill-mask"},
    **dict.fromkeys((VllmNeuron, TgiNeuron), BATCH),
    DjlNeuron: EXPORTED,
}


def made(kind: type[AwsServer], **changes: Any) -> AwsServer:
    return kind(**{"model": MODEL, **NEEDED[kind], **changes})


def told(kind: type[AwsServer], hardware: str, **changes: Any) -> list[str]:
    return [str(problem) for problem in made(kind, **changes).problems_on(lookup(hardware))]

"""One of each preset of AWS's images, with the arguments that it needs."""

from __future__ import annotations

from typing import Any

from cdk_inference.hardware import lookup
from cdk_inference.serving import (
    Compiled,
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
from tests.compiled import AT_START, BERT, fitting, for_tgi, for_vllm

MODEL = S3Model(prefix="llama/", size_gb=16.1)
DEGREE: dict[str, Any] = {"tensor_parallel_degree": 2}
EXPORTED = {**DEGREE, "sequence_length": 4096}
BATCH = {**EXPORTED, "batch_size": 4}
NEEDED: dict[type[AwsServer], dict[str, Any]] = {
    **dict.fromkeys((Lmi, Vllm, SgLang, Tgi), DEGREE),
    **{kind: {} for kind in (Tei, TeiCpu)},
    **{kind: {"model_name": "detector"} for kind in (Triton, TritonCpu)},
    HuggingFaceNeuron: {"task": "fill-mask", "compilation": BERT},
    VllmNeuron: {**BATCH, "compilation": for_vllm()},
    TgiNeuron: {**BATCH, "compilation": for_tgi()},
    DjlNeuron: {**EXPORTED, "compilation": AT_START},
}


def made(kind: type[AwsServer], **changes: Any) -> AwsServer:
    needed = NEEDED[kind]
    if isinstance(needed.get("compilation"), Compiled):
        needed = {**needed, "compilation": fitting(needed["compilation"], **changes)}
    return kind(**{"model": MODEL, **needed, **changes})


def told(kind: type[AwsServer], hardware: str, **changes: Any) -> list[str]:
    return [str(problem) for problem in made(kind, **changes).problems_on(lookup(hardware))]

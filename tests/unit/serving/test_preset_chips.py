"""Which chips each preset serves: whole messages."""

from __future__ import annotations

from cdk_inference.serving import (
    DjlNeuron,
    SgLang,
    Tei,
    TeiCpu,
    Tgi,
    TgiNeuron,
    Triton,
    TritonCpu,
    Vllm,
)
from cdk_inference.serving.presets import AwsServer
from tests.each import each
from tests.unit.serving.made_presets import told


@each(
    ("kind", "hardware"),
    [
        *((kind, name) for kind in (Vllm, SgLang, Tgi) for name in ("ml.g6.12xlarge", "ml.p5.48xlarge")),
        *((kind, "ml.p6-b200.48xlarge") for kind in (Vllm, SgLang, Triton)),
        *((kind, "ml.g4dn.xlarge") for kind in (Tei, Triton)),
        *((kind, "ml.c7i.xlarge") for kind in (TeiCpu, TritonCpu)),
        *((kind, name) for kind in (TgiNeuron, DjlNeuron) for name in ("ml.inf2.xlarge", "ml.trn1.2xlarge")),
    ],
)
def test_what_fits_has_no_problem(kind: type[AwsServer], hardware: str) -> None:
    assert told(kind, hardware) == []


OTHER = "fix: choose hardware with one of them, or Container(...) with an image for this chip"


@each(
    ("kind", "hardware", "problem"),
    [
        (
            TgiNeuron,
            "ml.trn2.48xlarge",
            "server: got 'Trainium2 (ml.trn2.48xlarge)'; allowed: Inferentia2, Trainium, which the image serves;"
            " fix: choose Inf2 or Trn1 hardware, or Container(...) with an image for this chip",
        ),
        (
            Tei,
            "ml.p6-b200.48xlarge",
            "server: got 'NVIDIA B200 (ml.p6-b200.48xlarge)'; allowed: NVIDIA T4, NVIDIA A10G, NVIDIA A100, NVIDIA L4,"
            f" NVIDIA L40S, NVIDIA H100, NVIDIA H200, which the image's entrypoint and its host's driver 550 know; {OTHER}",
        ),
        (
            Tgi,
            "ml.p6-b200.48xlarge",
            "server: got 'NVIDIA B200 (ml.p6-b200.48xlarge)'; allowed: NVIDIA V100, NVIDIA T4, NVIDIA A10G,"
            " NVIDIA A100, NVIDIA L4, NVIDIA L40S, NVIDIA H100, NVIDIA H200,"
            f" which the image's CUDA 12.4 supports; {OTHER}",
        ),
        (
            TeiCpu,
            "ml.c7g.xlarge",
            "server: got 'tei-cpu:2.0.1-tei1.9.3-cpu-py310-ubuntu24.04 on ml.c7g.xlarge (arm64)'; allowed: x86_64"
            " hardware, which the image is built for; fix: choose an x86 type, or Container(...) with an image for"
            " arm64",
        ),
        (
            Tei,
            "ml.c7i.xlarge",
            "server: got 'Tei on ml.c7i.xlarge (no accelerator)'; allowed: hardware of kind gpu;"
            " fix: choose hardware of that kind, or a server for it: TeiCpu or TritonCpu",
        ),
        (
            Vllm,
            "ml.g6.xlarge",
            "server.tensor_parallel_degree: got 2; allowed: 1 to 1: ml.g6.xlarge has 1 GPU;"
            " fix: lower the degree to 1, or choose hardware with more GPUs",
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_a_chip_that_the_image_does_not_serve(kind: type[AwsServer], hardware: str, problem: str) -> None:
    assert told(kind, hardware) == [problem]

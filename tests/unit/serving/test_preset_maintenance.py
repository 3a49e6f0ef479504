"""The warning of a frozen or ended image, and none for a current one."""

from __future__ import annotations

import datetime

from cdk_inference.serving import (
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
from cdk_inference.serving.presets import AwsServer
from tests.each import each
from tests.unit.serving.made_presets import made

TODAY = datetime.date(2026, 11, 23)
CURRENT = (Lmi, Vllm, SgLang, Tei, TeiCpu, Triton, TritonCpu)


@each("kind", CURRENT)
def test_a_current_image_has_no_warning(kind: type[AwsServer]) -> None:
    assert made(kind).maintenance_warning(TODAY) is None


ELSEWHERE = "Use Vllm, SgLang or Lmi on a GPU, or write image_exception=ImageException(reason=..., until=...) with a day on which you look again."
TGI_FROZEN = (
    "which is frozen since 2025-12-11: Hugging Face put Text Generation Inference into maintenance mode: minor fixes"
    f" only, no new models. {ELSEWHERE} https://github.com/huggingface/text-generation-inference/pull/3344"
)


@each(
    ("kind", "warning"),
    [
        (
            Tgi,
            (
                "cdk-inference:image-frozen",
                "Tgi runs huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04, " + TGI_FROZEN,
            ),
        ),
        (
            TgiNeuron,
            (
                "cdk-inference:image-frozen",
                "TgiNeuron runs huggingface-pytorch-tgi-inference:2.7.0-optimum3.3.6-neuronx-py310-ubuntu22.04, "
                + TGI_FROZEN,
            ),
        ),
        (
            VllmNeuron,
            (
                "cdk-inference:image-frozen",
                "VllmNeuron runs"
                " huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04, which is"
                " frozen since 2026-04-09: from Neuron SDK 2.29 on AWS develops LLM serving for Trn2 and newer only;"
                f" this image has SDK 2.26.1. {ELSEWHERE}"
                " https://awsdocs-neuron.readthedocs-hosted.com/en/latest/about-neuron/whats-new.html",
            ),
        ),
        (
            HuggingFaceNeuron,
            (
                "cdk-inference:image-frozen",
                "HuggingFaceNeuron runs huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx-py310-"
                "sdk2.26.0-ubuntu22.04, which is frozen since 2026-03-31: the Neuron SDK no longer supports its PyTorch"
                " 2.8, and Inf2 and Trn1 inference gets critical fixes only. Use Tei on a GPU or TeiCpu for encoders,"
                " or write image_exception=ImageException(reason=..., until=...) with a day on which you look again. https://awsdocs-neuron.readthedocs-hosted.com"
                "/en/latest/about-neuron/announcements/neuron2.x/announce-eos-pytorch-2-7-2-8-v229.html",
            ),
        ),
        (
            DjlNeuron,
            (
                "cdk-inference:image-ended",
                "DjlNeuron runs djl-inference:0.29.0-neuronx-sdk2.19.1, which is ended since 2025-11-03: AWS"
                " discontinued the Neuron LMI container, and Neuron SDK 2.26 ended the engine inside it."
                f" {ELSEWHERE} https://github.com/deepjavalibrary/djl-serving/pull/2939",
            ),
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_a_frozen_or_ended_image_warns(kind: type[AwsServer], warning: tuple[str, str]) -> None:
    assert made(kind).maintenance_warning(TODAY) == warning

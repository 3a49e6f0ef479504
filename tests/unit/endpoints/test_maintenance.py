"""Choosing a frozen image is a warning, which a strict synth refuses, until it is accepted."""

from __future__ import annotations

import dataclasses

import pytest

from cdk_inference.core.errors import plain_errors
from tests.support import encoder, endpoint_template, models, only


def test_a_frozen_image_fails_a_strict_synth(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), plain_errors():
        endpoint_template(
            server=lambda stack: dataclasses.replace(encoder(models(stack)), image_exception=None),
            hardware="ml.inf2.xlarge",
        )
    first = capfd.readouterr().err.splitlines()[0]
    assert first.startswith(
        "WARNING HuggingFaceNeuron runs huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4"
    )
    assert first.endswith("(Annotation)")


def test_an_accepted_one_does_not() -> None:
    template = endpoint_template(server=lambda stack: encoder(models(stack)), hardware="ml.inf2.xlarge")
    assert only(template, "AWS::SageMaker::Model")["PrimaryContainer"]["Environment"] == {
        "HF_TASK": "feature-extraction"
    }

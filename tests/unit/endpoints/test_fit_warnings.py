"""A model that may not fit is a warning, which a strict synth refuses, until it is acknowledged."""

from __future__ import annotations

import pytest
from aws_cdk import Acknowledgment, Validations

from cdk_inference.core.errors import plain_errors
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.serving import Lmi, S3Model
from tests.components import component, shared
from tests.refusals import refusal_of
from tests.support import endpoint_template, llm, models, new_stack, of_type, template_of

UNKNOWN_LENGTH = "cdk-inference:length-unknown"


def test_an_unknown_length_fails_a_strict_synth(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), plain_errors():
        endpoint_template(server=lambda stack: llm(models(stack), max_model_len=None))
    told = capfd.readouterr().err
    assert told.startswith("WARNING Lmi on ml.g6.2xlarge has neither max_model_len nor workload")
    assert UNKNOWN_LENGTH in told


def test_an_acknowledged_one_does_not() -> None:
    stack = new_stack()
    endpoint = RealtimeEndpoint(stack, "Chat", server=llm(models(stack), max_model_len=None), hardware="ml.g6.2xlarge")
    Validations.of(endpoint).acknowledge(Acknowledgment(id=UNKNOWN_LENGTH, reason="It has started."))
    assert of_type(template_of(stack), "AWS::SageMaker::Endpoint")


def test_a_component_is_warned_of_too(capfd: pytest.CaptureFixture[str]) -> None:
    stack = new_stack()
    component(shared(stack, hardware="ml.g6.12xlarge"), server=llm(models(stack), max_model_len=None))
    with pytest.raises(SystemExit), plain_errors():
        template_of(stack)
    assert "WARNING Lmi on ml.g6.12xlarge has neither" in capfd.readouterr().err


def test_weights_beyond_the_memory_are_refused() -> None:
    message = refusal_of(
        endpoint_template,
        server=lambda stack: Lmi(
            model=S3Model(bucket=models(stack), prefix="llama/", size_gb=140), tensor_parallel_degree=1
        ),
    )
    assert "allowed: more than 130.64 GiB to use on each GPU" in message

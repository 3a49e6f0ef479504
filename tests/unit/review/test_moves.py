"""docs/changing-hardware.md: the arguments that it counts are those that differ between two settings."""

from __future__ import annotations

import dataclasses
import functools
import re
from pathlib import Path

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.review import classify
from cdk_inference.scaling import FixedCount, TargetConcurrency
from cdk_inference.serving import Lmi, S3Model, VllmNeuron
from stacks.settings import EndpointSettings
from tests.compiled import for_vllm
from tests.each import each
from tests.support import FOR_NOW, Template, models, new_stack, template_of

PAGE = (Path(__file__).parents[3] / "docs/changing-hardware.md").read_text()

ON_GPU = EndpointSettings(
    server=Lmi(model=S3Model(prefix="llama/", size_gb=16.1), tensor_parallel_degree=1, max_model_len=8192),
    hardware="ml.g6.2xlarge",
    scaling=TargetConcurrency(per_instance=4, max_instances=4),
)
ON_NEURON = dataclasses.replace(
    ON_GPU,
    server=VllmNeuron(
        model=S3Model(prefix="llama-neuron/", size_gb=16.1),
        tensor_parallel_degree=2,
        sequence_length=4096,
        batch_size=4,
        compilation=for_vllm(),
        image_exception=FOR_NOW,
    ),
    hardware="ml.inf2.8xlarge",
)


def fixed(settings: EndpointSettings) -> EndpointSettings:
    return dataclasses.replace(settings, scaling=FixedCount(instances=2))


def on_g5(settings: EndpointSettings) -> EndpointSettings:
    return dataclasses.replace(settings, hardware="ml.g5.2xlarge")


MOVES = {
    "another type for the same image, fixed count": (fixed(ON_GPU), on_g5(fixed(ON_GPU))),
    "another type for the same image, autoscaled": (ON_GPU, on_g5(ON_GPU)),
    "GPU to Neuron, fixed count": (fixed(ON_GPU), fixed(ON_NEURON)),
    "GPU to Neuron, autoscaled": (ON_GPU, ON_NEURON),
    "Neuron back to GPU, autoscaled": (ON_NEURON, ON_GPU),
}


def rows() -> dict[str, tuple[int, list[str], int]]:
    """move -> (count, arguments, deployments), as the page has them."""
    found = re.findall(r"^\| (.+?) \| (\d+): (.+?) \| (\d+) \|$", PAGE, re.MULTILINE)
    return {
        move: (int(count), re.findall(r"`(\w+)`", names), int(deployments)) for move, count, names, deployments in found
    }


@functools.cache
def template(settings: EndpointSettings) -> Template:
    stack = new_stack()
    server = settings.server.in_bucket(models(stack))
    RealtimeEndpoint(stack, "Chat", server=server, hardware=settings.hardware, scaling=settings.scaling)
    return template_of(stack)


def test_the_page_has_these_moves() -> None:
    assert list(rows()) == list(MOVES)


@each("move", MOVES)
def test_the_arguments_counted_are_those_that_differ(move: str) -> None:
    before, after = MOVES[move]
    names = [field.name for field in dataclasses.fields(EndpointSettings)]
    differ = sorted(name for name in names if getattr(before, name) != getattr(after, name))
    count, told, _ = rows()[move]
    assert told == differ
    assert count == len(differ)


@each("move", MOVES)
def test_the_deployments_are_those_of_the_rows(move: str) -> None:
    before, after = map(template, MOVES[move])
    needed = max(change.transition.deployments for change in classify(before, after).changes)
    assert needed == rows()[move][2]


def test_to_neuron_and_back_are_the_same_rows() -> None:
    there = {change.transition.id for change in classify(template(ON_GPU), template(ON_NEURON)).changes}
    back = {change.transition.id for change in classify(template(ON_NEURON), template(ON_GPU)).changes}
    assert (
        there
        == back
        == {
            "instance-type-autoscaled",
            "model",
            "image",
            "environment",
            "host-image",
            "startup",
        }
    )

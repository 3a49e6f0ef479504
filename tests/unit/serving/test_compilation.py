"""What was compiled, and whether it fits server, image and chip: whole messages."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.hardware import InstanceType, lookup
from cdk_inference.serving import (
    Compiled,
    CompilesAtStart,
    DjlNeuron,
    HuggingFaceNeuron,
    S3Model,
    TgiNeuron,
    VllmNeuron,
)
from cdk_inference.serving.compilation import CORE_GENERATIONS
from cdk_inference.serving.images import AWS_IMAGES
from cdk_inference.serving.neuron_versions import NEURON_VERSIONS
from cdk_inference.serving.presets import AwsServer
from cdk_inference.serving.startup import StartupTimeouts
from cdk_inference.serving.startup_sum import longest_start
from tests.compiled import AT_START, BERT, for_tgi, for_vllm
from tests.each import each
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN, refusal_of
from tests.unit.serving.made_presets import made, told


def refusal(kind: type, **arguments: Any) -> str:
    return refusal_of(kind, **arguments)


def refused(kind: type[AwsServer], **changes: Any) -> str:
    return refusal_of(made, kind, **changes)


def test_every_neuron_image_has_its_versions() -> None:
    assert set(NEURON_VERSIONS) == {image.reference for image in AWS_IMAGES if image.kind == "neuron"}


@each("image", [image for image in AWS_IMAGES if image.kind == "neuron"], ids=lambda one: one.name)
def test_a_tag_that_names_its_sdk_names_the_one_of_the_table(image: Any) -> None:
    (named, *_) = [part for part in image.tag.split("-") if part.startswith("sdk")] or [None]
    if named is not None:
        assert (named.removeprefix("sdk"),) == NEURON_VERSIONS[image.reference].sdk


def test_a_contract_says_all_that_is_wrong_with_it() -> None:
    wrong = {"model": " ", "chip": "Inferentia3", "cores": 0, "sdk_version": "2", "sequence_length": 1.5}
    assert refusal(Compiled, **wrong, batch_size="4", optimum_version="latest") == (
        "Compiled has 7 problems:\n"
        "  1. model: got ' '; allowed: the name of what was compiled; fix: write name and revision\n"
        "  2. chip: got 'Inferentia3'; allowed: Inferentia2, Trainium, Trainium2;"
        " fix: write the chip that it was compiled for\n"
        "  3. cores: got 0; allowed: a whole number from 1; fix: write what the model was compiled for, 1 or more\n"
        "  4. sdk_version: got '2'; allowed: a version, as \"2.26.1\"; fix: write the Neuron SDK that compiled it\n"
        "  5. sequence_length: got 1.5; allowed: a whole number from 1;"
        " fix: write what the model was compiled for, 1 or more\n"
        "  6. batch_size: got '4'; allowed: a whole number from 1;"
        " fix: write what the model was compiled for, 1 or more\n"
        "  7. optimum_version: got 'latest'; allowed: a version, as \"2.26.1\"; fix: write optimum-neuron's version"
    )


@each("seconds", [0, 3001, 1.5, True, None])
def test_compiling_has_to_leave_time_to_start(seconds: Any) -> None:
    assert refusal(CompilesAtStart, reason="", seconds=seconds) == (
        "CompilesAtStart has 2 problems:\n"
        "  1. reason: got ''; allowed: a sentence; fix: write why it is not compiled beforehand\n"
        f"  2. seconds: got {seconds!r}; allowed: a whole number from 1 to 3000;"
        " fix: compile before the deployment if it takes longer"
    )


def test_the_seconds_are_known_now() -> None:
    assert refusal(CompilesAtStart, reason="a test", seconds=NUMBER_TOKEN) == (
        "CompilesAtStart: seconds: got 'a value known at deployment only'; allowed: a plain number;"
        " fix: write it in code or settings"
    )


HUB = "for anything else the server looks for compiled parts on the Hugging Face hub, and fails without"
COMPILE = (
    "fix: compile the model before the deployment (`optimum-cli export neuron`) and write what for:"
    " compilation=Compiled(...)"
)


@each(
    ("kind", "given", "allowed", "fix"),
    [
        (HuggingFaceNeuron, None, "Compiled, CompilesAtStart", COMPILE),
        (HuggingFaceNeuron, "bert", "Compiled, CompilesAtStart", COMPILE),
        (VllmNeuron, None, f"Compiled: {HUB}", COMPILE),
        (VllmNeuron, AT_START, f"Compiled: {HUB}", COMPILE),
        (TgiNeuron, AT_START, f"Compiled: {HUB}", COMPILE),
        *(
            (
                DjlNeuron,
                value,
                "CompilesAtStart: its engine compiles whatever it loads",
                "fix: write compilation=CompilesAtStart(reason=..., seconds=...)",
            )
            for value in (None, BERT)
        ),
    ],
)
def test_a_neuron_server_says_what_was_compiled(kind: type[AwsServer], given: Any, allowed: str, fix: str) -> None:
    assert refused(kind, compilation=given) == (
        f"{kind.__name__}: compilation: got {given!r}; allowed: {allowed}; {fix}"
    )


def test_the_numbers_are_those_of_the_server() -> None:
    assert refused(VllmNeuron, compilation=for_vllm(4, 2048, 1)) == (
        "VllmNeuron has 3 problems:\n"
        "  1. compilation.cores: got 4; allowed: 2, the server's tensor_parallel_degree;"
        " fix: compile for 2, or write tensor_parallel_degree=4\n"
        "  2. compilation.sequence_length: got 2048; allowed: 4096, the server's sequence_length;"
        " fix: compile for 4096, or write sequence_length=2048\n"
        "  3. compilation.batch_size: got 1; allowed: 4, the server's batch_size;"
        " fix: compile for 4, or write batch_size=1"
    )


def test_the_versions_are_those_of_the_image() -> None:
    tag = "2.7.0-optimum3.3.6-neuronx-py310-ubuntu22.04"
    assert refused(TgiNeuron, compilation=for_vllm(optimum_version=None)) == (
        "TgiNeuron has 2 problems:\n"
        f"  1. compilation.sdk_version: got '2.26.1'; allowed: 2.24.0 or 2.24.1, which the image {tag} has;"
        " fix: compile with this Neuron SDK\n"
        f"  2. compilation.optimum_version: got None; allowed: 0.3.0, which the image {tag} has;"
        " fix: export with this optimum-neuron"
    )
    assert made(TgiNeuron, compilation=for_tgi(sdk_version="2.24.0")).compilation == for_tgi(sdk_version="2.24.0")


def test_an_encoder_has_no_numbers_to_compare_and_any_optimum() -> None:
    compiled = dataclasses.replace(BERT, batch_size=8, sequence_length=None, optimum_version="0.3.0")
    assert told(HuggingFaceNeuron, "ml.inf2.xlarge", compilation=compiled) == []


@each("chip", ["Inferentia2", "Trainium"])
@each("hardware", ["ml.inf2.xlarge", "ml.trn1.2xlarge"])
def test_inferentia2_and_trainium_share_their_artefacts(chip: str, hardware: str) -> None:
    assert told(VllmNeuron, hardware, compilation=for_vllm(chip=chip)) == []


@each(
    ("chip", "hardware", "got", "allowed", "fix"),
    [
        (
            "Trainium2",
            "ml.inf2.xlarge",
            "Trainium2 (NeuronCore-v3)",
            "Inferentia2 or Trainium: ml.inf2.xlarge has NeuronCore-v2",
            "compile the model for Inferentia2, or choose hardware with Trainium2",
        ),
        (
            "Inferentia2",
            "ml.trn2.48xlarge",
            "Inferentia2 (NeuronCore-v2)",
            "Trainium2: ml.trn2.48xlarge has NeuronCore-v3",
            "compile the model for Trainium2, or choose hardware with Inferentia2",
        ),
    ],
)
def test_another_generation_of_cores(chip: str, hardware: str, got: str, allowed: str, fix: str) -> None:
    assert told(VllmNeuron, hardware, compilation=for_vllm(chip=chip)) == [
        f"server.compilation.chip: got '{got}'; allowed: {allowed}; fix: {fix}"
    ]


def test_more_cores_than_the_hardware_has() -> None:
    assert told(HuggingFaceNeuron, "ml.inf2.xlarge", compilation=dataclasses.replace(BERT, cores=4)) == [
        "server.compilation.cores: got 4; allowed: 1 to 2: ml.inf2.xlarge has 2 NeuronCores;"
        " fix: compile for 2 or fewer, or choose hardware with more NeuronCores"
    ]
    assert told(VllmNeuron, "ml.inf2.xlarge", tensor_parallel_degree=4) == [
        "server.tensor_parallel_degree: got 4; allowed: 1 to 2: ml.inf2.xlarge has 2 NeuronCores;"
        " fix: lower the degree to 2, or choose hardware with more NeuronCores"
    ]


@given(
    st.sampled_from(sorted(CORE_GENERATIONS)),
    st.sampled_from(["ml.inf2.xlarge", "ml.trn1.2xlarge", "ml.trn2.48xlarge"]),
)
def test_a_chip_fits_by_its_generation_alone(chip: str, hardware: str) -> None:
    known = lookup(hardware)
    fits = CORE_GENERATIONS[chip] == CORE_GENERATIONS[known.accelerator or ""]
    assert (for_vllm(chip=chip).chip_problem(hardware, known.accelerator) is None) == fits


@each("accelerator", [None, "Trainium9"])
def test_a_chip_that_nobody_knows_is_let_through(accelerator: str | None) -> None:
    new = InstanceType(name="ml.x9.large", kind="neuron", storage_volume=False, accelerator=accelerator)
    assert for_vllm().chip_problem(new.name, new.accelerator) is None


def test_tokens_are_let_through() -> None:
    compiled = for_vllm(NUMBER_TOKEN, NUMBER_TOKEN, NUMBER_TOKEN, sdk_version=TEXT_TOKEN, chip=TEXT_TOKEN)
    assert told(VllmNeuron, "ml.inf2.xlarge", compilation=compiled) == []
    tokens = {"tensor_parallel_degree": NUMBER_TOKEN, "sequence_length": TEXT_TOKEN, "batch_size": TEXT_TOKEN}
    assert told(VllmNeuron, "ml.inf2.xlarge", **tokens) == []


# 16.1 GB / 85 MB/s = 190 s; 600 s + 190 s + the seconds, at most 3600 s.
@each(("seconds", "container"), [(1, 791), (900, 1690), (2810, 3600), (3000, 3600)])
def test_compiling_gets_its_time(seconds: int, container: int) -> None:
    model = S3Model(prefix="m/", size_gb=16.1)
    server = made(DjlNeuron, model=model, compilation=CompilesAtStart(reason="a test", seconds=seconds))
    expected = StartupTimeouts(download_seconds=190, container_seconds=container)
    assert longest_start([(server, lookup("ml.inf2.xlarge"))])[0] == expected

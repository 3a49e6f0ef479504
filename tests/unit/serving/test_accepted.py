"""Accepting a frozen image until a day, and the model that has to fit."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import PUBLISHED, Workload, problems
from cdk_inference.hardware import lookup
from cdk_inference.serving import ImageException, Lmi, S3Model, VllmNeuron
from cdk_inference.serving.presets import PRESETS, AwsServer
from tests.compiled import for_vllm
from tests.each import each
from tests.unit.serving.made_presets import made

MODEL = S3Model(prefix="llama/", size_gb=16.1)
FROZEN = VllmNeuron(model=MODEL, tensor_parallel_degree=2, sequence_length=4096, batch_size=4, compilation=for_vllm())
LAST = datetime.date(2027, 5, 31)
LLAMA = next(value for name, value in PUBLISHED.items() if name.endswith("Llama-3.1-8B"))


def test_it_holds_to_the_end_of_its_last_day() -> None:
    server = dataclasses.replace(
        FROZEN, image_exception=ImageException(reason="until Lmi is tested", until="2027-05-31")
    )
    assert server.maintenance_warning(LAST) is None


def test_afterwards_the_warning_says_so() -> None:
    server = dataclasses.replace(
        FROZEN, image_exception=ImageException(reason="until Lmi is tested", until="2027-05-31")
    )
    warning = server.maintenance_warning(LAST + datetime.timedelta(days=1))
    plain = FROZEN.maintenance_warning(LAST)
    assert warning is not None
    assert plain is not None
    passed = "This was accepted until 2027-05-31, which has passed. "
    assert warning == (plain[0], plain[1].replace("Use Vllm", f"{passed}Use Vllm"))


def test_a_reason_and_a_day() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ImageException(reason=" ", until="next May")
    assert str(caught.value) == (
        "ImageException has 2 problems:\n"
        "  1. reason: got ' '; allowed: a sentence; fix: write why you use the image all the same\n"
        "  2. until: got 'next May'; allowed: a day, as \"2027-05-31\"; fix: write the day on which you look again"
    )


def test_other_things_are_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Lmi(model=MODEL, tensor_parallel_degree=1, image_exception=True, workload="8B")
    assert str(caught.value) == (
        "Lmi has 2 problems:\n"
        "  1. image_exception: got True; allowed: ImageException or None; fix: image_exception=ImageException(reason=..., until=...)\n"
        "  2. workload: got '8B'; allowed: Workload or None; fix: workload=Workload(...)"
    )


def test_a_workload_that_fits_and_one_that_does_not() -> None:
    workload = Workload(architecture=LLAMA, precision="bf16", context_tokens=8192, batch=16)
    server = Lmi(model=MODEL, tensor_parallel_degree=4, workload=workload)
    assert server.problems_on(lookup("ml.g6.12xlarge")) == []
    (problem,) = dataclasses.replace(server, tensor_parallel_degree=1).problems_on(lookup("ml.g6.xlarge"))
    assert problem.argument == "hardware"
    assert problem.got == "ml.g6.xlarge with degree 1"


def test_a_degree_that_the_heads_do_not_allow() -> None:
    workload = Workload(architecture=LLAMA, precision="bf16", context_tokens=1024, batch=1)
    server = Lmi(model=MODEL, tensor_parallel_degree=3, workload=workload)
    assert [problem.argument for problem in server.problems_on(lookup("ml.g6.12xlarge"))] == [
        "server.tensor_parallel_degree"
    ]


@each("kind", [preset for preset in PRESETS if "tensor_parallel_degree" not in preset.__dataclass_fields__])
def test_a_workload_without_a_degree_is_refused(kind: type[AwsServer]) -> None:
    workload = Workload(architecture=LLAMA, precision="bf16", context_tokens=1024, batch=1)
    with pytest.raises(ConfigurationError) as caught:
        made(kind, workload=workload)
    assert str(caught.value) == (
        f"{kind.__name__}: workload: got 'Workload'; allowed: None: {kind.__name__} has no tensor_parallel_degree,"
        " which the sums need; fix: leave workload out"
    )


def test_the_fix_names_types_of_the_region() -> None:
    workload = Workload(architecture=LLAMA, precision="bf16", context_tokens=131072, batch=64)
    server = Lmi(model=MODEL, tensor_parallel_degree=1, workload=workload)
    (anywhere,) = server.problems_on(lookup("ml.g6.xlarge"))
    (here,) = server.problems_on(lookup("ml.g6.xlarge"), "eu-central-2")
    assert anywhere.fix != here.fix
    assert here == problems(workload, lookup("ml.g6.xlarge"), 1, "eu-central-2")[0]

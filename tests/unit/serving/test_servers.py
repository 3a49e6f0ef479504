"""The servers of AWS's images and any container: what is refused in whole messages, and the variables they set."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from cdk_inference.serving import (
    Compiled,
    Container,
    EcrImage,
    HuggingFaceNeuron,
    Lmi,
    S3Archive,
    S3Model,
    Server,
    VllmNeuron,
)
from cdk_inference.serving.images import HOST_IMAGES, HUGGING_FACE_NEURON, LMI, VLLM_NEURON, AwsImage
from tests.compiled import BERT, fitting, for_vllm
from tests.each import each
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN, refusal_of

MODEL = S3Model(prefix="llama/", size_gb=16.1)
BUCKET = SimpleNamespace(bucket_arn="arn", bucket_name="models", encryption_key=None)
IMAGE = EcrImage(repository=SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=str), tag="1")
NEEDED: dict[type[Server], dict[str, Any]] = {
    Lmi: {"model": MODEL, "tensor_parallel_degree": 1},
    HuggingFaceNeuron: {"model": MODEL, "task": "feature-extraction", "compilation": BERT},
    VllmNeuron: {
        "model": MODEL,
        "tensor_parallel_degree": 2,
        "sequence_length": 4096,
        "batch_size": 4,
        "compilation": for_vllm(),
    },
    Container: {"model": MODEL, "image": IMAGE, "runs_on": ("gpu",)},
}
COUNTS = [
    *((Lmi, name) for name in ("tensor_parallel_degree", "max_model_len", "max_concurrent_requests")),
    *((VllmNeuron, name) for name in ("tensor_parallel_degree", "sequence_length", "batch_size")),
]
KINDS = "a tuple of gpu, neuron, gaudi, cpu"
HOSTS = ", ".join(HOST_IMAGES)


def made(kind: type[Server], **changes: Any) -> Server:
    needed = NEEDED[kind]
    if isinstance(needed.get("compilation"), Compiled):
        needed = {**needed, "compilation": fitting(needed["compilation"], **changes)}
    return kind(**needed | changes)


def refusal(kind: type[Server], **changes: Any) -> str:
    return refusal_of(made, kind, **changes)


@each("kind", NEEDED)
@each("model", [None, "llama/", 16.1, True, {}, [MODEL], BUCKET], ids=lambda value: repr(value)[:20])
def test_a_server_wants_a_model(kind: type[Server], model: object) -> None:
    kinds = "S3Model, S3Archive or HuggingFaceModel" if kind is Lmi else "S3Model or S3Archive"
    fix = "model=S3Model(bucket=..., prefix=..., size_gb=...)" if isinstance(model, str) else "model=S3Model(...)"

    assert refusal(kind, model=model) == (f"{kind.__name__}: model: got {model!r}; allowed: {kinds}; fix: {fix}")


@each("kind", NEEDED)
def test_both_kinds_of_model_are_taken(kind: type[Server]) -> None:
    archive = S3Archive(key="a.tar.gz", size_gb=1, unpacked_gb=2)
    assert made(kind, model=archive).model == archive
    assert made(kind).model == MODEL


@each(("kind", "name"), COUNTS)
@each("value", [True, False, 0, -1, 1.0, 2.5, math.nan, math.inf, -math.inf, "1", "", b"1", [1], {}, ()], ids=repr)
def test_a_count_is_a_whole_number_from_1(kind: type[Server], name: str, value: object) -> None:
    assert refusal(kind, **{name: value}) == (
        f"{kind.__name__}: {name}: got {value!r}; allowed: a whole number from 1; fix: give a count of 1 or more"
    )


@each(
    ("kind", "name"),
    [
        (Lmi, "tensor_parallel_degree"),
        (VllmNeuron, "tensor_parallel_degree"),
        (VllmNeuron, "sequence_length"),
        (VllmNeuron, "batch_size"),
    ],
)
def test_a_needed_count_is_not_none(kind: type[Server], name: str) -> None:
    assert refusal(kind, **{name: None}) == (
        f"{kind.__name__}: {name}: got None; allowed: a whole number from 1; fix: give a count of 1 or more"
    )


@each(("kind", "name"), COUNTS)
@each("value", [1, 7, NUMBER_TOKEN, TEXT_TOKEN])
def test_counts_and_tokens_become_variables(kind: type[Server], name: str, value: object) -> None:
    assert str(value) in made(kind, **{name: value}).variables.values()


@each("task", ["feature-extraction", "fill-mask", "a1", TEXT_TOKEN])
def test_a_task_is_taken(task: str) -> None:
    assert made(HuggingFaceNeuron, task=task).variables == {"HF_TASK": task}


@each(
    "task", [None, "", "Feature-Extraction", "feature_extraction", "-a", "a-", "a--b", "a\n", 1, True, b"a", ["a"], {}]
)
def test_another_task_is_refused(task: object) -> None:
    assert refusal(HuggingFaceNeuron, task=task) == (
        f"HuggingFaceNeuron: task: got {task!r}; allowed: the name of a Hugging Face pipeline, in lower case with"
        ' hyphens; fix: for example task="feature-extraction"'
    )


@each(
    "runs_on",
    [None, (), "gpu", {"gpu"}, ("GPU",), ("gpu", "tpu"), ("gpu", 1), (["gpu"],), (None,), 1, True, TEXT_TOKEN],
)
def test_a_container_says_the_kinds_of_its_hardware_as_a_tuple(runs_on: object) -> None:
    assert refusal(Container, runs_on=runs_on) == (
        f'Container: runs_on: got {runs_on!r}; allowed: {KINDS}; fix: for example runs_on=("gpu",)'
    )


@each("runs_on", [("gpu",), ("neuron", "gaudi"), ("cpu", "gpu", "neuron", "gaudi")])
def test_a_container_runs_on_what_it_says(runs_on: tuple[str, ...]) -> None:
    assert made(Container, runs_on=runs_on).hardware_kinds == runs_on


@each("image", [None, "repository:1", 1, True, {}, LMI], ids=lambda value: repr(value)[:20])
def test_a_container_wants_an_image_in_ecr(image: object) -> None:
    assert refusal(Container, image=image) == (
        f"Container: image: got {image!r}; allowed: EcrImage; fix: image=EcrImage(repository=..., tag=...)"
    )


@each("version", ["", "al2", "AL2-ami-sagemaker-inference-gpu-2", 1, True, [], {}])
def test_a_container_wants_a_host_image_that_exists(version: object) -> None:
    assert refusal(Container, ami_version=version) == (
        f"Container: ami_version: got {version!r}; allowed: {HOSTS}; fix: choose one, or leave it out"
    )


@each("version", [None, *HOST_IMAGES, TEXT_TOKEN])
def test_a_container_names_its_host_image_or_none(version: str | None) -> None:
    assert made(Container, ami_version=version).host_image == version


@each(
    ("kind", "image", "hardware"),
    [(Lmi, LMI, "gpu"), (HuggingFaceNeuron, HUGGING_FACE_NEURON, "neuron"), (VllmNeuron, VLLM_NEURON, "neuron")],
)
def test_a_preset_brings_image_host_image_and_hardware(kind: type[Server], image: AwsImage, hardware: str) -> None:
    server = made(kind)
    assert server.container_image is image
    assert server.host_image == image.host_image
    assert server.hardware_kinds == (hardware,)


@each(
    ("server", "variables"),
    [
        (made(Lmi), {"HF_MODEL_ID": "/opt/ml/model", "OPTION_TENSOR_PARALLEL_DEGREE": "1"}),
        (
            made(Lmi, tensor_parallel_degree=4, max_model_len=4096, max_concurrent_requests=32),
            {
                "HF_MODEL_ID": "/opt/ml/model",
                "OPTION_TENSOR_PARALLEL_DEGREE": "4",
                "OPTION_MAX_MODEL_LEN": "4096",
                "OPTION_MAX_ROLLING_BATCH_SIZE": "32",
            },
        ),
        (made(HuggingFaceNeuron), {"HF_TASK": "feature-extraction"}),
        (
            made(VllmNeuron),
            {
                "SM_ON_MODEL": "/opt/ml/model",
                "SM_ON_TENSOR_PARALLEL_SIZE": "2",
                "SM_ON_SEQUENCE_LENGTH": "4096",
                "SM_ON_BATCH_SIZE": "4",
            },
        ),
        (made(Container), {}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_variables_by_hand(server: Server, variables: dict[str, str]) -> None:
    assert server.variables == variables


@each("kind", NEEDED)
def test_a_bucket_is_added_and_nothing_else_changes(kind: type[Server]) -> None:
    bound = made(kind, environment={"A": "b"}).in_bucket(BUCKET)
    assert bound == made(kind, environment={"A": "b"}, model=S3Model(prefix="llama/", size_gb=16.1, bucket=BUCKET))


def test_a_preset_tells_every_problem_at_once() -> None:
    count = "allowed: a whole number from 1; fix: give a count of 1 or more"
    assert refusal(
        Lmi, model=None, environment=None, tensor_parallel_degree=0, max_model_len="8", max_concurrent_requests=True
    ) == (
        "Lmi has 5 problems:\n"
        "  1. model: got None; allowed: S3Model, S3Archive or HuggingFaceModel; fix: model=S3Model(...)\n"
        "  2. environment: got None; allowed: a mapping of names to strings;"
        ' fix: for example {"LOG_LEVEL": "info"}\n'
        f"  3. tensor_parallel_degree: got 0; {count}\n"
        f"  4. max_model_len: got '8'; {count}\n"
        f"  5. max_concurrent_requests: got True; {count}"
    )


def test_a_container_tells_every_problem_at_once() -> None:
    assert refusal(Container, image=None, runs_on="gpu", ami_version="al2") == (
        "Container has 3 problems:\n"
        "  1. image: got None; allowed: EcrImage; fix: image=EcrImage(repository=..., tag=...)\n"
        f"  2. runs_on: got 'gpu'; allowed: {KINDS}; fix: for example runs_on=(\"gpu\",)\n"
        f"  3. ami_version: got 'al2'; allowed: {HOSTS}; fix: choose one, or leave it out"
    )

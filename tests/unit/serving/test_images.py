"""AWS's images against sagemaker-core's own tables, and images in ECR."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from cdk_inference.errors import ConfigurationError
from cdk_inference.serving import EcrImage
from cdk_inference.serving.images import AWS_IMAGES, HOST_IMAGES, HUGGING_FACE_NEURON, LMI, VLLM_NEURON, AwsImage

ROOT = Path(__file__).parents[3]
TEXT_TOKEN = "${Token[AWS.Region.4]}"
REPOSITORY = SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=str)
BY_URI = SimpleNamespace(repository_uri_for_tag_or_digest=str)
TAG = 'a tag ("1.4.2") or a digest ("sha256:" and 64 hexadecimal digits)'


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    """scripts/generate_images.py"""
    spec = importlib.util.spec_from_file_location("generate_images", ROOT / "scripts/generate_images.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_committed_table_is_what_the_generator_writes(generator: ModuleType) -> None:
    assert generator.TARGET.read_text() == generator.text()


def test_the_table_has_the_images_of_the_package(generator: ModuleType) -> None:
    assert list(generator.IMAGES) == [image.name for image in AWS_IMAGES]


@pytest.mark.parametrize("image", AWS_IMAGES, ids=lambda image: image.name)
def test_an_image_has_the_repository_and_accounts_of_its_entry(image: AwsImage, generator: ModuleType) -> None:
    entry = generator.entry(image.name)
    assert image.repository == entry["repository"]
    assert image.accounts == entry["registries"]


def test_the_lmi_tag_is_the_prefix_of_its_entry(generator: ModuleType) -> None:
    assert generator.entry("djl-lmi")["tag_prefix"] == LMI.tag


def test_the_hugging_face_tag_is_made_of_its_entry(generator: ModuleType) -> None:
    _, _, transformers, pytorch = generator.IMAGES["huggingface-neuronx"]
    entry = generator.entry("huggingface-neuronx")
    (python,), (sdk,) = entry["py_versions"], entry["sdk_versions"]
    framework = f"{pytorch.removeprefix('pytorch')}-transformers{transformers}"
    assert f"{framework}-neuronx-{python}-{sdk}-{entry['container_version']['inf']}" == HUGGING_FACE_NEURON.tag


def test_the_vllm_tag_is_made_of_its_entry(generator: ModuleType) -> None:
    entry = generator.entry("huggingface-vllm-neuronx")
    (python,), (sdk,) = entry["py_versions"], entry["sdk_versions"]
    system = entry["container_version"]["neuronx"]
    assert f"{entry['tag_prefix']}-neuronx-{python}-{sdk}-{system}" == VLLM_NEURON.tag


@pytest.mark.parametrize(
    ("image", "reference", "host_image"),
    [
        (LMI, "djl-inference:0.38.0-lmi29.0.0-cu130", "al2023-ami-sagemaker-inference-gpu-4-1"),
        (
            HUGGING_FACE_NEURON,
            "huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04",
            "al2-ami-sagemaker-inference-neuron-2",
        ),
        (
            VLLM_NEURON,
            "huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.4-neuronx-py310-sdk2.26.1-ubuntu22.04",
            "al2-ami-sagemaker-inference-neuron-2",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, AwsImage) else None,
)
def test_an_image_and_its_host_image_change_together(image: AwsImage, reference: str, host_image: str) -> None:
    assert (f"{image.repository}:{image.tag}", image.host_image) == (reference, host_image)
    assert image.host_image in HOST_IMAGES
    assert re.fullmatch(r"sagemaker-core [0-9.]+, [a-z-]+\.json \(20\d\d-\d\d-\d\d\)", image.source)


def test_host_images_and_their_kinds() -> None:
    assert dict(HOST_IMAGES) == {
        "al2-ami-sagemaker-inference-gpu-2": "gpu",
        "al2-ami-sagemaker-inference-gpu-2-1": "gpu",
        "al2-ami-sagemaker-inference-gpu-3-1": "gpu",
        "al2023-ami-sagemaker-inference-gpu-4-1": "gpu",
        "al2-ami-sagemaker-inference-neuron-2": "neuron",
    }


@pytest.mark.parametrize("image", AWS_IMAGES, ids=lambda image: image.name)
def test_every_region_has_an_account(image: AwsImage) -> None:
    wrong = {
        region: account
        for region, account in image.accounts.items()
        if not re.fullmatch(r"[a-z]+(-[a-z]+)+-[0-9]", region) or not re.fullmatch(r"[0-9]{12}", account)
    }
    assert len(image.accounts) >= 11
    assert wrong == {}


@pytest.mark.parametrize(
    ("region", "account"),
    [
        ("us-east-1", "763104351884"),
        ("eu-central-2", "380420809688"),
        # aws-cdk-lib's own table of these registries lacks the following.
        ("ap-southeast-5", "550225433462"),
        ("ap-southeast-7", "590183813437"),
        ("mx-central-1", "637423239942"),
        ("ca-west-1", "204538143572"),
        ("il-central-1", "780543022126"),
        ("us-gov-west-1", "442386744353"),
        ("af-south-1", "626614931356"),
        ("ap-northeast-3", "364406365360"),
    ],
)
def test_regions_beside_the_usual_ones_have_their_account(region: str, account: str) -> None:
    assert LMI.accounts[region] == account
    assert LMI.region_problem(region) is None


def test_a_region_without_the_image_is_refused_with_those_that_have_it() -> None:
    assert str(VLLM_NEURON.region_problem("eu-north-1")) == (
        "server: got 'huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.4-neuronx-py310-sdk2.26.1-ubuntu22.04';"
        " allowed: in a region that has the image, which eu-north-1 is not: ap-northeast-1, ap-south-1,"
        " ap-southeast-1, ap-southeast-2, eu-central-1, eu-west-1, eu-west-3, sa-east-1, us-east-1, us-east-2,"
        " us-west-2; fix: deploy to one of these regions, or copy the image to your own ECR repository in eu-north-1"
        " and use Container(image=EcrImage(...))"
    )


@pytest.mark.parametrize("image", AWS_IMAGES, ids=lambda image: image.name)
def test_a_region_known_at_deployment_only_is_let_through(image: AwsImage) -> None:
    assert image.region_problem(TEXT_TOKEN) is None


@pytest.mark.parametrize("tag", ["1.4.2", "latest", "_a", "0", "A" * 128, "sha256:" + "0f" * 32, "${Token[TOKEN.12]}"])
def test_a_tag_or_digest_is_taken(tag: str) -> None:
    assert EcrImage(repository=REPOSITORY, tag=tag).tag == tag


WRONG_TAGS: list[Any] = [
    *("", ".a", "-a", "a b", "a\n", "a:b", "A" * 129, "sha256:", "sha256:" + "0F" * 32, "sha256:" + "0" * 63),
    *(None, True, 0, 1.4, b"1", ["1"], {}, -1.0),
]


@pytest.mark.parametrize("tag", WRONG_TAGS, ids=repr)
def test_another_tag_is_refused(tag: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        EcrImage(repository=REPOSITORY, tag=tag)
    assert str(caught.value) == (
        f"EcrImage: tag: got {tag!r}; allowed: {TAG}; fix: take it from `aws ecr describe-images`"
    )


@pytest.mark.parametrize(
    "repository", [None, "images", 5, {}, SimpleNamespace(repository_arn="arn"), BY_URI, TEXT_TOKEN]
)
def test_anything_but_a_repository_is_refused(repository: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        EcrImage(repository=repository, tag="1")
    assert str(caught.value) == (
        f"EcrImage: repository: got {repository!r}; allowed: a repository (aws_ecr.IRepository);"
        ' fix: for example ecr.Repository.from_repository_name(self, "Images", "my-images")'
    )


def test_repository_and_tag_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        EcrImage(repository=None, tag="")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "EcrImage has 2 problems:\n"
        "  1. repository: got None; allowed: a repository (aws_ecr.IRepository);"
        ' fix: for example ecr.Repository.from_repository_name(self, "Images", "my-images")\n'
        f"  2. tag: got ''; allowed: {TAG}; fix: take it from `aws ecr describe-images`"
    )

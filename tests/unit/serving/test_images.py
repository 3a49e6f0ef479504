"""AWS's images against sagemaker-core's own tables, and images in ECR."""

from __future__ import annotations

import dataclasses
import datetime
import re
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.hardware import instance_types, regions
from cdk_inference.serving import EcrImage, aws_image
from cdk_inference.serving.aws_image import STATUSES
from cdk_inference.serving.images import AWS_IMAGES, HOST_IMAGES, HOST_PAIRS, LMI, VLLM_NEURON, AwsImage
from scripts.refresh import images as generator
from tests.each import each

TEXT_TOKEN = "${Token[AWS.Region.4]}"
REPOSITORY = SimpleNamespace(repository_arn="arn", repository_uri_for_tag_or_digest=str)
BY_URI = SimpleNamespace(repository_uri_for_tag_or_digest=str)
TAG = 'a tag ("1.4.2") or a digest ("sha256:" and 64 hexadecimal digits)'


def test_the_tables_have_the_images_of_the_package() -> None:
    assert set(generator.IMAGES) == {image.name for image in AWS_IMAGES}


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_the_installed_sagemaker_core_knows_no_newer_image(image: AwsImage) -> None:
    known = {version for version, _, _ in generator.entries(generator.IMAGES[image.name].file)}
    newer = {version for version in known if generator.order(version) > generator.order(image.version)}
    assert newer == set(), f"{image.name} {image.version}: run make refresh, then look for its host image"


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_an_image_has_the_repository_and_accounts_of_its_entry(image: AwsImage) -> None:
    entry = generator.newest(image.name)[2]
    assert (image.version, image.repository) == generator.row(image.name)[1:3]
    assert image.repository == entry["repository"]
    assert image.accounts == entry["registries"]


# The list of AWS's images (aws/deep-learning-containers, docs/src/data) of 2026-08-21, where it is ahead of sagemaker-core.
@each(
    ("name", "reference"),
    [
        ("huggingface-tei", "tei:2.0.1-tei1.9.3-gpu-py310-cu129-ubuntu24.04"),
        ("huggingface-tei-cpu", "tei-cpu:2.0.1-tei1.9.3-cpu-py310-ubuntu24.04"),
        (
            "huggingface-vllm-neuronx",
            "huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04",
        ),
    ],
)
def test_an_image_is_the_newest_of_awss_own_list(name: str, reference: str) -> None:
    assert next(image.reference for image in AWS_IMAGES if image.name == name) == reference


@each("name", generator.LATER)
def test_a_later_tag_is_listed_only_while_sagemaker_core_is_behind(name: str) -> None:
    newest = generator.newest(name)[0]
    assert generator.order(generator.LATER[name].version) > generator.order(newest), f"remove {name} from LATER"


@given(st.lists(st.integers(0, 99), min_size=1, max_size=3), st.lists(st.integers(0, 99), min_size=1, max_size=3))
def test_versions_are_compared_by_number(one: list[int], other: list[int]) -> None:
    order = generator.order
    written = [".".join(str(number) for number in version) for version in (one, other)]
    assert (order(written[0]) < order(written[1])) == (one < other)


GPU_12, GPU_13 = "al2-ami-sagemaker-inference-gpu-3-1", "al2023-ami-sagemaker-inference-gpu-4-1"
NEURON = "al2-ami-sagemaker-inference-neuron-2"
# By hand: a change of a tag is a change of its pair.
PAIRS = {
    "djl-inference:0.38.0-lmi29.0.0-cu130": GPU_13,
    "vllm:server-sagemaker-cuda-v2.6": GPU_13,
    "sglang:server-sagemaker-cuda-v1.4": GPU_13,
    "huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04": GPU_12,
    "tei:2.0.1-tei1.9.3-gpu-py310-cu129-ubuntu24.04": GPU_12,
    "tei-cpu:2.0.1-tei1.9.3-cpu-py310-ubuntu24.04": None,
    "sagemaker-tritonserver:26.05-py3": GPU_13,
    "sagemaker-tritonserver:26.05-py3-cpu": None,
    "huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04": NEURON,
    "huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04": NEURON,
    "huggingface-pytorch-tgi-inference:2.7.0-optimum3.3.6-neuronx-py310-ubuntu22.04": NEURON,
    "djl-inference:0.29.0-neuronx-sdk2.19.1": None,
}


def test_an_image_and_its_host_image_change_together() -> None:
    assert {image.reference: image.host_image for image in AWS_IMAGES} == PAIRS
    assert {reference: pair.host_image for reference, pair in HOST_PAIRS.items()} == PAIRS


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_every_fact_has_its_source_and_date(image: AwsImage) -> None:
    assert re.fullmatch(
        r"(https://\S+ \(20\d\d-\d\d-\d\d\); accounts: )?sagemaker-core [0-9.]+, [a-z-]+\.json \(20\d\d-\d\d-\d\d\)",
        image.source,
    )
    assert re.fullmatch(r"https://.+ \(20\d\d-\d\d-\d\d\)", HOST_PAIRS[image.reference].source)
    assert re.fullmatch(r"https://\S+", image.maintenance.source)
    assert datetime.date.fromisoformat(image.maintenance.since) <= datetime.date.today()
    assert image.maintenance.status in STATUSES


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_a_host_image_is_of_the_images_kind(image: AwsImage) -> None:
    assert image.host_image is None or HOST_IMAGES[image.host_image] == image.kind


def test_a_tag_without_a_pair_is_an_error() -> None:
    unread = dataclasses.replace(LMI, name="unread")
    row = {"image": "unread", "version": "1", "repository": "r", "tag": "9", "source": ""}
    with mock.patch.object(aws_image, "_rows", return_value={"unread": row}), pytest.raises(KeyError, match="r:9"):
        _ = unread.host_image


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_chips_are_names_of_accelerators_of_the_kind(image: AwsImage) -> None:
    known = {hardware.accelerator for hardware in instance_types() if hardware.kind == image.kind}
    assert set(image.chips) <= known


def test_host_images_and_their_kinds() -> None:
    assert dict(HOST_IMAGES) == {
        "al2-ami-sagemaker-inference-gpu-2": "gpu",
        "al2-ami-sagemaker-inference-gpu-2-1": "gpu",
        "al2-ami-sagemaker-inference-gpu-3-1": "gpu",
        "al2023-ami-sagemaker-inference-gpu-4-1": "gpu",
        "al2-ami-sagemaker-inference-neuron-2": "neuron",
    }


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_every_region_has_an_account(image: AwsImage) -> None:
    wrong = {
        region: account
        for region, account in image.accounts.items()
        if not re.fullmatch(r"[a-z]+(-[a-z]+)+-[0-9]", region) or not re.fullmatch(r"[0-9]{12}", account)
    }
    assert len(image.accounts) >= 11
    assert wrong == {}


def test_accounts_of_regions_without_hosting_are_none_that_a_stack_can_use() -> None:
    """Not known to botocore either: me-west-1 and sa-west-1. The others are partitions of their own."""
    known = set(regions())
    beyond = {region for image in AWS_IMAGES for region in image.accounts} - known
    assert {region for region in beyond if not region.startswith(("us-iso", "eu-iso", "eusc-"))} == {
        "me-west-1",
        "sa-west-1",
    }
    assert all(not beyond & (hardware.regions or frozenset()) for hardware in instance_types())


@each("image", ["vllm-server", "sglang-server", "sagemaker-tritonserver"])
def test_an_image_whose_account_in_china_no_package_lists_is_refused_there(image: str) -> None:
    found = next(one for one in AWS_IMAGES if one.name == image)
    assert {"cn-north-1", "cn-northwest-1"} & set(found.accounts) == set()
    assert found.region_problem("cn-north-1") is not None


@each(
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
        "server: got 'huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04';"
        " allowed: in a region that has the image, which eu-north-1 is not: ap-northeast-1, ap-south-1,"
        " ap-southeast-1, ap-southeast-2, eu-central-1, eu-west-1, eu-west-3, sa-east-1, us-east-1, us-east-2,"
        " us-west-2; fix: deploy to one of these regions, or copy the image to your own ECR repository in eu-north-1"
        " and use Container(image=EcrImage(...))"
    )


@each("image", AWS_IMAGES, ids=lambda image: image.name)
def test_a_region_known_at_deployment_only_is_let_through(image: AwsImage) -> None:
    assert image.region_problem(TEXT_TOKEN) is None


@each("tag", ["1.4.2", "latest", "_a", "0", "A" * 128, "sha256:" + "0f" * 32, "${Token[TOKEN.12]}"])
def test_a_tag_or_digest_is_taken(tag: str) -> None:
    assert EcrImage(repository=REPOSITORY, tag=tag).tag == tag


WRONG_TAGS: list[Any] = [
    *("", ".a", "-a", "a b", "a\n", "a:b", "A" * 129, "sha256:", "sha256:" + "0F" * 32, "sha256:" + "0" * 63),
    *(None, True, 0, 1.4, b"1", ["1"], {}, -1.0),
]


@each("tag", WRONG_TAGS, ids=repr)
def test_another_tag_is_refused(tag: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        EcrImage(repository=REPOSITORY, tag=tag)
    assert str(caught.value) == (
        f"EcrImage: tag: got {tag!r}; allowed: {TAG}; fix: take it from `aws ecr describe-images`"
    )


@each("repository", [None, "images", 5, {}, SimpleNamespace(repository_arn="arn"), BY_URI, TEXT_TOKEN])
def test_anything_but_a_repository_is_refused(repository: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        EcrImage(repository=repository, tag="1")
    assert str(caught.value) == (
        f"EcrImage: repository: got {repository!r}; allowed: a repository (aws_ecr.IRepository);"
        ' fix: for example ecr.Repository.from_repository_name(self, "Images", "my-images")'
    )


def test_repository_and_tag_are_refused_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        EcrImage(repository=None, tag="")
    assert str(caught.value) == (
        "EcrImage has 2 problems:\n"
        "  1. repository: got None; allowed: a repository (aws_ecr.IRepository);"
        ' fix: for example ecr.Repository.from_repository_name(self, "Images", "my-images")\n'
        f"  2. tag: got ''; allowed: {TAG}; fix: take it from `aws ecr describe-images`"
    )

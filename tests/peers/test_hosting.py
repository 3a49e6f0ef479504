"""What breaks deployments made with other tools, as their users reported it: here it cannot happen.

Each test names the reports. The repositories are public; their numbers are issues or pull requests.
"""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.hardware import InstanceType, instance_types
from cdk_inference.hardware.host_images import HOST_PAIRS
from cdk_inference.rollout import Immediate
from cdk_inference.serving import Container, EcrImage, S3Model
from cdk_inference.serving.images import AWS_IMAGES
from cdk_inference.serving.presets import PRESETS
from tests.each import each
from tests.support import llm, models, new_stack, of_type, only, template_of
from tests.synthesized import SUBJECTS, templates

pytestmark = pytest.mark.xdist_group("synthesized")

CONFIG = "AWS::SageMaker::EndpointConfig"
HOSTED = [known for known in instance_types() if known.regions]


def every_resource(kind: str) -> list[dict[str, Any]]:
    """Properties of every resource of a type in every stack and example of the repository."""
    return [found for name in SUBJECTS for stack in templates(name) for found in of_type(stack.template, kind)]


@each("kind", [CONFIG, "AWS::SageMaker::Model"])
def test_what_cannot_be_changed_has_no_fixed_name(kind: str) -> None:
    """A change is a new resource beside the old; with a fixed name it is a failed replacement.

    hashicorp/terraform-provider-aws 21811, 40048
    """
    found = every_resource(kind)
    assert len(found) > 20
    assert [one for one in found if {"EndpointConfigName", "ModelName"} & set(one)] == []


# One type of each family, two where only some have local storage: whether a volume is attached depends on nothing else.
ATTACHING = {(known.name.split(".")[1], known.storage_volume): known for known in HOSTED}.values()


def configs_on_every_family() -> list[dict[str, Any]]:
    """The config of an endpoint with a key, on each type of `ATTACHING`."""
    app = cdk.App()
    stacks: dict[str, cdk.Stack] = {}
    for known in ATTACHING:
        region = sorted(known.regions or ())[0]
        if region not in stacks:
            stacks[region] = cdk.Stack(app, region, env=cdk.Environment(region=region))
            kms.Key(stacks[region], "Key")
            ecr.Repository.from_repository_name(stacks[region], "Images", "mine")
            models(stacks[region])
        stack = stacks[region]
        server = Container(
            model=S3Model(bucket=stack.node.find_child("Models"), prefix="m/", size_gb=1),
            image=EcrImage(repository=stack.node.find_child("Images"), tag="1"),
            runs_on=(known.kind,),
            architecture=known.architecture or "x86_64",
        )
        RealtimeEndpoint(
            stack,
            known.name.replace(".", "-"),
            server=server,
            hardware=known.name,
            encryption_key=stack.node.find_child("Key"),
            rollout=Immediate(),
        )
    # Templates before validation, since some of these regions have endpoints in the price list only.
    found = [assertions.Template.from_stack(stack).to_json() for stack in stacks.values()]
    return [config for template in found for config in of_type(template, CONFIG)]


def test_a_volume_and_its_key_exactly_where_sagemaker_attaches_one() -> None:
    """A size on a type with local NVMe storage fails: aws/sagemaker-python-sdk 4828; a key did too: 3677."""
    configs = {config["ProductionVariants"][0]["InstanceType"]: config for config in configs_on_every_family()}
    assert set(configs) == {known.name for known in ATTACHING}
    attached = {known.name for known in ATTACHING if known.storage_volume}
    assert {name for name, config in configs.items() if "VolumeSizeInGB" in config["ProductionVariants"][0]} == attached
    assert {name for name, config in configs.items() if "KmsKeyId" in config} == attached


def test_every_image_has_its_host_image_by_exact_tag() -> None:
    """CUDA and driver must match, both ways.

    NVIDIA/nim-deploy 104, aws/sagemaker-python-sdk 6281, aws/deep-learning-containers 6187; the default Neuron host has
    been too old: awslabs/llm-hosting-container 156
    """
    assert {image.reference for image in AWS_IMAGES} == set(HOST_PAIRS)


@each("subject", SUBJECTS)
def test_no_variant_runs_an_image_of_aws_without_its_host_image(subject: str) -> None:
    for stack in templates(subject):
        resources = stack.template.get("Resources", {})
        for config in of_type(stack.template, CONFIG):
            for variant in config["ProductionVariants"]:
                model = resources[variant["ModelName"]["Fn::GetAtt"][0]]["Properties"] if "ModelName" in variant else {}
                image = str(model.get("PrimaryContainer", {}).get("Image"))
                pairs = [pair for reference, pair in HOST_PAIRS.items() if f"/{reference}'" in image]
                for pair in pairs:
                    assert variant.get("InferenceAmiVersion") == pair.host_image


@each("preset", PRESETS)
def test_no_argument_of_a_preset_parts_image_and_host_image(preset: type) -> None:
    assert {"host_image", "ami_version", "image", "tag"} & set(preset.__dataclass_fields__) == set()  # type: ignore[attr-defined]


def test_no_role_has_a_policy_of_awss_own() -> None:
    """aws-sagemaker-alpha and generative-ai-cdk-constructs default to AmazonSageMakerFullAccess."""
    roles = every_resource("AWS::IAM::Role")
    assumed = [role for role in roles if "sagemaker.amazonaws.com" in str(role["AssumeRolePolicyDocument"])]
    assert len(assumed) > 15
    assert [role for role in assumed if "iam::aws:policy" in str(role) or "FullAccess" in str(role)] == []


def test_no_role_of_an_endpoint_may_write_or_delete_in_all_of_s3() -> None:
    """aws-solutions-constructs grants read, write and delete on arn:aws:s3:::*, with a hard-coded partition."""
    for policy in every_resource("AWS::IAM::ManagedPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            if any(action.startswith("s3:") for action in statement["Action"]):
                assert not any(str(one).endswith(":s3:::*") for one in statement["Resource"])
                assert not any("Delete" in action for action in statement["Action"])


@each("region", ["us-east-1", "cn-north-1", "us-gov-west-1"])
def test_the_partition_is_the_stacks(region: str) -> None:
    stack = new_stack(region=region)
    RealtimeEndpoint(stack, "Chat", server=llm(models(stack), tensor_parallel_degree=4), hardware="ml.g4dn.12xlarge")
    policy = only(template_of(stack), "AWS::IAM::ManagedPolicy")
    partition = {"us-east-1": "aws", "cn-north-1": "aws-cn", "us-gov-west-1": "aws-us-gov"}[region]
    others = {"arn:aws:", "arn:aws-cn:", "arn:aws-us-gov:"} - {f"arn:{partition}:"}
    assert [other for other in others if other in str(policy)] == []


@given(st.sampled_from([one for one in HOSTED if one.kind == "gpu" and one.accelerators]), st.integers(1, 64))
def test_more_shards_than_gpus_never_reach_a_template(known: InstanceType, degree: int) -> None:
    """Heads, memory and devices decide, not the deployment: aws-neuron/aws-neuron-sdk 613."""
    stack = new_stack(region=sorted(known.regions or ())[0])
    problems = [str(one) for one in llm(models(stack), tensor_parallel_degree=degree).problems_on(known)]
    assert any("tensor_parallel_degree" in one for one in problems) == (degree > (known.accelerators or 0))

"""The role of a shared endpoint: within IAM's limits, however many components there are."""

from __future__ import annotations

import functools
import json
import re
from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from hypothesis import given
from hypothesis import strategies as some

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import AdapterComponent, ComponentEndpoint, InferenceComponent, ManagedInstances, Resources
from cdk_inference.endpoints.execution_role import component_statements
from cdk_inference.kit.iam import POLICIES_MAX, filled
from cdk_inference.scaling import TargetConcurrencyPerCopy
from cdk_inference.serving import S3Archive, S3Model, Vllm
from tests.each import each
from tests.support import Template, new_stack, of_type, only, template_of

LIMIT = 6144  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
ACCOUNT = "111122223333"
REGION = "ap-southeast-2"
PREFIX = "a-prefix-of-some-length-" * 4
LONGEST_BUCKET = "b" * 63
LONGEST_KEY_ID = "mrk-" + "0" * 32


class ABucket:
    """One that is named already, with a key or not."""

    def __init__(self, *, key: bool) -> None:
        self.bucket_name = LONGEST_BUCKET
        self.bucket_arn = f"arn:aws-us-gov:s3:::{LONGEST_BUCKET}"
        self.encryption_key = AKey() if key else None


class AKey:
    key_arn = f"arn:aws-us-gov:kms:{REGION}:{ACCOUNT}:key/{LONGEST_KEY_ID}"


PREFIXES = some.text("abcdefgh0-", min_size=1, max_size=230).map(lambda name: f"m{name}/" * 3)
COMPONENTS = some.lists(some.tuples(PREFIXES, some.booleans(), some.booleans()), min_size=1, max_size=40)


def size(statements: list[dict[str, Any]]) -> int:
    return len(re.sub(r"\s", "", json.dumps({"Version": "2012-10-17", "Statement": statements})))


@given(COMPONENTS)
def test_every_policy_fits_and_nothing_is_lost(components: list[tuple[str, bool, bool]]) -> None:
    policies: list[list[dict[str, Any]]] = [[]]
    wanted = []
    for number, (prefix, encrypted, watched) in enumerate(components, 1):
        more = component_statements(
            number,
            models=[S3Model(bucket=ABucket(key=encrypted), prefix=prefix, size_gb=1)],
            repository_arns=[f"arn:aws-us-gov:ecr:{REGION}:{ACCOUNT}:repository/vllm"],
            log_group_arn=f"arn:aws-us-gov:logs:{REGION}:{ACCOUNT}:log-group:/aws/sagemaker/InferenceComponents/c{number}",
            alarm_arns=[f"arn:aws-us-gov:cloudwatch:{REGION}:{ACCOUNT}:alarm:c{number}-rollback-5xx"]
            if watched
            else [],
        )
        wanted += more
        policies = filled(policies, more)
    assert max(map(size, policies)) <= LIMIT
    ids = [one["Sid"] for policy in policies for one in policy]
    assert len(set(ids)) == len(ids)
    assert granted([one for policy in policies for one in policy]) == granted(wanted)


def granted(statements: list[dict[str, Any]]) -> set[str]:
    return {json.dumps({name: value for name, value in one.items() if name != "Sid"}) for one in statements}


def test_what_is_allowed_already_is_not_written_again() -> None:
    def asked(number: int) -> list[dict[str, Any]]:
        model = S3Model(bucket=ABucket(key=True), prefix="llama/", size_gb=1)
        return component_statements(number, models=[model], repository_arns=["r"], log_group_arn="l", alarm_arns=[])

    first = filled([[]], asked(1))
    assert filled(first, asked(2)) == first


@functools.cache
def many(count: int, prefix: str = "", region: str | None = "us-east-1", adapters: int = 0) -> tuple[Any, Template]:
    stack = new_stack(region=region)
    bucket = s3.Bucket(stack, "Own", encryption_key=kms.Key(stack, "Key"))
    instances = ManagedInstances(min_instances=0, max_instances=99)
    endpoint = ComponentEndpoint(stack, "Shared", hardware="ml.g6.12xlarge", instances=instances)
    for number in range(count):
        base = InferenceComponent(
            stack,
            f"Component{number}",
            endpoint=endpoint,
            server=Vllm(
                model=S3Model(bucket=bucket, prefix=f"{prefix}{number}/", size_gb=1),
                tensor_parallel_degree=1,
                max_model_len=8192,
                environment={"SM_VLLM_ENABLE_LORA": "true", "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "true"},
            ),
            resources=Resources(memory_mb=1024, accelerators=1),
            scaling=TargetConcurrencyPerCopy(per_copy=1, min_copies=0, max_copies=1),
        )
    for number in range(adapters):
        archive = S3Archive(bucket=bucket, key=f"{prefix}{number}.tar.gz", size_gb=0.1, unpacked_gb=0.1)
        AdapterComponent(stack, f"Adapter{number}", base=base, adapter=archive)
    return stack, template_of(stack)


def filled_in(value: Any) -> Any:
    """What CloudFormation makes of it, with the longest names that there are."""
    pseudo = {
        "AWS::Partition": "aws-us-gov",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::URLSuffix": "amazonaws.com.cn",
    }
    if isinstance(value, list):
        return [filled_in(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return pseudo[value["Ref"]]
    if "Fn::Join" in value:
        return value["Fn::Join"][0].join(map(filled_in, value["Fn::Join"][1]))
    if "Fn::GetAtt" in value:
        return AKey.key_arn if value["Fn::GetAtt"][0].startswith("Key") else ABucket(key=False).bucket_arn
    if "Fn::FindInMap" in value:
        return ACCOUNT
    return {name: filled_in(one) for name, one in value.items()}


@each("region", ["us-east-1", None])
def test_a_long_policy_becomes_several_that_each_fit_once_names_are_filled_in(region: str | None) -> None:
    _, found = many(8, PREFIX, region, 2)
    policies = of_type(found, "AWS::IAM::ManagedPolicy")
    sizes = [size(filled_in(one["PolicyDocument"]["Statement"])) for one in policies]
    assert 1 < len(sizes) <= POLICIES_MAX
    assert max(sizes) <= LIMIT
    assert only(found, "AWS::IAM::Role")["ManagedPolicyArns"] == [
        {"Ref": name} for name, one in found["Resources"].items() if one["Type"] == "AWS::IAM::ManagedPolicy"
    ]
    reads = {
        json.dumps(filled_in(one["Resource"]))
        for policy in policies
        for one in policy["PolicyDocument"]["Statement"]
        if one["Action"] == ["s3:GetObject"]
    }
    assert len(reads) == 10


def test_each_policy_says_why_it_has_its_wildcards() -> None:
    stack, found = many(8, PREFIX, "us-east-1", 2)
    shared = stack.node.find_child("Shared")
    policies = [one for one in shared.node.children if one.node.id.startswith("Policy")]
    assert len(policies) == len(of_type(found, "AWS::IAM::ManagedPolicy")) > 1
    for policy, made in zip(policies, of_type(found, "AWS::IAM::ManagedPolicy"), strict=True):
        entries = [one.data for one in policy.node.metadata if one.type == "aws:cdk:acknowledged-rules"]
        rules = [rule for entry in entries for rule in entry]
        resources = [one for statement in made["PolicyDocument"]["Statement"] for one in statement["Resource"]]
        assert len(set(rules)) == len(rules) == len({str(one) for one in resources if "*" in str(one)})


def test_more_than_one_role_can_hold() -> None:
    with pytest.raises(ConfigurationError) as caught:
        many(99, "/".join(letter * 240 for letter in "abc"))
    assert str(caught.value).partition("Component")[0] == "Inference"
    assert str(caught.value).partition(": ")[2] == (
        "endpoint: got '11 policies with this component'; allowed: 10 managed policies on the endpoint's role, IAM's "
        "default quota; fix: make a second ComponentEndpoint for the rest, or keep the models under shorter prefixes"
    )

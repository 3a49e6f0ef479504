"""The execution role: what was declared, in every partition, and nothing else."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import InstancePools, RealtimeEndpoint
from cdk_inference.serving import Container, EcrImage, HuggingFaceNeuron, Lmi, S3Archive, S3Model
from tests.compiled import BERT
from tests.each import each
from tests.judges.lint import iam_actions
from tests.support import (
    FOR_NOW,
    Template,
    encoder,
    endpoint_template,
    llm,
    models,
    new_stack,
    of_type,
    only,
    template_of,
)

LOGS = ["arn:aws:logs:us-east-1:", {"Ref": "AWS::AccountId"}, ":log-group:/aws/sagemaker/Endpoints/fleet-chat"]

ALARM = ["arn:aws:cloudwatch:us-east-1:", {"Ref": "AWS::AccountId"}, ":alarm:fleet-chat-rollback-5xx"]


def statements(template: Template) -> dict[str, dict[str, Any]]:
    found = only(template, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    return {statement.pop("Sid"): statement for statement in found}


def test_the_whole_policy_of_a_prefix_model() -> None:
    def allow(*actions: str, on: list[Any]) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": list(actions), "Resource": on}

    assert statements(endpoint_template()) == {
        "Unscoped": allow("cloudwatch:PutMetricData", "ecr:GetAuthorizationToken", on=["*"]),
        "Image": allow(
            *("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
            on=["arn:aws:ecr:us-east-1:763104351884:repository/djl-inference"],
        ),
        "Logs": allow(
            *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
            on=[{"Fn::Join": ["", LOGS]}, {"Fn::Join": ["", [*LOGS[:2], f"{LOGS[2]}:*"]]}],
        ),
        "Model": allow("s3:GetObject", on=["arn:aws:s3:::models/llama/*"]),
        "ModelList": {
            **allow("s3:ListBucket", on=["arn:aws:s3:::models"]),
            "Condition": {"StringLike": {"s3:prefix": "llama/*"}},
        },
        "RollbackAlarms": allow("cloudwatch:DescribeAlarms", on=[{"Fn::Join": ["", ALARM]}]),
    }


@each(("prefix", "ids"), [("llama/", {"Model"}), ("llama-tp4/", {"Model", "Model2"})])
def test_a_model_that_pools_share_is_granted_once(prefix: str, ids: set[str]) -> None:
    stack = new_stack()
    bucket = models(stack)
    own = llm(bucket, model=S3Model(bucket=bucket, prefix=prefix, size_gb=16.1), tensor_parallel_degree=4)
    pools = InstancePools(types=("ml.g6.2xlarge", "ml.g6.12xlarge"), servers={"ml.g6.12xlarge": own})
    RealtimeEndpoint(stack, "Chat", server=llm(bucket), hardware=pools)
    granted = statements(template_of(stack))
    assert {sid for sid in granted if "s3:GetObject" in granted[sid]["Action"]} == ids


def test_an_archive_is_one_object() -> None:
    def server(stack: Any) -> HuggingFaceNeuron:
        model = S3Archive(bucket=models(stack), key="bert.tar.gz", size_gb=0.4, unpacked_gb=0.5)
        return HuggingFaceNeuron(model=model, task="feature-extraction", compilation=BERT, image_exception=FOR_NOW)

    found = statements(endpoint_template(server=server, hardware="ml.inf2.xlarge"))
    assert found["Model"]["Resource"] == ["arn:aws:s3:::models/bert.tar.gz"]
    assert "ModelList" not in found


def test_the_models_key_and_the_volumes_key() -> None:
    def server(stack: Any) -> HuggingFaceNeuron:
        bucket = s3.Bucket(stack, "Own", encryption_key=kms.Key(stack, "ModelKey"))
        return HuggingFaceNeuron(
            model=S3Model(bucket=bucket, prefix="b/", size_gb=1),
            task="feature-extraction",
            compilation=BERT,
            image_exception=FOR_NOW,
        )

    template = endpoint_template(
        server=server, hardware="ml.inf2.xlarge", encryption_key=lambda stack: kms.Key(stack, "VolumeKey")
    )
    found = statements(template)
    assert found["ModelKey"]["Action"] == ["kms:Decrypt"]
    assert "ModelKey" in str(found["ModelKey"]["Resource"])
    assert found["VolumeKey"]["Action"] == ["kms:CreateGrant"]
    assert "VolumeKey" in str(found["VolumeKey"]["Resource"])
    assert found["VolumeKey"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_no_volume_key_where_the_hardware_takes_none() -> None:
    assert "VolumeKey" not in statements(endpoint_template(encryption_key=lambda stack: kms.Key(stack, "Key")))


def test_any_image_in_ecr() -> None:
    def server(stack: Any) -> Container:
        repository = ecr.Repository.from_repository_name(stack, "Repository", "mine")
        model = S3Model(bucket=models(stack), prefix="m/", size_gb=1)
        return Container(
            model=model, image=EcrImage(repository=repository, tag="1.2"), runs_on=("cpu",), architecture="arm64"
        )

    template = endpoint_template(server=server, hardware="ml.c7g.xlarge")
    arn = ["arn:aws:ecr:us-east-1:", {"Ref": "AWS::AccountId"}, ":repository/mine"]
    assert statements(template)["Image"]["Resource"] == [{"Fn::Join": ["", arn]}]
    image = only(template, "AWS::SageMaker::Model")["PrimaryContainer"]["Image"]
    assert image["Fn::Join"][1][-1] == "/mine:1.2"
    assert "InferenceAmiVersion" not in only(template, "AWS::SageMaker::EndpointConfig")["ProductionVariants"][0]


@each(
    ("region", "partition", "account"),
    [
        ("us-gov-west-1", "aws-us-gov", "442386744353"),
        ("cn-north-1", "aws-cn", "727897471807"),
        ("us-west-2", "aws", "763104351884"),
    ],
)
def test_every_partition(region: str, partition: str, account: str) -> None:
    def server(stack: cdk.Stack) -> Lmi:
        return llm(models(stack), tensor_parallel_degree=4)

    template = endpoint_template(region=region, server=server, hardware="ml.g4dn.12xlarge")
    found = statements(template)
    assert found["Image"]["Resource"] == [f"arn:{partition}:ecr:{region}:{account}:repository/djl-inference"]
    assert str(template).count("arn:aws:") == (str(template).count(f"arn:{partition}:") if partition == "aws" else 0)


def test_without_a_region_the_account_is_looked_up() -> None:
    template = endpoint_template(region=None)
    lookup = {"Fn::FindInMap": ["CdkInferenceRegistryDjlLmi", {"Ref": "AWS::Region"}, "account"]}
    assert template["Mappings"]["CdkInferenceRegistryDjlLmi"]["ap-southeast-5"] == {"account": "550225433462"}
    image = only(template, "AWS::SageMaker::Model")["PrimaryContainer"]["Image"]
    assert image["Fn::Join"][1][0] == lookup
    assert lookup in statements(template)["Image"]["Resource"][0]["Fn::Join"][1]


def test_actions_exist_and_have_no_wildcard() -> None:
    template = endpoint_template(
        server=lambda stack: encoder(models(stack)),
        hardware="ml.inf2.xlarge",
        encryption_key=lambda stack: kms.Key(stack, "Key"),
    )
    actions = {action for statement in statements(template).values() for action in statement["Action"]}
    assert {action.lower() for action in actions} <= {action.lower() for action in iam_actions()}


def test_only_sagemaker_may_take_the_role_for_this_account_and_region_and_it_has_no_other_policy() -> None:
    template = endpoint_template(server=lambda stack: llm(models(stack)))
    role = only(template, "AWS::IAM::Role")
    here = {"Fn::Join": ["", ["arn:aws:sagemaker:us-east-1:", {"Ref": "AWS::AccountId"}, ":*"]]}
    assert role["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"ArnLike": {"aws:SourceArn": here}},
        }
    ]
    assert len(role["ManagedPolicyArns"]) == 1
    assert "Policies" not in role
    assert of_type(template, "AWS::IAM::Policy") == []

"""Types of resources that hold a policy of a resource: where it stands, and what it is for.

Properties: the resource schemas of CloudFormation, https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
(read 2026-11-24). That a service without a policy is open to all who reach it: see each `open`. A key without one:
https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (read 2026-11-24)
"""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

OPEN = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}


class Holder(NamedTuple):
    """path: of the document. target: properties that name what it is for; () where it is the resource itself.

    kind: the type of the target, for names. open: the page that says that without a policy all is allowed, or "".
    public: whether a principal "*" opens it to everybody. account: whether without a policy its account may all.
    """

    path: tuple[str, ...]
    kind: str
    target: tuple[str, ...] = ()
    open: str = ""
    public: bool = True
    account: bool = False


_VPC = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html (read 2026-11-24)"
_API = (
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies.html (read 2026-11-24)"
)
_EFS = "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html (read 2026-11-24)"
_DOCUMENT = ("PolicyDocument",)
_POLICY = ("Policy",)

HOLDERS = MappingProxyType(
    {
        "AWS::S3::BucketPolicy": Holder(_DOCUMENT, "AWS::S3::Bucket", ("Bucket",)),
        "AWS::S3Express::BucketPolicy": Holder(_DOCUMENT, "AWS::S3Express::DirectoryBucket", ("Bucket",)),
        "AWS::S3::AccessPoint": Holder(_POLICY, "AWS::S3::AccessPoint"),
        "AWS::S3Vectors::VectorBucketPolicy": Holder(
            _POLICY, "AWS::S3Vectors::VectorBucket", ("VectorBucketArn", "VectorBucketName")
        ),
        "AWS::S3Tables::TableBucketPolicy": Holder(
            ("ResourcePolicy",), "AWS::S3Tables::TableBucket", ("TableBucketARN",)
        ),
        "AWS::KMS::Key": Holder(("KeyPolicy",), "AWS::KMS::Key", account=True),
        "AWS::KMS::ReplicaKey": Holder(("KeyPolicy",), "AWS::KMS::ReplicaKey", account=True),
        "AWS::SNS::TopicPolicy": Holder(_DOCUMENT, "AWS::SNS::Topic", ("Topics",)),
        "AWS::SNS::TopicInlinePolicy": Holder(_DOCUMENT, "AWS::SNS::Topic", ("TopicArn",)),
        "AWS::SQS::QueuePolicy": Holder(_DOCUMENT, "AWS::SQS::Queue", ("Queues",)),
        "AWS::SQS::QueueInlinePolicy": Holder(_DOCUMENT, "AWS::SQS::Queue", ("Queue",)),
        "AWS::SecretsManager::ResourcePolicy": Holder(
            ("ResourcePolicy",), "AWS::SecretsManager::Secret", ("SecretId",)
        ),
        "AWS::ECR::Repository": Holder(("RepositoryPolicyText",), "AWS::ECR::Repository"),
        "AWS::ECR::RegistryPolicy": Holder(("PolicyText",), "AWS::ECR::RegistryPolicy"),
        "AWS::Lambda::ResourcePolicy": Holder(_DOCUMENT, "AWS::Lambda::Function", ("ResourceArn",)),
        "AWS::EC2::VPCEndpoint": Holder(_DOCUMENT, "AWS::EC2::VPCEndpoint", open=_VPC, public=False),
        "AWS::EFS::FileSystem": Holder(("FileSystemPolicy",), "AWS::EFS::FileSystem", open=_EFS, public=False),
        "AWS::ApiGateway::RestApi": Holder(_POLICY, "AWS::ApiGateway::RestApi", open=_API, public=False),
        "AWS::Events::EventBus": Holder(_POLICY, "AWS::Events::EventBus"),
        "AWS::Events::EventBusPolicy": Holder(("Statement",), "AWS::Events::EventBus", ("EventBusName",)),
        "AWS::Logs::ResourcePolicy": Holder(_DOCUMENT, "AWS::Logs::ResourcePolicy"),
        "AWS::OpenSearchService::Domain": Holder(("AccessPolicies",), "AWS::OpenSearchService::Domain"),
        "AWS::Backup::BackupVault": Holder(("AccessPolicy",), "AWS::Backup::BackupVault"),
        "AWS::DynamoDB::Table": Holder(("ResourcePolicy", "PolicyDocument"), "AWS::DynamoDB::Table"),
        "AWS::Kinesis::ResourcePolicy": Holder(("ResourcePolicy",), "AWS::Kinesis::Stream", ("ResourceArn",)),
        "AWS::MSK::ClusterPolicy": Holder(_POLICY, "AWS::MSK::Cluster", ("ClusterArn",)),
        "AWS::SageMaker::ModelPackageGroup": Holder(("ModelPackageGroupPolicy",), "AWS::SageMaker::ModelPackageGroup"),
        "AWS::Bedrock::ResourcePolicy": Holder(_DOCUMENT, "AWS::Bedrock::Guardrail", ("ResourceArn",)),
        "AWS::Bedrock::KnowledgeBasePolicy": Holder(_DOCUMENT, "AWS::Bedrock::KnowledgeBase", ("KnowledgeBaseId",)),
        "AWS::BedrockAgentCore::ResourcePolicy": Holder(_POLICY, "AWS::BedrockAgentCore::Runtime", ("ResourceArn",)),
        "AWS::CodeArtifact::Domain": Holder(("PermissionsPolicyDocument",), "AWS::CodeArtifact::Domain"),
        "AWS::CodeArtifact::Repository": Holder(("PermissionsPolicyDocument",), "AWS::CodeArtifact::Repository"),
        "AWS::Lambda::Permission": Holder((), "AWS::Lambda::Function", ("FunctionName",)),
        "AWS::Lambda::LayerVersionPermission": Holder((), "AWS::Lambda::LayerVersion", ("LayerVersionArn",)),
    }
)

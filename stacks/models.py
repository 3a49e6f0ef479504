"""The bucket that holds the models, and the key. Deployed before the fleet, so that models can be put there first."""

from __future__ import annotations

from aws_cdk import Acknowledgment, CfnOutput, RemovalPolicy, Validations
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk_inference.kit.interfaces import as_key
from stacks.base import EnvironmentStack
from stacks.settings import Settings

_S3_URL = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
_REPLICATION = (
    "ReplicationConfiguration: the models here are copies of artefacts kept elsewhere, and endpoints read only the "
    f"bucket of their own region. {_S3_URL}/replication.html"
)
_LOGS_KEY = (
    "BucketEncryption: buckets that receive access logs take SSE-S3, not a KMS key. "
    f"{_S3_URL}/enable-server-access-logging.html"
)
_PACKS = ("NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")


class ModelsStack(EnvironmentStack):
    """`bucket` and `key`; both outlive the stack."""

    def __init__(self, scope: Construct, *, settings: Settings) -> None:
        super().__init__(
            scope, settings=settings, part="models", description="Models for inference endpoints, and their key"
        )
        self.key = kms.Key(
            self,
            "Key",
            description=f"Models, volumes and logs of {settings.name}",
            enable_key_rotation=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        access_logs = s3.Bucket(
            self,
            "AccessLogs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.bucket = s3.Bucket(
            self,
            "Models",
            encryption_key=as_key(self.key),
            bucket_key_enabled=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=access_logs,
            removal_policy=RemovalPolicy.RETAIN,
        )
        CfnOutput(self, "ModelsBucketName", value=self.bucket.bucket_name, description="Put model files here")
        self._acknowledge(access_logs, "S3BucketReplicationEnabled", _REPLICATION)
        self._acknowledge(access_logs, "S3DefaultEncryptionKMS", _LOGS_KEY)
        self._acknowledge(self.bucket, "S3BucketReplicationEnabled", _REPLICATION)

    @staticmethod
    def _acknowledge(bucket: s3.Bucket, rule: str, reason: str) -> None:
        resource = bucket.node.default_child
        assert resource is not None
        for pack in _PACKS:
            Validations.of(resource).acknowledge(Acknowledgment(id=f"{pack}::{pack}-{rule}", reason=reason))

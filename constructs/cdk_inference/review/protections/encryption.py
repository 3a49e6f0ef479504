"""Encryption: keys of one's own, encryption at rest and on the way, rotation."""

from __future__ import annotations

from cdk_inference.review.protections.comparators import larger, lowered, switched_off, taken_away
from cdk_inference.review.protections.protection import Protection, rows

_KEY = "new data is encrypted without your key, so the key policy does not restrict access to it"
_REST = "the new one is not encrypted at rest"
_WAY = "clients can talk to it in plain text"

# Definitions of monitoring jobs -> the property for their reports.
MONITORING_JOBS = {
    "AWS::SageMaker::DataQualityJobDefinition": "DataQualityJobOutputConfig",
    "AWS::SageMaker::ModelBiasJobDefinition": "ModelBiasJobOutputConfig",
    "AWS::SageMaker::ModelExplainabilityJobDefinition": "ModelExplainabilityJobOutputConfig",
    "AWS::SageMaker::ModelQualityJobDefinition": "ModelQualityJobOutputConfig",
}

ENCRYPTION: tuple[Protection, ...] = (
    *rows(
        "AWS::SageMaker::EndpointConfig",
        "the volumes of the instances are no longer encrypted with your key",
        (("KmsKeyId",), taken_away),
    ),
    *rows(
        "AWS::SageMaker::EndpointConfig",
        "captured requests and answers are no longer encrypted with your key",
        (("DataCaptureConfig", "KmsKeyId"), taken_away),
        within=1,
    ),
    *rows(
        "AWS::SageMaker::EndpointConfig",
        "the answers in the bucket are no longer encrypted with your key",
        (("AsyncInferenceConfig", "OutputConfig", "KmsKeyId"), taken_away),
        within=2,
    ),
    *(
        row
        for name, output in MONITORING_JOBS.items()
        for row in rows(
            name,
            "reports of monitoring are no longer encrypted with your key",
            ((output, "KmsKeyId"), taken_away),
            (("JobResources", "ClusterConfig", "VolumeKmsKeyId"), taken_away),
        )
    ),
    *rows("AWS::SageMaker::Domain", _KEY, (("KmsKeyId",), taken_away)),
    *rows("AWS::SageMaker::NotebookInstance", _KEY, (("KmsKeyId",), taken_away)),
    *rows(
        "AWS::S3::Bucket",
        _KEY,
        (
            (
                "BucketEncryption",
                "ServerSideEncryptionConfiguration",
                "[]",
                "ServerSideEncryptionByDefault",
                "KMSMasterKeyID",
            ),
            taken_away,
        ),
        (
            (
                "BucketEncryption",
                "ServerSideEncryptionConfiguration",
                "[]",
                "ServerSideEncryptionByDefault",
                "SSEAlgorithm",
            ),
            lowered("AES256", "aws:kms", "aws:kms:dsse", default="AES256"),
        ),
    ),
    *rows("AWS::SNS::Topic", _KEY, (("KmsMasterKeyId",), taken_away)),
    *rows("AWS::SQS::Queue", _KEY, (("KmsMasterKeyId",), taken_away)),
    *rows(
        "AWS::SQS::Queue",
        "messages are not encrypted at rest",
        (("SqsManagedSseEnabled",), switched_off(default=True)),
        unless=("KmsMasterKeyId",),
    ),
    *rows("AWS::Logs::LogGroup", _KEY, (("KmsKeyId",), taken_away)),
    *rows("AWS::DynamoDB::Table", _KEY, (("SSESpecification", "KMSMasterKeyId"), taken_away)),
    *rows("AWS::DynamoDB::Table", _KEY, (("SSESpecification", "SSEEnabled"), switched_off())),
    *rows("AWS::DynamoDB::GlobalTable", _KEY, (("SSESpecification", "SSEEnabled"), switched_off())),
    *rows("AWS::EC2::Volume", _REST, (("Encrypted",), switched_off()), (("KmsKeyId",), taken_away)),
    *rows("AWS::EC2::Instance", _REST, (("BlockDeviceMappings", "[DeviceName]", "Ebs", "Encrypted"), switched_off())),
    *rows(
        "AWS::EC2::LaunchTemplate",
        _REST,
        (("LaunchTemplateData", "BlockDeviceMappings", "[DeviceName]", "Ebs", "Encrypted"), switched_off()),
    ),
    *rows("AWS::EFS::FileSystem", _REST, (("Encrypted",), switched_off()), (("KmsKeyId",), taken_away)),
    *rows("AWS::RDS::DBInstance", _REST, (("StorageEncrypted",), switched_off()), (("KmsKeyId",), taken_away)),
    *rows("AWS::RDS::DBCluster", _REST, (("StorageEncrypted",), switched_off()), (("KmsKeyId",), taken_away)),
    *rows("AWS::Redshift::Cluster", _REST, (("Encrypted",), switched_off())),
    *rows("AWS::Kinesis::Stream", _REST, (("StreamEncryption",), taken_away)),
    *rows("AWS::SecretsManager::Secret", _KEY, (("KmsKeyId",), taken_away)),
    *rows(
        "AWS::Lambda::Function", "its environment is no longer encrypted with your key", (("KmsKeyArn",), taken_away)
    ),
    *rows(
        "AWS::ECR::Repository",
        _KEY,
        (("EncryptionConfiguration", "EncryptionType"), lowered("AES256", "KMS", "KMS_DSSE", default="AES256")),
    ),
    *rows(
        "AWS::ElastiCache::ReplicationGroup",
        "the cache is not encrypted",
        (("AtRestEncryptionEnabled",), switched_off()),
        (("TransitEncryptionEnabled",), switched_off()),
    ),
    *rows(
        "AWS::OpenSearchService::Domain",
        _REST,
        (("EncryptionAtRestOptions", "Enabled"), switched_off()),
        (("NodeToNodeEncryptionOptions", "Enabled"), switched_off()),
    ),
    *rows("AWS::OpenSearchService::Domain", _WAY, (("DomainEndpointOptions", "EnforceHTTPS"), switched_off())),
    *rows(
        "AWS::MSK::Cluster",
        _WAY,
        (
            ("EncryptionInfo", "EncryptionInTransit", "ClientBroker"),
            lowered("PLAINTEXT", "TLS_PLAINTEXT", "TLS", default="TLS_PLAINTEXT"),
        ),
    ),
    *rows(
        "AWS::ElasticLoadBalancingV2::Listener",
        _WAY,
        (("Protocol",), lowered("HTTP", "HTTPS")),
        (("Protocol",), lowered("TCP", "TLS")),
    ),
    *rows(
        "AWS::CloudFront::Distribution",
        _WAY,
        (
            ("DistributionConfig", "DefaultCacheBehavior", "ViewerProtocolPolicy"),
            lowered("allow-all", "redirect-to-https", "https-only"),
        ),
    ),
    *rows("AWS::CloudTrail::Trail", _KEY, (("KMSKeyId",), taken_away)),
    *rows("AWS::Bedrock::Guardrail", _KEY, (("KmsKeyArn",), taken_away)),
    *(
        row
        for name in ("Agent", "Flow", "Prompt")
        for row in rows(f"AWS::Bedrock::{name}", _KEY, (("CustomerEncryptionKeyArn",), taken_away))
    ),
    *rows("AWS::Bedrock::DataSource", _KEY, (("ServerSideEncryptionConfiguration", "KmsKeyArn"), taken_away)),
    *rows(
        "AWS::SecretsManager::RotationSchedule",
        "the same secret is used for longer",
        (("RotationRules", "AutomaticallyAfterDays"), larger()),
        (("RotationRules",), taken_away),
    ),
    *rows("AWS::KMS::Key", "the key material is never rotated", (("EnableKeyRotation",), switched_off())),
    # The default: https://docs.aws.amazon.com/kms/latest/developerguide/ct-enablekeyrotation.html (read 2026-11-30)
    *rows("AWS::KMS::Key", "the same key material is used for longer", (("RotationPeriodInDays",), larger(365))),
)

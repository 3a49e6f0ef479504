"""Types of resources that hold what cannot be made again, and what is lost with them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from cdk_inference.review.resource_versions import ResourceVersion

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html
# (both read 2026-11-24)
DELETION_POLICY = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html "
    "(read 2026-11-24)"
)
KEPT = ("Retain", "RetainExceptOnCreate", "Snapshot")
# Those that get a snapshot where the template names no policy.
_SNAPSHOT_BY_DEFAULT = ("AWS::RDS::DBCluster", "AWS::RDS::DBInstance")


@dataclass(frozen=True, kw_only=True)
class Stateful:
    """what: it in words. lost: what is lost with it."""

    what: str
    lost: str


_OBJECTS = (
    "its objects, if auto-delete empties it; CloudFormation cannot delete a bucket that is not empty, which then "
    "stays outside the stack"
)
_ROWS = "all its items"
_DATABASE = "the database"
_MESSAGES = "its messages; callers keep the old address"

STATEFUL = MappingProxyType(
    {
        "AWS::S3::Bucket": Stateful(what="bucket", lost=_OBJECTS),
        "AWS::S3Express::DirectoryBucket": Stateful(what="bucket", lost=_OBJECTS),
        "AWS::S3Vectors::VectorBucket": Stateful(what="vector bucket", lost="its vectors"),
        "AWS::S3Vectors::Index": Stateful(what="vector index", lost="its vectors"),
        "AWS::S3Tables::TableBucket": Stateful(what="table bucket", lost="its tables"),
        "AWS::KMS::Key": Stateful(what="key", lost="the key, after its waiting period, and all data encrypted with it"),
        "AWS::Logs::LogGroup": Stateful(what="log group", lost="its logs"),
        "AWS::DynamoDB::Table": Stateful(what="table", lost=_ROWS),
        "AWS::DynamoDB::GlobalTable": Stateful(what="table", lost=_ROWS),
        "AWS::Timestream::Table": Stateful(what="table", lost=_ROWS),
        "AWS::Cassandra::Table": Stateful(what="table", lost=_ROWS),
        "AWS::EFS::FileSystem": Stateful(what="file system", lost="its files"),
        "AWS::FSx::FileSystem": Stateful(what="file system", lost="its files"),
        "AWS::FSx::Volume": Stateful(what="volume", lost="its files"),
        "AWS::EC2::Volume": Stateful(what="volume", lost="the data on it"),
        "AWS::RDS::DBInstance": Stateful(what="database", lost=_DATABASE),
        "AWS::RDS::DBCluster": Stateful(what="database cluster", lost=_DATABASE),
        "AWS::RDS::GlobalCluster": Stateful(what="database cluster", lost=_DATABASE),
        "AWS::DocDB::DBCluster": Stateful(what="database cluster", lost=_DATABASE),
        "AWS::Neptune::DBCluster": Stateful(what="database cluster", lost=_DATABASE),
        "AWS::NeptuneGraph::Graph": Stateful(what="graph", lost=_DATABASE),
        "AWS::Redshift::Cluster": Stateful(what="database cluster", lost=_DATABASE),
        "AWS::RedshiftServerless::Namespace": Stateful(what="database", lost=_DATABASE),
        "AWS::ElastiCache::ReplicationGroup": Stateful(what="cache", lost="its data"),
        "AWS::ElastiCache::CacheCluster": Stateful(what="cache", lost="its data"),
        "AWS::MemoryDB::Cluster": Stateful(what="database cluster", lost=_DATABASE),
        "AWS::OpenSearchService::Domain": Stateful(what="search domain", lost="its indices"),
        "AWS::Elasticsearch::Domain": Stateful(what="search domain", lost="its indices"),
        "AWS::OpenSearchServerless::Collection": Stateful(what="collection", lost="its indices"),
        "AWS::Cognito::UserPool": Stateful(what="user pool", lost="its users, who have to sign up again"),
        "AWS::ECR::Repository": Stateful(
            what="repository", lost="its images; endpoints that scale or update can no longer pull them"
        ),
        "AWS::SecretsManager::Secret": Stateful(what="secret", lost="its value, after the recovery window"),
        "AWS::SQS::Queue": Stateful(what="queue", lost=_MESSAGES),
        "AWS::Kinesis::Stream": Stateful(what="stream", lost="the records in it"),
        "AWS::MSK::Cluster": Stateful(what="cluster", lost="its topics"),
        "AWS::Backup::BackupVault": Stateful(what="backup vault", lost="the backups in it"),
        "AWS::Bedrock::DataSource": Stateful(what="data source", lost="its documents in the vector store"),
        "AWS::Bedrock::KnowledgeBase": Stateful(
            what="knowledge base", lost="its index; callers with its id fail, and all documents are ingested again"
        ),
        "AWS::Route53::HostedZone": Stateful(what="hosted zone", lost="its records, and the name servers it had"),
        "AWS::SageMaker::Domain": Stateful(what="domain", lost="the home folders of its users"),
        "AWS::SageMaker::NotebookInstance": Stateful(what="notebook", lost="the data on its disk"),
        "AWS::SageMaker::FeatureGroup": Stateful(what="feature group", lost="its online records"),
        "AWS::SageMaker::ModelPackageGroup": Stateful(what="model group", lost="the registered models"),
    }
)


def kept_by_service(side: ResourceVersion) -> bool:
    """Whether the service keeps the data although the resource goes.

    https://docs.aws.amazon.com/bedrock/latest/userguide/kb-ds-delete.html (read 2026-11-30)
    """
    return side.resource.type == "AWS::Bedrock::DataSource" and side.get("DataDeletionPolicy") == "RETAIN"


def policy_after(kind: str, policy: object, properties: object = None) -> str:
    """What CloudFormation does with the old resource: the policy, or its default where it is None.

    properties: a database in a cluster has no snapshot of its own.
    """
    if isinstance(policy, str):
        return policy
    in_cluster = isinstance(properties, dict) and "DBClusterIdentifier" in properties
    return "Snapshot" if kind in _SNAPSHOT_BY_DEFAULT and not in_cluster else "Delete"

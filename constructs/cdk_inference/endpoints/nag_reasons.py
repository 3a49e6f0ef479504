"""Why findings that are inherent to an endpoint are accepted: one table, read by people who audit it.

Ids are cdk-nag's, with the rule pack in front, as its report prints them.
"""

from __future__ import annotations

from cdk_inference.kit.nag import COMPLIANCE_PACKS, Reason

_KEY_RULE = "SageMakerEndpointConfigurationKMSKeyConfigured"


_WILDCARDS = {
    "Unscoped": (
        "Resource: cloudwatch:PutMetricData and ecr:GetAuthorizationToken know no narrower resource. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
    ),
    "Network": (
        "Resource: AWS documents the actions on network interfaces of a model in a VPC with *. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html"
    ),
    "Logs": (
        "Resource: SageMaker names the log streams itself, inside this endpoint's own log group. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html"
    ),
    "AsyncInput": (
        "Resource: callers name the objects that hold their requests, under this prefix. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html"
    ),
    "AsyncOutput": (
        "Resource: SageMaker names the objects that hold answers and failures, under these prefixes. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/async-inference-create-endpoint-prerequisites.html"
    ),
    "Model": (
        "Resource: the model is every object under this prefix. "
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html"
    ),
    "Capture": (
        "Resource: SageMaker names the captured objects itself, below this prefix. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html"
    ),
}


def new_hardware(instance_type: str) -> list[Reason]:
    """For hardware that the app registered: the CDK's copy of CloudFormation's schema does not know it yet."""
    why = (
        f"InstanceType: {instance_type} was registered by the app as newer than the schemas in aws-cdk-lib. "
        "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
    )
    return [Reason("CloudFormation-Validate::W3030", why)]


def policy_wildcards(wildcards: list[tuple[str, str]]) -> list[Reason]:
    """For the execution role's policy: (statement id, wildcard resource as cdk-nag writes it).

    A resource of several statements is one finding, accepted for all their reasons.
    """
    why: dict[str, dict[str, None]] = {}
    for sid, resource in wildcards:
        why.setdefault(resource, {})[_WILDCARDS[sid.rstrip("0123456789")]] = None
    return [
        Reason(f"AwsSolutions::AwsSolutions-IAM5[Resource::{resource}]", " ".join(reasons))
        for resource, reasons in why.items()
    ]


def _without_action(why: str) -> list[Reason]:
    return [Reason(f"{pack}::{pack}-CloudWatchAlarmAction", why) for pack in ("NIST.800.53.R5", "HIPAA.Security")]


ROLLBACK_ALARM = _without_action(
    "AlarmActions: SageMaker itself reads this alarm during an update and rolls back; it sends no notifications. "
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html"
)
PART_OF_COMPOSITE = _without_action(
    "AlarmActions: the composite alarm of which this is a part notifies. "
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html"
)

_NOT_REPLICATED = "S3BucketReplicationEnabled"


def _on_bucket(rule: str, why: str) -> list[Reason]:
    return [Reason(f"{pack}::{pack}-{rule}", why) for pack in COMPLIANCE_PACKS]


PAYLOAD_BUCKET = _on_bucket(
    _NOT_REPLICATED,
    "ReplicationConfiguration: requests and answers may be personal, are kept for some days only, and a copy "
    "would have to be found and deleted too. "
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
)
ACCESS_LOGS_BUCKET = [
    *_on_bucket(
        _NOT_REPLICATED,
        "ReplicationConfiguration: access logs of requests and answers are kept as long as these are, and no longer "
        "anywhere else. https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
    ),
    *_on_bucket(
        "S3DefaultEncryptionKMS",
        "BucketEncryption: buckets that receive access logs take SSE-S3, not a KMS key. "
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html",
    ),
]


def local_disk(instance_type: str) -> list[Reason]:
    """For hardware whose disk SageMaker encrypts itself."""
    why = (
        f"KmsKeyId: {instance_type} has local NVMe storage, which the instance encrypts in hardware; a KMS key does "
        "not apply to it. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html"
    )
    return [Reason(f"{pack}::{pack}-{_KEY_RULE}", why) for pack in COMPLIANCE_PACKS]

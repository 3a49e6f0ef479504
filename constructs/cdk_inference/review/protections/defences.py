"""Firewalls, guardrails, scanners, locks and backups that stand by themselves, and what refers to them."""

from __future__ import annotations

from typing import Any

from cdk_inference.review.formatting import listed
from cdk_inference.review.protections.comparators import fewer, lowered, number, switched_off, taken_away
from cdk_inference.review.protections.protection import Protection, rows
from cdk_inference.review.protections.removals import Protector

_FIREWALL = "requests that the firewall blocked reach the application"
_COPIED = "new objects are no longer copied"
_UNMASKED = "CloudWatch Logs and SNS no longer detect, mask or block personal data"
_FUNCTIONS = ("ActionGroups", "[ActionGroupName]", "FunctionSchema", "Functions")
_UNGUARDED = "prompts and answers are no longer checked by the guardrail"


def _shorter(was: Any, becomes: Any) -> str:
    """A retention of objects, in days or years."""
    old, new = (_days(one) for one in (was, becomes))
    return f"changes from {old:g} to {new:g} days" if old is not None and new is not None and new < old else ""


def _days(found: Any) -> float | None:
    if not isinstance(found, dict):
        return None
    years = number(found.get("Years"))
    return number(found.get("Days")) if years is None else years * 365


def _unprotected(was: Any, becomes: Any) -> str:
    """Kinds of data in the statements of a policy: each is found, masked or refused."""
    old, new = (_protected(one) for one in (was, becomes))
    gone = sorted({kind.rpartition("/")[2] for kind, _ in old - new})
    return f"no longer covers {listed(tuple(gone))}" if gone else ""


def _protected(policy: Any) -> set[tuple[str, str]]:
    """(kind of data, operation) of each statement."""
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    return {
        (str(kind), str(operation))
        for one in (statements if isinstance(statements, list) else [])
        if isinstance(one, dict) and isinstance(one.get("DataIdentifier"), list)
        for kind in one["DataIdentifier"]
        for operation in (one.get("Operation") or {})
    }


DEFENCES: tuple[Protection, ...] = (
    *rows("AWS::CloudFront::Distribution", _FIREWALL, (("DistributionConfig", "WebACLId"), taken_away)),
    *rows("AWS::WAFv2::WebACL", _FIREWALL, (("Rules",), fewer("Name")), (("DefaultAction", "Block"), taken_away)),
    *rows("AWS::WAFv2::WebACL", _FIREWALL, (("Rules", "[Name]", "Action", "Block"), taken_away)),
    *rows("AWS::Bedrock::Agent", _UNGUARDED, (("GuardrailConfiguration",), taken_away)),
    *rows(
        # Off unless enabled: https://docs.aws.amazon.com/bedrock/latest/userguide/agents-userconfirmation.html
        # (read 2026-11-30)
        "AWS::Bedrock::Agent",
        "the model calls it without the consent of the user",
        (
            (*_FUNCTIONS, "[Name]", "RequireConfirmation"),
            lowered("DISABLED", "ENABLED", default="DISABLED"),
        ),
    ),
    *rows("AWS::Lambda::Function", "unsigned code can run", (("CodeSigningConfigArn",), taken_away)),
    *rows(
        "AWS::ECR::Repository",
        "an image can be replaced under the same tag, and endpoints that scale then run another one",
        (("ImageTagMutability",), lowered("MUTABLE", "IMMUTABLE", default="MUTABLE")),
    ),
    *rows(
        "AWS::ECR::Repository",
        "new images are no longer scanned",
        (("ImageScanningConfiguration", "ScanOnPush"), switched_off()),
    ),
    *rows(
        "AWS::S3::Bucket",
        "objects can be deleted before their retention ends",
        (("ObjectLockEnabled",), switched_off()),
    ),
    *rows(
        "AWS::S3::Bucket",
        "new objects can be deleted before their retention ends",
        (("ObjectLockConfiguration", "Rule"), taken_away),
    ),
    *rows(
        "AWS::S3::Bucket",
        "new objects can be deleted before their retention ends",
        (("ObjectLockConfiguration", "Rule", "DefaultRetention", "Mode"), lowered("GOVERNANCE", "COMPLIANCE")),
        (("ObjectLockConfiguration", "Rule", "DefaultRetention"), _shorter),
        within=1,
    ),
    *rows("AWS::S3::Bucket", _COPIED, (("ReplicationConfiguration",), taken_away)),
    *rows(
        "AWS::S3::Bucket",
        _COPIED,
        (("ReplicationConfiguration", "Rules", "[Id]", "Status"), switched_off("Enabled")),
        within=1,
    ),
    *rows(
        "AWS::DynamoDB::GlobalTable", "its items there are deleted, and callers fail", (("Replicas",), fewer("Region"))
    ),
    *rows("AWS::Logs::LogGroup", _UNMASKED, (("DataProtectionPolicy",), _unprotected)),
    *rows("AWS::SNS::Topic", _UNMASKED, (("DataProtectionPolicy",), _unprotected)),
    *rows(
        "AWS::EFS::FileSystem",
        "its files are no longer backed up",
        (("BackupPolicy", "Status"), switched_off("ENABLED")),
    ),
    *rows("AWS::EC2::Instance", "one call ends it", (("DisableApiTermination",), switched_off())),
    *rows("AWS::GuardDuty::Detector", "attacks are no longer detected", (("Enable",), switched_off())),
)

DEFENCES_GONE = (
    Protector(type="AWS::WAFv2::WebACLAssociation", for_=("ResourceArn",), lost=_FIREWALL),
    Protector(type="AWS::Shield::Protection", for_=("ResourceArn",), lost="request floods reach it"),
    Protector(type="AWS::NetworkFirewall::Firewall", for_=("VpcId",), lost="traffic is no longer filtered"),
    Protector(
        type="AWS::Bedrock::EnforcedGuardrailConfiguration",
        for_=(),
        lost="models can be called in this account without the guardrail",
    ),
    Protector(type="AWS::Bedrock::Guardrail", for_=("Name",), lost="calls that name it fail, or continue without it"),
    Protector(type="AWS::GuardDuty::Detector", for_=(), lost="attacks are no longer detected"),
    Protector(type="AWS::SecurityHub::Hub", for_=(), lost="findings are no longer collected"),
    Protector(type="AWS::AccessAnalyzer::Analyzer", for_=("Type",), lost="external access is no longer detected"),
    Protector(type="AWS::Backup::BackupSelection", for_=("BackupSelection",), lost="it is no longer backed up"),
    Protector(type="AWS::EC2::SnapshotBlockPublicAccess", for_=(), lost="snapshots can be made public"),
    Protector(type="AWS::EC2::VPCBlockPublicAccessOptions", for_=(), lost="VPCs can be opened to the internet"),
)

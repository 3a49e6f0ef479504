"""The account of a rehearsal, as the rules see it: plain values, read from the emulator or written by a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.iam import Answer, Policies, Request, decide

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Role:
    """An IAM role: who may assume it, and every policy that is attached or inline."""

    trust: Document
    policies: Sequence[Document] = ()


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket: its keys, its policy, and the KMS key of its default encryption."""

    region: str
    keys: Sequence[str] = ()
    policy: Document | None = None
    kms_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class Topic:
    """An SNS topic: its policy, its KMS key (an ARN, an id or an alias) and how many subscriptions it has."""

    policy: Document | None = None
    kms_key: str | None = None
    subscriptions: int = 0


@dataclass(frozen=True, kw_only=True)
class Account:
    """What exists in one account and region.

    Attributes:
        roles: ARN -> role.
        topics: ARN -> topic.
        keys: Id and ARN of a KMS key -> its policy.
        alarms: Name -> the alarm as DescribeAlarms answers it; metric and composite alarms.
        quotas: Instance type -> instances for endpoint usage. A type that is not listed: see the rule of quotas.
        budgets: Name -> its subscribers' addresses.
        repositories: Names of the account's own ECR repositories; None is not known.
    """

    region: str = "us-east-1"
    id: str = "111122223333"
    roles: Mapping[str, Role] = field(default_factory=dict)
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    keys: Mapping[str, Document] = field(default_factory=dict)
    alarms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    budgets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    log_groups: Sequence[str] = ()
    quotas: Mapping[str, int] = field(default_factory=dict)
    repositories: Sequence[str] | None = None

    def may(self, role: str, action: str, resource: str, context: Mapping[str, str] | None = None) -> Answer:
        """Returns whether a role may do something, by its own policies and by the bucket's or the key's."""
        own = self.roles.get(role)
        if own is None:
            return Answer(False, f"the role {role} does not exist")
        service, bucket = action.partition(":")[0], resource.removeprefix("arn:aws:s3:::").partition("/")[0]
        other = None
        if service == "s3" and bucket in self.buckets:
            other = self.buckets[bucket].policy
        if service == "kms":
            other = self.keys.get(resource)
        facts = {"aws:SecureTransport": "true", "aws:PrincipalAccount": self.id, **(context or {})}
        return decide(Request(action, resource, facts, principal=role), Policies(identity=own.policies, resource=other))

    def service_may(self, service: str, action: str, policy: Document, resource: str, source_arn: str) -> Answer:
        """Returns whether a service may do something by a resource's policy alone."""
        narrowed = [
            {**statement, "Principal": "*"}
            for statement in _statements(policy)
            if _names_service(statement.get("Principal"), service)
        ]
        # A default topic policy names everybody in AWS of this owner: CloudWatch in the same account is let in by it.
        facts = {"aws:SourceAccount": self.id, "aws:SourceArn": source_arn, "aws:SourceOwner": self.id}
        facts |= {"aws:SecureTransport": "true"}
        document = {"Statement": narrowed}
        return decide(Request(action, resource, facts, principal=service), Policies(resource=document))


def _statements(policy: Document) -> list[Document]:
    statements = policy.get("Statement", [])
    return list(statements) if isinstance(statements, list) else [statements]


def _names_service(principal: Any, service: str) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping):
        return False
    found = [one for values in principal.values() for one in (values if isinstance(values, list) else [values])]
    return service in found or "*" in found

"""The emulator's state as the rules see it, and the hosting state of each region."""

from __future__ import annotations

import json
from typing import Any

from rehearsal.account import Account, Bucket, Role, Topic
from rehearsal.emulator.private_names import get
from rehearsal.hosting import Hosting

_hosting: dict[tuple[str, str], Hosting] = {}
_kept: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
quotas: dict[str, int] = {}
# Bucket -> the KMS key of its default encryption, and topic -> its key: the emulator drops both.
bucket_keys: dict[str, str] = {}
topic_keys: dict[str, str] = {}


def hosting() -> Hosting:
    """Returns the hosting state of the account and region of the request that runs."""
    return _hosting.setdefault((get("get_account_id")(), get("get_region")()), Hosting())


def hosting_of(endpoint: str) -> Hosting:
    """Returns the hosting state that has an endpoint, for calls without account and region."""
    here = hosting()
    return next((one for one in _hosting.values() if endpoint in one.endpoints), here)


def readable(role: str, bucket: str) -> str | None:
    """Returns a prefix of a bucket below which a role may read objects; None if it may nowhere."""
    start = f"arn:aws:s3:::{bucket}/"
    found, own = account(), account().roles.get(role)
    resources = [
        str(resource)
        for policy in (own.policies if own is not None else ())
        for statement in _listed(policy.get("Statement", []))
        for resource in _listed(statement.get("Resource", []))
    ]
    prefixes = [one.removeprefix(start).partition("*")[0] for one in resources if one.startswith(start)]
    return next((one for one in prefixes if found.may(role, "s3:GetObject", f"{start}{one}rehearsal.json")), None)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def kept() -> dict[str, dict[str, Any]]:
    """Returns what has no service behind it: kind -> id -> the call that made it."""
    return _kept.setdefault((get("get_account_id")(), get("get_region")()), {})


def reset() -> None:
    """Forgets everything."""
    _hosting.clear()
    _kept.clear()
    bucket_keys.clear()
    topic_keys.clear()
    quotas.clear()


def _document(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) and value else value or None


def _policies_of(role: dict[str, Any]) -> list[Any]:
    documents = [_document(one) for one in role["InlinePolicies"].values()]
    for arn in role["AttachedPolicies"]:
        policy = get("_policies").get(arn)
        if policy is not None:
            documents.append(_document(policy["Versions"][policy["DefaultVersionId"]]["Document"]))
    return documents


def _topic_policy(topic: dict[str, Any]) -> Any:
    """None for the default policy: the emulator's lets everybody in, AWS's this account's alarms only."""
    policy = _document(topic["attributes"].get("Policy"))
    return None if policy and policy.get("Id") == "__default_policy_ID" else policy


def account() -> Account:
    """Returns a snapshot of the account and region of the request that runs."""
    region = get("get_region")()
    keys: dict[str, Any] = {}
    for name, key in get("_keys").items():
        keys[name] = keys[key["Arn"]] = _document(key.get("Policy")) or {"Statement": []}
    return Account(
        region=region,
        id=get("get_account_id")(),
        roles={
            role["Arn"]: Role(trust=_document(role["AssumeRolePolicyDocument"]), policies=_policies_of(role))
            for role in get("_roles").values()
        },
        buckets={
            name: Bucket(
                region=bucket.get("region") or "us-east-1",
                keys=list(bucket["objects"]),
                policy=_document(get("_bucket_policies").get(name)),
                kms_key=bucket_keys.get(name),
            )
            for name, bucket in get("_buckets").items()
        },
        topics={
            arn: Topic(
                policy=_topic_policy(topic),
                kms_key=topic_keys.get(arn),
                subscriptions=len(topic.get("subscriptions", [])),
            )
            for arn, topic in get("_topics").items()
        },
        keys=keys,
        alarms={**dict(get("_alarms").items()), **dict(get("_composite_alarms").items())},
        budgets={
            name: [one["Address"] for entry in entries for one in entry["subscribers"]]
            for name, entries in get("_notification_store").items()
        },
        log_groups=list(get("_log_groups").keys()),
        quotas=quotas,
        repositories=list(get("_repositories").keys()),
    )

"""The policies of resources, by what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.review.iam.holders import HOLDERS, OPEN, Holder
from cdk_inference.review.iam.statement import Document, document
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import ResourceNames, When, key_of, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.template.values import reference

# Property of a permission -> (operator, key of the condition that it stands for).
# https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html (read 2026-11-24)
_PERMISSION = {
    "SourceArn": ("ArnLike", "aws:SourceArn"),
    "SourceAccount": ("StringEquals", "aws:SourceAccount"),
    "PrincipalOrgID": ("StringEquals", "aws:PrincipalOrgID"),
    "OrganizationId": ("StringEquals", "aws:PrincipalOrgID"),
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "EventSourceToken": ("StringEquals", "lambda:EventSourceToken"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


@dataclass
class PolicyTarget:
    """What policies are for. owners: where they stand. document: all of them; None where there is none."""

    key: str
    holder: Holder
    owners: list[ResourcePair] = field(default_factory=list)
    document: Document | None = None


def policy_targets(deployments: DeploymentPair, when: When) -> dict[tuple[str, str], PolicyTarget]:
    """(type, key) of the target -> its policies, of one side."""
    known = resource_names(deployments, when)
    found: dict[tuple[str, str], PolicyTarget] = {}
    for pair, side in versions(deployments, when, *HOLDERS):
        holder = HOLDERS[side.resource.type]
        made = _document(known, side, pair, holder)
        for key in _targets(known, side, pair, holder):
            one = found.setdefault((holder.kind, key), PolicyTarget(key, holder))
            one.owners.append(pair)
            if made is not None:
                old = one.document or Document()
                one.document = Document((*old.statements, *made.statements), (*old.unknown, *made.unknown))
    return found


def _targets(known: ResourceNames, side: ResourceVersion, pair: ResourcePair, holder: Holder) -> Iterator[str]:
    if not holder.target:
        yield key_of(pair)
        return
    values = [known.value(side, name) for name in holder.target]
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield known.key(one, holder.kind)
    if all(value is None for value in values):
        yield ""


def _document(known: ResourceNames, side: ResourceVersion, pair: ResourcePair, holder: Holder) -> Document | None:
    if not holder.path:
        return document({"Statement": _permission(known, side)}, pair)
    value = known.value(side, *holder.path)
    if side.resource.type == "AWS::Events::EventBusPolicy":
        own = {key: known.value(side, key) for key in ("Action", "Principal", "Condition")}
        account = {**own, "Principal": {"AWS": own["Principal"]} if own["Principal"] != "*" else "*", "Condition": None}
        value = {"Statement": value if value is not None else {"Effect": "Allow", **account}}
    if value is None and holder.account:
        owner = reference(side.resource.stack.key, "AWS", "AccountId")
        all_of_it = {"Effect": "Allow", "Principal": {"AWS": owner}, "Action": "kms:*", "Resource": "*"}
        value = known.plain({"Statement": all_of_it})
    if value is None:
        return document(OPEN, pair) if holder.open else None
    return document(value, pair)


def _permission(known: ResourceNames, side: ResourceVersion) -> dict[str, Any]:
    who = known.value(side, "Principal")
    service = isinstance(who, str) and who.endswith((".amazonaws.com", ".amazonaws.com.cn"))
    block: dict[str, dict[str, Any]] = {}
    for name, (operator, key) in _PERMISSION.items():
        value = known.value(side, name)
        if value is not None:
            block.setdefault(operator, {})[key] = value
    return {
        "Effect": "Allow",
        "Principal": "*" if who == "*" else {"Service" if service else "AWS": who},
        "Action": known.value(side, "Action"),
        "Condition": block,
    }

"""Everything that is allowed to a role, user, group or permission set, wherever in the templates it stands.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html (read 2026-11-24)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from cdk_inference.review.iam.statement import Document, document
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import NAMED_TYPES, ResourceNames, When, key_of, resource_names, versions
from cdk_inference.review.resource_versions import ResourceVersion

MANAGED, USER, GROUP = "AWS::IAM::ManagedPolicy", "AWS::IAM::User", "AWS::IAM::Group"
# Type -> (the list of inline policies, or one document; the list of managed ones)
IDENTITIES = MappingProxyType(
    {
        "AWS::IAM::Role": ("Policies", "ManagedPolicyArns"),
        "AWS::IAM::User": ("Policies", "ManagedPolicyArns"),
        "AWS::IAM::Group": ("Policies", "ManagedPolicyArns"),
        "AWS::SSO::PermissionSet": ("InlinePolicy", "ManagedPolicies"),
    }
)
# Type -> {property that names whom it is for: their type}
_POLICIES = {
    "AWS::IAM::Policy": {"Roles": "AWS::IAM::Role", "Users": "AWS::IAM::User", "Groups": "AWS::IAM::Group"},
    MANAGED: {"Roles": "AWS::IAM::Role", "Users": "AWS::IAM::User", "Groups": "AWS::IAM::Group"},
    "AWS::IAM::RolePolicy": {"RoleName": "AWS::IAM::Role"},
    "AWS::IAM::UserPolicy": {"UserName": "AWS::IAM::User"},
    "AWS::IAM::GroupPolicy": {"GroupName": "AWS::IAM::Group"},
}


@dataclass
class Identity:
    """Whom statements are for. pair: its resource, if a template has it. attached: policies that no template has.

    boundary: its key, or None.
    """

    key: str
    pair: ResourcePair | None = None
    documents: list[Document] = field(default_factory=list)
    attached: dict[str, ResourcePair] = field(default_factory=dict)
    boundary: str | None = None

    @property
    def all(self) -> Document:
        """All documents as one."""
        return Document(
            tuple(one for found in self.documents for one in found.statements),
            tuple(one for found in self.documents for one in found.unknown),
        )

    def add(self, key: str, managed: dict[str, Document], owner: ResourcePair) -> None:
        """A managed policy, by its key."""
        if key in managed:
            self.documents.append(managed[key])
        else:
            self.attached.setdefault(key, owner)


class Identities(NamedTuple):
    """Of one side. managed: the key of each managed policy -> its document; those of `unattached` are for nobody."""

    by_key: dict[str, Identity]
    managed: dict[str, Document]
    unattached: frozenset[str]


def identities(deployments: DeploymentPair, when: When) -> Identities:
    """Whom the templates of one side allow something."""
    known = resource_names(deployments, when)
    managed = {
        key_of(pair): document(known.value(side, "PolicyDocument"), pair)
        for pair, side in versions(deployments, when, MANAGED)
    }
    found: dict[str, Identity] = {}
    for pair, side in versions(deployments, when, *IDENTITIES):
        made = found.setdefault(key_of(pair), Identity(key_of(pair)))
        made.pair = pair
        _own(made, known, side, pair, managed)
    used: set[str] = set()
    for pair, side in versions(deployments, when, *_POLICIES):
        own = managed.get(key_of(pair)) or document(known.value(side, "PolicyDocument"), pair)
        for name, kind in _POLICIES[side.resource.type].items():
            for one in _list(known.value(side, name)):
                key = known.key(one, kind)
                used.add(key_of(pair))
                made = found.setdefault(key, Identity(key))
                if own not in made.documents:
                    made.documents.append(own)
    _members(deployments, known, when, found)
    held = {id(one) for made in found.values() for one in made.documents}
    used |= {key for key, one in managed.items() if id(one) in held}
    return Identities(found, managed, frozenset(managed.keys() - used))


def differ(deployments: DeploymentPair) -> bool:
    """Whether a policy differs, or a name that policies refer to."""
    kinds = {*IDENTITIES, *_POLICIES, "AWS::IAM::UserToGroupAddition", *NAMED_TYPES}
    if not deployments.same_names:
        return True
    pairs = (pair for stack in deployments.stacks for pair in stack.of(*kinds))
    return any(pair.changed_at_all for pair in pairs)


def _own(
    made: Identity, known: ResourceNames, side: ResourceVersion, pair: ResourcePair, managed: dict[str, Document]
) -> None:
    inline, attached = IDENTITIES[side.resource.type]
    value = known.value(side, inline)
    for one in _list(value):
        inner = one.get("PolicyDocument") if isinstance(one, dict) and "PolicyDocument" in one else one
        made.documents.append(document(inner, pair))
    for one in _list(known.value(side, attached)):
        made.add(known.key(one, MANAGED), managed, pair)
    boundary = known.value(side, "PermissionsBoundary")
    made.boundary = known.key(boundary, MANAGED) if isinstance(boundary, str) else None


def _members(deployments: DeploymentPair, known: ResourceNames, when: When, found: dict[str, Identity]) -> None:
    """What groups are allowed, their users are."""
    pairs: list[tuple[Any, Any, ResourcePair]] = []
    for pair, side in versions(deployments, when, USER):
        pairs += [(key_of(pair), group, pair) for group in _list(known.value(side, "Groups"))]
    for pair, side in versions(deployments, when, "AWS::IAM::UserToGroupAddition"):
        group = known.value(side, "GroupName")
        pairs += [(known.key(user, USER), group, pair) for user in _list(known.value(side, "Users"))]
    for user, named, pair in pairs:
        made = found.setdefault(user, Identity(user))
        group = found.get(known.key(named, GROUP))
        if group is None:
            made.attached.setdefault(f"the permissions of the group {known.key(named, GROUP)}", pair)
        else:
            made.documents += group.documents
            for key in group.attached:
                made.attached.setdefault(key, pair)


def _list(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value

"""What runs as which role: resources that are given another role than before.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html (read 2026-11-29)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import ResourceNames, resource_names
from cdk_inference.template.values import last_part

ROLE, PROFILE = "AWS::IAM::Role", "AWS::IAM::InstanceProfile"
# A property that names a role, or the profile of one, that the resource runs as.
_NAMES_ROLE = re.compile(
    r".*(Role|RoleArn|RoleARN|Roles|RoleName|RoleNames|Iam[A-Za-z]*Profile|IamInstanceProfile)|Role"
)
# What names roles to give them something, and what does not run as them.
_OTHERS = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy", ROLE, "AWS::EKS::AccessEntry")

# What runs as the role of its model, where it has none of its own.
_BY_THE_MODEL = ("AWS::SageMaker::EndpointConfig",)


class Exchange(NamedTuple):
    """A resource that runs as another role. was, becomes: keys of the roles; "" for none, None for not known."""

    pair: ResourcePair
    path: str
    was: str | None
    becomes: str | None


def exchanges(deployments: DeploymentPair) -> Iterator[Exchange]:
    """Yields those of resources that were there before."""
    names = resource_names(deployments, "before"), resource_names(deployments, "after")
    for stack in deployments.stacks:
        for pair in stack.resources.values():
            if pair.type in _OTHERS or pair.type.startswith("AWS::CloudFormation::"):
                continue
            for change in pair.changes:
                if any(_NAMES_ROLE.fullmatch(step) for step in change.path):
                    sides = _roles(names[0], change.before), _roles(names[1], change.after)
                    for old, new in _aligned(*sides):
                        if old != new and new != "" and (old != "" or pair.type not in _BY_THE_MODEL):
                            yield Exchange(pair, "/".join(change.path), old, new)


def _aligned(old: list[str | None], new: list[str | None]) -> Iterator[tuple[str | None, str | None]]:
    """Pairs of roles by their order; what is new in a longer list had none before."""
    for place, one in enumerate(new):
        if one is None or one not in old:
            yield old[place] if place < len(old) else (old[-1] if old else ""), one


def _roles(known: ResourceNames, value: Any) -> list[str | None]:
    if isinstance(value, Unknown):
        return [None]
    if isinstance(value, dict):
        return [key for one in value.values() for key in _roles(known, one)]
    if isinstance(value, list):
        return [key for one in value for key in _roles(known, one)]
    if not isinstance(value, str):
        return []
    return _by_text(known, value)


def _by_text(known: ResourceNames, text: str) -> list[str | None]:
    text = known.plain(text)
    key = known.within(text)
    for kind in (ROLE, PROFILE):
        named = known.keys.get((kind, last_part(text)))
        if named is not None and not known.pairs[named].stack.foreign(text):
            key = named
    pair = known.pairs.get(key)
    if pair is None or pair.type != PROFILE:
        return [key]
    side = getattr(pair, known.when)
    inner = [] if side is None else known.value(side, "Roles")
    return _roles(known, inner)

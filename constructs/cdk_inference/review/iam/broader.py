"""All that became broader between two deployments: whom, or what, it is for, and the boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from cdk_inference.review.finding import Hit, Level
from cdk_inference.review.iam.admin import admin, admin_policy, mighty, mighty_policy, unread_policy
from cdk_inference.review.iam.compare import Box, Comparison, compare
from cdk_inference.review.iam.identities import Identities, Identity, differ, identities
from cdk_inference.review.iam.resource_policies import PolicyTarget, policy_targets
from cdk_inference.review.iam.statement import Document, document
from cdk_inference.review.iam.workloads import Exchange, exchanges
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import label, resource_names, versions
from cdk_inference.template.values import reasons_in, unknown_in

Sort = Literal["identity", "resource", "trust"]
_TRUST = "AssumeRolePolicyDocument"


@dataclass(frozen=True)
class Broader:
    """subject: in words. pair: the resource to name where a box has none. fresh: whether the subject is new.

    public: whether a principal "*" is everybody. attached: managed policies, not in the templates, that are new.
    boundary: "" or what became of it, in words. unknown: why it is not known whom it is for. document: all that is
    allowed now. workload: whether it is a resource that runs as another role, which is then the one to name.
    """

    sort: Sort
    subject: str
    pair: ResourcePair | None
    fresh: bool
    comparison: Comparison
    public: bool = True
    attached: tuple[tuple[str, ResourcePair], ...] = ()
    boundary: str = ""
    unknown: str = ""
    document: Document = field(default_factory=Document)
    workload: bool = False

    def hit(self, pair: ResourcePair, what: str, means: str, safe: str, level: Level | None = None) -> Hit:
        """A hit; what runs as a role is one whatever service it is of."""
        return replace(pair.hit(what, means, safe, level), any_type=self.workload)

    def owner(self, box: Box) -> ResourcePair | None:
        """The resource that the statement of a box is in; for one that is gone, what it was about, or what held it."""
        found = None if self.workload else box.statement.owner
        return found if isinstance(found, ResourcePair) else self.pair


def broader(deployments: DeploymentPair) -> tuple[Broader, ...]:
    """Returns everything that became broader: of roles and the like, of resources, and of trust."""
    return deployments.computed(_broader)


def _broader(deployments: DeploymentPair) -> tuple[Broader, ...]:
    exchanged = tuple(exchanges(deployments))
    if not exchanged and not differ(deployments):
        return (*_resources(deployments), *_trusts(deployments))
    was, becomes = identities(deployments, "before"), identities(deployments, "after")
    return (
        *_identities(was, becomes),
        *_workloads(exchanged, was, becomes),
        *_resources(deployments),
        *_trusts(deployments),
    )


def _workloads(exchanged: Iterable[Exchange], was: Identities, becomes: Identities) -> Iterator[Broader]:
    """What runs as another role than before, by what both may do."""
    for one in exchanged:
        old = Identity("") if one.was == "" else was.by_key.get(one.was or "")
        new = becomes.by_key.get(one.becomes or "")
        instead = f" instead of {label(one.was)}" if one.was else ""
        subject = f"{one.pair.logical_id}, which runs as {label(one.becomes or 'a role that is not known')}{instead},"
        if new is None or old is None:
            why = f"no template has the role {'it ran as' if old is None else 'it runs as'}"
            yield Broader("identity", subject, one.pair, False, Comparison((), (), (why,)), unknown=why, workload=True)
            continue
        found = compare(old.all, new.all, granted_elsewhere=bool(new.attached))
        fresh = new.pair is not None and new.pair.before is None
        if fresh:
            # What is too much of a role that is new is found there.
            found = found._replace(allowed=tuple(box for box in found.allowed if not (admin(box) or mighty(box))))
        attached = tuple(
            (name, one.pair)
            for name in new.attached
            if name not in old.attached and not unknown_in(name) and not (fresh and _judged(name))
        )
        boundary = _boundary(old, new, was, becomes)
        yield Broader("identity", subject, one.pair, False, found, attached=attached, boundary=boundary, workload=True)


def _judged(policy: str) -> bool:
    return admin_policy(policy) or mighty_policy(policy) or unread_policy(policy)


def _identities(was: Identities, becomes: Identities) -> Iterator[Broader]:
    for key, one in becomes.by_key.items():
        old = was.by_key.get(key)
        fresh = one.pair is not None and one.pair.before is None
        before = old or Identity(key)
        # A role that no template has may be allowed anything elsewhere.
        found = compare(before.all, one.all, granted_elsewhere=bool(one.attached) or one.pair is None)
        new: tuple[tuple[str, ResourcePair], ...] = tuple(
            (name, owner)
            for name, owner in one.attached.items()
            if name not in before.attached and not unknown_in(name)
        )
        boundary = "" if fresh or old is None else _boundary(old, one, was, becomes)
        if old is None and unknown_in(key):
            # Whose it is is not known, and so neither what they were allowed before.
            found, new = found._replace(allowed=tuple(box._replace(sure=False) for box in found.allowed)), ()
        why = next(iter(reasons_in(key)), "")
        yield Broader(
            "identity",
            label(key),
            one.pair,
            fresh,
            found,
            attached=new,
            boundary=boundary,
            unknown=why,
            document=one.all,
        )
    for key in becomes.unattached:
        found = compare(was.managed.get(key, Document()), becomes.managed[key])
        document = becomes.managed[key]
        yield Broader("identity", label(key), None, key not in was.managed, found, document=document)


def _boundary(old: Identity, new: Identity, was: Identities, becomes: Identities) -> str:
    if old.boundary is None or old.boundary == new.boundary:
        if new.boundary is None or new.boundary not in becomes.managed or new.boundary not in was.managed:
            return ""
        found = compare(was.managed[new.boundary], becomes.managed[new.boundary])
        return "allows more" if found.allowed or found.denied else ""
    if new.boundary is None:
        return "is removed"
    if admin_policy(new.boundary):
        return f"becomes {label(new.boundary)}, which bounds nothing"
    if old.boundary in was.managed and new.boundary in becomes.managed:
        found = compare(was.managed[old.boundary], becomes.managed[new.boundary])
        return "allows more" if found.allowed or found.denied else ""
    return "is another one"


def _resources(deployments: DeploymentPair) -> Iterator[Broader]:
    was, becomes = policy_targets(deployments, "before"), policy_targets(deployments, "after")
    by_label = _resources_by_key(deployments)
    for place in [*becomes, *(key for key in was if key not in becomes)]:
        old, new = was.get(place), becomes.get(place)
        one = new or old
        assert one is not None
        target = by_label.get(one.key)
        if target is not None and target.after is None:
            continue  # it is gone itself
        fresh = target is not None and target.before is None
        found = compare(_document(old), _document(new), granted_elsewhere=True)
        pair = next((owner for owner in one.owners if owner.after is not None), target or one.owners[0])
        yield Broader("resource", label(one.key) or "the account", pair, fresh, found, public=one.holder.public)


def _document(one: PolicyTarget | None) -> Document:
    return Document() if one is None or one.document is None else one.document


def _resources_by_key(deployments: DeploymentPair) -> dict[str, ResourcePair]:
    found: dict[str, ResourcePair] = {}
    for stack in deployments.stacks:
        side = stack.after or stack.before
        for logical_id, pair in stack.resources.items():
            found[f"{side.key if side else ''}/{logical_id}"] = pair
    return found


def _trusts(deployments: DeploymentPair) -> Iterator[Broader]:
    for pair, old, new in trusts(deployments):
        found = compare(old or Document(), new, granted_elsewhere=True)
        yield Broader("trust", pair.logical_id, pair, old is None, found)


def trusts(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, Document | None, Document]]:
    """(role, its trust policy before, and after) of those that differ; None for a role that is new."""
    was, becomes = resource_names(deployments, "before"), resource_names(deployments, "after")
    for pair, side in versions(deployments, "after", "AWS::IAM::Role"):
        if deployments.same_names and not pair.changed_at_all:
            continue
        known = pair.before is not None and pair.before.resource.type == pair.type
        old = document(was.value(pair.before, _TRUST), pair) if known and pair.before else None
        yield pair, old, document(becomes.value(side, _TRUST), pair)

"""Which rows of the table of updates lie between two templates of one stack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from cdk_inference.review.changes import same
from cdk_inference.review.difference import MISSING, Difference
from cdk_inference.review.endpoint_properties import EndpointProperties, Owner, Property, endpoint_properties
from cdk_inference.review.finding import NotCompared
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.review.transition_matching import content, match_transition
from cdk_inference.review.transitions import BY_ID, Outcome
from cdk_inference.review.transitions.transition import Transition
from cdk_inference.template.deployments import deployment_of
from cdk_inference.template.values import mapping, readable

_NO_ROW = "differs, and its effect on the endpoint is unknown"
_NOTHING = Property(MISSING, "")


@dataclass(frozen=True, kw_only=True)
class Change:
    """A row that applies, to which endpoint or component, by which resources, and by which values."""

    transition: Transition
    subject: str
    logical_ids: tuple[str, ...]
    differences: tuple[Difference, ...] = field(default=(), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.subject}: {self.transition}"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """changes: in the order of the table, endpoint by endpoint. not_compared: what else differs, or cannot be read.

    of_endpoints: those of not_compared that are about an endpoint, a component or its scaling.
    """

    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    of_endpoints: tuple[NotCompared, ...] = ()


def classify(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    """The rows between the template that is deployed and the one that is about to be.

    Both are whole templates of one stack, as CloudFormation has them and as `cdk synth` writes them; a scalable target
    of another stack is not seen. Endpoints are matched by their names. Where something differs and no row is about it,
    `not_compared` has it; it also lists references that could not be resolved, as to an endpoint config of another
    stack. Properties are compared, tags and metadata are not.
    """
    if before == after:
        return Comparison(changes=(), not_compared=())
    old, new = (_properties(template) for template in (before, after))
    found = compare(old, new)
    others = _others(before, after, old.seen | new.seen)
    return replace(found, not_compared=tuple(sorted({*found.not_compared, *others})))


def _properties(template: dict[str, Any]) -> EndpointProperties:
    (stack,) = deployment_of({"": mapping(template)}, None).stacks
    return endpoint_properties(stack, [ResourceVersion(resource) for resource in stack.resources()])


def compare(old: EndpointProperties, new: EndpointProperties, replaced: frozenset[str] | None = None) -> Comparison:
    """Like `classify`, for properties that were read before. replaced: logical ids, where they are known."""
    found = _Found(_differing(old, new))
    _lives("endpoint", old.endpoints, new.endpoints, found)
    _lives("component", old.components, new.components, found)
    for name in old.endpoints.keys() & new.endpoints.keys():
        _compare(old.endpoints[name], new.endpoints[name], found)
        _replaced(old.endpoints[name], new.endpoints[name], replaced or frozenset(), found)
    for name in old.components.keys() & new.components.keys():
        _compare(old.components[name], new.components[name], found)
    own = tuple(sorted({*found.unmatched, *old.unread, *new.unread}))
    return Comparison(changes=found.changes(), not_compared=own, of_endpoints=own)


class _Found:
    def __init__(self, differing: set[str]) -> None:
        self._differing = differing
        self._rows: dict[tuple[str, str], set[str]] = {}
        self._differences: dict[tuple[str, str], list[Difference]] = {}
        self._updated: set[str] = set()
        self.unmatched: list[NotCompared] = []

    def add(self, subject: str, id: str, owners: Iterable[str], difference: Difference | None = None) -> None:
        self._rows.setdefault((subject, id), set()).update(self._differing.intersection(owners))
        if BY_ID[id].outcome is not Outcome.IN_PLACE:
            self._updated.add(subject)
        if difference is not None:
            self._differences.setdefault((subject, id), []).append(difference)

    def updated(self, subject: str) -> bool:
        """Whether a row is there that is more than a change in place."""
        return subject in self._updated

    def changes(self) -> tuple[Change, ...]:
        order = list(BY_ID)
        return tuple(
            Change(
                transition=BY_ID[id],
                subject=subject,
                logical_ids=tuple(sorted(owners)),
                differences=tuple(self._differences.get((subject, id), ())),
            )
            for (subject, id), owners in sorted(self._rows.items(), key=lambda row: (row[0][0], order.index(row[0][1])))
        )


def _lives(what: str, old: dict[str, Owner], new: dict[str, Owner], found: _Found) -> None:
    """Endpoints or components that are on one side only."""
    gone = {name: old[name] for name in old if name not in new}
    contents = {name: content(one) for name, one in gone.items()}
    for name in [name for name in new if name not in old]:
        subject, own = new[name], content(new[name])
        former = next(
            (
                one
                for one in gone.values()
                if one.kind is not None
                and one.kind == subject.kind
                and (one.logical_id == subject.logical_id or contents[one.name] == own)
            ),
            None,
        )
        if former is None:
            found.add(name, f"{what}-added", [subject.logical_id])
        else:
            del gone[former.name]
            names = (Property(one.name, one.logical_id) for one in (former, subject))
            renamed = Difference(former, subject, (what, "Name"), *names)
            found.add(name, f"{what}-renamed", [former.logical_id, subject.logical_id], renamed)
    for name, subject in gone.items():
        found.add(name, f"{what}-removed", [subject.logical_id])


def _compare(old: Owner, new: Owner, found: _Found) -> None:
    for difference in _differences(old, new):
        id = match_transition(difference)
        if id is None:
            owners, path = ", ".join(sorted(difference.owners)), readable("/".join(difference.path))
            found.unmatched.append(NotCompared(logical_id=owners, path=path, why=_NO_ROW))
        else:
            found.add(new.name, id, difference.owners, difference)


def _replaced(old: Owner, new: Owner, replaced: frozenset[str], found: _Found) -> None:
    """A config or model of the same content that is made anew: the endpoint is updated all the same."""
    known = old.kind is not None and new.kind is not None
    anew = (old.made_of ^ new.made_of) | (new.made_of & replaced)
    if known and anew and not found.updated(new.name):
        found.add(new.name, "config-other", anew)


def _differences(old: Owner, new: Owner) -> Iterable[Difference]:
    both = [(path, was, new.properties.get(path, _NOTHING)) for path, was in old.properties.items()]
    both += [(path, _NOTHING, new.properties[path]) for path in new.properties.keys() - old.properties.keys()]
    differing = [
        Difference(old, new, path, was, becomes)
        for path, was, becomes in both
        if was.value is not becomes.value and not same(was.value, becomes.value)
    ]
    yield from sorted(differing, key=lambda difference: difference.path)


def _sides(before: dict[str, Any], after: dict[str, Any]) -> Iterable[tuple[str, dict[str, Any], dict[str, Any]]]:
    """(logical id, before, after), {} where the resource is not there."""
    was, becomes = (mapping(mapping(template).get("Resources")) for template in (before, after))
    for logical_id in sorted(was.keys() | becomes.keys()):
        yield logical_id, mapping(was.get(logical_id)), mapping(becomes.get(logical_id))


def _differing(old: EndpointProperties, new: EndpointProperties) -> set[str]:
    return {
        logical_id
        for logical_id in old.resources.keys() | new.resources.keys()
        if old.resources.get(logical_id) != new.resources.get(logical_id)
    }


def _others(before: dict[str, Any], after: dict[str, Any], seen: set[str]) -> Iterable[NotCompared]:
    """Yields resources that differ and belong to no endpoint that was read, and the template's other sections."""
    whole = [mapping(template) for template in (before, after)]
    for section in sorted((whole[0].keys() | whole[1].keys()) - {"Resources", "Metadata", "Description"}):
        if whole[0].get(section) != whole[1].get(section):
            yield NotCompared(why=f"{section} of the template")
    for logical_id, was, becomes in _sides(before, after):
        if logical_id not in seen and _content(was) != _content(becomes):
            yield NotCompared(logical_id=logical_id, why=str(becomes.get("Type", was.get("Type"))))


def _content(resource: dict[str, Any]) -> tuple[Any, Any]:
    return resource.get("Type"), resource.get("Properties")

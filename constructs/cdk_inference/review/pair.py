"""What is compared: two deployments, their stacks and their resources, side by side.

Rules read these. A resource has a `before` and an `after`; either is None where there is none.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from cdk_inference.review.changes import PropertyChange, changes, identical
from cdk_inference.review.classify import Comparison, compare
from cdk_inference.review.cost import CostDifference
from cdk_inference.review.create_only import create_only
from cdk_inference.review.endpoint_properties import EndpointProperties, endpoint_properties
from cdk_inference.review.endpoint_resources import records
from cdk_inference.review.finding import Hit, Level, NotCompared
from cdk_inference.review.replacement import KeptResource, Replacement, replacements
from cdk_inference.review.resource_versions import ResourceVersion, as_text
from cdk_inference.template.assembly import Finding as Reported
from cdk_inference.template.stacks import REFERRED_TO, Deployment, Resource, Stack
from cdk_inference.template.values import mapping, reference, references_in

# The number of an AWS account in a text.
ACCOUNT = re.compile(r"(?<!\d)\d{12}(?!\d)")
# The sections that values depend on, besides the resources.
_SCOPE = ("Parameters", "Mappings", "Conditions", "Transform", "Outputs")
Arguments = ParamSpec("Arguments")
Computed = TypeVar("Computed")


@dataclass(eq=False, kw_only=True)
class ResourcePair:
    """A resource before and after, under one logical id of one stack."""

    stack: StackPair
    logical_id: str
    before: ResourceVersion | None
    after: ResourceVersion | None

    def __post_init__(self) -> None:
        side = self.after or self.before
        assert side is not None, "a resource is on one side at least"
        # The CloudFormation type, of the later one where it was changed.
        self.type = side.resource.type

    @property
    def added(self) -> bool:
        """Whether it is new."""
        return self.before is None

    @property
    def removed(self) -> bool:
        """Whether it is no longer there."""
        return self.after is None

    @property
    def changed_at_all(self) -> bool:
        """Whether it is added, removed, of another type, or a property differs or may differ."""
        if self.before is None or self.after is None:
            return True
        return self.before.resource.type != self.after.resource.type or bool(self.changes)

    @functools.cached_property
    def changes(self) -> tuple[PropertyChange, ...]:
        """Properties that differ, or may. () where the resource is on one side only, or of another type.

        An ARN that is written out is the reference to the resource that has its name.
        """
        return tuple(one for one in self._changes() if not (one.known and self.stack.same_arn(one.before, one.after)))

    @functools.cached_property
    def known(self) -> bool:
        """Whether both sides of each change are known."""
        return all(change.known for change in self.changes)

    def _changes(self) -> tuple[PropertyChange, ...]:
        if self.before is None or self.after is None or self.before.resource.type != self.after.resource.type:
            return ()
        old, new = self.before, self.after
        if self.stack.same_scope and not new.depends_on_other_stacks and new.written_like(old):
            return ()
        if not self.stack.same_scope or new.depends_on_other_stacks or "" in new.texts.values():
            return tuple(changes((old.written, new.written), (old.properties, new.properties), same_scope=False))
        # What is written alike has the same value, so that it need not be evaluated.
        names = {name for name in old.texts | new.texts if old.texts.get(name) != new.texts.get(name)}
        written = tuple({name: side.written[name] for name in names if name in side.written} for side in (old, new))
        values = tuple({name: side.get(name) for name in names if name in side.written} for side in (old, new))
        return tuple(changes((written[0], written[1]), (values[0], values[1]), same_scope=True)) if names else ()

    @property
    def replacement(self) -> Replacement | None:
        """Whether, and why, CloudFormation makes another resource in its place."""
        return self.stack.replacements.get(self.logical_id)

    def changed(self, *path: str) -> PropertyChange | None:
        """The first change at or below a path of property names."""
        return next((one for one in self.changes if one.path[: len(path)] == path), None)

    def not_compared(self, why: str, path: str = "") -> NotCompared:
        """Something of this resource that could not be compared."""
        return NotCompared(stack=self.stack.name, logical_id=self.logical_id, path=path, why=why)

    @property
    def path(self) -> str:
        """The construct path, without the name of the resource that a construct consists of; "" where there is none."""
        for side in (self.after, self.before):
            if side is not None:
                noted = mapping(side.resource.written.get("Metadata")).get("aws:cdk:path", "")
                found = side.resource.stack.paths.get(self.logical_id) or str(noted)
                return found.removesuffix("/Resource").removesuffix("/Default")
        return ""

    def hit(self, what: str, means: str, safe: str, level: Level | None = None) -> Hit:
        """A hit about this resource."""
        return Hit(
            stack=self.stack.name,
            logical_id=self.logical_id,
            type=self.type,
            what=what,
            means=means,
            safe=safe,
            level=level,
            file=self.stack.file,
            path=self.path,
        )


@dataclass(eq=False, kw_only=True)
class StackPair:
    """A stack before and after; either is None where there is none.

    deleted: whether the deployment deletes what the stack had: a nested stack that is gone. A stack that is merely no
    longer in the app stays as it is; it has no `resources` here. targets: scalable targets of other stacks that scale
    something in this one, before and after. elsewhere: logical ids of its own that scale something in another stack.
    """

    name: str
    before: Stack | None
    after: Stack | None
    deleted: bool = False
    targets: tuple[Sequence[Resource], Sequence[Resource]] = ((), ())
    elsewhere: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    resources: dict[str, ResourcePair] = field(default_factory=dict)

    @property
    def file(self) -> Path | None:
        """The template, of the later side where there is one."""
        stack = self.after or self.before
        return stack.file if stack is not None else None

    @functools.cached_property
    def same_scope(self) -> bool:
        """Whether parameters, Mappings, conditions, region and name are the same, so that equal words mean the same."""
        old, new = self.before, self.after
        if old is None or new is None or (old.region, old.name, old.given) != (new.region, new.name, new.given):
            return False
        return all(identical(old.template.get(section), new.template.get(section)) for section in _SCOPE)

    @functools.cached_property
    def same_names(self) -> bool:
        """Whether every reference in the stack has the same value before and after, where it is written alike."""
        if not self.same_scope or self.before is None or self.after is None or self.before.key != self.after.key:
            return False
        for pair in self.resources.values():
            old, new = pair.before, pair.after
            if old is None or new is None or old.resource.type != new.resource.type:
                return False
            for name in () if new.written_like(old) else REFERRED_TO.get(old.resource.type, ()):
                if not identical(old.written.get(name), new.written.get(name)):
                    return False
        return True

    def share_values(self) -> None:
        """Has what is written alike before and after evaluated once."""
        for pair in self.resources.values() if self.same_names else ():
            if pair.before is not None and pair.after is not None:
                pair.after.share(pair.before)

    def same_arn(self, before: object, after: object) -> bool:
        """Whether one is an ARN as text, and the other refers to the resource of this stack that has it."""
        for text, mark, side in ((before, after, "after"), (after, before, "before")):
            if isinstance(text, str) and isinstance(mark, str) and text.startswith("arn:"):
                found = references_in(mark)
                if len(found) == 1 and mark == reference(*found[0]) and found[0][1] in self.resources:
                    version: ResourceVersion | None = getattr(self.resources[found[0][1]], side)
                    return version is not None and _has_arn(version, text) and not self.foreign(text)
        return False

    def foreign(self, arn: str) -> bool:
        """Whether an ARN is of another account than those that the deployed template names, if it names any."""
        account = (arn.split(":", 5) + [""] * 5)[4]
        return bool(ACCOUNT.fullmatch(account) and self._accounts and account not in self._accounts)

    @functools.cached_property
    def _accounts(self) -> frozenset[str]:
        if self.before is None:
            return frozenset()
        given = " ".join(str(one) for one in self.before.given.values())
        return frozenset(ACCOUNT.findall(f"{as_text(self.before.template)} {given}"))

    @functools.cached_property
    def replacements(self) -> dict[str, Replacement]:
        """Logical id -> replacement, also of what refers to something that is replaced."""
        return replacements(
            {
                logical_id: KeptResource(pair.type, pair.changes, pair.after)
                for logical_id, pair in self.resources.items()
                if pair.before is not None and pair.after is not None
            }
        )

    @functools.cached_property
    def updates(self) -> Comparison:
        """The rows of the table of updates between the two, with parameters and conditions put in."""
        there = self.after is not None or self.deleted
        if self.before is None or not there or not self._differs:
            return Comparison(changes=(), not_compared=())
        replaced = frozenset(name for name, one in self.replacements.items() if one.certain)
        return compare(*self.endpoint_properties, replaced)

    @functools.cached_property
    def endpoint_properties(self) -> tuple[EndpointProperties, EndpointProperties]:
        """Endpoints and components with all that belongs to each, before and after."""
        old = [pair.before for pair in self._in_order_of(self.before) if pair.before is not None]
        new = [pair.after for pair in self._in_order_of(self.after) if pair.after is not None]
        return (
            endpoint_properties(self.before, old, self.targets[0], self.elsewhere[0]),
            endpoint_properties(self.after, new, self.targets[1], self.elsewhere[1]),
        )

    def _in_order_of(self, stack: Stack | None) -> Iterator[ResourcePair]:
        if stack is not None:
            yield from (self.resources[one] for one in stack.written if one in self.resources)

    def owner_hit(self, subject: str, what: str, means: str, safe: str, level: Level | None = None) -> Hit:
        """A hit about an endpoint or component, by its name as `updates` and `endpoint_properties` have it."""
        sides = [side for one in reversed(self.endpoint_properties) for side in (one.endpoints, one.components)]
        logical_id = next((side[subject].logical_id for side in sides if subject in side), "")
        resource = self.resources.get(logical_id)
        hit = self.hit if resource is None else resource.hit
        return hit(what, means, safe, level)

    @property
    def _differs(self) -> bool:
        if not self.same_scope or any(one.added or one.removed or one.changes for one in self.resources.values()):
            return True
        scaled = [records((), side) for side in self.targets]
        return bool(scaled[0] != scaled[1])

    def of(self, *types: str) -> Iterator[ResourcePair]:
        """The resources of these types, before or after; all if none is named."""
        if not types:
            yield from self.resources.values()
            return
        places = {place for kind in types for place in self._by_type.get(kind, ())}
        pairs = list(self.resources.values()) if places else []
        yield from (pairs[place] for place in sorted(places))

    @functools.cached_property
    def _by_type(self) -> dict[str, list[int]]:
        """Type, before or after -> places of its resources."""
        by_type: dict[str, list[int]] = {}
        for place, pair in enumerate(self.resources.values()):
            for kind in {side.resource.type for side in (pair.before, pair.after) if side is not None}:
                by_type.setdefault(kind, []).append(place)
        return by_type

    def hit(self, what: str, means: str, safe: str, level: Level | None = None) -> Hit:
        """A hit about the whole stack."""
        return Hit(
            stack=self.name, logical_id="", type="", what=what, means=means, safe=safe, level=level, file=self.file
        )


def _has_arn(version: ResourceVersion, arn: str) -> bool:
    """By service and fixed name, as "arn:aws:sns:us-east-1:111122223333:name"."""
    service = version.resource.type.split("::")[1].lower()
    names = (version.get(name) for name in create_only(version.resource.type).names)
    parts = arn.split(":", 5)
    last = re.split("[:/]", parts[-1])[-1]
    return len(parts) == 6 and parts[2] == service and any(isinstance(one, str) and one == last for one in names)


@dataclass(eq=False, frozen=True, kw_only=True)
class DeploymentPair:
    """Both deployments. stacks: a pair for each stack of either. not_compared: what the pairing could not compare.

    complete: whether every template of both sides could be read. cost: the difference of the estimates, if there is
    one. today: the day that acknowledgements expire by.
    """

    before: Deployment
    after: Deployment
    stacks: tuple[StackPair, ...]
    not_compared: tuple[NotCompared, ...]
    complete: bool = True
    cost: CostDifference | None = None
    today: datetime.date = field(default_factory=datetime.date.today)
    _computed: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)

    def computed(
        self,
        compute: Callable[Concatenate[DeploymentPair, Arguments], Computed],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Computed:
        """Returns what `compute` makes of this pair; computed once, since several rules read it."""
        key = (compute, arguments, tuple(options.items()))
        if key not in self._computed:
            self._computed[key] = compute(self, *arguments, **options)
        found: Computed = self._computed[key]
        return found

    @functools.cached_property
    def same_names(self) -> bool:
        """Whether every reference has the same value before and after, where it is written alike."""
        return all(stack.same_names for stack in self.stacks)

    @property
    def compared(self) -> frozenset[str]:
        """Names of the stacks that a deployment makes, changes or deletes: those that are gone stay as they are."""
        return frozenset(one.name for one in self.stacks if one.after is not None or one.deleted)

    @property
    def reports(self) -> tuple[tuple[Reported, ...] | None, tuple[Reported, ...] | None]:
        """What the validation reports say, before and after; None where there is none."""
        return self.before.findings, self.after.findings

"""A property that protects, and the ways in which it is loosened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import certainly_there
from cdk_inference.review.formatting import value
from cdk_inference.review.pair import ResourcePair, StackPair
from cdk_inference.review.resource_versions import ResourceVersion

# (before, after) -> how it is loosened, in words; "" where it is not. None is a value that is not there.
Comparator = Callable[[Any, Any], str]
Steps = tuple[str, ...]
_SHOWN_MAX = 4
_NAMED_MAX = 3  # steps of a path that are shown


@dataclass(frozen=True, kw_only=True)
class Protection:
    """One row. That its property exists is tested against CloudFormation's resource schemas.

    path: keys; "[Name]" is a list with items identified by their Name, "[]" one by their order.
    comparator: how it is loosened. lost: what that means, as the end of a sentence. within: how many steps of the
    path must still be there, for else something else is taken away. unless: a property that protects in its place.
    """

    type: str
    path: Steps
    comparator: Comparator
    lost: str
    within: int = 0
    unless: Steps = ()

    @property
    def source(self) -> str:
        """The page of the type."""
        name = self.type.removeprefix("AWS::").replace("::", "-").lower()
        folder = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference"
        return f"{folder}/aws-resource-{name}.html"


class Loosened(NamedTuple):
    """What is loosened of one resource, by a row for each."""

    pair: ResourcePair
    whats: tuple[str, ...]
    losts: tuple[str, ...]

    @property
    def what(self) -> str:
        """All of it, in words."""
        more = len(self.whats) - _SHOWN_MAX
        return "; ".join(self.whats[:_SHOWN_MAX]) + (f"; and {more} more" if more > 0 else "")

    @property
    def means(self) -> str:
        """What that means."""
        return "; ".join(self.losts[:_SHOWN_MAX])


def rows(
    type: str, lost: str, *protections: tuple[Steps, Comparator], within: int = 0, unless: Steps = ()
) -> tuple[Protection, ...]:
    """Rows of one type that mean the same."""
    return tuple(
        Protection(type=type, path=path, comparator=comparator, lost=lost, within=within, unless=unless)
        for path, comparator in protections
    )


def loosened(pair: StackPair, table: tuple[Protection, ...]) -> Iterator[Loosened]:
    """What of the rows is loosened between two stacks, by resource. The pairing reports what is not known."""
    by_type: dict[str, list[Protection]] = {}
    for protection in table:
        by_type.setdefault(protection.type, []).append(protection)
    for resource in pair.of(*by_type):
        before, after = resource.before, resource.after
        if before is None or after is None or before.resource.type != after.resource.type or not resource.changes:
            continue
        found: list[tuple[str, str]] = []
        changed = {step for change in resource.changes for step in change.path[:1]}
        for protection in by_type.get(resource.type, ()):
            if protection.path[0] in changed:
                found += [(what, protection.lost) for what in _loosened(protection, before, after)]
        if found:
            whats, losts = (tuple(dict.fromkeys(one)) for one in zip(*found, strict=True))
            yield Loosened(resource, whats, losts)


def _loosened(protection: Protection, before: ResourceVersion, after: ResourceVersion) -> Iterator[str]:
    was, becomes = (dict(_values(side.properties, protection.path, ())) for side in (before, after))
    written = dict(_values(before.written, protection.path, ()))
    if protection.unless and after.get(*protection.unless) is not None:
        return
    if protection.within:
        there = dict(_values(after.properties, protection.path[: protection.within], ()))
        if all(one is None for one in there.values()):
            return
    for place, old in was.items():
        new = becomes.get(place)
        if place not in becomes and any(step.startswith("[") and step != "[]" for step in protection.path):
            continue  # the item is gone, and so is what it protected
        if new is None and isinstance(old, Unknown) and old.text is not None and certainly_there(written.get(place)):
            old = old.text
        if isinstance(old, Unknown) or isinstance(new, Unknown):
            continue
        words = protection.comparator(old, new)
        if words:
            named = [step for step in place if not step.isdigit()]
            yield f"{'.'.join(named[-_NAMED_MAX:])} {words}"


def _values(found: Any, path: Steps, place: Steps) -> Iterator[tuple[Steps, Any]]:
    """(place, value) of each that the path leads to; None where there is none."""
    if not path or isinstance(found, Unknown):
        yield place, found
        return
    step, rest = path[0], path[1:]
    if not step.startswith("["):
        inner = found.get(step) if isinstance(found, dict) else None
        yield from _values(inner, rest, (*place, step))
    elif isinstance(found, list):
        for number, one in enumerate(found):
            name = one.get(step[1:-1]) if isinstance(one, dict) and step != "[]" else number
            yield from _values(one, rest, (*place, str(name)))


def text(found: Any) -> str:
    """As CloudFormation compares: true is "true"."""
    return str(found).lower() if isinstance(found, bool) else str(found)


def shown(was: Any, becomes: Any) -> str:
    """ "changes from X to Y"."""
    if becomes is None:
        return f"is removed (was {value(was)})"
    return f"changes from {value(was)} to {value(becomes)}"

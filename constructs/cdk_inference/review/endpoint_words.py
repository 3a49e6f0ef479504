"""Changes of endpoints in the words of the template: properties with their old and new values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from cdk_inference.review.classify import Change
from cdk_inference.review.difference import MISSING, Difference
from cdk_inference.review.endpoint_properties import Path
from cdk_inference.review.formatting import value
from cdk_inference.review.transitions.transition import Transition
from cdk_inference.template.values import readable

_TEXTS_MAX = 3
# What a group of properties that comes or goes as a whole is called. The length of the path that names it.
_WHOLE = 4
_LONG = 3

# Of rows that are about an endpoint or component as a whole.
_LIVES = {
    "endpoint-added": "the endpoint {name} is new",
    "endpoint-removed": "the endpoint {name} is removed",
    "component-added": "the inference component {name} is new",
    "component-removed": "the inference component {name} is removed",
    "config-other": "the endpoint config or model is replaced by another one with the same content",
}
_WHOLE_LIVES = frozenset(_LIVES) - {"config-other"}
_CALLED = {"endpoint": "endpoint", "component": "inference component"}
_AUTOSCALED = ", and the variant is autoscaled"
_BY_HAND = (
    "in two deployments: 1. remove the scalable targets of all variants of the endpoint and their policies, and set "
    "InitialInstanceCount to the current number of instances; 2. add them back together with the change"
)
_SAFE = {"zero-minimum": "keep MinCapacity at 1 or more; an asynchronous endpoint or a component can go to 0"}
_BESIDE = "create the new one next to the old one, move the callers, then remove the old one"


class _Text(NamedTuple):
    """One difference in words. label: of what; was, becomes: values."""

    label: str
    was: Any
    becomes: Any

    def __str__(self) -> str:
        if self.was is MISSING:
            return f"{self.label} is added" + (f": {value(self.becomes)}" if self.becomes is not None else "")
        if self.becomes is MISSING:
            return f"{self.label} is removed" + (f" (was {value(self.was)})" if self.was is not None else "")
        return f"{self.label} changes from {value(self.was)} to {value(self.becomes)}"


def change_words(change: Change) -> str:
    """Returns a row with the values that it is about."""
    row = change.transition
    texts = list(dict.fromkeys(map(str, _texts(change.differences))))
    if not texts or row.id.endswith(("endpoint-renamed", "component-renamed")) or row.id in _WHOLE_LIVES:
        name = readable(change.subject)
        if row.id.endswith("-renamed") and change.differences:
            return _renamed(row.id.removesuffix("-renamed"), change.differences[0])
        return _LIVES.get(row.id, f"{row.change} of {{name}}").format(name=name)
    more = len(texts) - _TEXTS_MAX
    text = "; ".join(texts[:_TEXTS_MAX]) + (f"; and {more} more of the same" if more > 0 else "")
    return text + (_AUTOSCALED if row.id.endswith("-autoscaled") else "")


def _renamed(what: str, difference: Difference) -> str:
    """Without a name of its own, an endpoint gets one that is made of its logical id."""
    sides = ((difference.old, difference.was.value), (difference.new, difference.becomes.value))
    was, becomes = (
        f"a generated one ({value(name)})" if name == one.logical_id else value(name) for one, name in sides
    )
    return f"the name of the {_CALLED[what]} changes from {was} to {becomes}"


def steps_words(row: Transition) -> str:
    """What to deploy instead of the change as it is."""
    return _BY_HAND if row.id.endswith("-autoscaled") else _SAFE.get(row.id, _BESIDE)


def _texts(differences: Iterable[Difference]) -> Iterator[_Text]:
    # What comes or goes as a whole first, then the variant, then what scales it.
    for one in sorted(differences, key=lambda one: (one.path[0] == "scaling", len(one.path) > _LONG)):
        path = one.path
        group = _group(path)
        if group is not None:
            old, new = (any(other[: len(group)] == group for other in side.properties) for side in (one.old, one.new))
            if old != new:
                yield _Text(_label(group), None if old else MISSING, None if new else MISSING)
                continue
        yield _Text(_label(path), one.was.value, one.becomes.value)


def _group(path: Path) -> Path | None:
    """The part of a path that comes or goes as a whole: a variant, a scalable target, a policy, an alarm."""
    if path[0] == "scaling":
        return path[:_WHOLE] if path[2:3] == ("policy",) else path[:2]
    return path[:2] if path[0] in ("variant", "alarm") else path[:1] if path[0] == "log" else None


def _label(path: Path) -> str:
    for step, words in _LABELS.items():
        if path[0] == step:
            return words(tuple(map(readable, path)))
    return ".".join(map(readable, path))


def _joined(steps: Path) -> str:
    return ".".join(step for step in steps if not step.isdigit())


def _variant(path: Path) -> str:
    if len(path) == 2:
        return f"the variant {path[1]}"
    place = f"the variant {path[1]}"
    if path[2] == "pool":
        return f"{_joined(path[5:])} of the model of {place} on {path[3]}"
    return f"{_joined(path[3:])} of the model of {place}" if path[2] == "model" else f"{_joined(path[2:])} of {place}"


def _scaling(path: Path) -> str:
    target = f"the scalable target of the variant {path[1]}" if path[1] else "the scalable target"
    if len(path) == 2:
        return target
    if path[2] != "policy":
        return f"{_joined(path[2:])} of {target}"
    return f"the scaling policy {path[3]}" if len(path) == _WHOLE else f"{_joined(path[4:])} of the policy {path[3]}"


def _alarm(path: Path) -> str:
    return f"the rollback alarm {path[1]}" + ("" if len(path) == 2 else f", {_joined(path[2:])}")


def _specification(path: Path) -> str:
    return f"{_joined(path[2:])} of its model" if path[1:2] == ("model",) else _joined(path[1:])


_LABELS: dict[str, Callable[[Path], str]] = {
    "variant": _variant,
    "scaling": _scaling,
    "alarm": _alarm,
    "log": lambda path: "its log group" if len(path) == 1 else f"{_joined(path[1:])} of its log group",
    "specification": _specification,
    "type": lambda path: f"{_joined(path[2:])} on {path[1]}" if len(path) > 1 else "its copies",
    "config": lambda path: _joined(path[1:]),
    "endpoint": lambda path: _joined(path[1:]),
    "component": lambda path: _joined(path[1:]),
}

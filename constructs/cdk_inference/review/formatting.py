"""Words that several rules share."""

from __future__ import annotations

from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import MISSING
from cdk_inference.review.classify import Change
from cdk_inference.review.replacement import Replacement
from cdk_inference.review.transitions.transition import Transition
from cdk_inference.template.values import shown

_LISTED_MAX = 3
_VALUE_MAX = 80
_BY_HAND = (
    "In a template by hand: 1. take the scalable target and its policies out, with InitialInstanceCount at the "
    "instances that serve the load now; 2. put them back together with the change"
)


def replaced_words(found: Replacement) -> str:
    """ "is replaced, since X cannot be changed"."""
    done = "is replaced" if found.certain else "may be replaced"
    if found.because:
        return f"{done}, since {found.by[0]} refers to {found.because[0]}, which {done}"
    if found.unknown:
        return f"{done}: whether {listed(found.by)} changes is not known"
    return f"{done}, since {listed(found.by)} cannot {'be changed' if found.certain else 'always be changed'}"


def if_so(found: Replacement, text: str) -> str:
    """`text`, with a reserve where the replacement is not certain."""
    return text if found.certain else f"if so, {text}"


def listed(names: tuple[str, ...]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - _LISTED_MAX
    return ", ".join(names[:_LISTED_MAX]) + (f" and {more} more" if more > 0 else "")


def value(found: Any) -> str:
    """A value of a template, short, as a person writes it."""
    if found is MISSING or found is None:
        return "nothing"
    if isinstance(found, Unknown):
        return f"unknown ({found.reason})"
    if isinstance(found, bool):
        return str(found).lower()
    text = shown(found if isinstance(found, str) else str(found))
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 1]}…"


def change_words(change: Change) -> str:
    """A row of the table of updates, and by which resources."""
    row = change.transition
    when = f", {row.when}" if row.when else ""
    by = f", by {listed(change.logical_ids)}" if change.logical_ids else ""
    return f"{row.change}{when} ({change.subject}{by})"


def steps_words(row: Transition) -> str:
    """What to deploy instead of the change as it is."""
    if not row.steps:
        return "make the new one beside the old one, move the callers, then take the old one out"
    steps = "; ".join(f"{number}. {step}" for number, step in enumerate(row.steps, 1))
    return f"in two deployments: {steps}. {_BY_HAND}"

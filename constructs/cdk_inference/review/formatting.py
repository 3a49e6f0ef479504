"""Words that several rules share."""

from __future__ import annotations

from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.changes import MISSING
from cdk_inference.review.replacement import Replacement
from cdk_inference.template.values import readable

_LISTED_MAX = 3
_VALUE_MAX = 80
_DEPTH_MAX = 4


def replaced_words(found: Replacement) -> str:
    """ "is replaced, since X cannot be changed"."""
    done = "is replaced" if found.certain else "may be replaced"
    if found.because:
        return f"{done}, since {found.by[0]} refers to {found.because[0]}, which {done}"
    if found.unknown:
        return f"{done}: whether {listed(found.by)} changes is not known"
    values = tuple(f"{'/'.join(one.path)} ({value(one.before)} to {value(one.after)})" for one in found.changes)
    return f"{done}, since {listed(values)} cannot {'be changed' if found.certain else 'always be changed'}"


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
    text = readable(_plain(found, 0))
    return text if len(text) <= _VALUE_MAX else f"{text[: _VALUE_MAX - 1]}…"


def _plain(found: Any, depth: int) -> str:
    """Lists and objects without the brackets of one item, as far as a person reads on."""
    if depth > _DEPTH_MAX or not isinstance(found, (dict, list, tuple)):
        return str(found).lower() if isinstance(found, bool) else str(found)
    if isinstance(found, dict):
        if len(found) == 1:
            return _plain(next(iter(found.values())), depth + 1)
        return f"{{{', '.join(f'{key}: {_plain(one, depth + 1)}' for key, one in found.items())}}}"
    return ", ".join(_plain(one, depth + 1) for one in found) or "an empty list"

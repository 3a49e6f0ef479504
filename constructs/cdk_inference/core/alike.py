"""The nearest of several names to one that matches none, for the fix of an error."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

# CDK ends a logical id with eight characters of a hash, which nobody writes by heart.
_HASH = re.compile(r"[0-9A-F]{8}$")
_ALIKE = 0.6  # difflib's own default for a close match


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Returns the one of `names` that is most alike, regardless of case and of a logical id's hash; None if none is.

    Of two that are as alike, the one with the longer common beginning is nearer, then the first.
    """
    wanted = _plain(name)
    best, score = None, (_ALIKE, 0)
    for one in names:
        other = _plain(one)
        found = SequenceMatcher(None, wanted, other, autojunk=False).ratio(), _common(wanted, other)
        if found > score:
            best, score = one, found
    return best


def _common(one: str, other: str) -> int:
    return next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))


def _plain(name: str) -> str:
    return _HASH.sub("", name).lower()

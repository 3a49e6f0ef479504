"""Rollback alarms of endpoints and components: how many there are."""

from __future__ import annotations

from cdk_inference.review.endpoint_properties import Owner
from cdk_inference.review.pair import StackPair

_PATH = ("DeploymentConfig", "AutoRollbackConfiguration", "Alarms")


def lost_alarms(pair: StackPair, name: str) -> tuple[int, int] | None:
    """(before, after) where there are fewer than before; None where there are not, or where it is not known.

    A variant that goes may take its alarms along, and what becomes of another kind is another endpoint.
    """
    old, new = pair.endpoint_properties
    for top, was, becomes in (
        ("endpoint", old.endpoints, new.endpoints),
        ("component", old.components, new.components),
    ):
        if name in was and name in becomes:
            before, after = _count(was[name], top), _count(becomes[name], top)
            if was[name].kind != becomes[name].kind or (
                after and was[name].variants.keys() > becomes[name].variants.keys()
            ):
                return None
            if before is not None and after is not None and after < before:
                return before, after
    return None


def _count(subject: Owner, top: str) -> int | None:
    """How many; None where a function stands in their place."""
    for length in range(1, len(_PATH) + 1):
        leaf = subject.properties.get((top, *_PATH[:length]))
        if leaf is not None and isinstance(leaf.value, str):
            return None
    leaf = subject.properties.get((top, *_PATH))
    return len(leaf.value) if leaf is not None and isinstance(leaf.value, list) else 0

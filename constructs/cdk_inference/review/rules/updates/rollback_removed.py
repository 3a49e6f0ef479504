"""Alarms that would have stopped a bad update, and no longer do."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.endpoint_properties import Owner
from cdk_inference.review.finding import Hit
from cdk_inference.review.occurrences import lost_rollback_alarms
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.review.transitions.sources import GUARDRAILS


def check(pair: StackPair) -> Iterator[Hit]:
    """Of endpoints and components on both sides."""
    for name in dict.fromkeys(change.subject for change in pair.updates.changes):
        lost = lost_rollback_alarms(*pair.endpoint_properties, name)
        if lost is None:
            continue
        before, after = lost
        if after:
            what = f"{before - after} of its {before} rollback alarms no longer end a bad update"
            means = "what those alarms watched no longer brings the old fleet back"
        else:
            what = "no alarm ends a bad update any more"
            means = "SageMaker finishes an update whatever the new fleet answers"
        safe = "keep DeploymentConfig.AutoRollbackConfiguration, and change thresholds in the alarms"
        yield pair.owner_hit(name, what, means, safe, "warning" if after else None)


RULE = Rule(
    id="rollback-removed",
    level="error",
    title="Rollback alarms that are taken away",
    why=(
        "Without alarms in AutoRollbackConfiguration the baking period decides nothing, and a new fleet that answers "
        "with errors stays. With some alarms left it is a warning. An alarm that is renamed or gets another threshold "
        "is no finding."
    ),
    source=GUARDRAILS,
    check=check,
)


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

"""Alarms that would have stopped a bad update, and no longer do."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import StackPair
from cdk_inference.review.picture import Subject
from cdk_inference.review.rows.sources import GUARDRAILS
from cdk_inference.review.rule import Rule
from cdk_inference.template.shapes import intrinsic, items

_PATH = ("DeploymentConfig", "AutoRollbackConfiguration", "Alarms")
_TYPES = ("AWS::SageMaker::Endpoint", "AWS::SageMaker::InferenceComponent")


def check(pair: StackPair) -> Iterator[Hit]:
    """Of endpoints and components on both sides."""
    old, new = pair.pictures if any(pair.of(*_TYPES)) else (None, None)
    if old is None or new is None:
        return
    for top, was, becomes in (
        ("endpoint", old.endpoints, new.endpoints),
        ("component", old.components, new.components),
    ):
        for name in sorted(was.keys() & becomes.keys()):
            before, after = _alarms(was[name], top), _alarms(becomes[name], top)
            if before is None or after is None or after >= before:
                continue
            yield pair.subject_hit(
                name,
                f"{before - after} of its {before} rollback alarms no longer end a bad update"
                if after
                else "no alarm ends a bad update any more",
                "SageMaker finishes an update whatever the new fleet answers"
                if not after
                else "what those alarms watched no longer brings the old fleet back",
                "keep DeploymentConfig.AutoRollbackConfiguration, and change thresholds in the alarms",
                "warning" if after else None,
            )


def _alarms(subject: Subject, top: str) -> int | None:
    """How many; None where it is not known."""
    leaf = subject.leaves.get((top, *_PATH))
    if leaf is None:
        unknown = any(intrinsic(one.value) for one in subject.leaves.values() if isinstance(one.value, dict))
        whole = [subject.leaves.get((top, *_PATH[:length])) for length in (1, 2)]
        return None if unknown and any(whole) else 0
    return len(items(leaf.value)) if isinstance(leaf.value, list) else None


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

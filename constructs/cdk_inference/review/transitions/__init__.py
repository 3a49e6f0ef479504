"""Every change on a running endpoint, as data: docs/transitions.md is made of it, and `classify` finds its rows."""

from __future__ import annotations

from types import MappingProxyType

from cdk_inference.review.transitions.components import COMPONENTS
from cdk_inference.review.transitions.config import CONFIGURED
from cdk_inference.review.transitions.hardware import HARDWARE
from cdk_inference.review.transitions.kinds import LIVES
from cdk_inference.review.transitions.scaling import COUNTS
from cdk_inference.review.transitions.transition import MEANINGS, Outcome, Sure, Transition
from cdk_inference.review.transitions.variants import VARIANTS

__all__ = ["BY_ID", "MEANINGS", "TOPICS", "TRANSITIONS", "Outcome", "Sure", "Transition"]

TOPICS = MappingProxyType(
    {
        "Hardware": HARDWARE,
        "Counts and scaling": COUNTS,
        "What runs, and how": CONFIGURED,
        "Variants and shadows": VARIANTS,
        "Inference components": COMPONENTS,
        "Kinds and names": LIVES,
    }
)
TRANSITIONS: tuple[Transition, ...] = tuple(row for rows in TOPICS.values() for row in rows)
BY_ID = MappingProxyType({row.id: row for row in TRANSITIONS})

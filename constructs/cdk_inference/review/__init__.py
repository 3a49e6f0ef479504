"""What a change does to a running endpoint: the table of updates, and which of its rows lie between two templates."""

from cdk_inference.review.classify import Change, Comparison, classify
from cdk_inference.review.transitions import BY_ID, MEANINGS, TOPICS, TRANSITIONS, Outcome, Sure, Transition

__all__ = [
    "BY_ID",
    "MEANINGS",
    "TOPICS",
    "TRANSITIONS",
    "Change",
    "Comparison",
    "Outcome",
    "Sure",
    "Transition",
    "classify",
]

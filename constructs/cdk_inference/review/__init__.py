"""What a change does to what is deployed: the review of two deployments, and the table of an endpoint's updates.

`review(pair_up(load_side(...), load_side(...)))` is the whole review, `classify(before, after)` the table's rows
between two templates. Rules are in review/rules/.
"""

from cdk_inference.review.classify import Change, Comparison, classify
from cdk_inference.review.cost import CostDifference, Gate, cost_difference
from cdk_inference.review.finding import Finding, Hit, Level, NotCompared
from cdk_inference.review.load import Loaded, load_side
from cdk_inference.review.pair import DeploymentPair, ResourcePair, StackPair
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import Review, review
from cdk_inference.review.rule import Rule
from cdk_inference.review.rules import all_rules
from cdk_inference.review.transitions import BY_ID, MEANINGS, TOPICS, TRANSITIONS, Outcome, Sure, Transition

__all__ = [
    "BY_ID",
    "MEANINGS",
    "TOPICS",
    "TRANSITIONS",
    "Change",
    "Comparison",
    "CostDifference",
    "DeploymentPair",
    "Finding",
    "Gate",
    "Hit",
    "Level",
    "Loaded",
    "NotCompared",
    "Outcome",
    "ResourcePair",
    "Review",
    "Rule",
    "StackPair",
    "Sure",
    "Transition",
    "all_rules",
    "classify",
    "cost_difference",
    "load_side",
    "pair_up",
    "review",
]

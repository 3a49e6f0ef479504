"""What a change does to what runs already."""

from cdk_inference.review.transition import OUTCOMES, Transition
from cdk_inference.review.transitions import TRANSITIONS

__all__ = ["OUTCOMES", "TRANSITIONS", "Transition"]

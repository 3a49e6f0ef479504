"""A comparison to run: the same load on several candidates, for a limited time.

from cdk_inference.comparison import Comparison, EndpointCandidate
"""

from cdk_inference.comparison.candidate import EndpointCandidate
from cdk_inference.comparison.comparison import Comparison

__all__ = ["Comparison", "EndpointCandidate"]

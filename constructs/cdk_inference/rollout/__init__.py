"""How an update reaches the instances, and what stops it."""

from cdk_inference.rollout.policies import AllAtOnce, Canary, Immediate, Linear, Rolling, Rollout
from cdk_inference.rollout.when import RollbackWhen

__all__ = ["AllAtOnce", "Canary", "Immediate", "Linear", "RollbackWhen", "Rolling", "Rollout"]

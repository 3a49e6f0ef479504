"""How many instances an endpoint runs on: policies as values."""

from cdk_inference.scaling.policies import FixedCount, Scaling, TargetConcurrency, TargetInvocations

__all__ = ["FixedCount", "Scaling", "TargetConcurrency", "TargetInvocations"]

"""Counts of instances, copies or provisioned executions: scaling policies as values.

`ScalableTarget` says what is scaled; every policy answers `problems_for(target)`; kit/autoscaling makes the resources.
"""

from cdk_inference.scaling.policies import (
    CombinedPolicies,
    FixedCopies,
    FixedCount,
    Policy,
    PoolLoad,
    ProvisionedConcurrency,
    Scaling,
    ScheduledCount,
    Step,
    StepScaling,
    TargetBacklog,
    TargetConcurrency,
    TargetConcurrencyPerCopy,
    TargetInvocations,
    TargetInvocationsPerCopy,
    TargetMetric,
    TargetProvisionedUtilization,
    TargetUtilization,
)
from cdk_inference.scaling.policies.variant import target_from
from cdk_inference.scaling.scheduled_bounds import ScheduledBounds
from cdk_inference.scaling.target import ScalableTarget

__all__ = [
    "CombinedPolicies",
    "FixedCopies",
    "FixedCount",
    "Policy",
    "PoolLoad",
    "ProvisionedConcurrency",
    "ScalableTarget",
    "Scaling",
    "ScheduledBounds",
    "ScheduledCount",
    "Step",
    "StepScaling",
    "TargetBacklog",
    "TargetConcurrency",
    "TargetConcurrencyPerCopy",
    "TargetInvocations",
    "TargetInvocationsPerCopy",
    "TargetMetric",
    "TargetProvisionedUtilization",
    "TargetUtilization",
    "target_from",
]

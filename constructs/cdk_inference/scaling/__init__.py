"""How many instances, copies or provisioned executions an endpoint runs: policies as values.

`ScalableTarget` says what is scaled; every policy answers `problems_for(target)`; `scaling.attach` makes the resources.
"""

from cdk_inference.scaling.load_test import target_from
from cdk_inference.scaling.policies import (
    FixedCopies,
    FixedCount,
    Policy,
    PoolLoad,
    ProvisionedConcurrency,
    Scaling,
    ScheduledCount,
    Several,
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
from cdk_inference.scaling.target import ScalableTarget
from cdk_inference.scaling.windows import Window

__all__ = [
    "FixedCopies",
    "FixedCount",
    "Policy",
    "PoolLoad",
    "ProvisionedConcurrency",
    "ScalableTarget",
    "Scaling",
    "ScheduledCount",
    "Several",
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
    "Window",
    "target_from",
]

"""How many instances, copies or provisioned executions: policies as values. Units in the names; no CDK here."""

from cdk_inference.scaling.policies.backlog import TargetBacklog
from cdk_inference.scaling.policies.base import Policy
from cdk_inference.scaling.policies.combined import CombinedPolicies
from cdk_inference.scaling.policies.copies import TargetConcurrencyPerCopy, TargetInvocationsPerCopy
from cdk_inference.scaling.policies.custom import TargetMetric
from cdk_inference.scaling.policies.fixed import FixedCopies, FixedCount, ProvisionedConcurrency
from cdk_inference.scaling.policies.pools import PoolLoad
from cdk_inference.scaling.policies.schedule import ScheduledCount
from cdk_inference.scaling.policies.serverless import TargetProvisionedUtilization
from cdk_inference.scaling.policies.steps import Step, StepScaling
from cdk_inference.scaling.policies.utilization import TargetUtilization
from cdk_inference.scaling.policies.variant import TargetConcurrency, TargetInvocations

# What a real-time endpoint takes today.
Scaling = FixedCount | TargetInvocations | TargetConcurrency

__all__ = [
    "CombinedPolicies",
    "FixedCopies",
    "FixedCount",
    "Policy",
    "PoolLoad",
    "ProvisionedConcurrency",
    "Scaling",
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
]

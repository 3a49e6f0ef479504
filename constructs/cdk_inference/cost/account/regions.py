"""Where CloudFormation has the types of cost control: they are younger, or absent, in some regions.

Regions without a type, from CloudFormation's schemas of 2026-10-20 as cfn-lint 1.58.0 ships them. A region that is in
none of these is let through: it may be newer than the table. AWS bills an account in all regions alike, so a stack in
us-east-1 serves all of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem

SCHEMAS = "2026-10-20"
_BUDGETS = frozenset(
    {
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-3", "ap-south-2", "ap-southeast-3", "ap-southeast-4"),
        *("ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-north-1"),
        *("eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "mx-central-1", "us-gov-east-1", "us-gov-west-1"),
    }
)
_ANOMALIES = frozenset(
    {
        *("ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "mx-central-1"),
        *("us-gov-east-1", "us-gov-west-1"),
    }
)
ABSENT: Mapping[str, frozenset[str]] = {
    "AWS::Budgets::Budget": _BUDGETS,
    "AWS::Budgets::BudgetsAction": _BUDGETS,
    "AWS::CE::AnomalyMonitor": _ANOMALIES,
    "AWS::CE::AnomalySubscription": _ANOMALIES,
}


def missing_type(kind: str, region: str) -> Problem | None:
    """Why a resource of `kind` cannot be made in `region`; None if it can, or if the region is not known."""
    if is_token(region) or region not in ABSENT[kind]:
        return None
    allowed = f"a region in which CloudFormation has {kind} (schemas of {SCHEMAS})"
    if region.startswith("us-gov-"):
        return Problem("region", region, allowed, "no region of GovCloud has it: leave it out")
    return Problem("region", region, allowed, "put it in a stack in us-east-1")

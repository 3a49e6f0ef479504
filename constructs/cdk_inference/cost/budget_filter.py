"""Which costs a budget counts, in the newer of AWS's two filter languages; one budget takes one of them.

FilterExpression and Metrics; CostFilters and CostTypes are deprecated since 2025-04-18 (botocore 1.44.5,
budgets.CreateBudget, read 2026-11-24). Here a tag's key stands as resources carry it, in the older one with "user:".
"""

from __future__ import annotations

from typing import Any

from cdk_inference.cost.cost_tag import CostTag

# Charge types as Cost Explorer names them: https://github.com/aws/aws-sdk/issues/40 (read 2026-11-24)
NOT_SPENT = ("Credit", "Refund")


def filter_expression(tag: CostTag | None, *, count_credits: bool) -> dict[str, Any] | None:
    """The expression; None counts everything."""
    parts: list[dict[str, Any]] = []
    if tag is not None:
        parts.append({"tags": {"key": tag.key, "values": [tag.value], "matchOptions": ["EQUALS"]}})
    if not count_credits:
        parts.append({"not": {"dimensions": {"key": "RECORD_TYPE", "values": list(NOT_SPENT)}}})
    if len(parts) > 1:
        return {"and": parts}
    return parts[0] if parts else None

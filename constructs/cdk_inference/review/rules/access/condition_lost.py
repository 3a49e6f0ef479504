"""A permission that held under a condition, and now holds without it."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.iam.broader import broader
from cdk_inference.review.iam.describe import by_owner, clauses, requests
from cdk_inference.review.iam.public import public
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule


def check(deployments: DeploymentPair) -> Iterator[Hit]:
    """Of whatever was there before."""
    for broadening in broader(deployments):
        if broadening.fresh:
            continue
        boxes = [box for box in broadening.comparison.allowed if box.sure and box.lost]
        boxes = [box for box in boxes if broadening.sort == "identity" or not (broadening.public and public(box))]
        for pair, _, own in by_owner(broadening, boxes):
            requested = requests(own, principals=broadening.sort != "identity")
            yield broadening.hit(
                pair,
                f"{broadening.subject}: {requested} is allowed without the condition {clauses(own)}",
                "callers that the condition excluded are allowed: other accounts, other networks, calls without a "
                "guardrail",
                "keep the condition, and add the missing value to its list",
            )


RULE = Rule(
    id="condition-lost",
    level="error",
    title="A condition that no longer narrows a permission",
    why=(
        "Conditions such as aws:SourceAccount, sts:ExternalId, aws:SourceVpce or bedrock:GuardrailIdentifier restrict "
        "a statement. A condition that is removed, or that applies only if the key is present, is a finding. One that "
        "became narrower, or uses another operator with the same meaning, is not; other values "
        "of the same key are permission-broader or trust-broader."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html "
    "(read 2026-11-24)",
    check_all=check,
)

"""Something that was denied, and no longer is."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit, NotCompared
from cdk_inference.review.iam.broader import broader
from cdk_inference.review.iam.describe import by_owner, requests, undecided
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.rule import Rule


def check(deployments: DeploymentPair) -> Iterator[Hit | NotCompared]:
    """Of whatever was there before."""
    for broadening in broader(deployments):
        if broadening.fresh:
            continue
        yield from undecided(broadening, [box for box in broadening.comparison.denied if not box.sure])
        for pair, _, own in by_owner(broadening, [box for box in broadening.comparison.denied if box.sure]):
            yield broadening.hit(
                pair,
                f"{broadening.subject} no longer denies {requests(own, principals=broadening.sort != 'identity')}",
                "a Deny overrides every Allow; without it any request that is allowed goes through, such as calls "
                "without TLS",
                "keep the Deny; to let one caller through, name it in a condition of the Deny",
            )


RULE = Rule(
    id="deny-lost",
    level="error",
    title="A Deny that is removed",
    why=(
        "Deny statements are what enforces TLS, a network, an organization or a guardrail. One that is removed or "
        "became narrower is a finding, unless the role would not be allowed the denied requests anyway. Statements "
        "that are split, reordered or wider are not findings."
    ),
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/"
    "reference_policies_evaluation-logic_policy-eval-denyallow.html (read 2026-11-24)",
    check_all=check,
)

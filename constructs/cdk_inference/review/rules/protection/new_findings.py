"""What validation plugins (cdk-nag, template checks) find now and did not find before."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.reports import located, new_ones
from cdk_inference.review.rule import Rule


def check_all(deployments: DeploymentPair) -> Iterator[Hit]:
    """By rule and construct path."""
    old, new = deployments.reports
    if old is not None and new is None:
        yield Hit(
            stack="",
            logical_id="",
            type="",
            what="the assembly no longer has a validation report",
            means="the checks that ran before did not run",
            safe="add the plugins to the app again",
        )
    missing = sorted(deployments.before.checks - deployments.after.checks) if new is not None else []
    if missing:
        yield Hit(
            stack="",
            logical_id="",
            type="",
            what=f"checks that ran before did not run: {', '.join(missing)}",
            means="their findings are missing from the report",
            safe="add the plugins to the app again; if one failed, check its output",
        )
    for finding in new_ones(old, new, acknowledged=False):
        yield located(
            deployments,
            finding.construct_path,
            f"{finding.rule} is open at {finding.construct_path or 'the app'}",
            "the template does what this check forbids, without a reason",
            "correct it, or acknowledge it in the app with a reason",
        )


RULE = Rule(
    id="new-findings",
    level="error",
    title="A finding of a validation plugin that is new and open",
    why=(
        "From validation-report.json of both assemblies, which cdk-nag and the CDK's template checks write. What was "
        "open before is not a finding. A plugin that ran before, and does not run now or fails, is one; of templates "
        "without a report it is said that no check has run."
    ),
    source="https://docs.aws.amazon.com/cdk/v2/guide/policy-validation-synthesis.html (read 2026-11-24)",
    check_all=check_all,
    any_type=True,
)

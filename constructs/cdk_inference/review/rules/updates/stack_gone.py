"""A stack that is no longer in the app, and stays in the account."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.moves import renamed_stack
from cdk_inference.review.pair import DeploymentPair, StackPair
from cdk_inference.review.rule import Rule
from cdk_inference.template.stacks import Stack


def check_all(deployments: DeploymentPair) -> Iterator[Hit]:
    """Yields a hit for each stack that is gone. Nested ones are deleted by their outer stack, which other rules see."""
    added = [pair for pair in deployments.stacks if pair.before is None and pair.after is not None]
    for pair in deployments.stacks:
        if pair.after is None and pair.before is not None and pair.before.outer is None:
            yield _hit(pair, pair.before, added)


def _hit(pair: StackPair, before: Stack, added: list[StackPair]) -> Hit:
    elsewhere = [other for other in added if other.name == pair.name]
    renamed = renamed_stack(pair, added)
    if elsewhere and elsewhere[0].after is not None:
        what = f"it moves from {before.region or 'no region'} to {elsewhere[0].after.region or 'no region'}"
    elif renamed is not None:
        what = f"it is renamed to {renamed.name}: same resources, another stack"
    else:
        what = "it is no longer among the stacks"
    means = "a deployment leaves it as it is: it keeps running, serving and being billed until somebody deletes it"
    if renamed is not None or elsewhere:
        means += "; the other one is created in parallel, without its data, and fails where names are fixed"
    return pair.hit(what, means, "delete the old stack once nothing uses it, or keep its name")


RULE = Rule(
    id="stack-gone",
    level="warning",
    title="A stack that is removed, renamed or moved to another region",
    why=(
        "`cdk deploy` never deletes a stack because it is missing, and CloudFormation has no rename: another name is "
        "another stack. New stacks are not findings."
    ),
    source="https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-destroy.html (read 2026-11-24; inferred)",
    check_all=check_all,
    any_type=True,
)

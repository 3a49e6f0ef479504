"""A stack that is no longer in the app, and stays in the account."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit
from cdk_inference.review.moves import renamed_stack
from cdk_inference.review.pair import StackPair
from cdk_inference.review.rule import Rule


def check(pair: StackPair) -> Iterator[Hit]:
    """Nested stacks that are gone are deleted by their outer one; rules about resources see theirs."""
    if pair.after is not None or pair.before is None or pair.before.outer is not None:
        return
    others = [other for other in pair.deployments.stacks if other.before is None and other.after is not None]
    elsewhere = [other for other in others if other.name == pair.name]
    renamed = renamed_stack(pair, others)
    if elsewhere and elsewhere[0].after is not None:
        what = f"it moves from {pair.before.region or 'no region'} to {elsewhere[0].after.region or 'no region'}"
    elif renamed is not None:
        what = f"it is renamed to {renamed.name}: same resources, another stack"
    else:
        what = "it is no longer among the stacks"
    means = "a deployment leaves it as it is: what it runs stays, serves and is billed until somebody deletes it"
    if renamed is not None or elsewhere:
        means += "; the other one is made anew beside it, without its data, and fails where names are fixed"
    yield pair.hit(what, means, "delete the old stack when nothing uses it any more, or keep its name")


RULE = Rule(
    id="stack-gone",
    level="warning",
    title="A stack that is no longer there, renamed or moved to another region",
    why=(
        "`cdk deploy` never deletes a stack because it is missing, and CloudFormation knows no rename: another name is "
        "another stack. New stacks are no finding."
    ),
    source="https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-destroy.html (read 2026-11-24; inferred)",
    check=check,
)

"""A resource that is deleted in one place and made anew in another."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.create_only import create_only
from cdk_inference.review.finding import Hit
from cdk_inference.review.moves import moves
from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.replaced_types import SILENT
from cdk_inference.review.rule import Rule
from cdk_inference.review.stateful import policy_after

_STAYS = ("Retain", "RetainExceptOnCreate")


def check_all(deployments: DeploymentPair) -> Iterator[Hit]:
    """Over all stacks, since it may come from another one."""
    for old, new in moves(deployments):
        same_stack = old.stack is new.stack
        names = _fixed_names(new)
        if new.type in SILENT and not names:
            continue
        what = f"it is the {'resource' if same_stack else f'resource of {old.stack.name}'} {old.logical_id}, moved"
        stays = _policy(old) in _STAYS
        ends = f"leaves the old one outside the stack ({_policy(old)})" if stays else "deletes the old one"
        means = f"CloudFormation does not move it: it creates a new one and {ends}"
        if names and stays:
            means += f"; the creation fails, since the old one keeps its {names[0]}"
        elif names and same_stack:
            means += f"; the creation fails, since before the old one goes its {names[0]} is taken"
        elif names:
            means += f"; the creation fails where the old one is not deleted first, since its {names[0]} is taken"
        yield new.hit(
            what,
            means,
            "move it with CloudFormation's stack refactoring (`cdk refactor`), or keep the logical id",
            "error" if names and (same_stack or stays) else None,
        )


def _policy(old: ResourcePair) -> str:
    """What happens to the old one, by the template that is deployed."""
    assert old.before is not None
    return policy_after(old.type, old.before.attribute("DeletionPolicy"), old.before.written)


def _fixed_names(resource: ResourcePair) -> list[str]:
    side = resource.after
    return (
        [] if side is None else [name for name in create_only(resource.type).names if isinstance(side.get(name), str)]
    )


RULE = Rule(
    id="moved",
    level="warning",
    title="A resource under another logical id or in another stack",
    why=(
        "CloudFormation sees one resource removed and another one added. Recognized only where it is certain: the same "
        "type and content, once on each side. Where a fixed name makes the creation fail it is an error. Two equal "
        "candidates are not a finding; the removal is then reported by itself."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html (read 2026-11-24)",
    check_all=check_all,
    any_type=True,
)

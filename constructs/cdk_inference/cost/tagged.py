"""The tag by which a budget finds what its targets cost."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

from aws_cdk import TagManager, Tags
from constructs import IConstruct

from cdk_inference.core.errors import Problem
from cdk_inference.cost.cost_tag import CostTag

# The key that `CostControls` puts on its targets: activate it once, as a cost-allocation tag.
COST_TAG = "cost-controls"
_VALUE_MAX = 256

# Each target and the value of its tag, of which it can carry one.
_tagged: weakref.WeakKeyDictionary[IConstruct, str] = weakref.WeakKeyDictionary()


def own_tag(name: str) -> CostTag:
    """The tag of the `CostControls` of that name, unique in account and region as its alarms are."""
    return CostTag(key=COST_TAG, value=name[:_VALUE_MAX])


def untagged_problems(targets: Sequence[Any]) -> list[Problem]:
    """Targets that cannot carry a tag, as they are no resource of this app, or carry that of another budget."""
    twice = "a target of one budget: it carries the tag of {} already"
    other = "one budget for both, or MonthlyBudget(usd=..., tag=CostTag(...)) with a tag that it carries besides"
    allowed = "what this app makes and can tag: an endpoint, an ApplicationProfile"
    fix = "name a tag that it carries already: MonthlyBudget(usd=..., tag=CostTag(key=..., value=...))"
    return [
        Problem(f"targets[{number}]", getattr(target, "target_name", target), allowed, fix)
        for number, target in enumerate(targets)
        if not _taggable(target)
    ] + [
        Problem(f"targets[{number}]", target.target_name, twice.format(_tagged[target]), other)
        for number, target in enumerate(targets)
        if target in _tagged
    ]


def tag_targets(targets: Sequence[Any], tag: CostTag) -> None:
    """Everything of each target carries the tag: which of an endpoint's parts reaches the bill is not established."""
    for target in targets:
        Tags.of(target).add(tag.key, tag.value)
        _tagged[target] = tag.value


def _taggable(target: Any) -> bool:
    return any(TagManager.of(one) is not None for one in target.node.find_all())

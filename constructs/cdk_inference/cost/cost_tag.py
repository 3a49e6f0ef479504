"""Cost-allocation tags, and tagging the targets of a budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import TagManager, Tags

from cdk_inference.core.checks import has_members, is_token, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.core.names import fitted_name
from cdk_inference.kit.per_construct import PerConstruct

# https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html and cfn-lint 1.58.0, AWS::Budgets::BudgetsAction
# (read 2026-11-24)
_SYMBOLS = r"[\w .:/=+\-@]"
# How the older filter language of AWS Budgets writes a key; the one used here takes it as the resource has it.
_OLD_PREFIX = "user:"


@dataclass(frozen=True, kw_only=True)
class CostTag:
    """A tag as resources carry it: `CostTag(key="application", value="inference")`.

    key: 1 to 128 characters. It has to be activated as a cost-allocation tag, by hand, in the management (or a
        standalone) account: until a day after that its costs are 0. docs/cost.md says how.
    value: 1 to 256 characters.

    Raises ConfigurationError.
    """

    key: str
    value: str

    def __post_init__(self) -> None:
        text = "letters, digits, spaces and _ . : / = + - @"
        problem = matching("key", self.key, _SYMBOLS + "{1,128}", f"1 to 128 {text}", "write the key of the tag")
        if problem is None and not is_token(self.key) and self.key.startswith(_OLD_PREFIX):
            key = self.key.removeprefix(_OLD_PREFIX)
            problem = Problem("key", self.key, "the key as resources carry it", f"write {key!r}")
        raise_problems(
            "CostTag",
            problem,
            matching("value", self.value, _SYMBOLS + "{1,256}", f"1 to 256 {text}", "write the value of the tag"),
        )


# The key that `CostControls` puts on its targets: activate it once, as a cost-allocation tag.
COST_TAG = "cost-controls"

# Each target and the value of its tag, of which it can carry one.
_tags: PerConstruct[list[str]] = PerConstruct(lambda _: [])


def own_tag(name: str) -> CostTag:
    """The tag of the `CostControls` of that name, unique in account and region as its alarms are."""
    return CostTag(key=COST_TAG, value=fitted_name("tag value", name))


def untagged_problems(targets: Sequence[Any]) -> list[Problem]:
    """Targets that cannot carry a tag, as they are no resource of this app, or carry that of another budget."""
    twice = "a target of one budget: it carries the tag of {} already"
    other = "one budget for both, or MonthlyBudget(usd=..., tag=CostTag(...)) with a tag that it carries besides"
    allowed = "what this app makes and can tag: an endpoint, an ApplicationProfile"
    fix = "name a tag that it carries already: MonthlyBudget(usd=..., tag=CostTag(key=..., value=...))"
    return [
        Problem(f"targets[{number}]", getattr(target, "target_name", target), allowed, fix)
        for number, target in enumerate(targets)
        if has_members(target, "node") and not _taggable(target)
    ] + [
        Problem(f"targets[{number}]", target.target_name, twice.format(tag), other)
        for number, target in enumerate(targets)
        if has_members(target, "node")
        for tag in _tags.of(target)
    ]


def tag_targets(targets: Sequence[Any], tag: CostTag) -> None:
    """Everything of each target carries the tag: which of an endpoint's parts reaches the bill is not established."""
    for target in targets:
        Tags.of(target).add(tag.key, tag.value)
        _tags.of(target).append(tag.value)


def _taggable(target: Any) -> bool:
    return any(TagManager.of(one) is not None for one in target.node.find_all())

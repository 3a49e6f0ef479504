"""A wrong value in any place of a resource ends no judgement: CloudFormation reports what is wrong with it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from cdk_inference.requirements import Requirement, judge
from cdk_inference.template.deployments import deployment_of
from tests.each import each
from tests.unit.requirements.test_rows import ROWS, cases

WRONG: tuple[Any, ...] = ([], {"a": 1})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every path into `value`."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, one in inner:
        yield (*path, step)
        yield from places(one, (*path, step))


@each(("topic", "one"), ROWS)
def test_a_wrong_value_in_every_place(topic: str, one: Requirement) -> None:
    case = cases(topic)[one.id]["violates"][-1]
    resources = case.get("Resources", {"It": {"Type": one.type, "Properties": case}})
    for path in places(resources):
        for wrong in WRONG:
            changed = copy.deepcopy(resources)
            at: Any = changed
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = wrong
            judge(deployment_of({"stack": {"Resources": changed}}, "us-east-1"))

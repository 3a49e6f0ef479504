"""Names that AWS wants once in an account or region, and that what was read uses twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.requirements.alarms import ALARM, COMPOSITE
from cdk_inference.requirements.budgets import BUDGET
from cdk_inference.requirements.endpoints import ENDPOINT
from cdk_inference.requirements.inference_components import COMPONENT
from cdk_inference.requirements.part import NotKnownError, Part
from cdk_inference.requirements.requirement import Check, Requirement
from cdk_inference.template.stacks import Resource
from cdk_inference.template.values import mapping, references_in


def _unique(types: tuple[str, ...], member: str, where: str, same: Callable[[str], str] = str) -> Check:
    """No second resource of `types` has the name; where: "region", or "account" for all regions together."""

    def taken(part: Part) -> dict[tuple[str | None, str], list[Resource]]:
        key = (types, member)
        found: dict[tuple[str | None, str], list[Resource]] | None = part.read.computed.get(key)
        if found is None:
            found = part.read.computed[key] = {}
            for type in types:
                for resource in part.read.resources(type):
                    name = _named(part.read.properties(resource), member)
                    if name is not None:
                        found.setdefault((_region(resource), same(name)), []).append(resource)
        return found

    def _region(resource: Resource) -> str | None:
        return resource.stack.region if where == "region" else ""

    def check(part: Part) -> Problem | None:
        name = part.get(member)
        if not isinstance(name, str) or references_in(name):
            return None
        others = [
            one
            for one in taken(part).get((_region(part.resource), same(name)), [])
            if (one.stack.key, one.logical_id) != (part.resource.stack.key, part.resource.logical_id)
        ]
        if not others:
            return None
        for one in (part.resource, others[0]):
            if isinstance(one.exists, Unknown):
                raise NotKnownError(f"whether {one.logical_id} is made is not known: {one.exists.reason}")
        other = others[0]
        got = f"{name}, which {other.stack.name}/{other.logical_id} has too"
        return Problem(member, got, f"a name of its own in the {where}", "rename one of the two, or leave the name out")

    return check


def _named(properties: Any, member: str) -> str | None:
    for step in member.split("."):
        properties = mapping(properties).get(step)
    return properties if isinstance(properties, str) and not references_in(properties) else None


REQUIREMENTS = (
    Requirement(
        id="endpoint-name",
        type=ENDPOINT,
        service="sagemaker",
        shape="CreateEndpoint",
        member="(operation)",
        sentence="The endpoint name must be unique within an Amazon Web Services Region in your Amazon Web Services "
        "account.",
        # "The name is case-insensitive in CreateEndpoint": CreateEndpointInput.EndpointName.
        check=_unique((ENDPOINT,), "EndpointName", "region", str.lower),
    ),
    Requirement(
        id="component-name",
        type=COMPONENT,
        service="sagemaker",
        shape="CreateInferenceComponentInput",
        member="InferenceComponentName",
        sentence="A unique name to assign to the inference component.",
        check=_unique((COMPONENT,), "InferenceComponentName", "region"),
    ),
    Requirement(
        id="alarm-name",
        type=ALARM,
        service="cloudwatch",
        shape="PutMetricAlarmInput",
        member="AlarmName",
        sentence="This name must be unique within the Region.",
        check=_unique((ALARM, COMPOSITE), "AlarmName", "region"),
    ),
    Requirement(
        id="composite-name",
        type=COMPOSITE,
        service="cloudwatch",
        shape="PutCompositeAlarmInput",
        member="AlarmName",
        sentence="This name must be unique within the Region.",
        check=_unique((COMPOSITE,), "AlarmName", "region"),
    ),
    Requirement(
        id="budget-name",
        type=BUDGET,
        service="budgets",
        shape="Budget",
        member="BudgetName",
        sentence="The name must be unique within an account.",
        check=_unique((BUDGET,), "Budget.BudgetName", "account"),
    ),
)

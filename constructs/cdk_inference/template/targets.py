"""Scalable targets that stand in another stack than the endpoint or component that they scale."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.template.references import references_in
from cdk_inference.template.stacks import Deployment, Resource

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
# What a ResourceId begins with: the type that it names, and the property that is its name.
_NAMED = {
    "endpoint": ("AWS::SageMaker::Endpoint", "EndpointName"),
    "inference-component": ("AWS::SageMaker::InferenceComponent", "InferenceComponentName"),
}


def targets_elsewhere(deployment: Deployment) -> dict[str, list[Resource]]:
    """Key of a stack -> targets of other stacks that scale something in it."""
    found: dict[str, list[Resource]] = {}
    names: dict[tuple[str | None, str, str], set[str]] | None = None
    for stack in deployment.stacks:
        for target in stack.resources(TARGET):
            text = target.get("ResourceId")
            if not isinstance(text, str):
                continue
            if names is None:
                names = dict(_names(deployment))
            kind, _, rest = text.partition("/")
            keys = {key for key, _, _ in references_in(text)} | names.get(
                (stack.region, kind, rest.split("/")[0]), set()
            )
            for key in keys - {stack.key}:
                found.setdefault(key, []).append(target)
    return found


def _names(deployment: Deployment) -> Iterator[tuple[tuple[str | None, str, str], set[str]]]:
    """(region, kind, name) -> the stack that has it, as the only one."""
    found: dict[tuple[str | None, str, str], set[str]] = {}
    for stack in deployment.stacks:
        for kind, (type, name) in _NAMED.items():
            for resource in stack.resources(type):
                text = resource.get(name)
                if isinstance(text, str):
                    found.setdefault((stack.region, kind, text), set()).add(stack.key)
    # A name is unique in a region: of several nobody knows which is meant.
    yield from ((place, keys) for place, keys in found.items() if len(keys) == 1)

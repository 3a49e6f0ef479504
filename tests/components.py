"""Inference components on a shared endpoint, as tests make them."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk

from cdk_inference.endpoints import (
    ComponentEndpoint,
    InferenceComponent,
    ManagedInstances,
    Resources,
)
from cdk_inference.scaling import TargetConcurrencyPerCopy
from tests.judges import lint, service_model
from tests.refusals import refusal_of
from tests.support import WITH_ADAPTERS, Template, llm, models, new_stack, template_of

COMPONENT, CONFIG = "AWS::SageMaker::InferenceComponent", "AWS::SageMaker::EndpointConfig"
ONE_GPU = Resources(memory_mb=8192, accelerators=1)
TO_ZERO = TargetConcurrencyPerCopy(per_copy=8, min_copies=0, max_copies=4)
PAGE = "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html"


def shared(stack: cdk.Stack, **arguments: Any) -> ComponentEndpoint:
    given = {"hardware": "ml.g6.12xlarge", "instances": ManagedInstances(max_instances=2), **arguments}
    return ComponentEndpoint(stack, "Shared", **given)


def component(endpoint: ComponentEndpoint, id: str = "Chat", **arguments: Any) -> InferenceComponent:
    stack = cdk.Stack.of(endpoint)
    given = {"resources": ONE_GPU, **arguments}
    if "server" not in given:
        given["server"] = llm(stack.node.try_find_child("Models") or models(stack))
    return InferenceComponent(stack, id, endpoint=endpoint, **given)


def base_of_adapters(endpoint: ComponentEndpoint, id: str = "Chat", **arguments: Any) -> InferenceComponent:
    """A component whose server loads adapters while it runs."""
    stack = cdk.Stack.of(endpoint)
    server = llm(stack.node.try_find_child("Models") or models(stack), environment=WITH_ADAPTERS)
    return component(endpoint, id, server=server, **arguments)


def judged(stack: cdk.Stack) -> Template:
    found = template_of(stack)
    assert service_model.findings(found) == []
    assert lint.findings(found, "us-east-1") == []
    return found


def one_component(of_endpoint: dict[str, Any] | None = None, **arguments: Any) -> Template:
    stack = new_stack()
    component(shared(stack, **(of_endpoint or {})), **arguments)
    return judged(stack)


def refusal(of_endpoint: dict[str, Any] | None = None, **arguments: Any) -> str:
    return refusal_of(component, shared(new_stack(), **(of_endpoint or {})), **arguments)


def logical_id(found: Template, kind: str) -> str:
    (name,) = (name for name, one in found["Resources"].items() if one["Type"] == kind)
    return str(name)

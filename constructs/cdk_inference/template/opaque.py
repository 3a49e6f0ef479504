"""Parts of templates that may hold resources and cannot be opened: they are listed, and never count as nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.stacks import Stack
from cdk_inference.template.values import items, mapping

TRANSFORM, LOOP = "Fn::Transform", "Fn::ForEach"
_AT_DEPLOYMENT = "it may add resources when the stack is deployed"
# Transforms of AWS that add no inference resource: SAM's are read (sam.py), the others add values, or resources of
# CodeDeploy or Lambda.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html (read 2026-11-29)
_KNOWN = ("AWS::LanguageExtensions", "AWS::Serverless-2016-10-31", "AWS::CodeDeployBlueGreen", "AWS::ServiceCatalog")
_KNOWN_STARTS = ("AWS::SecretsManager-",)
_OTHER_TEMPLATE = "its resources are those of another template"
# Types of resources that make other resources: what each is, and why it cannot be opened.
HOLDERS = {
    "AWS::CloudFormation::StackSet": ("a stack set", f"{_OTHER_TEMPLATE}, in accounts and regions of their own"),
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": ("a product of Service Catalog", _OTHER_TEMPLATE),
    "AWS::SageMaker::Project": ("a SageMaker project", _OTHER_TEMPLATE),
    "AWS::Serverless::Application": ("an application of the Serverless Application Repository", _OTHER_TEMPLATE),
}
_MODULE_END = "::MODULE"


@dataclass(frozen=True, kw_only=True)
class OpaquePart:
    """A part that may hold resources. what: its kind, in words. logical_id: its name where it is no resource."""

    stack: Stack
    logical_id: str
    what: str
    reason: str


def opaque_parts(stack: Stack) -> Iterator[OpaquePart]:
    """Yields nested stacks that were not read, macros, includes, loops, modules, stack sets and products."""
    for logical_id, nested in stack.nested.items():
        if isinstance(nested, Unknown):
            yield OpaquePart(stack=stack, logical_id=logical_id, what="a nested stack", reason=nested.reason)
    for name in unknown_macros(stack.template):
        yield OpaquePart(stack=stack, logical_id=name, what="a macro", reason=_AT_DEPLOYMENT)
    written = mapping(stack.template.get("Resources"))
    for name, value in written.items():
        if name == TRANSFORM:
            yield OpaquePart(stack=stack, logical_id=_name(value), what="a macro", reason=_AT_DEPLOYMENT)
        elif name.startswith(LOOP):
            why = "the list of the loop is not known, or AWS::LanguageExtensions is not declared"
            yield OpaquePart(stack=stack, logical_id=name, what="resources made in a loop", reason=why)
        elif isinstance(value, dict) and TRANSFORM in value:
            why = f"the macro {_name(value[TRANSFORM])} makes it, or a part of it, when the stack is deployed"
            yield OpaquePart(stack=stack, logical_id=name, what="a resource with a macro", reason=why)
    for resource in stack.resources():
        kind = resource.type
        if may_hold_resources(kind):
            what, why = HOLDERS.get(kind, ("a module", f"{kind[:80]} is registered in the account"))
            yield OpaquePart(stack=stack, logical_id=resource.logical_id, what=what, reason=why)


def may_hold_resources(kind: str) -> bool:
    """Whether resources of this type make others that no template here shows."""
    return kind in HOLDERS or kind.endswith(_MODULE_END)


def unknown_macros(template: Any) -> Iterator[str]:
    """Yields the macros of a whole template, without those that add no inference resource."""
    written = [one for key in ("Transform", TRANSFORM) for one in items_of(template.get(key))]
    for one in written:
        name = _name(one)
        if name not in _KNOWN and not name.startswith(_KNOWN_STARTS):
            yield name


def items_of(value: Any) -> list[Any]:
    """`value` as a list, which may stand without its brackets; [] for None."""
    return items(value) or ([] if value is None or isinstance(value, list) else [value])


def _name(written: Any) -> str:
    name = written.get("Name") if isinstance(written, dict) else written
    return str(name)[:80]

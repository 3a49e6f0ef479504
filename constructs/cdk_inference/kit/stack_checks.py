"""Checks that need a complete stack: resource count, template size, wildcards as cdk-nag reports them.

CDK validates constructs after it has resolved references between stacks and before it writes templates. Stacks never
divide themselves: an endpoint that moves to another stack is a new endpoint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

import jsii
from aws_cdk import (
    CfnResource,
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Stack,
    Validations,
)
from aws_cdk.aws_iam import CfnManagedPolicy
from constructs import IConstruct, IValidation

from cdk_inference import __version__
from cdk_inference.kit.iam import TOKEN, Statement
from cdk_inference.kit.nag import Reason, acknowledge, flat
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.stack_context import stack_context


class RolePolicy(NamedTuple):
    """A managed policy, its statements, and why each of (statement id, wildcard resource) is accepted."""

    resource: CfnManagedPolicy
    statements: list[Statement]
    reasons: Callable[[list[tuple[str, str]]], list[Reason]]


class StackCheck(Protocol):
    """An endpoint with policies whose wildcards are acknowledged once references have their final form."""

    @property
    def role_policies(self) -> Sequence[RolePolicy]: ...


def register_stack_check(endpoint: StackCheck, scope: IConstruct) -> None:
    """Has `endpoint`, made in `scope`, called at synth time; the first one of a stack sets the stack's check up."""
    context = stack_context(scope)
    stacks = _checked.of(context.app)
    if context.path not in stacks:
        stack = Stack.of(scope)
        stacks[context.path] = []
        stack.node.add_validation(_Completion(stack, stacks[context.path]))
    stacks[context.path].append(endpoint)


def _wildcards(stack: Stack, policies: Sequence[RolePolicy]) -> list[list[tuple[str, str]]]:
    """(statement id, resource as text) for each resource with a wildcard, by policy.

    Few tokens stand in many resources: account, region, buckets. Each is resolved once, all in one call.
    """
    resources = [resource for one in policies for statement in one.statements for resource in statement["Resource"]]
    tokens = list(dict.fromkeys(token for resource in resources for token in TOKEN.findall(resource)))
    values = dict(zip(tokens, map(flat, stack.resolve(tokens)), strict=True))

    def text(resource: str) -> str:
        return "".join(values[part] if part in values else flat(part) for part in TOKEN.split(resource))

    return [
        [
            (str(statement["Sid"]), shown)
            for statement in policy.statements
            for shown in map(text, statement["Resource"])
            if "*" in shown
        ]
        for policy in policies
    ]


@jsii.implements(IValidation)
class _Completion:
    def __init__(self, stack: Stack, endpoints: list[StackCheck]) -> None:
        self._stack = stack
        self._endpoints = endpoints
        self._done = False

    def validate(self) -> list[str]:
        if not self._done:
            self._done = True
            policies = [one for endpoint in self._endpoints for one in endpoint.role_policies]
            for policy, wildcards in zip(policies, _wildcards(self._stack, policies), strict=True):
                acknowledge(policy.resource, policy.reasons(wildcards))
        problem = count_problem(stack_context(self._stack).path, self._resources(), len(self._endpoints))
        return [] if problem is None else [problem]

    def _resources(self) -> int:
        """The stack's resources, or its constructs if even these are few enough: each is a question to Node."""
        below = self._stack.node.find_all()
        if len(below) <= RESOURCES_MAX:
            return len(below)
        # Constructs of nested stacks lie below this stack, but in templates of their own.
        path = stack_context(self._stack).path
        return sum(CfnResource.is_cfn_resource(child) and Stack.of(child).node.path == path for child in below)


# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11-23)
RESOURCES_MAX = 500
TEMPLATE_BYTES_MAX = 1_000_000  # the page says 1 MB; aws-cdk-lib and cfn-lint both take it as 1,000,000 bytes

_MOVING = (
    "An endpoint that is deployed already and moves to another stack is deleted here and made anew there, "
    "so move those that are not"
)


def count_problem(stack_path: str, resources: int, endpoints: int) -> str | None:
    """The warning about a stack with so many resources, of which `endpoints` endpoints are a part."""
    if resources <= RESOURCES_MAX:
        return None
    parts = math.ceil(resources / RESOURCES_MAX)
    return (
        f"stack {stack_path}: got {resources} resources; allowed: {RESOURCES_MAX} in one stack; fix: make {parts} "
        f"stacks with at most {max(1, endpoints // parts)} of its {endpoints} endpoints each. {_MOVING}"
    )


def size_problem(stack_path: str, size: int) -> str | None:
    """The warning about a template of `size` bytes."""
    if size <= TEMPLATE_BYTES_MAX:
        return None
    parts = math.ceil(size / TEMPLATE_BYTES_MAX)
    return (
        f"stack {stack_path}: got a template of {size} bytes; allowed: {TEMPLATE_BYTES_MAX}; fix: make {parts} "
        f"stacks, or move long environment variables into a model file. {_MOVING}"
    )


PLUGIN_NAME = "cdk-inference"
RULE = "TemplateSize"


@jsii.implements(IPolicyValidationPlugin)
class _TemplateSize:
    @property
    def name(self) -> str:
        return PLUGIN_NAME

    @property
    def version(self) -> str:
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        return [RULE]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        violations = []
        for stack in context.stack_templates:
            problem = size_problem(stack.stack_construct_path, Path(stack.template_path).stat().st_size)
            if problem is not None:
                place = PolicyViolatingResource(construct_path=stack.stack_construct_path, locations=["Resources"])
                violations.append(
                    PolicyViolation(rule_name=RULE, description=problem, severity="error", violating_resources=[place])
                )
        return PolicyValidationPluginReport(success=not violations, violations=violations)


def _check_template_sizes(app: IConstruct) -> dict[str, list[StackCheck]]:
    """Has every template of `app` checked; no stack of it has endpoints yet."""
    Validations.of(app).add_plugins(_TemplateSize())
    return {}


# By app: stack path -> endpoints of that stack.
_checked = PerConstruct(_check_template_sizes)

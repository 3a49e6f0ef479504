"""CloudFormation's limit on a template's size, told at synth time with the way to divide.

A check of finished templates, hence one of the CDK's validation plugins; the first endpoint of an app registers it.
"""

from __future__ import annotations

import weakref
from pathlib import Path

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
    Validations,
)
from constructs import IConstruct

from cdk_inference import __version__
from cdk_inference.endpoints.stack_limits import size_problem

PLUGIN_NAME = "cdk-inference"
RULE = "TemplateSize"

_registered: weakref.WeakSet[IConstruct] = weakref.WeakSet()


def check_template_sizes(app: IConstruct) -> None:
    """Has every template of `app` checked, once."""
    if app not in _registered:
        _registered.add(app)
        Validations.of(app).add_plugins(_TemplateSize())


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

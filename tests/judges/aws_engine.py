"""Judges a template by cloudformation-validate, AWS's own engine: the schemas, and rules that span resources.

It is the engine that the CDK runs at the end of a synth, without Node: it starts in half a CPU second and not in seven.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cloudformation_validate import (
    CelEngine,
    Diagnostic,
    PseudoParameterOverrides,
    RuleFilterConfig,
    ServiceFilter,
    Severity,
    ValidateConfig,
)

# What the CDK leaves out as well: aws-cdk-lib 2.275.0, core/lib/validation/cloudformation-validate-plugin.
IGNORED_BY_THE_CDK = ("W3005", "W1020", "E1018", "W9002", "W9013", "W1103")


@cache
def _engine() -> CelEngine:
    return CelEngine()


def findings(template: Mapping[str, Any], region: str | None) -> list[str]:
    """Every error and warning in one region, as 'E3030 Resources/X/...: message', sorted."""
    leave_out = RuleFilterConfig(
        ids=list(IGNORED_BY_THE_CDK), services=[ServiceFilter(rule_id="W3697", service="AWS::AutoScaling")]
    )
    config = ValidateConfig(
        exclude=leave_out,
        severity_level=Severity.WARN,
        pseudo_parameter_overrides=PseudoParameterOverrides(region=region),
    )
    report = _engine().validate_template(json.dumps(template).encode(), config)
    return sorted(f"{one.rule_id} {_place(one)}: {one.message}" for one in report.diagnostics)


def _place(one: Diagnostic) -> str:
    """The path of a finding; the engine leaves out the logical ID of a property's."""
    path = (one.property_path or "").replace(".", "/")
    if one.entity is None or path.partition("/")[0] in ("Resources", "Parameters", "Outputs", "Conditions", "Mappings"):
        return path
    return "/".join([f"{one.entity.entity_type.name.title()}s", one.entity.logical_id, path]).rstrip("/")

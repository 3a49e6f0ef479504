"""Judges a template by AWS's own engine and, with `pytest --cfn-lint` as in `make check`, by cfn-lint too.

cfn-lint has the CloudFormation schemas and rules of its own; it takes a hundred times longer. Both judge one region.
"""

import importlib.util
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.judges import aws_engine

# Set by conftest from the option --cfn-lint.
with_cfn_lint = False

IGNORED: Mapping[str, str] = {
    "I1022": "the CDK writes Fn::Join by itself; Fn::Sub would say the same",
}


def findings(template: dict[str, Any], region: str) -> list[str]:
    """Every finding of the engine and, if it was asked for, of cfn-lint."""
    return [*aws_engine.findings(template, region), *(cfn_lint(template, region) if with_cfn_lint else ())]


def _without_directives(template: dict[str, Any]) -> dict[str, Any]:
    """A copy in which no metadata can switch a rule off."""
    copy: dict[str, Any] = json.loads(json.dumps(template))
    for holder in (copy, *copy.get("Resources", {}).values()):
        holder.get("Metadata", {}).pop("cfn-lint", None)
    return copy


def cfn_lint(template: dict[str, Any], region: str) -> list[str]:
    """Every error, warning and informational match, as 'E3030 Resources/X/...: message', sorted."""
    from cfnlint import api, config  # loading it takes 1.5 CPU seconds

    settings = config.ManualArgs(regions=[region], include_checks=["I"])
    matches = api.lint(json.dumps(_without_directives(template)), config=settings)
    found = {
        f"{match.rule.id} {'/'.join(str(part) for part in getattr(match, 'path', []))}: {match.message}"
        for match in matches
        if match.rule.id not in IGNORED
    }
    return sorted(found)


@cache
def iam_actions() -> frozenset[str]:
    """Every IAM action of cfn-lint's policy data, as 'service:action' in lower case: IAM ignores the case."""
    package = importlib.util.find_spec("cfnlint")
    assert package is not None
    assert package.origin is not None
    policies = Path(package.origin).parent / "data" / "AdditionalSpecs" / "Policies.json"
    services = json.loads(policies.read_text())
    return frozenset(f"{service}:{action}" for service, entry in services.items() for action in entry["Actions"])

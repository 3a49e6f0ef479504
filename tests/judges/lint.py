"""Judges a template by cfn-lint: the CloudFormation schemas, and the rules that span resources."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from cfnlint import api, config, data, helpers

IGNORED: Mapping[str, str] = {
    "I1022": "the CDK writes Fn::Join by itself; Fn::Sub would say the same",
}


def _without_directives(template: dict[str, Any]) -> dict[str, Any]:
    """A copy in which no metadata can switch a rule off."""
    copy: dict[str, Any] = json.loads(json.dumps(template))
    for holder in (copy, *copy.get("Resources", {}).values()):
        holder.get("Metadata", {}).pop("cfn-lint", None)
    return copy


def findings(template: dict[str, Any], region: str) -> list[str]:
    """Every error, warning and informational match in one region, as 'E3030 Resources/X/...: message', sorted."""
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
    services = helpers.load_resource(data.AdditionalSpecs, "Policies.json")
    return frozenset(f"{service}:{action}" for service, entry in services.items() for action in entry["Actions"])

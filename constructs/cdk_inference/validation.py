"""AWS's requirements as a validation plugin, for any CDK app: of these constructs, other libraries or L1 classes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)

from cdk_inference import __version__
from cdk_inference.requirements import Judgement, Violation, chosen_requirements, judge, requirements
from cdk_inference.template import load_deployment


@jsii.implements(IPolicyValidationPlugin)
class InferenceRules:
    """Judges every template of an app at the end of a synthesis: `Validations.of(app).add_plugins(InferenceRules())`.

    Rules are requirements that AWS states in words and in no schema: docs/rules.md. Each finding has the construct
    path, the rule, the source and a fix. A value that is known at deployment only is not checked, and not reported
    here; `cdk-inference check` lists it. A finding is accepted as those of other plugins are:
    `Validations.of(construct).acknowledge(Acknowledgment(id="InferenceRules::prefix-length", reason="..."))`.

    Args:
        rules: Ids of the rules that are judged. Default: all.

    Raises:
        ConfigurationError: There is no rule of an id.
    """

    def __init__(self, *, rules: Sequence[str] | None = None) -> None:
        self._chosen = requirements() if rules is None else chosen_requirements(tuple(rules), "InferenceRules", "rules")

    @property
    def name(self) -> str:
        """The plugin's name, which begins the id of an acknowledgement."""
        return "InferenceRules"

    @property
    def version(self) -> str:
        """The package's version."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """The ids of the rules that are judged."""
        return [one.id for one in self._chosen]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Returns what the templates violate."""
        files = [Path(stack.template_path) for stack in context.stack_templates]
        found = judge(load_deployment(_assemblies(files), None), self._chosen) if files else _NOTHING
        violations = [_reported(one) for one in found.violations]
        return PolicyValidationPluginReport(success=not violations, violations=violations)


_NOTHING = Judgement(violations=(), not_checked=(), judged=0)


def _assemblies(files: Iterable[Path]) -> list[Path]:
    """The folders of the templates, without those inside of another one, which is read with it."""
    folders = sorted({file.parent for file in files})
    return [one for one in folders if not any(other in one.parents for other in folders)]


def _reported(found: Violation) -> PolicyViolation:
    one = found.requirement
    place = PolicyViolatingResource(
        construct_path=found.construct_path,
        resource_logical_id=found.logical_id,
        template_path=None if found.file is None else str(found.file),
        locations=[found.where],
    )
    return PolicyViolation(
        rule_name=one.id,
        description=f"{found.where}: {found.finding}. AWS: {one.sentence} {one.source}",
        fix=found.problem.fix,
        severity=one.level,
        violating_resources=[place],
    )

"""AWS's requirements as a validation plugin, for any CDK app: of these constructs, other libraries or L1 classes."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
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
from cdk_inference.requirements import NotChecked, Violation, chosen_requirements, judge, requirements
from cdk_inference.requirements.acknowledged import PLUGIN, sort_accepted
from cdk_inference.template import load_deployment


@jsii.implements(IPolicyValidationPlugin)
class InferenceRules:
    """Judges every template of an app at the end of a synthesis: `Validations.of(app).add_plugins(InferenceRules())`.

    Rules are requirements that AWS states in words and in no schema: docs/rules.md. Each finding has the construct
    path, the rule, the source and a fix. What a value decides that is known at deployment only is a warning of the rule
    `not-checked`; it leaves the synthesis successful, unless warnings fail it. A finding is accepted as those of other
    plugins are: `Validations.of(construct).acknowledge(Acknowledgment(id="InferenceRules::prefix-length",
    reason="..."))`; or, until a day, by `cdk_inference.acknowledge.acknowledge(...)`, which `cdk-inference check` reads
    too.

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
        return PLUGIN

    @property
    def version(self) -> str:
        """The package's version."""
        return __version__

    @property
    def rule_ids(self) -> list[str]:
        """The ids of the rules that are judged, and `not-checked`."""
        return [*(one.id for one in self._chosen), _NOT_CHECKED]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Returns what the templates violate, and what could not be checked."""
        files = [Path(stack.template_path) for stack in context.stack_templates]
        if not files:
            return PolicyValidationPluginReport(success=True, violations=[])
        deployment = load_deployment(_assemblies(files), None)
        judgement = judge(deployment, self._chosen)
        found = sort_accepted(judgement, deployment, datetime.date.today(), by_cdk=False).judgement
        violations = [_reported(one) for one in found.violations]
        left = list(_not_checked(found.not_checked))
        return PolicyValidationPluginReport(success=not violations, violations=[*violations, *left])


_NOT_CHECKED = "not-checked"


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


def _not_checked(left: Sequence[NotChecked]) -> Iterator[PolicyViolation]:
    """One for each value that is not known, with every resource that needs it."""
    by_reason: dict[str, list[NotChecked]] = {}
    for one in left:
        by_reason.setdefault(one.why, []).append(one)
    for why, listed in by_reason.items():
        rules = ", ".join(dict.fromkeys(one.rule for one in listed))
        yield PolicyViolation(
            rule_name=_NOT_CHECKED,
            description=f"Not checked: {why} ({rules})",
            fix="give the value in the template, or acknowledge it with a reason",
            severity="warning",
            violating_resources=[
                PolicyViolatingResource(
                    construct_path=one.construct_path,
                    resource_logical_id=one.logical_id,
                    template_path=None if one.file is None else str(one.file),
                    locations=[one.where] if one.where else [],
                )
                for one in {(one.stack, one.logical_id): one for one in listed}.values()
            ],
        )

"""The review of two deployments. A value; how it is shown is for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cdk_inference.core.errors import ExitStatus
from cdk_inference.review.acknowledgements import accepted
from cdk_inference.review.cost import CostDifference
from cdk_inference.review.finding import LEVELS, Finding, NotCompared, natural
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.reports import state
from cdk_inference.review.rule import Rule
from cdk_inference.review.rules import all_rules
from cdk_inference.template.acknowledgements import Acknowledgement

_VERDICTS = {ExitStatus.OK: "OK", ExitStatus.NOT_OK: "NOT OK", ExitStatus.UNABLE: "NOT COMPARED"}
FAIL_ON = (*LEVELS, "never")


@dataclass(frozen=True, kw_only=True)
class Review:
    """findings: open ones, worst first. acknowledged: the others, with what accepts them.

    stacks: how many were compared. checks: what the validation reports say, in words. cost: None if it was not
    computed. complete: False where a template of one of the sides could not be read at all. fail_on: of `FAIL_ON`.
    fail_on_new_acknowledgements: whether an acknowledgement that comes with this change accepts nothing yet.
    """

    findings: tuple[Finding, ...]
    acknowledged: tuple[tuple[Finding, Acknowledgement], ...]
    not_compared: tuple[NotCompared, ...]
    stacks: int
    checks: str
    cost: CostDifference | None
    complete: bool
    fail_on: str = "error"
    fail_on_new_acknowledgements: bool = False

    @property
    def accepted_now(self) -> tuple[tuple[Finding, Acknowledgement], ...]:
        """What is accepted by acknowledgements that come with this change, worst first."""
        return tuple(one for one in self.acknowledged if one[1].new)

    def count(self, level: str) -> int:
        """How many findings have this level."""
        return sum(finding.level == level for finding in self.findings)

    @property
    def verdict(self) -> str:
        """ "OK", "NOT OK" (an error, or what else it is to fail on), "NOT COMPARED" (not all could be read)."""
        worst = "error" if self.fail_on == "never" else self.fail_on
        return _VERDICTS[self._status(worst)]

    @property
    def status(self) -> ExitStatus:
        """1 if a finding is as bad as `fail_on`, 2 if not all could be read; 0 if it is never to fail."""
        return ExitStatus.OK if self.fail_on == "never" else self._status(self.fail_on)

    def _status(self, fail_on: str) -> ExitStatus:
        new = (finding for finding, _ in self.accepted_now) if self.fail_on_new_acknowledgements else ()
        if any(LEVELS.index(one.level) <= LEVELS.index(fail_on) for one in (*self.findings, *new)):
            return ExitStatus.NOT_OK
        return ExitStatus.OK if self.complete else ExitStatus.UNABLE


def review(
    deployments: DeploymentPair,
    *,
    only: Sequence[Rule] | None = None,
    fail_on: str = "error",
    fail_on_new_acknowledgements: bool = False,
    all_services: bool = False,
) -> Review:
    """Returns what the rules (all, or `only` some) find between two deployments, and what they could not compare.

    all_services: whether services that are not about inference are looked at beyond replacement and removal.
    """
    rules = all_rules() if only is None else only
    results = [
        result
        for rule in rules
        if not rule.check_found
        for result in rule.results(deployments, all_services=all_services)
    ]
    findings = [result for result in results if isinstance(result, Finding)]
    results += [result for rule in rules if rule.check_found for result in rule.results(deployments, findings)]
    last = [result for result in results if isinstance(result, Finding)][len(findings) :]
    not_compared = {result for result in results if isinstance(result, NotCompared)}
    accepted_by = accepted(_sorted(findings), deployments)
    return Review(
        findings=_sorted([*(finding for finding, by in accepted_by if by is None), *last]),
        acknowledged=tuple((finding, by) for finding, by in accepted_by if by is not None),
        not_compared=tuple(sorted({*deployments.not_compared, *not_compared, *_of_endpoints(deployments)})),
        stacks=len(deployments.stacks),
        checks=state(*deployments.reports),
        cost=deployments.cost,
        complete=deployments.complete,
        fail_on=fail_on,
        fail_on_new_acknowledgements=fail_on_new_acknowledgements,
    )


def _of_endpoints(deployments: DeploymentPair) -> Iterable[NotCompared]:
    """Yields the differences of endpoints that no row of the table of updates is about, and what could not be read."""
    for pair in deployments.stacks:
        for unmatched in pair.updates.of_endpoints:
            yield replace(unmatched, stack=pair.name)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(findings)
    return tuple(
        sorted(unique, key=lambda one: (LEVELS.index(one.level), one.stack, natural(one.logical_id), one.rule))
    )

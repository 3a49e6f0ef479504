"""The review of two deployments. A value; how it is shown is for others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdk_inference.review.acknowledgements import Acknowledgement, accepted
from cdk_inference.review.cost import CostDifference
from cdk_inference.review.finding import LEVELS, Finding, NotCompared
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.reports import state
from cdk_inference.review.rule import Rule
from cdk_inference.review.rules import all_rules

FINE, NOT_FINE, UNABLE = 0, 1, 2
FAIL_ON = (*LEVELS, "never")


@dataclass(frozen=True, kw_only=True)
class Review:
    """findings: open ones, worst first. acknowledged: the others, with what accepts them.

    stacks: how many were compared. checks: what the validation reports say, in words. cost: None if it was not asked.
    complete: False where a template of one of the sides could not be read at all. fail_on: of `FAIL_ON`.
    """

    findings: tuple[Finding, ...]
    acknowledged: tuple[tuple[Finding, Acknowledgement], ...]
    not_compared: tuple[NotCompared, ...]
    stacks: int
    checks: str
    cost: CostDifference | None
    complete: bool
    fail_on: str = "error"

    def count(self, level: str) -> int:
        """How many findings have this level."""
        return sum(finding.level == level for finding in self.findings)

    @property
    def verdict(self) -> str:
        """ "OK", "NOT OK" (an error, or what else it is to fail on), "NOT COMPARED" (not all could be read)."""
        worst = "error" if self.fail_on == "never" else self.fail_on
        return {FINE: "OK", NOT_FINE: "NOT OK", UNABLE: "NOT COMPARED"}[self._status(worst)]

    @property
    def status(self) -> int:
        """1 if a finding is as bad as `fail_on`, 2 if not all could be read; 0 if it is never to fail."""
        return FINE if self.fail_on == "never" else self._status(self.fail_on)

    def _status(self, fail_on: str) -> int:
        if any(LEVELS.index(one.level) <= LEVELS.index(fail_on) for one in self.findings):
            return NOT_FINE
        return FINE if self.complete else UNABLE


def review(deployments: DeploymentPair, *, only: Sequence[Rule] | None = None, fail_on: str = "error") -> Review:
    """What the rules (all, or `only` some) find between two deployments."""
    chosen = all_rules() if only is None else only
    found = [finding for rule in chosen if not rule.check_found for finding in rule.findings(deployments)]
    told = accepted(_sorted(found), deployments)
    last = [finding for rule in chosen if rule.check_found for finding in rule.findings(deployments, found)]
    return Review(
        findings=_sorted([*(finding for finding, by in told if by is None), *last]),
        acknowledged=tuple((finding, by) for finding, by in told if by is not None),
        not_compared=tuple(sorted({*deployments.not_compared, *_of_endpoints(deployments)})),
        stacks=len(deployments.stacks),
        checks=state(*deployments.reports),
        cost=deployments.cost,
        complete=deployments.complete,
        fail_on=fail_on,
    )


def _of_endpoints(deployments: DeploymentPair) -> Iterable[NotCompared]:
    """What the table of updates says nothing of."""
    for pair in deployments.stacks:
        for told in pair.updates.of_endpoints:
            owner, _, rest = told.partition(": ")
            path = rest if "/" in rest and " " not in rest else ""
            why = "no row of the table of updates is about it" if path else rest
            yield NotCompared(stack=pair.name, logical_id=owner, path=path, why=why)


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    unique = dict.fromkeys(findings)
    return tuple(sorted(unique, key=lambda one: (LEVELS.index(one.level), one.stack, one.logical_id, one.rule)))

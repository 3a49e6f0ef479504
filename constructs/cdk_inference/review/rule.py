"""A rule of the review: a pure function over what is paired, with the words that the docs need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cdk_inference.checks import matching, one_of
from cdk_inference.errors import Problem, refuse
from cdk_inference.review.finding import LEVELS, Finding, Hit, Level
from cdk_inference.review.pair import DeploymentPair, StackPair


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. Each is the `RULE` of a module in review/checks/, which is found by being there.

    id: unique, lower case with hyphens; it is what is acknowledged, and the anchor in docs/review.md.
    level: of its hits, where they have none of their own.
    title: what it finds, as a noun. why: what it is good for, and which cases it does not report.
    source: the page it rests on, with the date of reading.
    check: called with each pair of stacks. check_all: called once, with all of them. Exactly one of the two.

    Raises ConfigurationError.
    """

    id: str
    level: Level
    title: str
    why: str
    source: str
    check: Callable[[StackPair], Iterable[Hit]] | None = None
    check_all: Callable[[DeploymentPair], Iterable[Hit]] | None = None

    def __post_init__(self) -> None:
        both = (self.check is None) == (self.check_all is None)
        refuse(
            f"Rule {self.id}",
            matching("id", self.id, "[a-z][a-z-]*", "lower case with hyphens", "rename it"),
            one_of("level", self.level, LEVELS, "choose one of them"),
            Problem("check", self.check, "either check or check_all", "give exactly one of the two") if both else None,
        )

    def findings(self, deployments: DeploymentPair) -> Iterator[Finding]:
        """All that the rule finds."""
        hits = self.check_all(deployments) if self.check_all else self._each(deployments)
        for hit in hits:
            yield Finding(
                rule=self.id,
                level=hit.level or self.level,
                stack=hit.stack,
                logical_id=hit.logical_id,
                type=hit.type,
                what=hit.what,
                means=hit.means,
                safe=hit.safe,
                file=hit.file,
            )

    def _each(self, deployments: DeploymentPair) -> Iterator[Hit]:
        assert self.check is not None
        for pair in deployments.stacks:
            yield from self.check(pair)

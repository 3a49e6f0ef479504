"""Findings by rule and cause: what is the same of many resources is one entry."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from cdk_inference.cli.formatters import review_text
from cdk_inference.review.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The same finding of one or several resources. findings: of each, in their order."""

    findings: tuple[Finding, ...]
    what: str

    @property
    def places(self) -> tuple[str, ...]:
        """Where it is."""
        return tuple(dict.fromkeys(finding.place for finding in self.findings))

    @property
    def means(self) -> str:
        """What it means."""
        return self.findings[0].means

    @property
    def advice(self) -> str:
        """What to do instead, or what to know."""
        return review_text.advice(self.findings[0])


@dataclass(frozen=True, kw_only=True)
class RuleGroup:
    """All entries of one rule. means, advice: those that all of them share, or ""."""

    rule: str
    entries: tuple[Entry, ...]

    @functools.cached_property
    def means(self) -> str:
        """What it means, where it means the same of all."""
        return _shared(entry.means for entry in self.entries)

    @functools.cached_property
    def advice(self) -> str:
        """What to do, where it is the same for all."""
        return _shared(entry.advice for entry in self.entries)


def _shared(texts: Iterable[str]) -> str:
    different = dict.fromkeys(texts)
    return next(iter(different)) if len(different) == 1 else ""


def by_rule(findings: Iterable[Finding]) -> list[RuleGroup]:
    """Returns the findings by rule, and of each rule by what happens and what that means."""
    rules: dict[str, dict[tuple[str, str, str], list[Finding]]] = {}
    for finding in findings:
        key = (review_text.without_name(finding), finding.means, review_text.advice(finding))
        rules.setdefault(finding.rule, {}).setdefault(key, []).append(finding)
    return [
        RuleGroup(
            rule=rule,
            entries=tuple(
                Entry(findings=tuple(own), what=own[0].what if len(own) == 1 else what)
                for (what, _, _), own in causes.items()
            ),
        )
        for rule, causes in rules.items()
    ]

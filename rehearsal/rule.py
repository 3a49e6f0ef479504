"""A rule: something that AWS refuses, or allows although it breaks later, with the page that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from rehearsal.account import Account
from rehearsal.api_model import RefusedError
from rehearsal.hosting import Hosting

# refused: the call is refused. fails: the endpoint ends as Failed, and CloudFormation rolls back. later: AWS allows
# it and something breaks later; reported after each deployment.
Effect = Literal["refused", "fails", "later"]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of an operation, with the state it meets."""

    operation: str
    params: Mapping[str, Any]
    account: Account
    hosting: Hosting


Check = Callable[[Call], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule.

    Attributes:
        id: Short name, as messages show it.
        effect: See `Effect`.
        on: Operations that the rule judges; empty for `later`, which judges the whole account.
        title: One sentence for the docs.
        source: The AWS page, API description or issue that says so, read 2026-11-22.
        confidence: documented, issue or inferred.
        check: Yields a message for each problem: what, got, allowed, fix.
    """

    id: str
    effect: Effect
    on: tuple[str, ...]
    title: str
    source: str
    check: Check
    confidence: Literal["documented", "issue", "inferred"] = "documented"


def refuse(rules: Iterable[Rule], call: Call, effect: Effect = "refused") -> None:
    """Judges a call.

    Raises:
        RefusedError: With every message of the first rule that objects.
    """
    for rule in rules:
        if rule.effect == effect and call.operation in rule.on:
            messages = list(dict.fromkeys(rule.check(call)))
            if messages:
                raise RefusedError(f"{'; '.join(messages)} [{rule.id}: {rule.source}]", rule=rule.id)


def reports(rules: Iterable[Rule], account: Account, hosting: Hosting) -> list[tuple[Rule, str]]:
    """Returns what AWS allows and what breaks later, in the state that exists now."""
    call = Call(operation="", params={}, account=account, hosting=hosting)
    return [(rule, message) for rule in rules if rule.effect == "later" for message in rule.check(call)]

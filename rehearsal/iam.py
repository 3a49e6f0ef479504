"""IAM's answer to a request, from the policies that apply to it. Small, general, and independent of the package.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
(read 2026-11-24). One account; the root user and service-linked roles are not judged.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.iam_conditions import Context, as_list, condition_holds, glob, substituted

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One authorization: `context` is what the service fills in, key -> value or values."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)
    principal: str = "arn:aws:iam::111122223333:role/Caller"


@dataclass(frozen=True)
class Policies:
    """Every policy that applies. None: there is no policy of this kind, so it does not narrow.

    service_control: one inner list per level of the organization; each level must allow.
    resource: the policy of the resource itself. endpoint: of the VPC endpoint that the request came through.
    """

    identity: Sequence[Document] = ()
    boundary: Document | None = None
    session: Document | None = None
    service_control: Sequence[Sequence[Document]] = ()
    resource: Document | None = None
    endpoint: Document | None = None


@dataclass(frozen=True)
class Answer:
    """`why` names the policy that decided, for messages of tests."""

    allowed: bool
    why: str

    def __bool__(self) -> bool:
        return self.allowed


def decide(request: Request, policies: Policies) -> Answer:
    """An explicit deny in any policy wins; else each kind that narrows must allow, and something must grant."""
    levels = [(f"service control policy, level {n}", level) for n, level in enumerate(policies.service_control, 1)]
    narrowing = [
        *levels,
        *((name, [one]) for name, one in (("VPC endpoint", policies.endpoint),) if one is not None),
    ]
    own = [(name, [one]) for name, one in (("boundary", policies.boundary), ("session", policies.session)) if one]
    resource = [] if policies.resource is None else [policies.resource]
    for name, documents in (*narrowing, *own, ("identity", policies.identity), ("resource", resource)):
        denied = _first(documents, request, "Deny")
        if denied is not None:
            return Answer(False, f"{name} denies: {denied}")
    for name, documents in narrowing:
        if _first(documents, request, "Allow") is None:
            return Answer(False, f"{name} does not allow")
    # A resource's policy that names a principal of the same account grants by itself; only for a role's session ARN
    # does that pass its boundary, so a boundary is asked here all the same.
    granted = _first(policies.identity, request, "Allow") or _first(resource, request, "Allow")
    if granted is None:
        return Answer(False, "nothing allows")
    for name, documents in own:
        if _first(documents, request, "Allow") is None:
            return Answer(False, f"{name} does not allow")
    return Answer(True, granted)


def _first(documents: Sequence[Document], request: Request, effect: str) -> str | None:
    for document in documents:
        for number, statement in enumerate(as_list(document["Statement"]), 1):
            if statement["Effect"] == effect and applies(statement, request):
                return str(statement.get("Sid", f"statement {number}"))
    return None


_ELEMENTS = {
    *("Sid", "Effect", "Condition", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource")
}


def applies(statement: Mapping[str, Any], request: Request) -> bool:
    """Whether every element of the statement matches."""
    unknown = set(statement) - _ELEMENTS
    if unknown or "NotPrincipal" in statement:
        raise ValueError(f"not judged: {sorted(unknown) or 'NotPrincipal'}")
    return (
        ("Principal" not in statement or _principal(statement["Principal"], request.principal))
        and _either(statement, "Action", lambda pattern: glob(pattern, request.action, flags=re.IGNORECASE))
        and _either(
            statement,
            "Resource",
            lambda pattern: resource_matches(substituted(pattern, request.context), request.resource),
            optional="Principal" in statement,  # a role's trust policy has none
        )
        and condition_holds(statement.get("Condition", {}), request.context)
    )


def _either(statement: Mapping[str, Any], name: str, matches: Any, *, optional: bool = False) -> bool:
    if name in statement:
        return any(matches(pattern) for pattern in as_list(statement[name]))
    if f"Not{name}" in statement:
        return not any(matches(pattern) for pattern in as_list(statement[f"Not{name}"]))
    if optional:
        return True
    raise ValueError(f"a statement without {name}")


def resource_matches(pattern: str, arn: str) -> bool:
    """A wildcard stays within its segment, unless it is the segment's last character: then it may go on over colons.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html (read 2026-11-24)
    """
    return _resource_pattern(pattern).fullmatch(arn) is not None


@functools.cache
def _resource_pattern(pattern: str) -> re.Pattern[str]:
    text = ""
    for place, one in enumerate(pattern):
        last = pattern[place + 1 : place + 2] in ("", ":")
        text += (".*" if last else "[^:]*") if one == "*" else "[^:]" if one == "?" else re.escape(one)
    return re.compile(text, re.DOTALL)


def _principal(principal: Any, arn: str) -> bool:
    if principal == "*":
        return True
    account = arn.split(":")[4] if arn.startswith("arn:") else None
    wanted = [str(one) for values in principal.values() for one in as_list(values)]
    return any(
        one in ("*", arn)
        or (account is not None and (one == account or re.fullmatch(rf"arn:[a-z-]+:iam::{account}:root", one)))
        for one in wanted
    )

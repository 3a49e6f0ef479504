"""An execution role that learns of its components one by one, within IAM's limits.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.core.errors import Problem
from cdk_inference.endpoints import execution_role, reasons
from cdk_inference.endpoints.execution_role import Statement
from cdk_inference.endpoints.wildcards import wildcard_resources

# Characters of one managed policy, white space not counted; managed policies of one role, the default quota.
POLICY_CHARACTERS_MAX = 6144
POLICIES_MAX = 10

# What CloudFormation fills in later: room for the ARN of a bucket, a key or a repository whose name it makes.
_TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
_TOKEN_CHARACTERS = 160
_AROUND = len(json.dumps(execution_role.document([]), separators=(",", ":")))


def characters(statement: Statement) -> int:
    """At most so many characters of a policy, the comma included."""
    text = json.dumps(statement, separators=(",", ":"))
    return len(_TOKEN.sub(_room, text)) + 1


def filled(policies: Sequence[Sequence[Statement]], more: Sequence[Statement]) -> list[list[Statement]]:
    """`policies` with `more` in them, what they allow already left out; a new one where the last is full."""
    found = [list(policy) for policy in policies]
    allowed = [_without_sid(statement) for policy in found for statement in policy]
    for statement in more:
        if _without_sid(statement) in allowed:
            continue
        allowed.append(_without_sid(statement))
        if _AROUND + sum(map(characters, [*found[-1], statement])) > POLICY_CHARACTERS_MAX:
            found.append([])
        found[-1].append(statement)
    return found


def _room(token: re.Match[str]) -> str:
    """Partition, region, account and suffix are shorter than the tokens that stand for them."""
    return token[0] if token[0].startswith("${Token[AWS.") else "x" * _TOKEN_CHARACTERS


def _without_sid(statement: Statement) -> Statement:
    return {name: value for name, value in statement.items() if name != "Sid"}


class RolePolicies:
    """The policies of one role: the first exists, further ones are made below `scope` when they are needed."""

    def __init__(
        self, scope: Construct, role: iam.CfnRole, first: iam.CfnManagedPolicy, statements: list[Statement]
    ) -> None:
        self._scope = scope
        self._role = role
        self._made = [first]
        self._statements = [statements]

    def problem_with(self, more: Sequence[Statement]) -> Problem | None:
        """Why the role cannot get these statements too."""
        count = len(filled(self._statements, more))
        if count <= POLICIES_MAX:
            return None
        allowed = f"{POLICIES_MAX} managed policies on the endpoint's role, IAM's default quota"
        fix = "make a second ComponentEndpoint for the rest, or keep the models under shorter prefixes"
        return Problem("endpoint", f"{count} policies with this component", allowed, fix)

    def add(self, more: Sequence[Statement]) -> None:
        """Gives the role these statements too."""
        self._statements = filled(self._statements, more)
        for number in range(len(self._made) + 1, len(self._statements) + 1):
            self._made.append(execution_role.make_policy(self._scope, f"Policy{number}", []))
            self._role.managed_policy_arns = [one.ref for one in self._made]
        for policy, statements in zip(self._made, self._statements, strict=True):
            policy.policy_document = execution_role.document(statements)

    def acknowledge_wildcards(self, stack: Stack) -> None:
        """Says to the rule packs why each policy has the wildcards that it has."""
        for policy, statements in zip(self._made, self._statements, strict=True):
            reasons.acknowledge(policy, reasons.policy_wildcards(wildcard_resources(stack, statements)))

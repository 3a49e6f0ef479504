"""IAM policy documents: statements, and how many of them fit into one managed policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (read 2026-11-24)
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

Statement = dict[str, Any]


def allow(sid: str, actions: list[str] | tuple[str, ...], resources: list[str]) -> Statement:
    """One statement."""
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}


def document(policy: list[Statement]) -> dict[str, Any]:
    """The statements as a policy document."""
    return {"Version": "2012-10-17", "Statement": policy}


# Characters of one managed policy, white space not counted; managed policies of one role, the default quota.
POLICY_CHARACTERS_MAX = 6144
POLICIES_MAX = 10
# Of one service control policy: doubled from 5,120 on 2026-05-15 in all partitions but the isolated ones, as
# https://cevo.com.au/post/aws-scp-limits-landing-zone-review/ reports AWS's announcement (read 2026-11-29).
CONTROL_POLICY_CHARACTERS_MAX = 10_240
# Of the policy of a VPC endpoint: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html (read
# 2026-11-29)
ENDPOINT_POLICY_CHARACTERS_MAX = 20_480

# What CloudFormation fills in later: room for the ARN of a bucket, a key or a repository whose name it makes.
TOKEN = re.compile(r"(\$\{Token\[[^\]]*\]\})")
_TOKEN_CHARACTERS = 160
# Digits that distinguish the parts of a divided statement.
_SID_ROOM = 6
_AROUND = len(json.dumps(document([]), separators=(",", ":")))


def characters(statement: Statement) -> int:
    """At most so many characters of a policy, the comma included."""
    text = json.dumps(statement, separators=(",", ":"))
    return len(TOKEN.sub(_room, text)) + 1


def document_characters(statements: Sequence[Statement]) -> int:
    """At most so many characters of a policy of these statements, without white space."""
    return _AROUND + sum(map(characters, statements))


def packed(statements: Sequence[Statement]) -> list[list[Statement]]:
    """All of `statements` as policies, in their order; one policy where they fit."""
    return _appended([[]], statements)


def filled(policies: Sequence[Sequence[Statement]], more: Sequence[Statement]) -> list[list[Statement]]:
    """`policies` with `more` in them, what they allow already left out; a new one where the last is full."""
    allowed = [without_sid(statement) for policy in policies for statement in policy]
    wanted = []
    for statement in more:
        if without_sid(statement) not in allowed:
            allowed.append(without_sid(statement))
            wanted.append(statement)
    return _appended(policies, wanted)


def _appended(policies: Sequence[Sequence[Statement]], more: Sequence[Statement]) -> list[list[Statement]]:
    found = [list(policy) for policy in policies]
    taken = document_characters(found[-1])
    for statement, size in (part for one in more for part in _divided(one)):
        if found[-1] and taken + size > POLICY_CHARACTERS_MAX:
            found.append([])
            taken = _AROUND
        found[-1].append(statement)
        taken += size
    return found


def _divided(statement: Statement) -> list[tuple[Statement, int]]:
    """`statement` with its size, or statements for parts of its resources where a policy cannot hold all of them."""
    size = characters(statement)
    if _AROUND + size + _SID_ROOM <= POLICY_CHARACTERS_MAX:
        return [(statement, size)]
    parts: list[list[str]] = [[]]
    for resource in statement["Resource"]:
        longer = {**statement, "Resource": [*parts[-1], resource]}
        if parts[-1] and _AROUND + characters(longer) + _SID_ROOM > POLICY_CHARACTERS_MAX:
            parts.append([])
        parts[-1].append(resource)
    if len(parts) == 1:
        return [(statement, size)]
    # Zeros in front: a Sid with a number already is that of another model or component.
    divided = [
        {**statement, "Sid": f"{statement['Sid']}{'' if number == 1 else f'00{number}'}", "Resource": resources}
        for number, resources in enumerate(parts, 1)
    ]
    return [(part, characters(part)) for part in divided]


def _room(token: re.Match[str]) -> str:
    """Partition, region, account and suffix are shorter than the tokens that stand for them."""
    return token[0] if token[0].startswith("${Token[AWS.") else "x" * _TOKEN_CHARACTERS


def without_sid(statement: Statement) -> Statement:
    """`statement` for a policy of others, which may get it, or one like it, more than once.

    A policy refuses the same id twice:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html (read 2026-11-30)
    """
    return {name: value for name, value in statement.items() if name != "Sid"}

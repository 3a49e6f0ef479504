"""What the rules of a security group let through that its earlier rules together did not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

from cdk_inference.review.protections.allowed_traffic import AllowedTraffic
from cdk_inference.review.protections.security_groups import NOWHERE, Group, GroupRule
from cdk_inference.template.values import reasons_in, unknown_in


class Opening(NamedTuple):
    """A rule that lets through what was not let through. sure: whether that is known; why not."""

    rule: GroupRule
    sure: bool
    why: str = ""


def openings(before: Group | None, after: Group) -> Iterator[Opening]:
    """The rules of a group that let through more than all of its earlier ones together."""
    old = before.rules if before is not None else []
    same, allowed = set(old), AllowedTraffic(old)
    unsure = [one.peer for one in old if unknown_in(one.peer)]
    for rule in after.rules:
        if rule.peer == NOWHERE or rule in same or (rule.implied and old) or allowed.covers(rule):
            continue
        own = [text for text in (rule.peer, rule.protocol) if unknown_in(text)]
        why = next((reason for text in itertools.chain(own, unsure) for reason in reasons_in(text)), "")
        why = why or allowed.gave_up
        yield Opening(rule, sure=not own and not unsure and not allowed.gave_up, why=why)

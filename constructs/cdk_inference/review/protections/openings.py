"""What the rules of a security group let through that its earlier rules together did not."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cdk_inference.review.protections.networks import Networks
from cdk_inference.review.protections.security_groups import ALL, NOWHERE, Group, GroupRule, Traffic
from cdk_inference.template.values import reasons_in, unknown_in


@dataclass(frozen=True)
class Opening:
    """A rule that lets through what was not let through. sure: whether that is known; why not."""

    rule: GroupRule
    sure: bool
    why: str = ""


def openings(before: Group | None, after: Group) -> Iterator[Opening]:
    """The rules of a group that let through more than all of its earlier ones together."""
    old = before.rules if before is not None else []
    same, allowed = set(old), _Allowed(old)
    unsure = [one.peer for one in old if unknown_in(one.peer)]
    for rule in after.rules:
        if rule.peer == NOWHERE or rule in same or (rule.implied and old) or allowed.covers(rule):
            continue
        own = [text for text in (rule.peer, rule.protocol) if unknown_in(text)]
        why = next((reason for text in itertools.chain(own, unsure) for reason in reasons_in(text)), "")
        yield Opening(rule, sure=not own and not unsure, why=why)


class _Allowed:
    """What rules let through together, by direction, protocol and ports."""

    def __init__(self, rules: Iterable[GroupRule]) -> None:
        self._by_traffic: dict[Traffic, list[GroupRule]] = {}
        for rule in rules:
            self._by_traffic.setdefault(rule.traffic, []).append(rule)
        self._peers: dict[tuple[Traffic, ...], tuple[set[str], Networks]] = {}

    def covers(self, rule: GroupRule) -> bool:
        """Whether some of the rules, or several together, let through all that `rule` does."""
        able = tuple(traffic for traffic in self._by_traffic if _takes(traffic, rule.traffic))
        if able not in self._peers:
            rules = [one for traffic in able for one in self._by_traffic[traffic]]
            covered = Networks(one.network for one in rules if one.network is not None)
            self._peers[able] = {one.peer for one in rules}, covered
        peers, networks = self._peers[able]
        return rule.peer in peers or (rule.network is not None and rule.network in networks)


def _takes(wide: Traffic, narrow: Traffic) -> bool:
    """By direction, protocol and ports."""
    (into, protocol, ports), (narrow_into, narrow_protocol, narrow_ports) = wide, narrow
    if into != narrow_into:
        return False
    if protocol == ALL:
        return True
    if protocol != narrow_protocol:
        return False
    if ports is None:
        return True
    return narrow_ports is not None and ports[0] <= narrow_ports[0] and narrow_ports[1] <= ports[1]

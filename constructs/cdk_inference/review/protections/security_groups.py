"""What security groups let through, wherever in the templates their rules stand.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html (read
2026-11-24): a group that is made without rules for what goes out lets out all; one that loses them lets out nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from cdk_inference.review.pair import DeploymentPair, ResourcePair
from cdk_inference.review.resource_names import ResourceNames, When, key_of, resource_names, versions
from cdk_inference.template.values import readable, unknown_in

GROUP, INGRESS, EGRESS = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"
_EVERYBODY = ("0.0.0.0/0", "::/0")
_NETWORKS = ("CidrIp", "CidrIpv6")
_OTHERS = {
    True: ("SourcePrefixListId", "SourceSecurityGroupId", "SourceSecurityGroupName"),
    False: ("DestinationPrefixListId", "DestinationSecurityGroupId"),
}
# A network with a shorter prefix is taken for everybody.
_BITS_MIN = {4: 8, 6: 16}
ALL = "-1"
_NUMBERS = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_WEB = ((80, 80), (443, 443))
# Properties with the security groups of what they stand in.
_LISTS = frozenset({"SecurityGroupIds", "SecurityGroups", "VPCSecurityGroups", "VpcSecurityGroupIds", "GroupSet"})
# What CloudFormation puts in to say "nothing": a rule for one address that no machine has, as the CDK does.
NOWHERE = "255.255.255.255/32"
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class GroupRule:
    """One rule for one peer. into: whether it is for what comes in. ports: None for all; peer: a network, or a key.

    implied: whether no template has it.
    """

    into: bool
    protocol: str
    ports: tuple[int, int] | None
    peer: str
    pair: ResourcePair = field(compare=False)
    implied: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        what = "everything" if self.protocol == ALL else self.protocol
        if self.protocol != ALL and self.ports is not None:
            low, high = self.ports
            what += f" port {low}" if low == high else f" ports {low} to {high}"
        return f"{what} {'from' if self.into else 'to'} {readable(self.peer)}"

    @property
    def everybody(self) -> bool:
        """Whether the peer is most of the internet, by its size."""
        return self.network is not None and self.network.prefixlen < _BITS_MIN[self.network.version]

    @functools.cached_property
    def network(self) -> Network | None:
        """The peer as a network, where it is one in CIDR notation."""
        try:
            return ip_network(self.peer.strip(), strict=False)
        except ValueError:
            return None

    @property
    def web(self) -> bool:
        """Whether it is a port of a web site."""
        return self.protocol == "tcp" and self.ports in _WEB


@dataclass
class Group:
    """A security group of one side. pair: its resource, if the templates have it."""

    key: str
    pair: ResourcePair | None = None
    rules: list[GroupRule] = field(default_factory=list)

    @property
    def fresh(self) -> bool:
        """Whether it is new."""
        return self.pair is not None and self.pair.before is None

    @property
    def name(self) -> str:
        """For people."""
        return self.pair.logical_id if self.pair else readable(self.key)


def groups(deployments: DeploymentPair, when: When) -> dict[str, Group]:
    """Key -> group, of one side."""
    known = resource_names(deployments, when)
    found: dict[str, Group] = {}
    for pair, side in versions(deployments, when, GROUP):
        group = found.setdefault(key_of(pair), Group(key_of(pair)))
        group.pair = pair
        for name, into in (("SecurityGroupIngress", True), ("SecurityGroupEgress", False)):
            for one in _list(known.value(side, name)):
                group.rules += _rules(known, one, into, pair)
    for pair, side in versions(deployments, when, INGRESS, EGRESS):
        owner = known.value(side, "GroupId") or known.value(side, "GroupName")
        key = known.key(owner, GROUP)
        properties = {name: known.value(side, name) for name in side.written}
        into = side.resource.type == INGRESS
        found.setdefault(key, Group(key)).rules += _rules(known, properties, into, pair)
    for group in found.values():
        if group.pair is not None and all(rule.into for rule in group.rules):
            group.rules += [GroupRule(False, ALL, None, peer, group.pair, implied=True) for peer in _EVERYBODY]
    return found


def exchanged_groups(deployments: DeploymentPair) -> Iterator[tuple[ResourcePair, list[str], list[str]]]:
    """Yields what has other security groups than before: (resource, keys before, keys after)."""
    sides = resource_names(deployments, "before"), resource_names(deployments, "after")
    for pair in (pair for stack in deployments.stacks for pair in stack.resources.values()):
        before, after = pair.before, pair.after
        if before is None or after is None or pair.type.startswith(GROUP):
            continue
        steps = ((change.path, step) for change in pair.changes for step in change.path if step in _LISTS)
        for path in dict.fromkeys(path[: path.index(step) + 1] for path, step in steps):
            values = known_lists(sides[0].value(before, *path), sides[1].value(after, *path))
            if values is not None:
                old, new = (
                    [known.key(one, GROUP) for one in found] for known, found in zip(sides, values, strict=True)
                )
                yield pair, old, new


def known_lists(old: Any, new: Any) -> tuple[list[str], list[str]] | None:
    """Both as lists of texts; None where either is not known, or there was none."""
    if not isinstance(old, list) or not isinstance(new, list):
        return None
    texts = [one for one in (*old, *new) if isinstance(one, str) and not unknown_in(one)]
    return (old, new) if len(texts) == len(old) + len(new) else None


def _rules(known: ResourceNames, written: Any, into: bool, pair: ResourcePair) -> Iterator[GroupRule]:
    if isinstance(written, str):
        yield GroupRule(into, written, None, written, pair)  # not known as a whole
        return
    if not isinstance(written, dict):
        return
    protocol = str(written.get("IpProtocol", ALL)).lower()
    protocol = _NUMBERS.get(protocol, protocol)
    ports = None if protocol == ALL else _ports(written.get("FromPort"), written.get("ToPort"))
    for name in (*_NETWORKS, *_OTHERS[into]):
        peer = written.get(name)
        if isinstance(peer, str):
            yield GroupRule(into, protocol, ports, peer if name in _NETWORKS else known.within(peer), pair)


def _ports(low: Any, high: Any) -> tuple[int, int] | None:
    try:
        first, last = int(low), int(high if high is not None else low)
    except (TypeError, ValueError):
        return None
    return None if first == -1 else (first, last)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]

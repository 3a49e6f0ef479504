"""What the rules of a security group let through together, found without comparing each rule with each other one."""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterable
from ipaddress import collapse_addresses
from typing import Any

from cdk_inference.review.protections.security_groups import ALL, GroupRule, Network

_ALL_PORTS = (-math.inf, math.inf)
# Networks of one group that are looked at for what several of them cover: against templates that are made to take long.
_LOOKED_AT_MAX = 500_000
_GAVE_UP = "the security group had more rules than are compared"
Ports = tuple[float, float]
# Version, first address, bits of the prefix.
Place = tuple[int, int, int]


class AllowedTraffic:
    """The rules of one group, by direction, protocol and peer. gave_up: why not all was compared; "" where it was."""

    def __init__(self, rules: Iterable[GroupRule]) -> None:
        self.gave_up = ""
        self._left = _LOOKED_AT_MAX
        ranges: dict[tuple[bool, str, str | Place], list[Ports]] = {}
        networks: dict[Place, Network] = {}
        for rule in rules:
            peers: list[str | Place] = [rule.peer]
            if rule.network is not None:
                networks[_place(rule.network)] = rule.network
                peers.append(_place(rule.network))
            for peer in peers:
                ranges.setdefault((rule.into, rule.protocol, peer), []).append(rule.ports or _ALL_PORTS)
        self._ranges = {key: _Ranges(listed) for key, listed in ranges.items()}
        self._prefixes = {4: [*{place[2] for place in networks if place[0] == 4}]}
        self._prefixes[6] = [*{place[2] for place in networks if place[0] == 6}]
        self._places = sorted(networks)
        self._sizes = [0, *itertools.accumulate(networks[place].num_addresses for place in self._places)]
        self._networks = networks

    def covers(self, rule: GroupRule) -> bool:
        """Whether some of the rules, or several networks of them together, let through all that `rule` does."""
        if self._lets_through(rule, rule.peer):
            return True
        network = rule.network
        if network is None:
            return False
        around = (
            network.supernet(new_prefix=bits) for bits in self._prefixes[network.version] if bits <= network.prefixlen
        )
        return any(self._lets_through(rule, _place(one)) for one in around) or self._several_cover(rule, network)

    def _lets_through(self, rule: GroupRule, peer: str | Place) -> bool:
        """Whether rules for exactly this peer let through all protocols and ports of `rule`."""
        ports = rule.ports or _ALL_PORTS
        protocols = dict.fromkeys((rule.protocol, ALL))
        return any(ports in found for one in protocols if (found := self._ranges.get((rule.into, one, peer))))

    def _several_cover(self, rule: GroupRule, network: Network) -> bool:
        first, last = int(network.network_address), int(network.broadcast_address)
        begin = bisect.bisect(self._places, (network.version, first, network.prefixlen))
        end = bisect.bisect(self._places, (network.version, last, math.inf))
        if self._sizes[end] - self._sizes[begin] < network.num_addresses:
            return False
        self._left -= end - begin
        if self._left < 0:
            self.gave_up = _GAVE_UP
            return False
        places = (place for place in self._places[begin:end] if self._lets_through(rule, place))
        inside: list[Any] = [self._networks[place] for place in places]  # all of the network's version
        return [*collapse_addresses(inside)] == [network]


class _Ranges:
    """Ranges of ports without those that lie in another one: both ends ascend."""

    def __init__(self, ranges: Iterable[Ports]) -> None:
        self._lows: list[float] = []
        self._highs: list[float] = []
        for low, high in sorted(ranges, key=lambda one: (one[0], -one[1])):
            if not self._highs or high > self._highs[-1]:
                self._lows.append(low)
                self._highs.append(high)

    def __contains__(self, ports: Ports) -> bool:
        """Whether one of the ranges has all of `ports`."""
        at = bisect.bisect(self._lows, ports[0]) - 1
        return at >= 0 and ports[1] <= self._highs[at]


def _place(network: Network) -> Place:
    return network.version, int(network.network_address), network.prefixlen

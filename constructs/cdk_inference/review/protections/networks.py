"""Networks by their addresses: one from its text, and what several cover together."""

from __future__ import annotations

import bisect
import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Range = tuple[int, int]


def network(text: str) -> Network | None:
    """Returns the network that a text has in CIDR notation; None for any other text."""
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


class Networks:
    """Several networks, as the ranges of addresses that they cover together."""

    def __init__(self, networks: Iterable[Network]) -> None:
        self._ranges: dict[int, list[Range]] = {4: [], 6: []}
        for version, (first, last) in sorted((one.version, _range(one)) for one in networks):
            ranges = self._ranges[version]
            if ranges and first <= ranges[-1][1] + 1:
                ranges[-1] = (ranges[-1][0], max(ranges[-1][1], last))
            else:
                ranges.append((first, last))

    def __contains__(self, one: Network) -> bool:
        """Whether all addresses of `one` are covered."""
        first, last = _range(one)
        ranges = self._ranges[one.version]
        at = bisect.bisect(ranges, first, key=lambda covered: covered[0]) - 1
        return at >= 0 and last <= ranges[at][1]


def _range(one: Network) -> Range:
    return int(one.network_address), int(one.broadcast_address)

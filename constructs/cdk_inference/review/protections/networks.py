"""Networks by their addresses: one from its text, and what several cover together."""

from __future__ import annotations

import bisect
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

Network = IPv4Network | IPv6Network


def network(text: str) -> Network | None:
    """Returns the network that a text has in CIDR notation; None for any other text."""
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


class Networks:
    """Several networks, merged: a network that they cover together lies in one of the merged ones."""

    def __init__(self, networks: Iterable[Network]) -> None:
        found = list(networks)
        self._merged: dict[int, list[Network]] = {
            4: [*collapse_addresses(one for one in found if isinstance(one, IPv4Network))],
            6: [*collapse_addresses(one for one in found if isinstance(one, IPv6Network))],
        }

    def __contains__(self, one: Network) -> bool:
        """Whether all addresses of `one` are covered."""
        merged = self._merged[one.version]
        at = bisect.bisect(merged, int(one.network_address), key=lambda each: int(each.network_address)) - 1
        return at >= 0 and one.broadcast_address in merged[at]

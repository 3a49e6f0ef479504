"""An architecture for a model of which only the size is known: that of a published neighbour with the largest cache."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.cache import cache_bytes
from cdk_inference.fit.published import PUBLISHED

# How far the size of a published model may be from the one that is needed.
NEIGHBOUR_FACTOR = 1.5
_BITS = 16


@dataclass(frozen=True, kw_only=True)
class Lent:
    """The architecture of a published model of similar size.

    Args:
        name: The neighbour.
        architecture: Its shape, with the parameters that were given.
        neighbours: How many dense models are as near in size.
    """

    name: str
    architecture: Architecture
    neighbours: int


def lend(parameters: float, *, tokens: int = 8192, requests: int = 1) -> Lent | None:
    """The shape of the dense published model within `NEIGHBOUR_FACTOR` whose cache is the largest; None without one.

    A mixture of experts lends nothing: of its size it keeps a small cache.

    Args:
        parameters: Of the model.
        tokens: Of each request, by which caches are compared.
        requests: At once.
    """
    near = {
        name: one
        for name, one in PUBLISHED.items()
        if one.experts is None
        and max(one.parameters, parameters) <= NEIGHBOUR_FACTOR * min(one.parameters, parameters)
        and parameters > one.embedding_parameters
    }
    if not near:
        return None

    def size(name: str) -> tuple[float, float]:
        cache = cache_bytes(near[name], 1, _BITS, tokens, requests)
        return cache, -abs(near[name].parameters - parameters)

    name = max(near, key=size)
    return Lent(name=name, architecture=replace(near[name], parameters=parameters), neighbours=len(near))

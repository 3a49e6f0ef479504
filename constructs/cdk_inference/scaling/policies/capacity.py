"""Bounds for policies that are made for several kinds: instances here, copies there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.scaling.policies.base import Tracked

KINDS = frozenset({"realtime", "async", "component"})


@dataclass(frozen=True, kw_only=True)
class AnyCapacity(Tracked):
    """min_capacity, max_capacity: instances of a variant, copies of an inference component.

    A minimum of 0 is for asynchronous variants and inference components; what wakes them comes with it.
    """

    min_capacity: int = 1
    max_capacity: int

    kinds: ClassVar[frozenset[str]] = KINDS
    bound_names: ClassVar[tuple[str, str]] = ("min_capacity", "max_capacity")
    lowest: ClassVar[int] = 0
    too_low: ClassVar[str] = "use 0 or more"

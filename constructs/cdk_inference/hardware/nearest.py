"""Which real types come closest to a name that is wrong, or to a type that a region lacks."""

from __future__ import annotations

import math
import re
from difflib import SequenceMatcher

from cdk_inference.hardware.instance_type import InstanceType
from cdk_inference.hardware.table import accepted

_AT_MOST = 3
_ALIKE = 0.6  # difflib's own default for a close match


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _letters(family: str) -> str:
    found = re.match(r"[a-z]*", family)
    return found[0] if found else ""


def _generation(family: str) -> int:
    found = re.search(r"[0-9]+", family)
    return int(found[0]) if found else 0


def _distance(wanted: str, family: str) -> int | None:
    """0 for the same family, 1 for the same maker's line (inf1, inf2), 2 for alike, None for far."""
    if wanted == family:
        return 0
    if _letters(wanted) == _letters(family):
        return 1
    return 2 if _ratio(wanted, family) >= _ALIKE else None


def similar_types(name: str) -> list[str]:
    """At most three names like `name` (with its "ml."), of types that at least one region lists."""
    family, _, size = name.removeprefix("ml.")[:40].partition(".")
    ranked = []
    for place, known in enumerate(accepted()):
        distance = _distance(family, known.family)
        if known.regions and distance is not None:
            # Of families equally alike the newer one first; `place` keeps the sizes in their order.
            nearness = (distance, -_ratio(family, known.family), -_generation(known.family), known.family)
            ranked.append((nearness, -_ratio(size, known.size), place, known.name))
    return [entry[-1] for entry in sorted(ranked)[:_AT_MOST]]


def alternatives(wanted: InstanceType, region: str) -> list[InstanceType]:
    """At most three types that `region` lists and that are no smaller than `wanted`, one of each family.

    For an accelerated type: at least its total accelerator memory, the same kind first, then the smallest. For a
    CPU type: at least its vCPUs and RAM on the same architecture, the smallest first.
    """
    found: dict[str, InstanceType] = {}
    listed = [known for known in accepted() if known.regions and region in known.regions and known.kind != "cpu"]
    need = wanted.accelerator_memory_gib
    if wanted.kind == "cpu":
        listed = [known for known in accepted() if known.regions and region in known.regions and _holds(known, wanted)]
        need = 0.0
    if need is None:
        return []
    large = [known for known in listed if (known.accelerator_memory_gib or 0.0) >= need]
    for known in sorted(large, key=lambda one: _size(one, wanted)):
        found.setdefault(known.family, known)
    return list(found.values())[:_AT_MOST]


def _holds(known: InstanceType, wanted: InstanceType) -> bool:
    return (
        known.kind == "cpu"
        and known.architecture == wanted.architecture
        and (known.vcpus or 0) >= (wanted.vcpus or 0)
        and (known.ram_gib or 0) >= (wanted.ram_gib or 0)
    )


def _size(known: InstanceType, wanted: InstanceType) -> tuple[bool, float, float, float, int, str]:
    return (
        known.kind != wanted.kind,
        known.accelerator_memory_gib or 0.0,
        known.vcpus or math.inf,
        known.ram_gib or math.inf,
        -_generation(known.family),
        known.name,
    )

"""Instance types of the tables in facts/, made when first requested, and the types that the app registers."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cdk_inference.facts import table
from cdk_inference.hardware.instance_type import InstanceType

registered: dict[str, InstanceType] = {}


def knowledge_date() -> str:
    """The day of the price list that the regions come from, as 2026-10-20."""
    return table("hosting_regions").header["date"]


def knowledge() -> str:
    """One sentence: what the tables were made of."""
    versions = table("instance_types").header["version"]
    return f"Instance types of {versions}, hosting regions of the AWS Price List of {knowledge_date()}."


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


@functools.cache
def _types() -> Mapping[str, dict[str, Any]]:
    return {row["type"]: row for row in table("instance_types").rows()}


@functools.cache
def _listed() -> Mapping[str, frozenset[str]]:
    return {row["type"]: frozenset(row["regions"].split()) for row in table("hosting_regions").rows()}


@functools.cache
def _made(name: str) -> InstanceType:
    """Returns one row as a value, made on first use: most apps need a few of the 321."""
    row = _types()[name]
    return InstanceType(
        name=name,
        kind=row["kind"],
        accelerator=row["accelerator"] or None,
        accelerators=_whole(row["accelerators"]),
        memory_gib=_number(row["memory_gib"]),
        neuroncores=_whole(row["neuroncores"]),
        vcpus=_whole(row["vcpus"]),
        ram_gib=_number(row["ram_gib"]),
        nvme_gb=_whole(row["nvme_gb"]),
        efa_interfaces=_whole(row["efa"]),
        network_gbps=_number(row["network_gbps"]),
        ebs_mb_per_second=_number(row["ebs_mb_per_second"]),
        architecture=row["architecture"] or None,
        storage_volume=row["storage_volume"] == "yes",
        regions=_listed()[name],
        in_api=row["api"] == "yes",
        source=knowledge(),
    )


@functools.cache
def shipped() -> Mapping[str, InstanceType]:
    """Every row of the tables by name, also those that the API lacks; by family, then size."""
    return MappingProxyType({name: _made(name) for name in _types()})


@functools.cache
def listed_regions() -> tuple[str, ...]:
    """Every region that lists at least one type, in alphabetical order."""
    return tuple(sorted(frozenset[str]().union(*_listed().values())))


def find(name: str) -> InstanceType | None:
    """Returns the type of this name, registered types first."""
    if name in registered:
        return registered[name]
    return _made(name) if name in _types() else None


def accepted() -> tuple[InstanceType, ...]:
    """Every type that the API accepts as far as is known: those of the tables, then the registered ones."""
    if not registered:
        return _shipped_in_api()
    return tuple(known for known in {**shipped(), **registered}.values() if known.in_api)


@functools.cache
def _shipped_in_api() -> tuple[InstanceType, ...]:
    return tuple(known for known in shipped().values() if known.in_api)

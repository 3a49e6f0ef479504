"""The two generated tables, read once when first asked for, and the types that the app registers."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from cdk_inference.hardware.instance_type import InstanceType

registered: dict[str, InstanceType] = {}


@functools.cache
def _lines(file: str) -> tuple[str, ...]:
    # Not importlib.resources, which takes longer to import than this does to read.
    return tuple(Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines())


def _rows(file: str) -> Iterable[dict[str, str]]:
    return csv.DictReader(line for line in _lines(file) if not line.startswith("#"))


def _header(key: str) -> str:
    prefix = f"# {key}: "
    return next(line.removeprefix(prefix) for line in _lines("instance_types.csv") if line.startswith(prefix))


def knowledge_date() -> str:
    """The day of the price list that the regions come from, as 2026-10-20."""
    return _header("price list")


def knowledge() -> str:
    """One sentence: what the tables were made of."""
    return f"Instance types of {_header('versions')}, hosting regions of the AWS Price List of {knowledge_date()}."


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _number(text: str) -> float | None:
    return float(text) if text else None


@functools.cache
def _types() -> Mapping[str, dict[str, str]]:
    return {row["type"]: row for row in _rows("instance_types.csv")}


@functools.cache
def _listed() -> Mapping[str, frozenset[str]]:
    return {row["type"]: frozenset(row["regions"].split()) for row in _rows("hosting_regions.csv")}


@functools.cache
def _made(name: str) -> InstanceType:
    """One row as a value. Most apps ask for a few of the 321."""
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
    """What is known under this name, registered types first."""
    if name in registered:
        return registered[name]
    return _made(name) if name in _types() else None


def accepted() -> tuple[InstanceType, ...]:
    """Every type that the API accepts as far as is known: those of the tables, then the registered ones."""
    return tuple(known for known in {**shipped(), **registered}.values() if known.in_api)

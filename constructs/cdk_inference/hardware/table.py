"""The two generated tables, read once when first asked for, and the types that the app registers."""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from cdk_inference.hardware.instance_type import InstanceType

registered: dict[str, InstanceType] = {}


@functools.cache
def _lines(file: str) -> tuple[str, ...]:
    from importlib.resources import files  # 10 ms to import, which `import cdk_inference.hardware` need not pay

    return tuple((files("cdk_inference.hardware") / file).read_text(encoding="utf-8").splitlines())


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
def shipped() -> Mapping[str, InstanceType]:
    """Every row of the tables by name, also those that the API lacks; by family, then size."""
    listed = {row["type"]: frozenset(row["regions"].split()) for row in _rows("hosting_regions.csv")}
    source = knowledge()
    return MappingProxyType(
        {
            row["type"]: InstanceType(
                name=row["type"],
                kind=row["kind"],
                accelerator=row["accelerator"] or None,
                accelerators=_whole(row["accelerators"]),
                memory_gib=_number(row["memory_gib"]),
                neuroncores=_whole(row["neuroncores"]),
                vcpus=_whole(row["vcpus"]),
                ram_gib=_number(row["ram_gib"]),
                nvme_gb=_whole(row["nvme_gb"]),
                efa_interfaces=_whole(row["efa"]),
                architecture=row["architecture"] or None,
                storage_volume=row["storage_volume"] == "yes",
                regions=listed[row["type"]],
                in_api=row["api"] == "yes",
                source=source,
            )
            for row in _rows("instance_types.csv")
        }
    )


@functools.cache
def listed_regions() -> tuple[str, ...]:
    """Every region that lists at least one type, in alphabetical order."""
    return tuple(sorted({region for row in shipped().values() for region in row.regions or ()}))


def find(name: str) -> InstanceType | None:
    """What is known under this name, registered types first."""
    return registered.get(name) or shipped().get(name)


def accepted() -> tuple[InstanceType, ...]:
    """Every type that the API accepts as far as is known: those of the tables, then the registered ones."""
    return tuple(known for known in {**shipped(), **registered}.values() if known.in_api)

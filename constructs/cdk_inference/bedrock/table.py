"""Bedrock's models, and where their cross-region profiles route to, from facts/; read at the first use."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.facts import table

GLOBAL = "global"


@dataclass(frozen=True, kw_only=True)
class ModelFact:
    """A foundation model. `status` is "active" or "legacy"; `inputs` and `outputs` are modalities, as "text", "image".

    on_demand: regions that answer to the model's id; the others have it through a profile only, or not at all.
    mantle: regions whose OpenAI-compatible endpoint, bedrock-mantle, has it.
    source: a key of `sources()`.
    """

    id: str
    provider: str
    status: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    streaming: bool
    on_demand: frozenset[str]
    mantle: frozenset[str]
    source: str


@dataclass(frozen=True, kw_only=True)
class ProfileFact:
    """A cross-region profile: source region -> regions that a request from there may be routed to.

    A global profile routes to any commercial region: its destinations are empty.
    """

    id: str
    destinations: Mapping[str, tuple[str, ...]]
    source: str


def sources() -> Mapping[str, str]:
    """Key -> where a row comes from, with its date."""
    return {key: table("bedrock_profiles").header[key] for key in ("api", "code")}


def day() -> str:
    """The day that the tables are of, as 2026-10-25."""
    return table("bedrock_profiles").header["date"]


@functools.cache
def models() -> Mapping[str, ModelFact]:
    """Every model of the table by id."""
    return {
        row["model"]: ModelFact(
            id=row["model"],
            provider=row["provider"],
            status=row["status"],
            inputs=tuple(row["inputs"].split()),
            outputs=tuple(row["outputs"].split()),
            streaming=row["streaming"] == "yes",
            on_demand=frozenset(row["on_demand"].split()),
            mantle=frozenset(row["mantle"].split()),
            source=row["source"],
        )
        for row in table("bedrock_models").rows()
    }


@functools.cache
def profiles() -> Mapping[str, ProfileFact]:
    """Every profile of the table by id."""
    found: dict[str, tuple[dict[str, tuple[str, ...]], str]] = {}
    for row in table("bedrock_profiles").rows():
        destinations, _ = found.setdefault(row["profile"], ({}, row["source"]))
        destinations.update(dict.fromkeys(row["sources"].split(), tuple(row["destinations"].split())))
    return {
        name: ProfileFact(id=name, destinations=destinations, source=source)
        for name, (destinations, source) in found.items()
    }


@functools.cache
def id_providers() -> frozenset[str]:
    """What the ids of the table's models begin with, as "amazon"."""
    return frozenset(id.partition(".")[0] for id in models())


@functools.cache
def geographies() -> Mapping[str, frozenset[str]]:
    """Prefix of a profile's id -> regions that some profile of this geography can be called from."""
    found: dict[str, set[str]] = {}
    for profile in profiles().values():
        found.setdefault(profile.id.partition(".")[0], set()).update(profile.destinations)
    return {prefix: frozenset(regions) for prefix, regions in found.items()}


def profiles_of(model_id: str, region: str) -> tuple[str, ...]:
    """Ids of the profiles that have the model and can be called from `region`, geographic ones first."""
    found = [name for name in _by_model().get(model_id, ()) if region in profiles()[name].destinations]
    return tuple(sorted(found, key=lambda name: (name.startswith(f"{GLOBAL}."), name)))


@functools.cache
def _by_model() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in profiles():
        found.setdefault(name.partition(".")[2], []).append(name)
    return {model: tuple(names) for model, names in found.items()}

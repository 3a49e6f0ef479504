"""What a room offers is what its `__all__` says: nothing leaks, everything can be imported."""

from __future__ import annotations

import importlib
from types import ModuleType

from tests.each import each

ROOMS = (
    "hosting",
    "bedrock",
    "metrics",
    "hardware",
    "fit",
    "serving",
    "scaling",
    "rollout",
    "endpoints",
    "network",
    "cost",
    "template",
    "pricing",
    "review",
    "aws",
    "cli",
)


def room(name: str) -> ModuleType:
    return importlib.import_module(f"cdk_inference.{name}")


@each("name", ROOMS)
def test_everything_offered_can_be_imported(name: str) -> None:
    assert [offered for offered in room(name).__all__ if not hasattr(room(name), offered)] == []


@each("name", ROOMS)
def test_the_list_is_what_the_room_has(name: str) -> None:
    module = room(name)
    bound = {key for key, value in vars(module).items() if not isinstance(value, ModuleType)}
    # Names that a module's __getattr__ answers.
    computed = {*getattr(module, "__annotations__", {}), *getattr(module, "_LATER", ())}
    assert {key for key in bound | computed if not key.startswith("_")} - {"annotations"} == set(module.__all__)


@each("name", ROOMS)
def test_the_list_has_no_name_twice(name: str) -> None:
    assert len(set(room(name).__all__)) == len(room(name).__all__)

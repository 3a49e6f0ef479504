"""The instance types of SageMaker hosting: look one up, add one that AWS has just released.

`KNOWLEDGE_DATE` is the day of the price list that the regions come from (2026-10-20, as text); `KNOWLEDGE` a
sentence with the versions of everything the tables were made of. Both are read on first use.
"""

from __future__ import annotations

import dataclasses

from cdk_inference.core.checks import REGION_FORM, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hardware import table
from cdk_inference.hardware.availability import type_problem
from cdk_inference.hardware.instance_type import InstanceType

KNOWLEDGE_DATE: str
KNOWLEDGE: str


def __getattr__(name: str) -> str:
    if name == "KNOWLEDGE_DATE":
        return table.knowledge_date()
    if name == "KNOWLEDGE":
        return table.knowledge()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def known(name: str) -> InstanceType | None:
    """The type of this name; None if the API accepts no such type."""
    found = table.find(name) if isinstance(name, str) else None
    return found if found is not None and found.in_api else None


def lookup(name: str) -> InstanceType:
    """The type of this name; a `ConfigurationError` if the API accepts no such type."""
    found = known(name)
    if found is not None:
        return found
    unresolved = None
    if is_token(name):
        unresolved = Problem("name", name, "a name that is known at synth time", "write it as in 'ml.g5.xlarge'")
    raise_problems("lookup()", unresolved or type_problem("name", name))
    raise AssertionError(f"unvalidated instance type {name!r}")  # type_problem and this function read the same table


def register(instance_type: InstanceType) -> InstanceType:
    """Adds a type that is newer than the tables and returns it.

    `register(InstanceType(name="ml.g8.2xlarge", kind="gpu", accelerators=1, memory_gib=48, storage_volume=False))`.
    The same value twice is fine; another value under a known name is a `ConfigurationError`. A type that is priced
    while the API lacks it may be registered: that says the API accepts it by now.

    instance_type: the type, `InstanceType(...)`, with `in_api` left out.
    """
    if not isinstance(instance_type, InstanceType):
        fix = 'write register(InstanceType(name="ml.g8.2xlarge", kind="gpu", storage_volume=False))'
        raise_problems("register()", Problem("instance_type", instance_type, "an InstanceType", fix))
    if not instance_type.in_api:
        fix = "register a type only when SageMaker's API accepts it, and leave in_api out"
        raise_problems("register()", Problem("in_api", False, "True", fix))
    same_name = table.find(instance_type.name)
    if same_name is not None and same_name.in_api and same_name != instance_type:
        allowed = f"a type that is not known yet; known is {same_name!r}"
        fix = f"leave the call out and use lookup({same_name.name!r})"
        raise_problems("register()", Problem("instance_type", instance_type, allowed, fix))
    if same_name != instance_type:
        table.registered[instance_type.name] = instance_type
    return instance_type


def register_region(name: str, region: str) -> InstanceType:
    """Adds `region` to the regions that list a known type, and returns the type.

    name: the type, as "ml.g6.xlarge".
    region: the region, as "eu-west-1".

    Raises ConfigurationError for an unknown type: that is for `register`.
    """
    found = lookup(name)
    if not isinstance(region, str) or REGION_FORM.fullmatch(region) is None:
        fix = f"write register_region({name!r}, 'eu-west-1')"
        raise_problems("register_region()", Problem("region", region, "the name of a region", fix))
    table.registered[name] = dataclasses.replace(found, regions=(found.regions or frozenset()) | {region})
    return table.registered[name]


def instance_types() -> tuple[InstanceType, ...]:
    """Every type that the API accepts, by family and size, then the registered ones."""
    return table.accepted()


def regions() -> tuple[str, ...]:
    """Every region that lists at least one type for hosting."""
    return table.listed_regions()


def is_registered(instance_type: InstanceType) -> bool:
    """Whether the app registered this type, so that tables of AWS may lack it."""
    name = instance_type.name
    return name in table.registered and not (name in table.shipped() and table.shipped()[name].in_api)

"""Whether SageMaker hosting has an instance type, and whether a region lists it: a `Problem` or None.

The tables have a date. Whoever uses a type that is newer registers it; a region that the tables lack is let through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.hardware.instance_type import NAME_PATTERN, InstanceType
from cdk_inference.hardware.nearest import alternatives, similar_types
from cdk_inference.hardware.table import find, knowledge_date, listed_regions

# Chips that people expect. Sources: botocore 1.44.5; https://github.com/aws-neuron/aws-neuron-sdk of 2026-08-21
# (trainium3.rst documents the chip and trn3-arch.rst its servers; nothing names an Inferentia3).
_CHIPS = {
    "inf3": "there is no Inferentia3 in any AWS API or in the Neuron SDK",
    "trn3": "Trainium3 exists but is in no EC2 or SageMaker instance-type enum",
}
_ALL_TYPES = "cdk_inference.hardware.instance_types()"


def _choice(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def type_problem(argument: str, name: object) -> Problem | None:
    """Returns why SageMaker's API does not accept `name` as an instance type; None for an accepted type or a token."""
    if not isinstance(name, str):
        fix = "write it as in 'ml.g5.xlarge'"
        if isinstance(name, (list, tuple)):
            fix = f"for several types write {argument}=InstancePools(types=(...))"
        return Problem(argument, name, "the name of an instance type as text", fix)
    known = find(name)
    if is_token(name) or (known is not None and known.in_api):
        return None
    meant = name.strip().lower()
    meant = meant if meant.startswith("ml.") else f"ml.{meant}"
    known = find(meant)
    if known is not None and known.in_api:
        return Problem(argument, name, "an instance type as SageMaker writes it, 'ml.' first", f"write {meant!r}")
    allowed = f"an instance type of SageMaker hosting; as of {knowledge_date()} "
    if known is not None:
        allowed += f"the AWS Price List prices {meant} for hosting but the API's list of types lacks it"
    else:
        allowed += "there is no such type"
        allowed += "".join(f": {reason}" for chip, reason in _CHIPS.items() if meant.startswith(f"ml.{chip}"))
    similar = [repr(one) for one in similar_types(meant)]
    fix = f"use {_choice(similar)}" if similar else f"choose one of {_ALL_TYPES}"
    if re.fullmatch(NAME_PATTERN, meant):
        fix += "; if AWS has released it since, register() it first"
    return Problem(argument, name, allowed, fix)


def known_region(region: object) -> bool:
    """Whether the tables have this region."""
    return isinstance(region, str) and region in listed_regions()


def region_problem(argument: str, instance_type: InstanceType, region: str | None) -> Problem | None:
    """Why `instance_type` cannot be had in `region`; None if it can, or if one of the two is not known.

    `region` is a name, a token or None; a region that is not in the tables counts as not known. A type that no region
    lists is a problem wherever it goes.
    """
    listed = instance_type.regions
    if listed is None or region in listed:
        return None
    name, date = instance_type.name, knowledge_date()
    if region is None or not known_region(region):
        if listed:
            return None
        allowed = f"a type that some region lists for hosting; as of {date} no region lists this one"
        return Problem(argument, name, allowed, f"choose one whose regions include yours from {_ALL_TYPES}")
    by_now = f"if {region} lists it by now, call register_region({name!r}, {region!r}) first"
    near = _choice([_described(one) for one in alternatives(instance_type, region)] or [""])
    if not listed:
        allowed = f"a type that {region} lists for hosting; as of {date} no region lists it for hosting"
        fix = f"use {near}" if near else f"choose one whose regions include {region!r} from {_ALL_TYPES}"
        return Problem(argument, name, allowed, f"{fix}; {by_now}")
    # The neighbours first: eu- regions for an eu- region.
    area = region.partition("-")[0]
    places = ", ".join(sorted(listed, key=lambda one: (one.partition("-")[0] != area, one)))
    allowed = f"a type that {region} lists for hosting; as of {date} this one is listed in {places}"
    fix = f"use {near}, or deploy to a region that lists {name}" if near else f"deploy to a region that lists {name}"
    return Problem(argument, name, allowed, f"{fix}; {by_now}")


def _described(known: InstanceType) -> str:
    if known.kind == "cpu":
        return f"{known.name!r} ({known.vcpus} vCPUs, {known.ram_gib:g} GiB)"
    return f"{known.name!r} ({known.accelerators} x {known.accelerator}, {known.accelerator_memory_gib:g} GiB)"

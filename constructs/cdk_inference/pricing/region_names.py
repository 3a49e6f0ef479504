"""Names of regions, checked where a slip would cost a price: no table has a price of "us-esat-1"."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from cdk_inference.core.alike import nearest
from cdk_inference.core.checks import REGION_FORM
from cdk_inference.core.errors import Problem
from cdk_inference.facts import table
from cdk_inference.hardware import regions

# Partitions whose regions no table here lists, so that their names cannot be checked.
_NOT_LISTED = ("us-iso", "eu-iso", "eusc-")


@functools.cache
def known_regions() -> frozenset[str]:
    """Returns every region that hosts endpoints or from which a model of Bedrock can be called."""
    found = set(regions())
    for row in table("bedrock_models").rows():
        found |= {*row["on_demand"].split(), *row["mantle"].split()}
    for row in table("bedrock_profiles").rows():
        found |= set(row["sources"].split())
    return frozenset(found)


def region_name_problem(argument: str, region: str) -> Problem | None:
    """Returns what is wrong with the name of a region, where no price is looked up.

    A name in the form of AWS's own may be of a region that is newer than the tables.
    """
    return None if REGION_FORM.fullmatch(region) else region_problem(argument, region)


def region_problem(argument: str, region: str, own: Iterable[str] = ()) -> Problem | None:
    """Returns what is wrong with the name of a region, with the nearest one.

    Args:
        argument: Where the name was written.
        region: The name.
        own: Regions that are known besides, such as those of the user's prices.
    """
    if region in known_regions() or region in own or region.startswith(_NOT_LISTED):
        return None
    near = nearest(region, sorted(known_regions()))
    fix = f"write {near}" if near else "write it as in 'us-east-1'"
    return Problem(argument, region, "a region that hosts endpoints or serves models of Bedrock", fix)

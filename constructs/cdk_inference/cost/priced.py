"""From targets to variants with prices, and everything that speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Stack

from cdk_inference.checks import has_members, is_token
from cdk_inference.cost.rate import PricedVariant
from cdk_inference.endpoints import CountedVariant
from cdk_inference.endpoints.elsewhere import region_problem
from cdk_inference.errors import Problem
from cdk_inference.pricing import Price, PriceBook

_KINDS = "RealtimeEndpoint, AsyncEndpoint or RealtimeEndpoint.from_endpoint_name(...)"
_OWN = 'give one: prices=price_book([Path("prices.toml")], today); docs/prices.md shows the file'


def priced(
    targets: Sequence[Any], region: str, book: PriceBook
) -> tuple[list[tuple[Any, PricedVariant]], list[Problem]]:
    """(target, variant) for every variant whose types have prices, and the problems of the others."""
    if is_token(region):
        fix = 'give the stack a region: env=cdk.Environment(region="us-east-1")'
        return [], [Problem("region", "a value known at deployment only", "a region, since prices differ", fix)]
    found: list[tuple[Any, PricedVariant]] = []
    problems: list[Problem] = []
    for number, target in enumerate(targets):
        argument = f"targets[{number}]"
        wrong = _target_problem(argument, target, targets[:number], region)
        if wrong is not None:
            problems.append(wrong)
            continue
        for counted in target.counted:
            prices = _prices(argument, counted, region, book)
            problems += [price for price in prices if isinstance(price, Problem)]
            known = tuple(price for price in prices if isinstance(price, Price))
            if len(known) == len(prices):
                found.append((target, PricedVariant(counted=counted, prices=known)))
    return found, problems


def _target_problem(argument: str, target: Any, before: Sequence[Any], region: str) -> Problem | None:
    if not has_members(target, "counted", "target_name", "node"):
        fix = "no metric counts the instances of other kinds: leave it out"
        return Problem(argument, type(target).__name__, _KINDS, fix)
    if any(target is other for other in before):
        return Problem(argument, target.target_name, "each target once, or it is counted twice", "leave it out")
    return region_problem(argument, Stack.of(target), region, "an endpoint", "alarm")


def _prices(argument: str, counted: CountedVariant, region: str, book: PriceBook) -> list[Price | Problem]:
    types = counted.metrics.instance_types
    if types is None:
        fix = 'write RealtimeEndpoint.from_endpoint_name(..., hardware="ml.g5.xlarge")'
        return [Problem(f"{argument}.hardware", None, "the instance types, to which prices belong", fix)]
    looked_up = [(hardware.name, book.look_up(hardware.name, region)) for hardware in types]
    return [
        price
        if isinstance(price, Price)
        else Problem(f"{argument}.hardware", name, f"a type with a price: {price.reason}", _OWN)
        for name, price in looked_up
    ]

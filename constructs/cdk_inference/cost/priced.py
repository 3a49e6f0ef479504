"""From targets to what has a price, and everything that speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Stack

from cdk_inference.core.checks import has_members, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.cost.metered import PricedHost
from cdk_inference.cost.metering import Metering
from cdk_inference.cost.tokens import PricedTokens
from cdk_inference.cost.variant import PricedVariant
from cdk_inference.endpoints import ComponentEndpoint
from cdk_inference.endpoints.elsewhere import region_problem
from cdk_inference.hardware import InstanceType
from cdk_inference.pricing import Price, PriceBook, TokenPrice
from cdk_inference.target import BilledByInstance, BilledByToken

PricedTarget = PricedVariant | PricedTokens | PricedHost

_KINDS = "RealtimeEndpoint, AsyncEndpoint, RealtimeEndpoint.from_endpoint_name(...) or a model on Amazon Bedrock"
_INSTEAD = {
    "component": "pass its endpoint: the instances are that one's",
    "serverless": "leave it out: it has no instances, and no metric counts what it is billed for",
}
_OWN = 'give one: prices=price_book([Path("prices.toml")], today); docs/prices.md shows the file'


def priced(
    targets: Sequence[Any], region: str, book: PriceBook, metering: Metering | None
) -> tuple[list[PricedTarget], list[Problem]]:
    """Everything of `targets` that has a price, and the problems of the others."""
    if is_token(region):
        fix = 'give the stack a region: env=cdk.Environment(region="us-east-1")'
        return [], [Problem("region", "a value known at deployment only", "a region, since prices differ", fix)]
    found: list[PricedTarget] = []
    problems: list[Problem] = []
    for number, target in enumerate(targets):
        argument = f"targets[{number}]"
        wrong = _target_problem(argument, target, targets[:number], region, metering)
        if wrong is not None:
            problems.append(wrong)
            continue
        if isinstance(target, BilledByToken):
            price = _token_price(argument, target, region, book)
            if isinstance(price, Problem):
                problems.append(price)
            else:
                found.append(PricedTokens(target=target, price=price))
            continue
        if isinstance(target, ComponentEndpoint):
            prices = _prices(argument, target.instance_types, region, book)
            problems += [price for price in prices if isinstance(price, Problem)]
            known = tuple(price for price in prices if isinstance(price, Price))
            if len(known) == len(prices) and metering is not None:
                least = target.least_instances
                found.append(PricedHost(target=target, metering=metering, prices=known, minimum=least))
            continue
        for counted in target.counted:
            prices = _prices(argument, counted.metrics.instance_types, region, book)
            problems += [price for price in prices if isinstance(price, Problem)]
            known = tuple(price for price in prices if isinstance(price, Price))
            if len(known) == len(prices):
                found.append(PricedVariant(target=target, counted=counted, prices=known))
    return found, problems


def _target_problem(
    argument: str, target: Any, before: Sequence[Any], region: str, metering: Metering | None
) -> Problem | None:
    known: object = target  # keeps the type checker from taking it for one of the protocols alone
    if isinstance(known, ComponentEndpoint):
        if metering is None:
            fix = "metering=Metering(...), one for all endpoints of the region; docs/cost.md"
            return Problem(
                argument, known.target_name, "no host of components without metering: no metric counts it", fix
            )
    elif not isinstance(known, (BilledByInstance, BilledByToken)) or not has_members(target, "target_name", "node"):
        fix = _INSTEAD.get(getattr(target, "kind", ""), "no metric counts the instances of other kinds: leave it out")
        return Problem(argument, type(target).__name__, _KINDS, fix)
    if any(target is other for other in before):
        return Problem(argument, target.target_name, "each target once, or it is counted twice", "leave it out")
    return region_problem(argument, Stack.of(target), region, "an endpoint", "alarm")


def _prices(argument: str, types: Sequence[InstanceType] | None, region: str, book: PriceBook) -> list[Price | Problem]:
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


def _token_price(argument: str, target: BilledByToken, region: str, book: PriceBook) -> TokenPrice | Problem:
    name = getattr(target, "target_name", None)
    if target.priced_as is None:
        allowed = "a model or profile with a price per token: own models cost by the hour, routers what they choose"
        return Problem(argument, name, allowed, "watch the models that it leads to, or leave it out")
    if getattr(target, "metric_id", "") is None:
        allowed = "a target whose metrics are known"
        return Problem(argument, name, allowed, "give its metric_id; docs/bedrock.md says where it is found")
    price = book.tokens(target.priced_as, region)
    if isinstance(price, TokenPrice):
        return price
    return Problem(argument, name, f"a model whose tokens have a price: {price.reason}", _OWN)

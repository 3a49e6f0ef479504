"""A candidate's table in the specification of a comparison: checked, and read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cdk_inference.core.checks import instance_of, matching, number_above, one_of, whole_number
from cdk_inference.core.errors import Problem
from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing.book import PriceBook
from cdk_inference.proof.candidate import Candidate, CandidatePrice, HourlyPrice, PricePerToken

PROTOCOLS = (
    "sagemaker",
    "sagemaker-stream",
    "bedrock",
    "bedrock-stream",
    "converse",
    "converse-stream",
    "openai",
    "openai-stream",
)
_CANDIDATE_KEYS = frozenset(
    {
        "name",
        "protocol",
        "endpoint",
        "url",
        "region",
        "rates",
        "instance_type",
        "instances",
        "model",
        "image",
        "body",
        "headers",
        "usd_per_hour",
        "usd_per_million_input",
        "usd_per_million_output",
        "currency",
        "price_source",
        "price_date",
    }
)


@dataclass(frozen=True, kw_only=True)
class CandidateSpec:
    """How a candidate is called and what it is."""

    name: str
    protocol: str
    endpoint: str
    region: str
    url: str
    rates: tuple[float, ...]
    body: Mapping[str, Any] | None
    headers: Mapping[str, str]
    candidate: Candidate


def candidate_problems(prefix: str, one: Mapping[str, Any]) -> list[Problem | None]:
    """Everything that is wrong with the table `one`; `prefix` begins each argument."""
    hourly = "usd_per_hour" in one
    per_token = "usd_per_million_input" in one or "usd_per_million_output" in one
    own = hourly or per_token
    problems: list[Problem | None] = [
        *unknown_keys(prefix, one, _CANDIDATE_KEYS),
        matching(
            f"{prefix}name", one.get("name"), r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "letters, digits, . _ -", "name it"
        ),
        one_of(f"{prefix}protocol", one.get("protocol"), PROTOCOLS, "choose one of them"),
        matching(f"{prefix}endpoint", one.get("endpoint"), r"\S+", "an endpoint name or model id", "write it"),
        matching(f"{prefix}region", one.get("region"), r"[a-z]{2,}(-[a-z]+)+-[0-9]+", "a region", "as in 'us-east-1'"),
        matching(f"{prefix}url", one.get("url", ""), r"(https?://\S+)?", "http:// or https://", "write the address"),
        numbers_problem(
            f"{prefix}rates", one.get("rates", []), fix="requests per second, rising until the target breaks"
        ),
        whole_number(f"{prefix}instances", one.get("instances", 1), 1, 10_000, "write how many run"),
        instance_of(f"{prefix}body", one.get("body", {}), dict, "a table", 'write it with "$prompt" in it'),
        instance_of(f"{prefix}headers", one.get("headers", {}), dict, "a table", "write names and values"),
        matching(f"{prefix}currency", one.get("currency", "USD"), r"[A-Z]{3}", "three letters", "as in 'USD'"),
    ]
    if hourly and per_token:
        problems.append(Problem(f"{prefix}usd_per_hour", "with a price per token", "one kind of price", "remove one"))
    if per_token and not {"usd_per_million_input", "usd_per_million_output"} <= one.keys():
        problems.append(Problem(f"{prefix}usd_per_million_input", "one of two", "input and output", "add the other"))
    for key in ("usd_per_hour", "usd_per_million_input", "usd_per_million_output"):
        if key in one:
            problems.append(number_above(f"{prefix}{key}", one[key], 0, "write the price", high=1e5))
    if own:
        fix = "name the contract or address, and the day"
        problems.append(matching(f"{prefix}price_source", one.get("price_source"), r"(?s).*\S.*", "text", fix))
        try:
            datetime.date.fromisoformat(one.get("price_date", ""))
        except (TypeError, ValueError):
            problems.append(Problem(f"{prefix}price_date", one.get("price_date"), 'a day, "2026-11-29"', fix))
    elif str(one.get("protocol", "")).startswith(("sagemaker", "openai")) and "instance_type" not in one:
        fix = "write instance_type, or usd_per_hour with price_source and price_date"
        problems.append(Problem(f"{prefix}instance_type", None, "an instance type", fix))
    rates = one.get("rates", [])
    if isinstance(rates, list) and rates != sorted(set(rates), key=lambda rate: (str(type(rate)), rate)):
        problems.append(Problem(f"{prefix}rates", rates, "rising numbers", "sort them"))
    return problems


def candidate_of(one: Mapping[str, Any], book: PriceBook) -> CandidateSpec:
    """The candidate of a table without problems, with its price from `book` unless the table has one."""
    price = _price(one, book)
    facts = {
        key: str(one[key])
        for key in ("model", "image", "instance_type", "endpoint", "region", "protocol")
        if key in one
    }
    if "instance_type" in one:
        facts["instances"] = str(one.get("instances", 1))
    return CandidateSpec(
        name=one["name"],
        protocol=one["protocol"],
        endpoint=one["endpoint"],
        region=one["region"],
        url=one.get("url", ""),
        rates=tuple(map(float, one.get("rates", ()))),
        body=one.get("body") or None,
        headers=one.get("headers", {}),
        candidate=Candidate(name=one["name"], price=price, facts=facts),
    )


def _price(one: Mapping[str, Any], book: PriceBook) -> CandidatePrice:
    own = {
        "date": one.get("price_date", ""),
        "source": one.get("price_source", ""),
        "currency": one.get("currency", "USD"),
    }
    instances = one.get("instances", 1)
    if "usd_per_hour" in one:
        return HourlyPrice(usd_per_hour=float(one["usd_per_hour"]), instances=instances, **own)
    if "usd_per_million_input" in one:
        return PricePerToken(
            usd_per_million_input=float(one["usd_per_million_input"]),
            usd_per_million_output=float(one["usd_per_million_output"]),
            **own,
        )
    if "instance_type" in one:
        price = book.look_up(str(one["instance_type"]), one["region"])
        if isinstance(price, Unknown):
            return price
        source = f"{price.kind}, {price.source}" + (f", {price.discount}" if price.discount else "")
        return HourlyPrice(usd_per_hour=price.usd, instances=instances, date=price.date, source=source)
    tokens = book.tokens(one["endpoint"], one["region"])
    if isinstance(tokens, Unknown):
        return tokens
    found = tokens.usd_per_million
    if "input" not in found or "output" not in found:
        return Unknown(f"the price of input or output tokens of {one['endpoint']} is not known")
    return PricePerToken(
        usd_per_million_input=found["input"],
        usd_per_million_output=found["output"],
        date=tokens.date,
        source=tokens.source,
    )


def unknown_keys(prefix: str, content: Mapping[str, Any], known: frozenset[str]) -> list[Problem]:
    """Keys of `content` that are none of `known`."""
    return [
        Problem(f"{prefix}{key}", content[key], ", ".join(sorted(known)), "correct the name")
        for key in content
        if key not in known
    ]


def numbers_problem(argument: str, value: Any, fix: str = "write numbers") -> Problem | None:
    """Why `value` is not a list of numbers above 0."""
    right = isinstance(value, list) and all(type(one) in (int, float) and 0 < one < 1e9 for one in value)
    return None if right else Problem(argument, value, "a list of numbers above 0", fix)

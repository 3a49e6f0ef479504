"""The function: reads every endpoint of its account and region, and publishes what runs and what that costs an hour."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from .counting import Measured, Prices, asked_for, endpoint_points, measured, region_points

NAMESPACE = "CdkInference/Cost"
PRICES = Path(__file__).with_name("prices.json")
# Within a call's limits of 1000 metrics and 1 MB, whatever the length of names (64 characters at most, 3 of them):
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html (read 2026-11-24)
POINTS_PER_CALL = 500
# Throttled calls are tried again, at growing intervals.
# Endpoints that are read at once: at 150 ms a call 5,000 endpoints take 75 s of the 300 s between two readings, and
# with a second call for their configuration 150 s. Clients of boto3 may be shared by threads:
# https://docs.aws.amazon.com/boto3/latest/guide/clients.html (read 2026-11-29)
WORKERS = 10
# What is kept for publishing: 5,000 endpoints are about 30 calls.
PUBLISH_SECONDS = 15
CALLS = Config(
    retries={"mode": "standard", "total_max_attempts": 10},
    connect_timeout=5,
    read_timeout=20,
    max_pool_connections=WORKERS,
)
# Of each list in the log's one line; CloudWatch takes 1 MB for an event.
NAMES_MAX = 100


def handler(event: object, context: Any) -> None:
    """What the schedule calls. Of `context` only the time that is left is read."""
    del event
    clients = (boto3.client("sagemaker", config=CALLS), boto3.client("cloudwatch", config=CALLS))
    meter(*clients, prices(), _always if context is None else lambda: context.get_remaining_time_in_millis() / 1000)


def _always() -> float:
    return math.inf


def prices(file: Path = PRICES) -> dict[str, float]:
    """The prices that were put beside the code when the app was synthesized."""
    found = json.loads(file.read_text(encoding="utf-8"))["usd_per_hour"]
    return {name: price["usd"] for name, price in found.items()}


def meter(sagemaker: Any, cloudwatch: Any, known: Prices, seconds_left: Callable[[], float] = _always) -> None:
    """One reading. Raises RuntimeError when an endpoint could not be read, after all others have been published.

    The region's sums are then left out: without one endpoint they would be too low, and nobody would see it.

    seconds_left: until the function is ended; what is not read by then is a failure, and the rest is published.
    """

    def read(name: str) -> Measured | str | None:
        """What was found; None if the endpoint has vanished; text why it could not be read."""
        if seconds_left() < PUBLISH_SECONDS:
            return "no time was left to read it"
        try:
            endpoint = _described(sagemaker, name)
            return None if endpoint is None else measured(endpoint, _types(sagemaker, endpoint))
        except (BotoCoreError, ClientError) as error:
            return str(error)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return f"an answer of an unexpected form: {error!r}"

    names = list(_names(sagemaker))
    with ThreadPoolExecutor(max_workers=WORKERS) as workers:
        answers = dict(zip(names, workers.map(read, names), strict=True))
    found = [one for one in answers.values() if isinstance(one, Measured)]
    vanished = [name for name, one in answers.items() if one is None]
    failed = {name: one for name, one in answers.items() if isinstance(one, str)}
    points = [point for one in found for point in endpoint_points(one, known)]
    if not failed:
        points += region_points(found, known)
    unpublished = _published(cloudwatch, points)
    print(json.dumps(_told(found, known, vanished, failed)))
    if failed:
        name, why = next(iter(failed.items()))
        raise RuntimeError(
            f"no sum for the region, since endpoints could not be read: {len(failed)}, first {name}: {why}"
        )
    if unpublished:
        raise RuntimeError(f"{len(unpublished)} parts of the data points were not published, first: {unpublished[0]}")


def _published(cloudwatch: Any, points: list[dict[str, Any]]) -> list[str]:
    """Why parts of `points` could not be published; the others are."""
    now, errors = datetime.datetime.now(datetime.UTC), []
    for start in range(0, len(points), POINTS_PER_CALL):
        part = [{**point, "Timestamp": now} for point in points[start : start + POINTS_PER_CALL]]
        try:
            cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=part)
        except (BotoCoreError, ClientError) as error:
            errors.append(str(error))
    return errors


def _names(sagemaker: Any) -> Iterator[str]:
    pages = sagemaker.get_paginator("list_endpoints").paginate(PaginationConfig={"PageSize": 100})
    # An endpoint may come twice when others come or go between two pages.
    yield from dict.fromkeys(one["EndpointName"] for page in pages for one in page["Endpoints"])


def _described(sagemaker: Any, name: str) -> Mapping[str, Any] | None:
    """None if the endpoint was deleted after it was listed."""
    try:
        answer: Mapping[str, Any] = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if _is_gone(error):
            return None
        raise
    return answer


def _types(sagemaker: Any, endpoint: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Without a configuration that was deleted: the types of its variants are then unknown, and have no price."""
    found = {}
    for config in asked_for(endpoint):
        try:
            answer = sagemaker.describe_endpoint_config(EndpointConfigName=config)
        except ClientError as error:
            if not _is_gone(error):
                raise
            continue
        for variant in (*answer.get("ProductionVariants", ()), *answer.get("ShadowProductionVariants", ())):
            if "InstanceType" in variant:
                found[config, variant["VariantName"]] = variant["InstanceType"]
    return found


def _is_gone(error: ClientError) -> bool:
    """SageMaker has no error of its own for it, only ValidationException and its words.

    As seen in https://github.com/aws/amazon-sagemaker-examples/issues/2339 (2021-05-13).
    """
    told = error.response["Error"]
    return bool(told["Code"] == "ValidationException" and told.get("Message", "").startswith("Could not find"))


def _told(
    found: list[Measured], known: Prices, vanished: list[str], failed: Mapping[str, str]
) -> dict[str, int | list[str] | dict[str, str]]:
    """The log's one line: how many endpoints, and the name of everything that is not in the dollars."""
    unpriced = [
        f"{one.name} {variant}: {count} of {kind or 'an unknown type'}"
        for one in found
        for variant, kind, count in one.unpriced(known)
    ]
    return {
        "endpoints": len(found),
        "unpriced": _first(unpriced),
        "uncounted": _first([f"{one.name} {variant}" for one in found for variant in one.uncounted]),
        "serverless": _first([f"{one.name} {variant}" for one in found for variant in one.serverless]),
        "vanished": _first(vanished),
        "failed": {name: failed.get(name, "") for name in _first(list(failed))},
    }


def _first(names: Sequence[str]) -> list[str]:
    more = len(names) - NAMES_MAX
    return [*names[:NAMES_MAX], *([f"and {more} more"] if more > 0 else [])]

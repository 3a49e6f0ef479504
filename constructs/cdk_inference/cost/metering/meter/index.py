"""The function: reads every endpoint of its account and region, and publishes what runs and what that costs an hour."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
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
CALLS = Config(retries={"mode": "standard", "total_max_attempts": 10}, connect_timeout=5, read_timeout=20)


def handler(event: object, context: object) -> None:
    """What the schedule calls; neither argument is read."""
    del event, context
    meter(boto3.client("sagemaker", config=CALLS), boto3.client("cloudwatch", config=CALLS), prices())


def prices(file: Path = PRICES) -> dict[str, float]:
    """The prices that were put beside the code when the app was synthesized."""
    found = json.loads(file.read_text(encoding="utf-8"))["usd_per_hour"]
    return {name: price["usd"] for name, price in found.items()}


def meter(sagemaker: Any, cloudwatch: Any, known: Prices) -> None:
    """One reading. Raises RuntimeError when an endpoint could not be read, after all others have been published.

    The region's sums are then left out: without one endpoint they would be too low, and nobody would see it.
    """
    found: list[Measured] = []
    vanished: list[str] = []
    failed: dict[str, str] = {}
    for name in _names(sagemaker):
        try:
            endpoint = _described(sagemaker, name)
            if endpoint is None:
                vanished.append(name)
            else:
                found.append(measured(endpoint, _types(sagemaker, endpoint)))
        except (BotoCoreError, ClientError) as error:
            failed[name] = str(error)
    points = [point for one in found for point in endpoint_points(one, known)]
    if not failed:
        points += region_points(found, known)
    now = datetime.datetime.now(datetime.UTC)
    for start in range(0, len(points), POINTS_PER_CALL):
        part = [{**point, "Timestamp": now} for point in points[start : start + POINTS_PER_CALL]]
        cloudwatch.put_metric_data(Namespace=NAMESPACE, MetricData=part)
    print(json.dumps(_told(found, known, vanished, failed)))
    if failed:
        name, why = next(iter(failed.items()))
        raise RuntimeError(
            f"no sum for the region, since endpoints could not be read: {len(failed)}, first {name}: {why}"
        )


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
        "unpriced": unpriced,
        "uncounted": [f"{one.name} {variant}" for one in found for variant in one.uncounted],
        "serverless": [f"{one.name} {variant}" for one in found for variant in one.serverless],
        "vanished": vanished,
        "failed": dict(failed),
    }

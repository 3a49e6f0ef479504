"""Which regions list an instance type for SageMaker hosting: the AWS Price List, as cfn-lint has it."""

from __future__ import annotations

import json
import re

from botocore.loaders import Loader

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import installed, versions

SMALL_SIZES = ("nano", "micro", "small", "medium", "large", "xlarge")


def api_types() -> list[str]:
    """Every value of the API's `ProductionVariantInstanceType`."""
    model = Loader().load_service_model("sagemaker", "service-2")
    return list(model["shapes"]["ProductionVariantInstanceType"]["enum"])


def regions_by_type() -> dict[str, list[str]]:
    """The regions whose price list has a type for hosting."""
    path = "cfnlint/data/schemas/extensions/aws_sagemaker_hosting/instancetype_enum.json"
    found: dict[str, list[str]] = {}
    for region, entry in sorted(json.loads(installed("cfn-lint", path).read_text()).items()):
        for name in entry["enum"] if isinstance(entry, dict) else ():  # one key is a description
            found.setdefault(name, []).append(region)
    return found


def price_list_date() -> str:
    """The day of cfn-lint's schemas, among them the hosting list it makes from the AWS Price List."""
    return str(json.loads(installed("cfn-lint", "cfnlint/data/schemas/version.json").read_text())["schema_date"])[:10]


def by_family_and_size(name: str) -> tuple[str, int, str]:
    """Sorts the types of a family by size."""
    _, family, size = name.split(".")
    digits = re.match(r"\d+", size)
    if digits:
        return family, 100 + int(digits[0]), name
    return family, SMALL_SIZES.index(size) if size in SMALL_SIZES else 10_000, name


def fresh() -> Fresh:
    """One row per type that the API accepts or the price list has."""
    listed = regions_by_type()
    names = sorted({*api_types(), *listed}, key=by_family_and_size)
    return Fresh(
        about="regions whose price list has the instance type for hosting on demand; empty: none has it",
        source="AWS Price List (AmazonSageMaker, hosting) through cfn-lint's aws_sagemaker_hosting list; type names of "
        "botocore",
        version=versions("botocore", "cfn-lint"),
        date=price_list_date(),
        licence="cfn-lint MIT-0, botocore Apache-2.0; facts restated",
        columns=("type", "regions"),
        key=("type",),
        rows=[(name, " ".join(listed.get(name, []))) for name in names],
        lists=frozenset({"regions"}),
    )

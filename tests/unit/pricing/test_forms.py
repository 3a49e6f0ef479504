"""Forms that public repositories have: nested, SAM, a project with a file of values for each stage, conditions."""

from __future__ import annotations

import datetime

import pytest

from cdk_inference.pricing import estimate, price_book
from cdk_inference.template import load_deployment
from cdk_inference.template.parameters import check_parameters, read_parameters
from tests.each import each
from tests.support import ROOT

FORMS = ROOT / "tests/data/forms"
BOOK = price_book([], datetime.date(2026, 11, 24))
G5, G5_2X, G6, M5, M5X = (price * 730 for price in (1.41, 1.52, 1.127, 0.115, 0.23))
# A volume of 1 to 512 GB at 0.14, where the template sets no size and the type has a volume.
LEAST, MOST = 0.14, 512 * 0.14


@each(
    ("form", "given", "endpoints", "minimum", "maximum", "unknown"),
    [
        ("nested", [], 2, 2 * G5 + 1 * G6, 8 * G5 + 3 * G6, 0),
        ("nested/app.yaml", ["Team=red"], 2, 2 * G5 + 1 * G6, 8 * G5 + 3 * G6, 0),
        ("sam", [], 1, 0, 0, 2),
        ("sam", ["samconfig.toml"], 1, G5, G5, 0),
        ("sam", ["samconfig.toml:prod"], 1, 3 * G5_2X, 3 * G5_2X, 0),
        ("sam", ["samconfig.toml", "Instances=2"], 1, 2 * G5, 2 * G5, 0),
        ("project", [], 1, 0, 0, 2),
        ("project", ["staging-config.json"], 1, M5 + LEAST, 4 * (M5 + MOST), 0),
        # Data capture has no usage.
        ("project", ["prod-config.json"], 1, 2 * (M5X + LEAST), 4 * (M5X + MOST), 1),
        ("conditions", [], 3, G5 + 2 * (M5 + LEAST), G5 + 2 * (M5 + MOST), 0),
        ("conditions", ["Stage=prod"], 3, 2 * G5_2X + G5 + 2 * (M5 + LEAST), 6 * G5_2X + G5 + 2 * (M5 + MOST), 0),
    ],
)
def test_the_sums_of_a_form(
    form: str, given: list[str], endpoints: int, minimum: float, maximum: float, unknown: int
) -> None:
    folder = FORMS / form.partition("/")[0]
    values = read_parameters([one if "=" in one else f"{folder / one}" for one in given])
    deployment = load_deployment([FORMS / form], "us-east-1", parameters=values)
    check_parameters(values, deployment)
    found = estimate(deployment, BOOK)
    assert found.endpoints == endpoints
    assert (found.minimum.usd, found.maximum.usd) == (pytest.approx(minimum), pytest.approx(maximum))
    wanted = {"sam": "InstanceType", "project": "EndpointInstanceCount"}.get(form)
    told = f"unknown without values for these parameters (--parameters): {wanted}"
    assert (told in found.notes) == (wanted is not None and not given)
    assert sum(bool(line.unknown) for line in found.lines) == unknown

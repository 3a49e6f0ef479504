"""`summary`, `estimate` and `review` describe the same endpoints of a template in the same way."""

from __future__ import annotations

import datetime

import pytest

from cdk_inference.cli.summary import summary
from cdk_inference.core.unknown import Unknown
from cdk_inference.pricing import Usage, estimate, price_book
from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.template import Deployment, load_deployment, read_hosting
from cdk_inference.template.values import readable
from tests.each import each
from tests.support import ROOT
from tests.synthesized import SUBJECTS, subject

FORMS: dict[str, dict[str, str]] = {
    "nested/app.yaml": {},
    "nested": {"Team": "red"},
    "sam": {"InstanceType": "ml.g5.xlarge"},
    "project": {
        "ProjectName": "p",
        "StageName": "s",
        "EndpointInstanceCount": "2",
        "EndpointInstanceType": "ml.m5.large",
    },
    "conditions": {},
    "conditions/template.yaml": {"Stage": "prod"},
}
FOREIGN = ("by_hand.yaml", "alpha.template.json", "generative.template.json")
BOOK = price_book([], datetime.date(2026, 11, 24))

pytestmark = pytest.mark.xdist_group("synthesized")


def deployment(name: str) -> Deployment:
    if name in FOREIGN:
        return load_deployment([ROOT / "tests/data" / name], "us-east-1")
    if name in FORMS:
        return load_deployment([ROOT / "tests/data/forms" / name], "us-east-1", parameters=FORMS[name])
    return load_deployment([subject(name).folder], None)


@each("name", [*SUBJECTS, *FOREIGN, *FORMS])
def test_every_reader_has_the_same_endpoints_types_and_counts(name: str) -> None:
    made = deployment(name)
    rows = [row for row in summary(made).rows if row[0] != "(no endpoint)"]
    lines = [line.what for line in estimate(made, BOOK, Usage()).lines if line.kind in ("instances", "serverless")]
    loaded = Loaded(deployment=made, unread=())
    reviewed = {
        (pair.name, owner.logical_id): owner.variants
        for pair in pair_up(loaded, loaded).stacks
        for owner in pair.endpoint_properties[1].endpoints.values()
    }
    variants = []
    for endpoint in read_hosting(made).endpoints:
        assert not isinstance(endpoint.hosted.variants, Unknown)
        named = reviewed[endpoint.resource.stack.name, endpoint.resource.logical_id]
        expected = {variant.name: variant.shadow for variant in endpoint.hosted.variants}
        assert {readable(variant): shadow for variant, shadow in named.items()} == expected
        variants += endpoint.hosted.variants
    assert len(rows) == len(lines) == len(variants)
    for row, line, variant in zip(rows, lines, variants, strict=True):
        types = ", ".join(str(name) for name in variant.types) or "serverless"
        assert any(types in cell for cell in row)
        assert all(str(name) in line for name in variant.types)
        if variant.serverless is None:
            assert variant.instances.in_words in row
            assert f" {variant.instances.in_words} x " in line

"""The tables of what protects: that their types and properties exist, and how things are loosened."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.iam.holders import HOLDERS
from cdk_inference.review.protections.access import ACCESS
from cdk_inference.review.protections.comparators import (
    fewer,
    larger,
    lowered,
    smaller,
    switched_off,
    switched_on,
    taken_away,
)
from cdk_inference.review.protections.defences import DEFENCES, DEFENCES_GONE
from cdk_inference.review.protections.destinations import DESTINATIONS
from cdk_inference.review.protections.encryption import ENCRYPTION
from cdk_inference.review.protections.exposure import EXPOSURE
from cdk_inference.review.protections.guardrail import GUARDRAIL
from cdk_inference.review.protections.isolation import ISOLATION
from cdk_inference.review.protections.logging import LOGGING, LOGS_GONE
from cdk_inference.review.protections.protection import Protection
from cdk_inference.review.protections.reporting import REPORTS
from tests.each import each

PROTECTIONS: tuple[Protection, ...] = (
    *ACCESS,
    *DEFENCES,
    *ENCRYPTION,
    *EXPOSURE,
    *GUARDRAIL,
    *ISOLATION,
    *LOGGING,
    *REPORTS,
)


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """Type -> resource schema, of cfn-lint."""
    spec = find_spec("cfnlint")
    assert spec is not None
    assert spec.origin is not None
    wanted = {one.type for one in (*PROTECTIONS, *DEFENCES_GONE, *LOGS_GONE, *DESTINATIONS)} | set(HOLDERS)
    files = (Path(spec.origin).parent / "data/schemas/resources").glob("*.json")
    found = (json.loads(file.read_text(encoding="utf-8")) for file in files)
    return {one["typeName"]: one for one in found if one["typeName"] in wanted}


def leads(schema: dict[str, Any], node: dict[str, Any], path: tuple[str, ...]) -> bool:
    """Whether a schema has a property at the path."""
    while "$ref" in node:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    if not path:
        return True
    step, rest = path[0], path[1:]
    if step.startswith("["):
        inside = node.get("items", {})
        return leads(schema, inside, rest) and (step == "[]" or leads(schema, inside, (step[1:-1],)))
    choices = [node, *node.get("oneOf", []), *node.get("anyOf", [])]
    return any(leads(schema, one["properties"][step], rest) for one in choices if step in one.get("properties", {}))


def test_every_row_is_about_a_property_that_exists(schemas: dict[str, Any]) -> None:
    missing = [
        (protection.type, protection.path)
        for protection in (*PROTECTIONS, *DESTINATIONS)
        if protection.type not in schemas
        or not leads(schemas[protection.type], schemas[protection.type], protection.path)
    ]
    assert missing == []


def test_every_protector_and_holder_exists(schemas: dict[str, Any]) -> None:
    named = [(row.type, (name,)) for row in (*DEFENCES_GONE, *LOGS_GONE) for name in row.for_]
    named += [(kind, (name,)) for kind, one in HOLDERS.items() for name in one.target]
    named += [(kind, one.path) for kind, one in HOLDERS.items() if one.path and kind != "AWS::Events::EventBusPolicy"]
    assert [
        one for one in named if one[0] not in schemas or not leads(schemas[one[0]], schemas[one[0]], one[1][:1])
    ] == []


def test_each_row_has_a_page() -> None:
    page = "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html"
    assert PROTECTIONS[0].source == page


@each(
    ("comparator", "was", "becomes", "words"),
    [
        (switched_off(), True, False, "changes from true to false"),
        (switched_off(), "true", None, "is removed (was true)"),
        (switched_off(), None, False, ""),
        (switched_off(), True, "true", ""),
        (switched_off(default=True), None, False, "changes from nothing to false"),
        (switched_on(), None, True, "changes from false to true"),
        (switched_on(), True, None, ""),
        (taken_away, "key", None, "is removed (was key)"),
        (taken_away, "key", "alias/aws/sns", "changes from key to alias/aws/sns"),
        (taken_away, "alias/aws/sns", None, ""),
        (taken_away, "key", "other", ""),
        (lowered("NONE", "LOW", "HIGH"), "HIGH", "LOW", "changes from HIGH to LOW"),
        (lowered("NONE", "LOW", "HIGH"), "LOW", "HIGH", ""),
        (lowered("NONE", "LOW", "HIGH"), "HIGH", None, ""),
        (lowered("NONE", "LOW", "HIGH"), "HIGH", "OTHER", ""),
        (lowered("MUTABLE", "IMMUTABLE", default="MUTABLE"), "IMMUTABLE", None, "changes from IMMUTABLE to MUTABLE"),
        (fewer("Name"), [{"Name": "a"}, {"Name": "b"}], [{"Name": "b"}], "no longer has a"),
        (fewer("Name"), [{"Name": "a"}], [{"Name": "b"}, {"Name": "a"}], ""),
        (fewer("Name"), [{"Name": "a"}], [{"Name": Unknown("why")}], ""),
        (fewer(), ["a", "b"], None, "no longer has a, b"),
        (smaller(), 100, "20", "changes from 100 to 20"),
        (smaller(), 20, 100, ""),
        (smaller(), 20, None, ""),
        (smaller(0), 20, None, "is removed (was 20)"),
        (larger(), 0, 1, "changes from 0 to 1"),
        (larger(), 0, "many", ""),
    ],
)
def test_comparators(comparator: Any, was: Any, becomes: Any, words: str) -> None:
    assert comparator(was, becomes) == words

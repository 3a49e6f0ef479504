"""How the table of properties that cannot be changed reads a schema."""

from __future__ import annotations

from scripts.refresh import create_only as generator


def test_what_lies_below_another_is_left_out() -> None:
    pointers = ["/properties/B/C", "/properties/B", "/properties/A/*/D", "/properties/BB"]
    assert generator.paths(pointers) == ["A/*/D", "B", "BB"]


def test_names_are_settable_fixed_and_unique() -> None:
    schema = {
        "typeName": "AWS::S::Thing",
        "createOnlyProperties": [f"/properties/{name}" for name in ("Id", "Name", "ThingName", "Zone", "A/B")],
        "readOnlyProperties": ["/properties/Id"],
        "primaryIdentifier": ["/properties/Id"],
        "additionalIdentifiers": [["/properties/Name"], ["/properties/Zone", "/properties/Name"], ["/properties/A/B"]],
    }
    assert generator.names(schema) == ["Name", "ThingName"]

"""What CloudFormation's reference says of properties that a schema calls conditional. Kept by hand.

A schema's `conditionalCreateOnlyProperties` says that an update may replace the resource, and not when. The reference
says of each property what an update requires: add a row to the table with what its page says, then run this.
"""

from __future__ import annotations

from cdk_inference.facts import table
from scripts.refresh._fresh import Fresh

COLUMNS = ("type", "property", "update", "source")
BEHAVIORS = ("replacement", "interruption", "none", "refused")


def conditional() -> set[tuple[str, str]]:
    """(type, property) of what the schemas call conditional."""
    return {(row["type"], name) for row in table("create_only").rows() for name in row["conditional"].split()}


def fresh() -> Fresh:
    """The rows of the file itself, checked and sorted."""
    own = table("update_behaviors")
    rows = [[row[column] for column in COLUMNS] for row in own.rows()]
    known = conditional()
    if wrong := [" ".join(row) for row in rows if (row[0], row[1]) not in known or row[2] not in BEHAVIORS]:
        raise ValueError(f"no conditional property of a schema, or none of {', '.join(BEHAVIORS)}: {'; '.join(wrong)}")
    return Fresh(
        about="what the update of a property does that a resource schema calls conditionally create-only; "
        "replacement, interruption, none, or refused",
        source=own.header["source"],
        version=own.header["version"],
        date=own.header["date"],
        licence=own.header["licence"],
        columns=COLUMNS,
        key=("type", "property"),
        rows=sorted(rows),
        by_hand=True,
    )

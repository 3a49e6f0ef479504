"""What SARIF 2.1.0 demands of the parts that a review writes, as a JSON schema of our own.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html (read 2026-11-24):
sections 3.13 log, 3.14 run, 3.19 tool component, 3.20 invocation, 3.27 result, 3.28 location, 3.30 region, 3.35
suppression, 3.49 reporting descriptor, 3.58 notification.
"""

from __future__ import annotations

from typing import Any

LEVELS = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _list(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


DESCRIPTOR = _object(
    ["id"],
    id={"type": "string", "minLength": 1},
    name={"type": "string"},
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=_object([], level=LEVELS),
)
# A URI reference without a scheme, relative to %SRCROOT%: no leading slash, nothing that has to be escaped.
RELATIVE = {"type": "string", "pattern": "^(?!/)[A-Za-z0-9._~%/-]+$"}
LOCATION = _object(
    ["physicalLocation"],
    physicalLocation=_object(
        ["artifactLocation"],
        artifactLocation=_object(["uri"], uri=RELATIVE, uriBaseId={"const": "%SRCROOT%"}),
        region=_object(["startLine"], startLine={"type": "integer", "minimum": 1}),
    ),
    logicalLocations=_list(
        _object(["name"], name={"type": "string"}, fullyQualifiedName={"type": "string"}, kind={"const": "resource"}),
        uniqueItems=True,
    ),
)
RESULT = _object(
    ["message"],
    ruleId={"type": "string"},
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVELS,
    message=MESSAGE,
    locations=_list(LOCATION, minItems=1),
    partialFingerprints={"type": "object", "additionalProperties": {"type": "string"}},
    suppressions=_list(
        _object(
            ["kind"],
            kind={"enum": ["inSource", "external"]},
            status={"enum": ["accepted", "underReview", "rejected"]},
            justification={"type": "string"},
        ),
    ),
)
NOTIFICATION = _object(["message"], level=LEVELS, message=MESSAGE)
RUN = _object(
    ["tool"],
    tool=_object(
        ["driver"],
        driver=_object(
            ["name"],
            name={"type": "string"},
            version={"type": "string"},
            rules=_list(DESCRIPTOR, uniqueItems=True),
        ),
    ),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=_list(
        _object(
            ["executionSuccessful"],
            executionSuccessful={"type": "boolean"},
            toolExecutionNotifications=_list(NOTIFICATION),
        )
    ),
    results=_list(RESULT),
    properties={"type": "object"},
)
LOG = _object(
    ["version", "runs"],
    **{"$schema": {"type": "string"}},
    version={"const": "2.1.0"},
    runs=_list(RUN),
)

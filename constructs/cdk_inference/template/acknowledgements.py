"""Acknowledgements of findings, as a template has them: Metadata.CdkInference.acknowledge, a list.

    Metadata:
      CdkInference:
        acknowledge:
          - {rule: data-removed, logical_id: Uploads, reason: empty since March, expires: "2026-12-31"}

They are in the template's metadata, since a removed resource cannot carry its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cdk_inference.template.stacks import Stack
from cdk_inference.template.values import items, mapping

KEYS = ("rule", "logical_id", "reason", "expires")


@dataclass(frozen=True, kw_only=True)
class Acknowledgement:
    """One acknowledgement. logical_id: "" for a finding about its stack or all stacks. expires: its last day, or None.

    new: whether the earlier template of the stack does not have it, word for word.
    """

    stack: str
    rule: str
    logical_id: str
    reason: str
    expires: datetime.date | None
    new: bool = field(default=False, compare=False)

    def covers(self, rule: str, stack: str, logical_id: str) -> bool:
        """Returns whether it applies to this finding.

        A finding about all stacks may be acknowledged in any stack. So may a finding about one stack, with the stack's
        name as logical_id, since a deleted stack has no template.
        """
        if self.rule != rule:
            return False
        of_stack = not logical_id and bool(stack) and self.logical_id == stack
        return of_stack or (self.logical_id == logical_id and stack in (self.stack, ""))


def acknowledgements(stack: Stack) -> Iterator[Acknowledgement | str]:
    """Yields the acknowledgements of `stack`, and for each malformed one, why it is refused."""
    written = mapping(mapping(stack.template.get("Metadata")).get("CdkInference")).get("acknowledge")
    if written is not None and not isinstance(written, list):
        yield "it is not a list"
    for number, entry in enumerate(items(written), 1):
        yield _read(stack.name, f"entry {number}", entry)


def _read(stack: str, where: str, entry: Any) -> Acknowledgement | str:
    written = mapping(entry)
    unknown = [key for key in written if key not in KEYS]
    if not written or unknown:
        return f"{where} should have {', '.join(KEYS)}" + (f", not {unknown[0]}" if unknown else "")
    rule, logical_id, reason = (written.get(key) for key in KEYS[:3])
    for key, value in (("rule", rule), ("reason", reason)):
        if not isinstance(value, str) or not value.strip():
            return f"{where} has no {key}"
    assert isinstance(rule, str)
    assert isinstance(reason, str)
    if logical_id is not None and not isinstance(logical_id, str):
        return f"{where} has a logical_id that is not text"
    expires = None
    if written.get("expires") is not None:
        try:
            expires = datetime.date.fromisoformat(str(written["expires"]))
        except ValueError:
            return f"{where} expires on no day: write YYYY-MM-DD"
    return Acknowledgement(stack=stack, rule=rule, logical_id=logical_id or "", reason=reason, expires=expires)


def expired(one: Acknowledgement, today: datetime.date) -> bool:
    """Whether its last day is over."""
    return one.expires is not None and one.expires < today

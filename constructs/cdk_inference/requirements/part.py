"""A part of a resource, as a condition reads it: resolved values, and an exception for what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.requirements.read import Read
from cdk_inference.template.partial_text import text_in
from cdk_inference.template.stacks import Resource
from cdk_inference.template.values import readable, references_in, shown


class NotKnownError(Exception):
    """A value that decides is not known before the deployment; the argument is the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Part:
    """An object inside a resource's properties.

    path: where it stands, as "ProductionVariants[0].RoutingConfig"; "" for the properties themselves.
    read: everything that was read together, for conditions that span resources.
    """

    resource: Resource
    path: str
    value: dict[str, Any]
    read: Read

    def get(self, member: str) -> Any:
        """Returns a value below this part, "A.B" for B in A; None where it is not there.

        A reference to another resource stays a mark in the text; `text` and `number` refuse it.

        Raises:
            NotKnownError: It, or an object on the way, is known at deployment only.
        """
        found: Any = self.value
        for name in member.split("."):
            found = found.get(name) if isinstance(found, dict) else None
            if isinstance(found, Unknown):
                raise NotKnownError(f"{name}: {found.reason}")
        return found

    def has(self, member: str) -> bool:
        """Returns whether the value is there, known or not.

        Raises:
            NotKnownError: It may be AWS::NoValue, or an object on the way is known at deployment only.
        """
        *outer, name = member.split(".")
        owner = self.get(".".join(outer)) if outer else self.value
        found = owner.get(name) if isinstance(owner, dict) else None
        if isinstance(found, Unknown) and self.read.may_lack(self.resource):
            raise NotKnownError(f"{name}: {found.reason}")
        return found is not None

    def words(self, member: str) -> str:
        """Returns a value that is there, for a message."""
        try:
            found = self.get(member)
        except NotKnownError:
            return "a value known at deployment only"
        if isinstance(found, dict):
            return "an object"
        return f"a list of {len(found)}" if isinstance(found, list) else readable(str(found))[:80]

    def text(self, member: str) -> str | None:
        """Returns a text that is known to its last letter."""
        found = self.get(member)
        if isinstance(found, str) and references_in(found):
            raise NotKnownError(f"{member}: {shown(found)} is known at deployment only")
        return found if isinstance(found, str) else None

    def partial(self, member: str) -> str | None:
        """Returns a text with a mark in place of each part that is not known; see template/partial_text.py."""
        *outer, name = member.split(".")
        owner = self.get(".".join(outer)) if outer else self.value
        found = owner.get(name) if isinstance(owner, dict) else None
        if isinstance(found, Unknown) and (found.text is None or self.read.may_lack(self.resource)):
            raise NotKnownError(f"{name}: {found.reason}")
        return text_in(found)

    def number(self, member: str) -> float | None:
        """Returns a number, which a template may write as text."""
        found = self.text(member) if isinstance(self.get(member), str) else self.get(member)
        if found is None or isinstance(found, bool):
            return None
        try:
            return float(found)
        except (TypeError, ValueError, OverflowError):
            raise NotKnownError(f"{member}: {str(found)[:40]!r} is not a number") from None

    def flag(self, member: str) -> bool | None:
        """Returns a truth value, which a template may write as text."""
        found = self.get(member)
        if isinstance(found, str):
            return {"true": True, "false": False}.get(str(self.text(member)).lower())
        return found if isinstance(found, bool) else None

    def items(self, member: str) -> list[Any]:
        """Returns a list in which every item is known; [] where it is not there."""
        found = self.get(member)
        listed = found if isinstance(found, list) else []
        for item in listed:
            if isinstance(item, Unknown):
                raise NotKnownError(f"{member}: {item.reason}")
        return listed

    def parts(self, member: str) -> list[Part]:
        """Returns the objects of a list."""
        return [
            Part(resource=self.resource, path=_below(self.path, f"{member}[{number}]"), value=item, read=self.read)
            for number, item in enumerate(self.items(member))
            if isinstance(item, dict)
        ]


def parts_at(part: Part, pattern: str) -> Iterator[Part | tuple[str, str]]:
    """Yields the objects at `pattern`, as "ProductionVariants[].RoutingConfig", below a part.

    What is not known on the way is (path, reason).
    """
    if not pattern:
        yield part
        return
    step, _, rest = pattern.partition(".")
    name = step.removesuffix("[]")
    found = part.value.get(name)
    listed = enumerate(found) if step.endswith("[]") and isinstance(found, list) else [(None, found)]
    for number, item in listed:
        path = _below(part.path, name if number is None else f"{name}[{number}]")
        if isinstance(item, Unknown):
            yield path, item.reason
        elif isinstance(item, dict):
            yield from parts_at(Part(resource=part.resource, path=path, value=item, read=part.read), rest)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name

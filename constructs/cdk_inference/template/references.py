"""References inside resolved text: a resource's attribute that only the deployment knows stands in it as a mark."""

from __future__ import annotations

import re

# Characters of the private-use area, which no template has in a name.
_OPEN, _CLOSE, _BETWEEN = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
# What stands between two slashes, as a pattern: a mark, which has slashes of its own for a nested stack, is one part.
PATH_PART = f"(?:{_OPEN}[^{_CLOSE}]*{_CLOSE}|[^/{_OPEN}])+"


def reference(stack: str, logical_id: str, attribute: str) -> str:
    """The mark of an attribute of a resource in the stack with this key."""
    return f"{_OPEN}{_BETWEEN.join((stack, logical_id, attribute))}{_CLOSE}"


def references_in(text: str) -> list[tuple[str, str, str]]:
    """(stack, logical id, attribute) of each mark in `text`."""
    found = [mark.split(_BETWEEN) for mark in _MARK.findall(text)]
    return [(parts[0], parts[1], parts[2]) for parts in found if len(parts) == 3]


def last_part(text: str) -> str:
    """What follows the last slash: the name in an ARN."""
    return next(reversed(re.findall(PATH_PART, text)), "")


def marks_in(text: str) -> list[str | tuple[str, str, str]]:
    """`text` in parts: what stands between marks, and (stack, logical id, attribute) of each mark."""
    parts: list[str | tuple[str, str, str]] = []
    end = 0
    for match in _MARK.finditer(text):
        named = match[1].split(_BETWEEN)
        if len(named) == 3:
            parts += [text[end : match.start()], (named[0], named[1], named[2])]
            end = match.end()
    return [part for part in [*parts, text[end:]] if part]


def shown(text: str) -> str:
    """`text` for people: a mark becomes ${LogicalId.Attribute}."""
    return _MARK.sub(lambda match: "${" + ".".join(match[1].split(_BETWEEN)[1:]) + "}", text)

"""Resolved values of a template: their shape, and marks for what only the deployment knows."""

from __future__ import annotations

import re
from typing import Any

# Characters of the private-use area, which no template has in a name.
_OPEN, _CLOSE, _BETWEEN = "\ue000", "\ue001", "\ue002"
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
# Around a value that is not known: the reason, then the words of the template (see `unknown_mark`).
UNKNOWN_OPEN, UNKNOWN_BETWEEN, UNKNOWN_CLOSE = "\ue010", "\ue011", "\ue012"
_UNKNOWN = re.compile(f"{UNKNOWN_OPEN}([^{UNKNOWN_BETWEEN}]*){UNKNOWN_BETWEEN}([^{UNKNOWN_CLOSE}]*){UNKNOWN_CLOSE}")
# A mark of either kind, as a pattern.
MARK = f"{_OPEN}[^{_CLOSE}]*{_CLOSE}|{UNKNOWN_OPEN}[^{UNKNOWN_CLOSE}]*{UNKNOWN_CLOSE}"
_ONLY_TEXT = frozenset((str,))
_NO_MARKS = re.compile(f"[{_OPEN}{_CLOSE}{_BETWEEN}{UNKNOWN_OPEN}{UNKNOWN_BETWEEN}{UNKNOWN_CLOSE}]")
# What stands between two slashes, as a pattern: a mark, which has slashes of its own for a nested stack, is one part.
PATH_PART = f"(?:{MARK}|[^/{_OPEN}{UNKNOWN_OPEN}])+"


def reference(stack: str, logical_id: str, attribute: str) -> str:
    """The mark of an attribute of a resource in the stack with this key."""
    return f"{_OPEN}{_BETWEEN.join((stack, logical_id, attribute))}{_CLOSE}"


def references_in(text: str) -> list[tuple[str, str, str]]:
    """(stack, logical id, attribute) of each mark in `text`."""
    if _OPEN not in text:
        return []
    found = [mark.split(_BETWEEN) for mark in _MARK.findall(text)]
    return [(parts[0], parts[1], parts[2]) for parts in found if len(parts) == 3]


def last_part(text: str) -> str:
    """What follows the last slash: the name in an ARN."""
    return next(reversed(re.findall(PATH_PART, text)), "")


def marks_in(text: str) -> list[str | tuple[str, str, str]]:
    """`text` in parts: what stands between marks, and (stack, logical id, attribute) of each mark."""
    if _OPEN not in text:
        return [text] if text else []
    parts: list[str | tuple[str, str, str]] = []
    end = 0
    for match in _MARK.finditer(text):
        named = match[1].split(_BETWEEN)
        if len(named) == 3:
            parts += [text[end : match.start()], (named[0], named[1], named[2])]
            end = match.end()
    return [part for part in [*parts, text[end:]] if part]


def unknown_mark(reason: str, words: str, label: str = "") -> str:
    """The mark of a value that is not known; equal words of the template give equal marks. label: for people."""
    parts = (_NO_MARKS.sub("", part) for part in (reason, label, words))
    return f"{UNKNOWN_OPEN}{UNKNOWN_BETWEEN.join(parts)}{UNKNOWN_CLOSE}"


def unknown_in(text: str) -> bool:
    """Whether a part of `text` is not known."""
    return UNKNOWN_OPEN in text


def reasons_in(text: str) -> list[str]:
    """Why parts of `text` are not known."""
    return [reason for reason, _ in _UNKNOWN.findall(text)]


def readable(text: str) -> str:
    """`text` for people: a reference becomes ${LogicalId.Attribute} or ${LogicalId}, a parameter ${Name}, and what else
    is not known "(unknown)"."""
    if UNKNOWN_OPEN not in text and _OPEN not in text:
        return text.replace(".Ref}", "}")
    return shown(_UNKNOWN.sub(lambda match: match[2].partition(UNKNOWN_BETWEEN)[0] or "(unknown)", text)).replace(
        ".Ref}", "}"
    )


def split_text(text: str, between: str) -> list[str]:
    """`text` split at `between`, which is not looked for inside of marks."""
    parts = [""]
    for number, part in enumerate(re.split(f"({MARK})", text)):
        first, *others = [part] if number % 2 else part.split(between)
        parts[-1] += first
        parts += others
    return parts


def shown(text: str) -> str:
    """`text` for people: a mark becomes ${LogicalId.Attribute}."""
    return _MARK.sub(lambda match: "${" + ".".join(match[1].split(_BETWEEN)[1:]) + "}", text)


def mapping(value: Any) -> dict[str, Any]:
    """`value`, or {} where something else stands in its place. Keys that are no text are left out."""
    if not isinstance(value, dict):
        return {}
    if _ONLY_TEXT.issuperset(map(type, value)):  # in C: every part of a template comes by here
        return dict(value)
    return {key: one for key, one in value.items() if isinstance(key, str)}


def items(value: Any) -> list[Any]:
    """`value`, or [] where something else stands in its place."""
    return value if isinstance(value, list) else []


def referenced(value: Any) -> str:
    """The logical id that Ref or Fn::GetAtt names, or ""."""
    match value:
        case {"Ref": str(target)} | {"Fn::GetAtt": [str(target), *_]}:
            return target
        case {"Fn::GetAtt": str(target)}:
            return target.partition(".")[0]
    return ""


def intrinsic(value: dict[Any, Any]) -> bool:
    """Whether `value` is a function of CloudFormation instead of a value."""
    return len(value) == 1 and (str(next(iter(value))).startswith("Fn::") or "Ref" in value)

"""A value of a template, evaluated; what is not known is a mark that is the same wherever the same words stand."""

from __future__ import annotations

import json
import re
from typing import Any

from cdk_inference.core.unknown import Unknown
from cdk_inference.review.iam.patterns import UNKNOWN_BETWEEN, UNKNOWN_CLOSE, UNKNOWN_OPEN
from cdk_inference.template.references import shown
from cdk_inference.template.shapes import intrinsic
from cdk_inference.template.stacks import Stack

_DEPTH_MAX = 40  # levels of a document
_MARK = re.compile(f"{UNKNOWN_OPEN}([^{UNKNOWN_BETWEEN}]*){UNKNOWN_BETWEEN}[^{UNKNOWN_CLOSE}]*{UNKNOWN_CLOSE}")


def read(stack: Stack, written: Any, depth: int = 0) -> Any:
    """`written` with its functions evaluated, and with marks in place of what is not known. None: it is not there."""
    if depth > _DEPTH_MAX:
        return _mark(Unknown("it is nested too deep"), "")
    if isinstance(written, list):
        return [one for one in (read(stack, item, depth + 1) for item in written) if one is not None]
    if isinstance(written, str):
        found = stack.resolve(written)
        return _mark(found, written) if isinstance(found, Unknown) else found
    if not isinstance(written, dict):
        return written
    if intrinsic(written):
        return _function(stack, written, depth)
    inner = {str(key): read(stack, one, depth + 1) for key, one in written.items()}
    return {key: one for key, one in inner.items() if one is not None}


def reasons(text: str) -> list[str]:
    """Why parts of a text are not known."""
    return _MARK.findall(text)


def readable(text: str) -> str:
    """For people: what is not known becomes "(unknown)", a reference ${LogicalId.Attribute}, or ${LogicalId}."""
    return shown(_MARK.sub("(unknown)", text)).replace(".Ref}", "}")


def _function(stack: Stack, written: dict[Any, Any], depth: int) -> Any:
    match written:
        case {"Fn::If": [str(name), then, otherwise]}:
            holds = stack.condition(name)
            if not isinstance(holds, Unknown):
                return read(stack, then if holds else otherwise, depth + 1)
        case {"Fn::Join": [str(between), [*parts]]}:
            found = [read(stack, part, depth + 1) for part in parts]
            if all(isinstance(part, str) for part in found):
                return between.join(found)
    return _marked(stack.resolve(written), json.dumps(written, sort_keys=True, default=str), 0)


def _marked(found: Any, words: str, depth: int) -> Any:
    if isinstance(found, Unknown) or depth > _DEPTH_MAX:
        return _mark(found if isinstance(found, Unknown) else Unknown("it is nested too deep"), words)
    if isinstance(found, list):
        return [_marked(one, words, depth + 1) for one in found]
    if isinstance(found, dict):
        return {str(key): _marked(one, words, depth + 1) for key, one in found.items()}
    return found


def _mark(unknown: Unknown, words: str) -> str:
    inner = f"{unknown.reason}{UNKNOWN_BETWEEN}{words}"
    for mark in (UNKNOWN_OPEN, UNKNOWN_CLOSE):
        inner = inner.replace(mark, "")
    return f"{UNKNOWN_OPEN}{inner}{UNKNOWN_CLOSE}"

"""On which line of a template a resource begins, in JSON and in YAML, however either is laid out."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cdk_inference.template.load import TemplateError, read_text

_LOOP = "Fn::ForEach"
_LENGTH_MAX = 4_000_000  # characters; CloudFormation takes 1 MB
_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}\[\]]|\n', re.DOTALL)
_ITEM = re.compile(r"[$&]\{[^}]*\}")

# Logical id, or the pattern of one in a loop, and its line.
_Line = tuple[str, int]


def line_of(file: Path, logical_id: str) -> int:
    """Returns the line of a resource, from 1; 1 where it is not found.

    A resource of a loop is at its pattern, and one that SAM makes at the resource that it is made of.
    """
    known = _lines_of(file) if logical_id else {}
    if logical_id in known:
        return known[logical_id]
    for name, line in known.items():
        if _ITEM.search(name) and re.fullmatch("[A-Za-z0-9]+".join(map(re.escape, _ITEM.split(name))), logical_id):
            return line
    begins = [name for name in known if logical_id.startswith(name)]
    return known[max(begins, key=len)] if begins else 1


@functools.lru_cache(maxsize=64)
def _lines_of(file: Path) -> dict[str, int]:
    try:
        text = read_text(file)
        if len(text) > _LENGTH_MAX:
            return {}
        found = _in_json(text) if text.lstrip().startswith("{") else _in_yaml(text)
        return dict(reversed(list(found)))  # the first of a name
    except (TemplateError, ValueError, RecursionError):
        return {}


def _in_json(text: str) -> Iterator[_Line]:
    """Reads the tokens one by one, with the keys around each."""
    line, last = 1, ""
    around: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if match[1]:
            last = str(json.loads(match[1]))
            looped = len(around) == 4 and around[2].startswith(_LOOP)
            if around[:2] == ["", "Resources"] and (len(around) == 2 or looped):
                yield last, line
        elif token in "{[":
            around.append(last)
            last = ""
        elif token in "}]":
            del around[-1:]
            last = ""
        line += token.count("\n")


def _in_yaml(text: str) -> Iterator[_Line]:
    import yaml  # takes longer to import than this package

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError:
        return
    for key, value in _pairs(root):
        if key.value == "Resources":
            yield from _resources(value)


def _resources(node: Any) -> Iterator[_Line]:
    for key, value in _pairs(node):
        if str(key.value).startswith(_LOOP) and isinstance(value.value, list):
            for one in value.value:
                yield from _resources(one)
        else:
            yield str(key.value), key.start_mark.line + 1


def _pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    """The keys and values of a mapping; none of any other node."""
    value = getattr(node, "value", None)
    yield from (pair for pair in value if isinstance(pair, tuple)) if isinstance(value, list) else ()

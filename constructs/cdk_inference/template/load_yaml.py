"""YAML with CloudFormation's short forms, bounded: what is written small and becomes large is refused."""

from __future__ import annotations

from typing import Any

import yaml

from cdk_inference.template.resolve import comparable

_DEPTH_MAX = 200  # levels; CloudFormation's own limits end far below
_VALUES_MAX = 200_000  # as written; a template of 1 MB has fewer
_EXPANDED_MAX = 500_000  # with every alias written out
_WHOLE_NAMES = {"Ref", "Condition"}  # the short forms whose long form has no "Fn::"
_MERGE = "tag:yaml.org,2002:merge"
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DuplicateKeyError(Exception):
    """A key that stands twice in one mapping, the second time on this line."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class _Loader(_BASE):  # type: ignore[misc]
    """PyYAML's safe loader, in C where it is built. Tags are CloudFormation's functions; 2010-09-09 is text."""


def _function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in _WHOLE_NAMES else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _function)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _BASE.yaml_implicit_resolvers.items()
}


def parse(text: str) -> Any:
    """The value of one document. Raises ValueError with the line, or DuplicateKeyError."""
    try:
        _check_events(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            _check_nodes(node)
            return _text_keys(loader.construct_document(node))
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise ValueError(_words(error, text)) from None


def _words(error: Exception, text: str) -> str:
    """What is wrong and where; a tab by its name, which a parser calls a character."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return str(error)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[: mark.column + 1].strip(" ").startswith("\t"):
        return f"line {mark.line + 1}: a tab, with which YAML cannot be indented; write spaces"
    problem, context = getattr(error, "problem", None), getattr(error, "context", None)
    said = ", ".join(one for one in (context, problem) if one)
    return f"line {mark.line + 1}, column {mark.column + 1}: {said}"


def _check_events(text: str) -> None:
    """libyaml composes by recursion in C and overruns the stack; its events come one by one."""
    depth = values = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        values += isinstance(event, yaml.NodeEvent)
        line = event.start_mark.line + 1
        if depth > _DEPTH_MAX:
            raise ValueError(f"line {line}: nested deeper than {_DEPTH_MAX} levels")
        if values > _VALUES_MAX:
            raise ValueError(f"line {line}: more than {_VALUES_MAX:,} values")


def _check_nodes(root: Any) -> None:
    """Raises for an alias inside of what it names, for aliases that grow, and for a key that stands twice."""
    _measure(root, {}, set())


def _measure(node: Any, known: dict[int, tuple[int, int]], around: set[int]) -> tuple[int, int]:
    """(how many values `node` has with every alias written out, how many levels)."""
    if isinstance(node, yaml.ScalarNode):
        return 1, 0
    key, line = id(node), node.start_mark.line + 1
    if key in around:
        raise ValueError(f"line {line}: the value contains an alias of itself")
    if key not in known:
        around.add(key)
        mapped = isinstance(node, yaml.MappingNode)
        if mapped:
            _check_keys(node)
        inner = [one for pair in node.value for one in pair] if mapped else node.value
        found = [_measure(one, known, around) for one in inner]
        known[key] = 1 + sum(size for size, _ in found), 1 + max((levels for _, levels in found), default=0)
        around.discard(key)
        if known[key][0] > _EXPANDED_MAX:
            raise ValueError(f"line {line}: aliases make it more than {_EXPANDED_MAX:,} values")
        if known[key][1] > _DEPTH_MAX:
            raise ValueError(f"line {line}: aliases nest it deeper than {_DEPTH_MAX} levels")
    return known[key]


def _check_keys(node: Any) -> None:
    seen: set[tuple[str, str]] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
            continue
        if (key.tag, key.value) in seen:
            raise DuplicateKeyError(key.value, key.start_mark.line + 1)
        seen.add((key.tag, key.value))


def _text_keys(value: Any, seen: dict[int, Any] | None = None) -> Any:
    """`value` with text for every key: account numbers in Mappings are numbers to YAML, and true a truth value.

    Shared parts stay shared.
    """
    seen = {} if seen is None else seen
    if not isinstance(value, (dict, list)):
        return value
    if id(value) in seen:
        return seen[id(value)]
    if isinstance(value, list):
        copy: Any = []
        seen[id(value)] = copy
        copy.extend(_text_keys(one, seen) for one in value)
        return copy
    copy = {}
    seen[id(value)] = copy
    copy.update({str(comparable(key)): _text_keys(one, seen) for key, one in value.items()})
    return copy

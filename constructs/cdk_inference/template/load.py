"""One template from a file: JSON, or YAML with CloudFormation's short-form functions (!Ref, !Sub, ...)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_DEPTH_MAX = 200  # levels; CloudFormation's own limits end far below
_WHOLE_NAMES = {"Ref", "Condition"}  # the short forms whose long form has no "Fn::"


class TemplateError(ValueError):
    """The file is no readable template; the message says what is wrong and what to do."""


def load_template(file: Path) -> dict[str, Any]:
    """The template in `file`. Raises TemplateError."""
    template = load_object(file, "a template")
    if not isinstance(template.get("Resources"), dict):
        raise TemplateError(f'{file} is no CloudFormation template: "Resources" should be an object; name another file')
    return template


def load_object(file: Path, what: str) -> dict[str, Any]:
    """The object in a JSON or YAML file. `what` names it in the message of the TemplateError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise TemplateError(f"{file} is missing; name a file or a folder that exists") from None
    except (OSError, ValueError) as error:
        raise TemplateError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    try:
        value = json.loads(text) if text.lstrip().startswith("{") else _from_yaml(text)
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"{file} is neither JSON nor YAML: {_one_line(error)}; name {what}") from None
    if not isinstance(value, dict):
        raise TemplateError(f"{file} holds no object; name {what}")
    return value


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _from_yaml(text: str) -> Any:
    import yaml  # not at the top: takes longer to import than the rest of this package

    loader = _loader(yaml)
    try:
        # libyaml composes by recursion in C and overruns the stack; its events come one by one.
        depth = 0
        for event in yaml.parse(text, Loader=loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEPTH_MAX:
                raise ValueError(f"nested deeper than {_DEPTH_MAX} levels")
        return _text_keys(yaml.load(text, Loader=loader))  # a safe loader
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def _loader(yaml: Any) -> Any:
    """PyYAML's safe loader, in C where it is built, with the short forms and without dates."""
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        """Tags are CloudFormation's functions; 2010-09-09 is text."""

    def function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
        if isinstance(node, yaml.ScalarNode):
            value: Any = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in _WHOLE_NAMES else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", function)
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in base.yaml_implicit_resolvers.items()
    }
    return Loader


def _text_keys(value: Any, seen: dict[int, Any] | None = None) -> Any:
    """`value` with text for every key: account numbers in Mappings are numbers to YAML. Shared parts stay shared."""
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
    copy.update({str(key): _text_keys(one, seen) for key, one in value.items()})
    return copy

"""One template from a file: JSON, or YAML with CloudFormation's short-form functions (!Ref, !Sub, ...)."""

from __future__ import annotations

import gc
import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cdk_inference.core.errors import InputError

# CloudFormation takes 1 MB, as does S3 for it; a cloud assembly's manifest and report are larger.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (read 2026-11-29)
_BYTES_MAX = 24_000_000
RESOURCES_MAX = 5_000  # of one template; CloudFormation takes 500 (same page)
_SEARCHED_MAX = 2_000_000  # characters in which a line is looked for
_YAML_BYTES_MAX = 8_000_000  # PyYAML is slow
# Characters that this package marks references with (values.py); a template could forge them.
_MARKS = re.compile("[\ue000-\ue002\ue010-\ue012]|(?<!\\\\)\\\\u[eE]0[01][0-2]")
_MARKED = ("\\ue0", "\\uE0", *map(chr, (*range(0xE000, 0xE003), *range(0xE010, 0xE013))))
_REPLACED = "\ufffd"


class TemplateError(InputError):
    """The file is no readable template; the message says what is wrong and what to do."""


class NotAnObjectError(TemplateError):
    """The file holds something else."""


class DuplicateError(ValueError):
    """A key that occurs twice in one object."""


def load_template(file: Path) -> dict[str, Any]:
    """The template in `file`. Raises TemplateError."""
    template = load_object(file, "a template")
    if not isinstance(template.get("Resources"), dict):
        why = '"Resources" should be an object; name another file'
        raise TemplateError(f"{file} is not a CloudFormation template: {why}")
    if fault := too_many(template):
        raise TemplateError(f"{file} {fault}")
    return template


def too_many(template: Mapping[str, Any]) -> str:
    """What is wrong with a template of far more resources than CloudFormation takes; "" for any other."""
    found = template.get("Resources")
    if not isinstance(found, dict) or len(found) <= RESOURCES_MAX:
        return ""
    return f"has {len(found):,} resources, and CloudFormation takes 500; split it into stacks"


def load_object(file: Path, what: str) -> dict[str, Any]:
    """The object in a JSON or YAML file. `what` names it in the message of the TemplateError."""
    value = load_value(file, what)
    if not isinstance(value, dict):
        raise NotAnObjectError(f"{file} is not {what}: it holds {_in_words(value)}; name another file")
    return value


def _in_words(value: Any) -> str:
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else "text" if isinstance(value, str) else "a single value"


def load_value(file: Path, what: str) -> Any:
    """Whatever is in a JSON or YAML file. Raises TemplateError."""
    text = read_text(file)
    if any(one in text for one in _MARKED):
        text = _MARKS.sub(_REPLACED, text)
    try:
        return _parsed(text)
    except DuplicateError as error:
        raise TemplateError(f"{file}, {error}; remove one of the two") from None
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"{file} is neither JSON nor YAML: {one_line(error)}; name {what}") from None


def _parsed(text: str) -> Any:
    if text.lstrip().startswith("{"):
        return parse_json(text)
    try:
        return parse_json(text) if text.lstrip().startswith("[") else _from_yaml(text)
    except json.JSONDecodeError:
        return _from_yaml(text)  # a list in YAML may begin like one in JSON


def one_line(error: Exception) -> str:
    """The message of a parser, cut."""
    return " ".join(str(error).split())[:300]


def read_text(file: Path) -> str:
    """The text of a regular file of a bounded size. Raises TemplateError: a pipe or a device may never end."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise TemplateError(f"{file} is not a regular file; name a template")
            with open(descriptor, "rb", closefd=False) as opened:
                content = opened.read(_BYTES_MAX + 1)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        raise TemplateError(f"{file} is missing; name a file or a folder that exists") from None
    except TemplateError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from None
    if len(content) > _BYTES_MAX:
        raise TemplateError(
            f"{file} has more than {_BYTES_MAX // 1_000_000} MB, and CloudFormation takes templates of 1 MB; "
            "name a template"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> TemplateError:
    if isinstance(error, UnicodeDecodeError):
        at, byte = error.start, error.object[error.start]
        if error.object[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return TemplateError(f"{file} cannot be read: it is UTF-16; save it as UTF-8")
        return TemplateError(f"{file} cannot be read: byte {at + 1} is 0x{byte:02x}, which no text in UTF-8 has there")
    return TemplateError(f"{file} cannot be read: {getattr(error, 'strerror', None) or error}")


def parse_json(text: str) -> Any:
    """JSON in which no object has a key twice. Raises ValueError, of which `DuplicateError` is one."""
    paused = gc.isenabled()
    gc.disable()  # all that is made stays, and the collector would go through it over and over
    try:
        return json.loads(text, object_pairs_hook=_object)
    except DuplicateError as error:
        line = f"line {_line_of_second(text, str(error))}: " if len(text) <= _SEARCHED_MAX else ""
        raise DuplicateError(f"{line}{_twice(str(error))}") from None
    finally:
        if paused:
            gc.enable()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise DuplicateError(key)
            seen.add(key)
    return found


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"\s*:?|[{}\[\]]|\n', re.DOTALL)


def _line_of_second(text: str, key: str) -> int:
    """The line on which an object has `key` for the second time."""
    line, objects = 1, [set[str]()]
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "{":
            objects.append(set())
        elif token == "}" and len(objects) > 1:
            objects.pop()
        elif token.endswith(":"):
            name = json.loads(token.rstrip(": \t\r\n"))
            if name == key and name in objects[-1]:
                return line
            objects[-1].add(name)
        line += token.count("\n")
    return line


def _twice(key: str) -> str:
    return f"the key {key[:80]!r} occurs twice in one object"


def _from_yaml(text: str) -> Any:
    if len(text) > _YAML_BYTES_MAX:
        raise ValueError(f"more than {_YAML_BYTES_MAX // 1_000_000} MB of YAML")
    from cdk_inference.template import load_yaml  # not at the top: PyYAML takes longer to import than this package

    try:
        return load_yaml.parse(text)
    except load_yaml.DuplicateKeyError as error:
        raise DuplicateError(f"line {error.line}: {_twice(error.key)}") from None

"""Template files in a folder: each once, without links that lead out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_inference.template.load import NotAnObjectError, TemplateError, load_object, read_text

SUFFIXES = (".json", ".yaml", ".yml", ".template")
_FILES_MAX = 5000
_NOT_ENTERED = ("node_modules",)  # and hidden folders
_WORDS = ("Resources", "AWSTemplateFormatVersion")


@dataclass(frozen=True, kw_only=True)
class Unread:
    """A file that may be a template and cannot be read. stack: what its stack would be called."""

    stack: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """A template that was read."""

    stack: str
    file: Path
    template: Mapping[str, Any]


def templates_in(folder: Path) -> tuple[list[Source], list[Unread]]:
    """The templates in a folder and below, and what may be one and cannot be read. Raises TemplateError."""
    found: list[Source] = []
    unread: list[Unread] = []
    root = folder.resolve()
    for number, file in enumerate(_files(folder)):
        if number >= _FILES_MAX:
            raise TemplateError(f"{folder} has more than {_FILES_MAX:,} files; name the folder with the templates")
        name = (file.parent.relative_to(folder) / file.name.partition(".")[0]).as_posix()
        if not within(file, root):
            unread.append(Unread(stack=name, why=f"{file} is a link that leads out of {folder}, which is not followed"))
            continue
        if file.is_dir():
            continue  # its files are read where they are
        read = _read(name, file)
        found += [read] if isinstance(read, Source) else []
        unread += [read] if isinstance(read, Unread) else []
    return found, unread


def within(file: Path, root: Path) -> bool:
    """Whether `file`, without links, lies in or below `root`, which has none."""
    try:
        return file.resolve().is_relative_to(root)
    except (OSError, RuntimeError, ValueError):  # a link to itself; a null character
        return False


def _files(folder: Path) -> Iterator[Path]:
    """Files with a template's suffix, and links to folders, in order."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _NOT_ENTERED)
        yield from (Path(place, one) for one in folders if os.path.islink(os.path.join(place, one)))
        yield from (Path(place, one) for one in sorted(names) if os.path.splitext(one)[1].lower() in SUFFIXES)


def _read(name: str, file: Path) -> Source | Unread | None:
    """The template in `file`; None for a file of another sort."""
    try:
        if not any(word in read_text(file) for word in _WORDS):
            return None
        template = load_object(file, "a template")
    except NotAnObjectError:
        return None
    except TemplateError as error:
        return Unread(stack=name, why=str(error))
    if isinstance(template.get("Resources"), dict):
        return Source(stack=name, file=file, template=template)
    return Unread(stack=name, why=f'{file} has no object "Resources"') if _WORDS[1] in template else None

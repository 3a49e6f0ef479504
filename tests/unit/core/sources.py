"""Texts, names and named pages of the package's modules, each parsed once."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cdk_inference

PACKAGE = Path(cdk_inference.__file__).parent
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))


class Text(NamedTuple):
    """part: whether it is a part of an f-string. whole: whether it is an f-string; what is filled in is {}."""

    line: int
    text: str
    part: bool = False
    whole: bool = False


class Source(NamedTuple):
    """texts: without docstrings. pages: what `page` is called with. names: of variables and arguments."""

    texts: tuple[Text, ...]
    pages: tuple[tuple[object, ...], ...]
    names: frozenset[str]


@functools.cache
def source(file: Path) -> Source:
    """Returns the contents of a module of the package."""
    return read(file.read_text(encoding="utf-8"))


def read(text: str) -> Source:
    """Returns the contents of a module. Keeps no tree: a garbage collection would walk through all of them."""
    nodes = tuple(ast.walk(ast.parse(text)))
    pages = [
        tuple(one.value for one in node.args if isinstance(one, ast.Constant))
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "page"
    ]
    names = {
        node.id if isinstance(node, ast.Name) else node.arg for node in nodes if isinstance(node, (ast.Name, ast.arg))
    }
    return Source(tuple(_texts(nodes)), tuple(pages), frozenset(names))


def _texts(nodes: tuple[ast.AST, ...]) -> Iterator[Text]:
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    parts: set[int] = set()
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            shown = [part.value if isinstance(part, ast.Constant) else "{}" for part in node.values]
            parts |= {id(part) for part in node.values}
            yield Text(node.lineno, "".join(map(str, shown)), whole=True)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield Text(node.lineno, node.value, part=id(node) in parts)

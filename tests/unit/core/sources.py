"""The package's modules as trees, parsed once for all tests that read them."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import cdk_inference

PACKAGE = Path(cdk_inference.__file__).parent
MODULES = tuple(sorted(PACKAGE.rglob("*.py")))


@functools.cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Every node of a module."""
    return tuple(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))


def docstrings(found: tuple[ast.AST, ...]) -> set[int]:
    """The ids of expressions that are a text by itself."""
    return {id(node.value) for node in found if isinstance(node, ast.Expr)}

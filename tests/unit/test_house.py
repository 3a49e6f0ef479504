"""How the project is built: source root, imports, pins."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from pathlib import Path

import constructs

ROOT = Path(__file__).parents[2]


def test_the_source_root_is_no_package() -> None:
    """A module or __init__.py there would shadow, or merge into, the PyPI package `constructs`."""
    assert sorted(path.name for path in (ROOT / "constructs").iterdir() if path.name != "__pycache__") == [
        "cdk_inference"
    ]


def test_constructs_is_the_package_from_pypi() -> None:
    assert constructs.__file__ is not None
    assert "site-packages" in Path(constructs.__file__).parts


def test_requirements_are_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-")):
                assert re.fullmatch(r"[A-Za-z0-9_.\[\]-]+==[A-Za-z0-9_.+-]+", line), f"{name}: {line}"


def test_the_package_asks_for_what_it_was_checked_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = dict(line.split("==") for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line)
    lowest = dict(line.partition(",")[0].split(">=") for line in project["dependencies"])
    assert {name: pins[name] for name in lowest} == lowest


def test_the_cli_is_pinned_below_3() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    version = tuple(int(part) for part in package["devDependencies"]["aws-cdk"].split("."))
    assert (2, 1148, 1) <= version < (3,)


def test_the_strict_switches_are_on() -> None:
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    keys = ("failSynthOnValidationErrors", "strictCfnValidateErrors", "validateAgainstDefaultRules")
    assert [context[f"@aws-cdk/core:{key}"] for key in keys] == [True, True, True]


def test_every_recommended_flag_is_set() -> None:
    recommended = next((ROOT / "node_modules/aws-cdk").rglob(".recommended-feature-flags.json"), None)
    assert recommended is not None, "the CDK CLI is not installed; make test installs it"
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    assert {key: context.get(key) for key in json.loads(recommended.read_text())} == json.loads(recommended.read_text())


def test_mypy_follows_every_module_of_the_cdk_that_is_imported() -> None:
    """One that is left out is Any, and whatever is done with it then passes."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]["overrides"]
    (followed,) = [one["module"] for one in overrides if one.get("follow_imports") == "normal"]
    folders = [ROOT / name for name in ("constructs", "stacks", "rehearsal", "examples")]
    files = [ROOT / "app.py", *(file for folder in folders for file in folder.rglob("*.py"))]
    modules = {
        f"{node.module}.{name.name}".removesuffix(f".{name.name}" if not name.name.islower() else "")
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("aws_cdk.")
        for name in node.names
    }
    assert sorted({*modules, "aws_cdk", "aws_cdk.interfaces"}) == followed

"""CONTRIBUTING.md names files that exist, and the lists of its recipes have every file that names an existing part."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import NamedTuple

from cdk_inference import endpoints
from cdk_inference.hardware import instance_types
from cdk_inference.hosting import KINDS
from cdk_inference.metrics import METRICS
from cdk_inference.requirements import requirements
from cdk_inference.review.rules import all_rules
from cdk_inference.serving.presets import PRESETS
from scripts.docs.transitions import KIND_WORDS
from tests.each import each

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "constructs/cdk_inference"
PAGE = re.sub(
    r"^```.*?^```$", "", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
)
PATH = re.compile(r"(?:[\w.<>-]+/)+[\w.<>-]*|[\w-]+\.(?:md|txt|toml)")
MADE = {"node_modules/", ".venv/bin/python"}
# Counts, types with an accelerator only, and templates of examples.
WITHOUT_NAMES = {"facts/SOURCES.md", "docs/hardware.md", "tests/snapshot/"}


class Step(NamedTuple):
    """choice: one of the files is enough. sometimes: only some parts need it."""

    paths: tuple[str, ...]
    choice: bool
    sometimes: bool


def sections(level: str) -> dict[str, str]:
    parts = re.split(rf"^{level} (.+)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def paths_in(text: str) -> tuple[str, ...]:
    return tuple(path for token in re.findall(r"`([^`\n]+)`", text) for path in PATH.findall(token) if path not in MADE)


def steps(recipe: str) -> list[Step]:
    found = []
    for step in re.findall(r"^\d+\. (.+(?:\n   .+)*)", recipe, re.MULTILINE):
        paths, _, text = " ".join(step.split()).partition("`: ")
        found.append(Step(paths_in(f"{paths}`"), "` or" in paths, text.startswith("if ")))
    return found


def generated(recipe: str) -> tuple[str, ...]:
    return paths_in(" ".join(recipe.split()).partition("Generated: ")[2].partition("Tests: ")[0])


@functools.cache
def files(path: str) -> tuple[Path, ...]:
    """The files or folders that a path may be, below the package first; a part in <> is any name."""
    pattern = re.sub("<[^>]+>", "*", path).rstrip("/")
    return tuple(PACKAGE.glob(pattern)) or tuple(ROOT.glob(pattern))


@functools.cache
def text(path: str) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files(path) if file.is_file()).lower()


RECIPES = {name: recipe.partition("\n## ")[0] for name, recipe in sections("###").items()}
CONSTRUCTS: dict[str, set[str]] = {}
for called in endpoints.__all__:
    CONSTRUCTS.setdefault(getattr(getattr(endpoints, called), "kind", ""), set()).add(called)
# Recipe -> of each part that is there, the names by which a file may have it.
PARTS: dict[str, list[set[str]]] = {
    "An instance type": [{one.name} for one in instance_types()],
    "A metric": [{one.name} for one in METRICS],
    "A preset (a server)": [{one.__name__, one.aws_image.name, one.aws_image.reference} for one in PRESETS],
    "A review rule": [{one.id} for one in all_rules()],
    "A requirement": [{one.id} for one in requirements()],
    "An endpoint kind": [
        {one.name, one.title, KIND_WORDS.get(one.name, one.name), *CONSTRUCTS.get(one.name, ())}
        for one in KINDS.values()
    ],
}
# Packages know the type: its name stands in what they generate only.
BY_HAND_WITHOUT_NAMES = {"An instance type"}


def missing(recipe: str, paths: tuple[str, ...], *, choice: bool = False) -> list[str]:
    """The first name of each part that some path lacks; with `choice`: that all of them lack."""
    join = any if choice else all
    return [
        sorted(names)[0]
        for names in PARTS[recipe]
        if not join(any(name.lower() in text(path) for name in names) for path in paths)
    ]


@each("path", sorted(set(paths_in(PAGE))))
def test_a_file_that_is_named_exists(path: str) -> None:
    assert files(path) != ()


def test_every_room_has_its_tests() -> None:
    rooms = {one.name for one in PACKAGE.iterdir() if (one / "__init__.py").exists()}
    table = sections("##")["Which tests for which room"].partition("\n\n| kind of test")[0]
    named = {
        name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    assert named == rooms
    (same,) = (row for row in table.splitlines() if "the folder of the same name" in row)
    assert [name for name in re.findall(r"`(\w+)`", same) if not (ROOT / "tests/unit" / name).is_dir()] == []


def test_there_are_six_recipes() -> None:
    assert set(RECIPES) == set(PARTS)


@each("recipe", PARTS)
def test_a_recipe_counts_the_files_of_its_list(recipe: str) -> None:
    by_hand = sum(1 if step.choice else len(step.paths) for step in steps(RECIPES[recipe]))
    words = " ".join(RECIPES[recipe].split())
    plural = "files" if by_hand > 1 else "file"
    assert f"{by_hand} {plural} by hand, {len(generated(RECIPES[recipe]))} generated" in words


@each("recipe", sorted(set(PARTS) - BY_HAND_WITHOUT_NAMES))
def test_what_is_there_already_stands_in_every_file_of_its_recipe(recipe: str) -> None:
    for number, step in enumerate(steps(RECIPES[recipe]), 1):
        lacking = missing(recipe, step.paths, choice=step.choice)
        if step.sometimes:
            assert len(lacking) < len(PARTS[recipe]), f"{recipe}, step {number}: {step.paths}"
        else:
            assert lacking == [], f"{recipe}, step {number}: not in {step.paths}"


@each("recipe", PARTS)
def test_what_is_there_already_stands_in_every_generated_file(recipe: str) -> None:
    for path in set(generated(RECIPES[recipe])) - WITHOUT_NAMES:
        assert missing(recipe, (path,)) == [], f"not in {path}: run make refresh"

"""What a message names, its reader can open: addresses of pages that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cdk_inference.core.pages import REPOSITORY, page
from tests.each import each
from tests.unit.core.sources import MODULES, PACKAGE, source

pytestmark = pytest.mark.xdist_group("sources")

ROOT = Path(__file__).parents[3]
PROJECTS = (ROOT / "pyproject.toml", ROOT / "packaging/cli/pyproject.toml")


def test_a_page_has_an_address() -> None:
    assert page("cost", "metering") == f"{REPOSITORY}/blob/main/docs/cost.md#metering"
    assert page("fit") == f"{REPOSITORY}/blob/main/docs/fit.md"


@each("room", sorted({file.relative_to(PACKAGE).parts[0] for file in MODULES}))
def test_no_message_names_a_file_that_its_reader_lacks(room: str) -> None:
    files = [file for file in MODULES if file.relative_to(PACKAGE).parts[0] == room]
    assert [
        (file.name, text)
        for file in files
        for _, text, *_ in source(file).texts
        if re.search(r"(?<![\w/])docs/[\w-]+\.md|README\.md", text) and "https://" not in text
    ] == []


def test_every_page_that_is_named_exists_with_its_anchor() -> None:
    names = {name for file in MODULES for name in source(file).pages}
    assert len(names) > 5
    for name, *anchor in names:
        text = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
        headings = {
            re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"^#+ (.+)$", text, re.M)
        }
        assert set(anchor) <= headings


@each("file", PROJECTS)
def test_the_projects_addresses_are_the_packages(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert set(tomllib.loads(text)["project"]["urls"].values()) <= set(re.findall(rf'"({REPOSITORY}[^"]*)"', text))


@each("file", [*PROJECTS, *(ROOT / name for name in ("mkdocs.yml", "README.md"))])
def test_one_address_of_the_repository(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert set(re.findall(r"https://github\.com/[\w.-]+/cdk-inference", text)) == {REPOSITORY}


def test_the_readme_installs_from_that_address() -> None:
    assert f'pip install "cdk-inference @ git+{REPOSITORY}"' in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_small_distribution_has_the_rooms_that_never_import_the_cdk() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    pure = {module for one in contracts[:2] for module in one["source_modules"]}
    cli = tomllib.loads(PROJECTS[1].read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    rooms = {f"cdk_inference.{Path(name).name}" for name in cli if not Path(name).suffix}
    assert rooms == pure

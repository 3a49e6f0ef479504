"""Every table has a module that makes it again, a provenance, and the rows that its sources have."""

from __future__ import annotations

import importlib
import re

import pytest

from cdk_inference import facts
from scripts.docs import sources
from scripts.refresh.__main__ import tables
from tests.each import each

# Sources that are not installed: packages that `make lint` downloads.
NOT_INSTALLED = {"tokens", "sam_policies"}


def test_every_table_has_a_module_and_every_module_a_table() -> None:
    assert facts.names() == tables()
    assert len(facts.names()) == 15


@each("name", facts.names())
def test_a_table_declares_its_provenance(name: str) -> None:
    header = facts.table(name).header
    assert [key for key in facts.PROVENANCE if not header.get(key)] == []
    assert re.match(r"20\d\d-\d\d-\d\d", header["date"])
    assert f"python -m scripts.refresh {name}" in header["refresh"]


@each("name", sorted(set(facts.names()) - NOT_INSTALLED))
def test_a_table_is_what_its_sources_give(name: str) -> None:
    committed = (facts.FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    fresh = importlib.import_module(f"scripts.refresh.{name}").fresh()
    assert fresh.difference(name, committed) == [], "run make refresh and review what it prints"


def test_the_page_of_sources_has_a_section_for_every_table() -> None:
    page = (facts.FOLDER / "SOURCES.md").read_text(encoding="utf-8")
    assert page == sources.page(), "run make refresh"
    assert tuple(re.findall(r"^## (.+)$", page, re.MULTILINE)) == facts.names()


def test_a_table_is_read_by_column() -> None:
    found = facts.parsed("prices", '# source: AWS: its list\n# date: 2026-10-20\nitem,usd\na,1.5\n"b, c",\n')
    assert dict(found.header) == {"source": "AWS: its list", "date": "2026-10-20"}
    assert list(found.rows()) == [{"item": "a", "usd": "1.5"}, {"item": "b, c", "usd": ""}]


def test_an_unknown_table_is_no_file() -> None:
    with pytest.raises(FileNotFoundError, match=r"no_such\.csv"):
        facts.table("no_such")

"""The picture in the docs is the example's dashboard."""

from __future__ import annotations

import functools
import importlib
import re
from types import ModuleType
from typing import Any

import pytest

from tests.each import each
from tests.support import ROOT
from tests.synthesized import example
from tests.unit.cost.boards import unpublished

pytestmark = pytest.mark.xdist_group("synthesized")
COMMITTED = (ROOT / "docs/images/dashboard.svg").read_text()


def drawing() -> ModuleType:
    """What draws; loaded here, because its plotting library takes a second and each worker of xdist collects this file."""
    return importlib.import_module("scripts.docs.dashboard_picture")


@functools.cache
def body() -> dict[str, Any]:
    (stack,) = example("fleet_dashboard").assembly.stacks
    found = drawing().named_body(stack.template["Resources"])
    assert isinstance(found, dict)
    return found


def test_the_picture_is_what_would_be_drawn() -> None:
    assert drawing().same(COMMITTED, drawing().picture(body())), "run make refresh"


def test_the_picture_has_the_words_of_the_template() -> None:
    drawn = re.findall(r"<text[^>]*>([^<]*)", COMMITTED)
    properties = [one["properties"] for one in body()["widgets"]]
    limits = [mark["label"] for one in properties for mark in one.get("annotations", {}).get("horizontal", [])]
    titles = [one["title"] for one in properties if "title" in one]
    assert len(titles) == 30
    assert len(limits) == 11
    assert {*titles, *limits} - set(drawn) == set()
    # The long names of alarms lose the word that all of them have.
    assert {"fleet-cost-burn-rate", "fleet-chat-failing", "fleet-cost-fleet-chat-…-idle"} <= set(drawn)


def test_every_metric_of_the_example_is_in_the_tables() -> None:
    assert unpublished(body()) == []


@each(
    ("written", "other", "same"),
    [
        ("<text>limit $9.50", "<text>limit $9.00", False),
        (' d="M 1 2.5L 3 4"', ' d="M 1 2.6L 3 4"', True),
        (' d="M 1 2.5L 3 4"', ' d="M 1 4.5L 3 4"', False),
        (' d="M 1 2.5L 3 4"', ' d="M 1 2.5"', False),
        ('<text style="font-size: 9px">a', '<text style="font-size: 10px">a', True),
    ],
)
def test_pictures_are_compared_by_words_and_places(written: str, other: str, same: bool) -> None:
    assert drawing().same(written, other) is same


def test_the_page_has_a_line_for_every_widget() -> None:
    titles = {one["properties"]["title"] for one in body()["widgets"] if "title" in one["properties"]}
    page = (ROOT / "docs/dashboard.md").read_text()
    named = re.findall(r"^\| \*\*(.+?)\*\*", page, re.MULTILINE)
    # What the caller named is not on the page; a budget's title has its amount.
    own = {"fleet-chat: dollars per 1000 requests"}
    assert {re.sub(r"\$[\d,]+\.\d\d", "...", title) for title in titles - own} <= set(named)

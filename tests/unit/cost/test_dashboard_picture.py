"""The picture in the docs is the example's dashboard."""

from __future__ import annotations

import re

import pytest

from scripts.docs import dashboard_picture
from tests.judges.dashboard_body import body_of
from tests.support import ROOT, only
from tests.synthesized import example

pytestmark = pytest.mark.xdist_group("synthesized")


def test_the_picture_is_what_would_be_drawn() -> None:
    drawn = dashboard_picture.page(example("fleet_dashboard").folder)
    assert (ROOT / "docs/images/dashboard.svg").read_text() == drawn, "run: make refresh"


def test_the_page_has_a_line_for_every_widget() -> None:
    (stack,) = example("fleet_dashboard").assembly.stacks
    body = body_of(only(stack.template, "AWS::CloudWatch::Dashboard"))
    titles = {one["properties"]["title"] for one in body["widgets"] if "title" in one["properties"]}
    page = (ROOT / "docs/dashboard.md").read_text()
    named = re.findall(r"^\| \*\*(.+?)\*\*", page, re.MULTILINE)
    # What the caller named is not on the page; a budget's title has its amount.
    own = {"fleet-chat: dollars per 1000 requests"}
    assert {re.sub(r"\$[\d,]+\.\d\d", "...", title) for title in titles - own} <= set(named)

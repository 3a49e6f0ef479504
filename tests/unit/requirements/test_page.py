"""docs/rules.md is made of the rows."""

from __future__ import annotations

import re
from pathlib import Path

from cdk_inference.requirements import requirements
from scripts.docs import rules

PAGE = (Path(__file__).parents[3] / "docs/rules.md").read_text(encoding="utf-8")


def test_the_page_lists_every_rule_in_order() -> None:
    assert rules.page() == PAGE, "run make refresh"
    assert re.findall(r'<a id="([^"]+)">', PAGE) == [one.id for one in requirements()]


def test_a_page_that_is_not_the_apis_has_its_day() -> None:
    undated = [one.id for one in requirements() if one.page and not re.search(r"20\d\d-\d\d-\d\d", one.page)]
    assert undated == []

"""Addresses of the project's pages."""

from __future__ import annotations

import pytest

from cdk_inference.core.links import DOCS, DOCS_VARIABLE, page


def test_a_page_and_a_place_in_it() -> None:
    assert page("review") == f"{DOCS}/review.md"
    assert page("review", "data-removed") == f"{DOCS}/review.md#data-removed"


def test_a_team_names_its_own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DOCS_VARIABLE, "https://docs.example.com/inference/")
    assert page("prices") == "https://docs.example.com/inference/prices.md"

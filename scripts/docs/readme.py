"""README.md: its words are written by hand; the output that it shows is made by the commands themselves."""

from __future__ import annotations

from scripts.docs._outputs import ROOT, with_outputs


def page() -> str:
    """The whole page."""
    return with_outputs((ROOT / "README.md").read_text(encoding="utf-8"))

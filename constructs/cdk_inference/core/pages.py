"""Addresses of the documentation: what a message names, its reader can open."""

from __future__ import annotations

# Nothing is published yet: a team that keeps a copy puts its own address here and in pyproject.toml (a test compares).
REPOSITORY = "https://github.com/your-organization/cdk-inference"


def page(name: str, anchor: str = "") -> str:
    """Returns the address of a page of docs/, without its extension: `page("prices")`."""
    return f"{REPOSITORY}/blob/main/docs/{name}.md{'#' if anchor else ''}{anchor}"

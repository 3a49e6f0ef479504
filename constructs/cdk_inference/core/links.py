"""Addresses of the project's own pages: a user has the package, not the repository."""

from __future__ import annotations

import os

# A team that hosts the project elsewhere sets the variable; pages are Markdown files of this folder.
DOCS_VARIABLE = "CDK_INFERENCE_DOCS_URL"
DOCS = "https://github.com/cdk-inference/cdk-inference/blob/main/docs"


def page(name: str, anchor: str = "") -> str:
    """Returns the address of the page `docs/<name>.md`, at `anchor` where one is given."""
    base = os.environ.get(DOCS_VARIABLE) or DOCS
    return f"{base.rstrip('/')}/{name}.md{f'#{anchor}' if anchor else ''}"

"""Hooks of mkdocs: links that leave docs/, and a reference page per room, from its docstrings.

https://www.mkdocs.org/user-guide/configuration/#hooks
"""

from __future__ import annotations

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from cdk_inference.core.pages import REPOSITORY


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds a page for each `api/<room>.md` of the navigation; none of them is a file."""
    for path in re.findall(r"api/(\w+)\.md", str(config.nav)):
        text = f"# `cdk_inference.{path}`\n\n::: cdk_inference.{path}\n"
        files.append(File.generated(config, f"api/{path}.md", content=text))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Returns the page with the repository's address before links that leave docs/."""
    return re.sub(r"\]\(\.\./", f"]({REPOSITORY}/blob/main/", markdown)

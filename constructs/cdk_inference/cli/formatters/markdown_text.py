"""Escapes text of templates in Markdown: no mention, no link, no formatting.

GitHub reads names, numbers of issues and addresses in the text after Markdown has been read, so that neither a
backslash nor an entity keeps them from it; a character without width between their parts does.
https://github.github.com/gfm/#autolinks-extension- (read 2026-11-29)
https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
(read 2026-11-29)
"""

from __future__ import annotations

import re

from cdk_inference.cli.formatters.base import clean

# Takes no width, and ends a name.
_GAP = "\u200b"
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp):")
_WWW = re.compile(r"(?i)\bwww\.")
_ISSUE = re.compile(r"(?i)#(?=\d)|\bGH-(?=\d)|!(?=\d)|&(?=\d)|%(?=\d)")
_COMMIT = re.compile(r"\b(?=[0-9a-f]*[a-f])([0-9a-f])(?=[0-9a-f]{6,39}\b)")
_MARKS = re.compile(r"([\\`*_{}\[\]|~$])")


def escaped(text: str) -> str:
    """`text` on one line, as it stands in the template and nothing more."""
    made = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    made = _MARKS.sub(r"\\\1", made)
    made = _SCHEME.sub(rf"\1:{_GAP}", made)
    made = _WWW.sub(f"www{_GAP}.", made)
    made = _ISSUE.sub(lambda match: f"{match[0]}{_GAP}", made)
    made = _COMMIT.sub(rf"\1{_GAP}", made)
    return made.replace("@", f"@{_GAP}")


def code(text: str) -> str:
    """`text` as code, in which nothing is a mark."""
    return f"`{clean(text).replace('`', chr(39)).strip() or '?'}`"

"""cdk_inference/facts/SOURCES.md: where every table comes from, from the headers of the tables."""

from __future__ import annotations

from cdk_inference.facts import PROVENANCE, names, table
from scripts.docs._markdown import NOTE
from scripts.docs._markdown import table as markdown

INTRODUCTION = """\
# Sources

One section per table of this folder; the same facts are the first lines of the table itself. `make refresh` makes all
of them again from the packages that the project pins, and prints each row that was added, removed or changed. Facts
about AWS are restated here; nothing else of a source is copied.
"""


def page() -> str:
    """The whole page."""
    parts = [f"{NOTE}{INTRODUCTION}"]
    for name in names():
        known = table(name)
        about, *keys = PROVENANCE
        more = [key for key in known.header if key not in PROVENANCE]
        rows = [("rows", len(known.values)), *((key, known.header[key]) for key in [*keys, *more])]
        parts.append(
            f"\n## {name}\n\n{known.header[about][0].upper()}{known.header[about][1:]}.\n\n{markdown(('', ''), rows)}"
        )
    return "".join(parts)

"""Writes the pages and pictures in docs/ that are made of tables, rules and examples.

    python -m scripts.docs [--check] [NAME ...]

With --check nothing is written; the status is 1 when a file differs from what would be written.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from cdk_inference.facts import FOLDER

ROOT = Path(__file__).parents[2]
# Each module of this package gives the text of one file: `page()`.
FILES = {
    **{
        name: ROOT / f"docs/{name}.md"
        for name in ("hardware", "images", "metrics", "transitions", "bedrock", "review", "rules", "fit", "choosing")
    },
    "readme": ROOT / "README.md",
    "rehearsal": ROOT / "docs/rehearsal.md",
    "sources": FOLDER / "SOURCES.md",
    "dashboard_picture": ROOT / "docs/images/dashboard.svg",
    "dashboard_top": ROOT / "docs/images/dashboard-top.svg",
}


def write(name: str, *, check: bool) -> bool:
    """Writes a file unless `check`; returns whether it differed."""
    module, file = importlib.import_module(f"scripts.docs.{name}"), FILES[name]
    old, new = file.read_text(encoding="utf-8") if file.exists() else "", module.page()
    # A picture's numbers differ in their last digits from machine to machine.
    if old == new or (old and hasattr(module, "same") and module.same(old, new)):
        return False
    print(f"{file.relative_to(ROOT)} {'is out of date; run: make refresh' if check else 'written'}")
    if not check:
        file.write_text(new, encoding="utf-8")
    return True


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.docs", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file differs")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FILES))
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(FILES):
        parser.error(f"no page of this name: {', '.join(sorted(unknown))}; allowed: {', '.join(FILES)}")
    differing = [name for name in chosen.names or FILES if write(name, check=chosen.check)]
    return int(bool(chosen.check and differing))


if __name__ == "__main__":
    sys.exit(main())

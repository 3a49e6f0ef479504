"""Writes the pages and pictures in docs/ that are made of tables, rules and examples.

    python -m scripts.docs [--check] [NAME ...]

With --check nothing is written; the status is 1 when a file differs from what would be written.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable
from pathlib import Path

from cdk_inference.facts import FOLDER
from scripts.docs._outputs import with_outputs

ROOT = Path(__file__).parents[2]
# Each module of this package gives the text of one file: `page()`.
FILES = {
    **{
        name: ROOT / f"docs/{name}.md"
        for name in ("hardware", "images", "metrics", "transitions", "bedrock", "review", "rules", "fit", "choosing")
    },
    "rehearsal": ROOT / "docs/rehearsal.md",
    "sources": FOLDER / "SOURCES.md",
    "dashboard_picture": ROOT / "docs/images/dashboard.svg",
    "dashboard_top": ROOT / "docs/images/dashboard-top.svg",
}
# Pages whose words are written by hand, and whose output is made by the commands that they show.
OUTPUTS = {
    file.stem.lower(): file
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    if "<!-- output of: " in file.read_text(encoding="utf-8")
}
FILES |= OUTPUTS


def write(name: str, *, check: bool) -> bool:
    """Writes a file unless `check`; returns whether it differed."""
    file = FILES[name]
    old = file.read_text(encoding="utf-8") if file.exists() else ""
    new, same = (with_outputs(old), None) if name in OUTPUTS else _made(name)
    # A picture's numbers differ in their last digits from machine to machine.
    if old == new or (old and same and same(old, new)):
        return False
    print(f"{file.relative_to(ROOT)} {'is out of date; run: make refresh' if check else 'written'}")
    if not check:
        file.write_text(new, encoding="utf-8")
    return True


def _made(name: str) -> tuple[str, Callable[[str, str], bool] | None]:
    module = importlib.import_module(f"scripts.docs.{name}")
    return module.page(), getattr(module, "same", None)


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

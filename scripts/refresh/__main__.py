"""Makes the tables of cdk_inference/facts, then the pages and pictures in docs/, and prints what changed.

    python -m scripts.refresh [--check | --newest] [TABLE ...]

With --check nothing is written; the status is 1 when a file differs from what would be written. TABLE limits the run to
these tables. The sources are pinned packages; with --newest their newest releases are installed and pinned first.
Tables that are kept by hand are named at the end, with their dates: no package renews them.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from cdk_inference.facts import FOLDER, names, table
from scripts.refresh._fresh import Fresh
from scripts.refresh._newest import take_newest

MODULES = Path(__file__).parent


def tables() -> tuple[str, ...]:
    """Returns the names of the tables that have a module here."""
    return tuple(sorted(file.stem for file in MODULES.glob("*.py") if not file.stem.startswith("_")))


def fresh(name: str) -> Fresh:
    """Returns a table as its source has it now."""
    found: Fresh = importlib.import_module(f"scripts.refresh.{name}").fresh()
    return found


def refresh(name: str, *, check: bool) -> bool:
    """Prints what differs in a table, and writes it unless `check`; returns whether something differed."""
    file = FOLDER / f"{name}.csv"
    made = fresh(name)
    found = made.difference(name, file.read_text(encoding="utf-8") if file.exists() else "")
    if found:
        print(f"{name}:", *found, sep="\n")
        if not check:
            file.write_text(made.text(name), encoding="utf-8")
    return bool(found)


def main(arguments: list[str] | None = None) -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.refresh", description=(__doc__ or "").splitlines()[0])
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file differs")
    how.add_argument("--newest", action="store_true", help="install and pin the newest release of each source first")
    parser.add_argument("tables", nargs="*", metavar="TABLE", help=", ".join(tables()))
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.tables) - set(tables()):
        parser.error(f"no table of this name: {', '.join(sorted(unknown))}; allowed: {', '.join(tables())}")
    if chosen.newest:
        return _newest(chosen.tables)
    differing, failed = [], []
    for name in chosen.tables or tables():
        try:
            if refresh(name, check=chosen.check):
                differing.append(name)
        except (OSError, ValueError, LookupError) as error:
            failed.append(name)
            print(f"{name}: not compared: {error}")
    sys.stdout.flush()
    pages = 0
    if not chosen.tables:
        # Another process, since this one has read the tables as they were.
        command = [sys.executable, "-m", "scripts.docs", *(["--check"] if chosen.check else [])]
        pages = subprocess.run(command, check=False).returncode
    if by_hand := _by_hand(chosen.tables or names()):
        print("kept by hand:", "; ".join(by_hand))
    print(f"{len(chosen.tables or names()) - len(differing) - len(failed)} tables as before, {len(differing)} changed")
    if chosen.check and differing:
        print("out of date; run: make refresh")
    return int(bool(failed or pages or (chosen.check and differing)))


def _newest(chosen: Sequence[str]) -> int:
    """Refreshes in another process, since this one may have imported what is replaced."""
    try:
        take_newest(datetime.date.today())
    except OSError as error:
        print(f"newest releases: not taken: {error}")
        return 1
    return subprocess.run([sys.executable, "-m", "scripts.refresh", *chosen], check=False).returncode


def _by_hand(chosen: Sequence[str]) -> list[str]:
    headers = {name: table(name).header for name in chosen}
    return [f"{name} ({header['date']})" for name, header in headers.items() if "kept by hand" in header["refresh"]]


if __name__ == "__main__":
    sys.exit(main())

"""Tables about AWS, one CSV file each; SOURCES.md lists where every one comes from.

`table(name)` is the only reader. A file begins with comment lines, `# key: value`, that declare its provenance: source,
version, date, licence and refresh (how the file is made again). The rest is CSV.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

# Not importlib.resources, which takes longer to import than a table takes to read.
FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table.

    Args:
        name: The file's name without ".csv".
        header: Key -> value of the comment lines, among them `PROVENANCE`.
        columns: Names of the columns.
        values: The rows; fields in the order of `columns`. An empty field is unknown or does not apply.
    """

    name: str
    header: Mapping[str, str]
    columns: tuple[str, ...]
    values: Sequence[Sequence[str]]

    def rows(self) -> Iterator[dict[str, str]]:
        """Yields every row as column -> field."""
        return (dict(zip(self.columns, fields, strict=True)) for fields in self.values)


# What the header of every table declares.
PROVENANCE = ("about", "source", "version", "date", "licence", "refresh")


@functools.cache
def table(name: str) -> Table:
    """Returns a table of this package, read at the first call.

    Raises:
        FileNotFoundError: There is no table of this name.
    """
    return parsed(name, (FOLDER / f"{name}.csv").read_text(encoding="utf-8"))


def parsed(name: str, text: str) -> Table:
    """Returns the table in the text of a file."""
    lines = text.splitlines()
    size = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    comments = (line[2:].partition(": ") for line in lines[:size])
    # The largest table, create_only, has no quotes: 1.6 ms in place of 2.6 ms.
    columns, *values = csv.reader(lines[size:]) if '"' in text else [line.split(",") for line in lines[size:]]
    header = MappingProxyType({key: value for key, _, value in comments})
    return Table(name=name, header=header, columns=tuple(columns), values=values)


def names() -> tuple[str, ...]:
    """Returns the names of all tables, in alphabetical order."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.csv")))

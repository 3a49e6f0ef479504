"""A table as its source has it now, the text of its file, and the difference from what is committed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cdk_inference.facts import Table, parsed

# The same change in more rows than this is printed once, with their number.
REPEATED = 5
Key = tuple[str, ...]
Rows = Mapping[Key, Mapping[str, str]]
Change = tuple[str, str, str]


@dataclass(frozen=True, kw_only=True)
class Fresh:
    """A table and its provenance.

    Args:
        about: What a row is; units; what an empty field means.
        key: The columns that name a row.
        lists: Columns with several words, in which single words come and go.
        more: Further lines of the header.
    """

    about: str
    source: str
    version: str
    date: str
    licence: str
    columns: Sequence[str]
    key: Sequence[str]
    rows: Sequence[Sequence[object]]
    lists: frozenset[str] = frozenset()
    more: Mapping[str, str] = field(default_factory=dict)
    by_hand: bool = False

    def text(self, name: str) -> str:
        """Returns the text of facts/<name>.csv."""
        command = f"python -m scripts.refresh {name}"
        out = io.StringIO()
        for key, value in {
            "about": self.about,
            "source": self.source,
            "version": self.version,
            "date": self.date,
            "licence": self.licence,
            "refresh": f"kept by hand; {command} sorts and checks it" if self.by_hand else f"{command}; do not edit",
            **self.more,
        }.items():
            out.write(f"# {key}: {value}\n")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows(self.rows)
        return out.getvalue()

    def difference(self, name: str, committed: str) -> list[str]:
        """Returns lines that a person reads: header, rows added, removed and changed. None: the texts are the same."""
        text = self.text(name)
        if text == committed:
            return []
        old, new = parsed(name, committed) if committed else None, parsed(name, text)
        headers = _header(old.header if old else {}, new.header)
        found = headers + _rows(_by_key(old, self.key), _by_key(new, self.key), self.lists)
        return found or ["  the order of the rows or the spelling of the file"]


def _by_key(table: Table | None, key: Sequence[str]) -> dict[Key, dict[str, str]]:
    rows = list(table.rows()) if table else []
    found = {tuple(row.get(column, "") for column in key): row for row in rows}
    if len(found) < len(rows):
        repeated = [key for key, count in Counter(tuple(row[one] for one in key) for row in rows).items() if count > 1]
        raise ValueError(f"several rows of {', '.join(repeated[0])}")
    return found


def _header(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [
        f"  # {key}: {old.get(key, 'nothing')} -> {new.get(key, 'nothing')}"
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]


def _rows(old: Rows, new: Rows, lists: Iterable[str]) -> list[str]:
    added = [f"  + {_named(key)}: {_fields(row, key)}" for key, row in new.items() if key not in old]
    removed = [f"  - {_named(key)}: {_fields(row, key)}" for key, row in old.items() if key not in new]
    changes = {key: _changes(old[key], row) for key, row in new.items() if key in old and old[key] != row}
    counts = Counter(change for found in changes.values() for change in found)
    repeated = {change: count for change, count in counts.items() if count > REPEATED}
    changed = [
        f"  ~ {_named(key)}: {'; '.join(_told(change, lists) for change in own)}"
        for key, found in changes.items()
        if (own := [change for change in found if change not in repeated])
    ]
    everywhere = [f"  ~ {count} rows: {_told(change, lists)}" for change, count in repeated.items()]
    return added + removed + changed + everywhere


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    return [(one, old.get(one, ""), new.get(one, "")) for one in {**old, **new} if old.get(one, "") != new.get(one, "")]


def _told(change: Change, lists: Iterable[str]) -> str:
    column, before, after = change
    if column not in lists:
        return f"{column} {before or 'nothing'} -> {after or 'nothing'}"
    gone, come = set(before.split()) - set(after.split()), set(after.split()) - set(before.split())
    return " ".join([column, *(f"+{one}" for one in sorted(come)), *(f"-{one}" for one in sorted(gone))])


def _named(key: Key) -> str:
    return " ".join(one for one in key if one)


def _fields(row: Mapping[str, str], key: Key) -> str:
    return ", ".join(f"{column} {value}" for column, value in row.items() if value and value not in key)

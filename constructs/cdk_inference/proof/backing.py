"""Which numbers of a document are backed: comparative claims in prose, against the files of a folder of claims."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cdk_inference.core.checks import matching, one_of
from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.core.pages import page

MEASURED, COMPUTED, NOT_MEASURED = "measured", "computed", "not measured here"
STATUSES = (MEASURED, COMPUTED, NOT_MEASURED)
MAX_AGE_DAYS = 365
_KEYS = ("quote", "says", "source", "date", "conditions", "status", "result", "to_measure")
_COUNT = r"(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten)"
_RANGE = rf"{_COUNT}(?:\s*(?:to|-|–)\s*{_COUNT})?"
_MORE = r"(?:lower|higher|less|cheaper|faster|slower|better|more\s+expensive|savings?|off|reduction|on\s+average)"
_OF = r"(?:costs?|prices?|speed|throughput|latency|latencies|performance)"
# A number that compares cost or speed, in the forms in which announcements write it.
NUMBER = re.compile(
    rf"\b{_RANGE}\s?(?:%|percent)\s+(?:{_MORE}|{_OF})\b"
    rf"|\b(?:costs?|prices?|latency|throughput)\s+by\s+(?:up\s+to\s+|more\s+than\s+)?{_RANGE}\s?(?:%|percent|x\b|times)"
    rf"|\b{_RANGE}\s?(?:x|times)\s+(?:{_MORE}|(?:as|the)\s+(?:{_OF}|fast|cheap|expensive|slow|much))\b"
    rf"|\b{_RANGE}x\s+{_OF}\b"
    rf"|\b(?:half|twice|double|triple)\s+(?:the|as|its)\s+(?:{_OF}|fast|cheap|expensive|slow)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Backing:
    """One file of the folder.

    Args:
        quote: Words of the document, as they stand there.
        says: The claim in full. source, date: who claims it, and the day on which the source said so or was read.
        conditions: Under which it is claimed.
        status: "measured" (result: the JSON of `compare report`), "computed" (result: a file of the repository) or
            "not measured here" (to_measure: what would have to be measured; the document has to say so as well).
    """

    path: Path
    quote: str
    says: str
    source: str
    date: str
    conditions: str
    status: str
    result: str = ""
    to_measure: str = ""


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A number in a document. fault: why it is not backed, "" if it is."""

    path: Path
    line: int
    text: str
    fault: str


def read_backings(folder: Path) -> list[Backing]:
    """Returns the claims in `folder`, one TOML file each. Raises ConfigurationError."""
    found = []
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigurationError(str(path), [Problem("file", str(error), "TOML", _FIX)]) from None
        needed = {MEASURED: "result", COMPUTED: "result", NOT_MEASURED: "to_measure"}.get(str(content.get("status")))
        names = [name for name in _KEYS[:5] if name != "date"] + ([needed] if needed else [])
        unknown = [
            Problem(key, content[key], ", ".join(_KEYS), "correct the name") for key in content if key not in _KEYS
        ]
        raise_problems(
            str(path),
            *unknown,
            *(matching(name, content.get(name), r"(?s).*\S.*", "text", _FIX) for name in names),
            matching("date", content.get("date"), r"\d{4}-\d\d-\d\d", "a day, as 2026-11-29, in quotes", _FIX),
            one_of("status", content.get("status"), STATUSES, "choose one of them"),
        )
        found.append(Backing(path=path, **content))
    if not found:
        raise ConfigurationError(str(folder), [Problem("folder", "no claim", "one TOML file a claim", _FIX)])
    return found


def check_document(path: Path, backings: Sequence[Backing], today: datetime.date, max_age_days: int) -> list[Stated]:
    """Returns every comparative number in a Markdown file, code blocks left out, with what is missing behind it."""
    found = []
    for line, paragraph in _paragraphs(path):
        for match in NUMBER.finditer(paragraph):
            own = [one for one in backings if _covers(_flat(one.quote), paragraph, match)]
            faults = [_fault(one, paragraph, today, max_age_days) for one in own]
            fault = "no claim has these words as its quote" if not own else next(filter(None, faults), "")
            at = line + paragraph[: match.start()].count("\n")
            found.append(Stated(path=path, line=at, text=_flat(match[0]), fault=fault))
    return found


def _paragraphs(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(
            str(path), [Problem("document", why, "a file that can be read", "correct it")]
        ) from None
    # Kept in their length, so that line numbers stay right.
    text = re.sub(r"^```.*?^```", lambda block: "\n" * block[0].count("\n"), text, flags=re.DOTALL | re.MULTILINE)
    found, line, part = [], 1, list[str]()
    for number, content in enumerate([*text.split("\n"), ""], 1):
        # A row of a table stands for itself.
        if not content.strip() or content.lstrip().startswith(("|", "- ", "#")):
            if part:
                found.append((line, "\n".join(part)))
            part, line = [], number
            if not content.strip():
                continue
        if not part:
            line = number
        part.append(content)
    if part:
        found.append((line, "\n".join(part)))
    return found


def _covers(quote: str, paragraph: str, match: re.Match[str]) -> bool:
    """Whether the quote stands in the paragraph and overlaps the match."""
    pattern = r"\s+".join(map(re.escape, quote.split()))
    return any(one.start() < match.end() and match.start() < one.end() for one in re.finditer(pattern, paragraph))


def _fault(one: Backing, paragraph: str, today: datetime.date, max_age_days: int) -> str:
    if one.status == NOT_MEASURED:
        found = NOT_MEASURED in _flat(paragraph).lower()
        return "" if found else f"{one.path}: the document must contain {NOT_MEASURED!r}"
    result = one.path.parent / one.result
    if not result.is_file():
        return f"{one.path}: there is no {one.result}"
    return "" if one.status == COMPUTED else _result_fault(one, result, today, max_age_days)


def _result_fault(one: Backing, result: Path, today: datetime.date, max_age_days: int) -> str:
    try:
        content = json.loads(result.read_text(encoding="utf-8"))
        words = {verdict["verdict"] for verdict in content["verdicts"]}
        age = (today - datetime.date.fromisoformat(content["ended"][:10])).days
    except (OSError, ValueError, KeyError, TypeError):
        return f"{one.path}: {one.result} is not what `compare report --format json` writes"
    if words != {"supported"}:
        return f"{one.path}: the result has {', '.join(sorted(words)) or 'nothing'}"
    return f"{one.path}: the result is {age} days old, {max_age_days} are allowed" if age > max_age_days else ""


def _flat(text: str) -> str:
    return " ".join(text.split())


_FIX = f"{page('proof')} shows one"

"""Texts with wildcards: whether one takes in all that another does, and whether two have anything in common.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html (read 2026-11-24): a wildcard
stays within its segment of an ARN, unless it is the segment's last character.
"""

from __future__ import annotations

import enum
import functools
import re

from cdk_inference.template.values import UNKNOWN_CLOSE, UNKNOWN_OPEN, unknown_in

_REFERENCE = "\ue000[^\ue001]*\ue001"  # template/references.py
_UNKNOWN = f"{UNKNOWN_OPEN}[^{UNKNOWN_CLOSE}]*{UNKNOWN_CLOSE}"
_VARIABLE = r"\$\{[^}]*\}"
_SYMBOL = re.compile(f"{_REFERENCE}|{_UNKNOWN}|{_VARIABLE}|.", re.DOTALL)
_BEGIN = re.compile("[^*?$\ue000\ue010]*")  # before any wildcard, variable, or what is not known
_TEXT_MAX = 4000  # characters; what is longer is compared letter by letter only


class Sure(enum.IntEnum):
    """An answer, where values may be unknown. `min` is "and", `max` is "or"."""

    NO = 0
    MAYBE = 1
    YES = 2


@functools.lru_cache(maxsize=20_000)
def covers(wide: str, narrow: str) -> Sure:
    """Whether `wide` matches all that `narrow` does. Sound: YES is never wrong; patterns of odd form may get a NO."""
    if wide in (narrow, "*"):
        return Sure.YES
    if len(wide) > _TEXT_MAX or len(narrow) > _TEXT_MAX:
        return Sure.MAYBE if unknown_in(wide) or unknown_in(narrow) else Sure.NO
    if ("*" in wide or "?" in wide) and narrow.startswith(_begin(wide)) and _absorbs(_symbols(wide), _symbols(narrow)):
        return Sure.YES
    if unknown_in(wide) or unknown_in(narrow):
        return Sure.MAYBE if overlaps(wide, narrow) and not (narrow == "*" and _limited(wide)) else Sure.NO
    return Sure.NO


def _begin(text: str) -> str:
    found = _BEGIN.match(text)
    return found[0] if found is not None else ""


def _limited(wide: str) -> bool:
    """Whether a pattern has a letter of its own, so that it matches less than everything whatever its holes hold."""
    return any(len(symbol) == 1 and symbol not in "*?" for symbol in _symbols(wide))


@functools.lru_cache(maxsize=20_000)
def overlaps(one: str, other: str) -> bool:
    """Whether some text may match both; what is not known may be anything."""
    if "*" in (one, other) or one == other or max(len(one), len(other)) > _TEXT_MAX:
        return True
    begins = [_begin(text) for text in (one, other)]
    least = min(map(len, begins))
    if begins[0][:least] != begins[1][:least]:
        return False
    return _meet(_loose(_symbols(one)), _loose(_symbols(other)))


@functools.lru_cache(maxsize=20_000)
def _symbols(text: str) -> tuple[str, ...]:
    return tuple(_SYMBOL.findall(text))


def _absorbs(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Symbol by symbol: a "*" takes any symbols of the other, also its wildcards."""
    places = {0}
    for place, symbol in enumerate(wide):
        if symbol == "*":
            places = _run(places, narrow, far=wide[place + 1 : place + 2] in ((), (":",)))
        elif symbol == "?":
            places = {at + 1 for at in places if at < len(narrow) and _single(narrow[at])}
        else:
            places = {at + 1 for at in places if at < len(narrow) and narrow[at] == symbol}
        if not places:
            return False
    return len(narrow) in places


def _run(places: set[int], narrow: tuple[str, ...], *, far: bool) -> set[int]:
    """Where a "*" may end that begins at one of the places. far: whether it goes over the ":" between segments."""
    reached: set[int] = set()
    for start in sorted(places):
        at = start
        while at not in reached:
            reached.add(at)
            if at >= len(narrow) or not (far or _within(narrow, at)):
                break
            at += 1
    return reached


def _within(narrow: tuple[str, ...], at: int) -> bool:
    return narrow[at] != ":" and not (narrow[at] == "*" and narrow[at + 1 : at + 2] in ((), (":",)))


def _single(symbol: str) -> bool:
    return len(symbol) == 1 and symbol not in "*:"


def _loose(symbols: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("*" if len(symbol) > 1 else symbol for symbol in symbols)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    row = [True] + [False] * len(other)
    for place, symbol in enumerate(other):
        row[place + 1] = row[place] and symbol == "*"
    for symbol in one:
        last, row = row, [row[0] and symbol == "*"] + [False] * len(other)
        for place, against in enumerate(other):
            if symbol == "*" or against == "*":
                row[place + 1] = last[place + 1] or row[place] or last[place]
            else:
                row[place + 1] = last[place] and (symbol == against or "?" in (symbol, against))
    return row[-1]

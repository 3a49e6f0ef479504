"""Compares rules of composite alarms: finds a case in which the old rule holds and the new one does not.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (read 2026-11-30)
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping

_TOKEN = re.compile(
    r"\s*(?:AT_LEAST\s*\(\s*(?P<least>\d{1,9})\s*(?P<percent>%?)\s*,\s*(?P<unless>NOT\s+)?"
    r"(?P<of>ALARM|OK|INSUFFICIENT_DATA)\s*,\s*\((?P<alarms>[^()]*)\)\s*\)"
    r"|(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?P<alarm>\"[^\"]*\"|'[^']*'|[^()]*?)\s*\)"
    r"|(?P<word>AND|OR|NOT|TRUE|FALSE|\(|\)))",
    re.IGNORECASE,
)
_CHILD = re.compile(
    r"""ALARM\s*\(\s*["']?([^"')]+)["']?\s*\)|AT_LEAST\s*\([^,()]*,[^,()]*,\s*\(([^()]*)\)""", re.IGNORECASE
)
_STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")
_ALL_STATES_MAX = 6  # alarms, of 3 states each
# CloudWatch takes 10,240 characters and 100 alarms; a reference in a template may be longer than the name.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (read 2026-11-30)
_LENGTH_MAX, _ALARMS_MAX, _DEPTH_MAX = 40_000, 100, 60

States = Mapping[str, str]
_Test = Callable[[States], bool]


def misses(old: str, new: str) -> bool:
    """Whether some states of the alarms meet `old` and not `new`; False where a rule cannot be read."""
    if max(len(old), len(new)) > _LENGTH_MAX:
        return False
    was, becomes = _Rule(old), _Rule(new)
    names = sorted(was.alarms | becomes.alarms)
    if was.test is None or becomes.test is None or len(names) > _ALARMS_MAX:
        return False
    for states in _all_states(names) if len(names) <= _ALL_STATES_MAX else _some_states(names):
        if was.test(states) and not becomes.test(states):
            return True
    return False


def _all_states(names: list[str]) -> Iterator[States]:
    for chosen in itertools.product(_STATES, repeat=len(names)):
        yield dict(zip(names, chosen, strict=True))


def _some_states(names: list[str]) -> Iterator[States]:
    """All alarms in one state but for one, and growing numbers of them in ALARM."""
    for usual, other in itertools.product(_STATES, repeat=2):
        for name in names:
            yield {**dict.fromkeys(names, usual), name: other}
    for count in range(len(names)):
        yield {name: "ALARM" if place < count else "OK" for place, name in enumerate(names)}


def children(rule: str) -> list[str]:
    """Returns the alarms that a rule names in ALARM state, or counts."""
    found = _CHILD.findall(rule)
    return [name for one, many in found for name in ([one] if one else map(_name, many.split(",")))]


def _name(text: str) -> str:
    return text.strip().strip("\"'")


class _Rule:
    """One rule, read by descent: OR of ANDs of NOTs. test: None where it has another form."""

    def __init__(self, text: str) -> None:
        self.alarms: set[str] = set()
        self._tokens: list[re.Match[str]] = []
        self._at = self._depth = 0
        self.test: _Test | None = None
        end = 0
        while (found := _TOKEN.match(text, end)) is not None:
            self._tokens.append(found)
            end = found.end()
        if not text[end:].strip():
            test = self._any()
            self.test = test if self._at == len(self._tokens) else None

    def _next(self, *words: str) -> bool:
        word = self._tokens[self._at]["word"] if self._at < len(self._tokens) else None
        if word is None or word.upper() not in words:
            return False
        self._at += 1
        return True

    def _any(self) -> _Test | None:
        tests = [self._all()]
        while self._next("OR"):
            tests.append(self._all())
        known = [one for one in tests if one is not None]
        if len(known) < len(tests) or len(known) == 1:
            return known[0] if len(tests) == 1 and known else None
        return lambda states: any(test(states) for test in known)

    def _all(self) -> _Test | None:
        tests = [self._one()]
        while self._next("AND"):
            tests.append(self._one())
        known = [one for one in tests if one is not None]
        if len(known) < len(tests) or len(known) == 1:
            return known[0] if len(tests) == 1 and known else None
        return lambda states: all(test(states) for test in known)

    def _one(self) -> _Test | None:
        self._depth += 1
        found = self._inside() if self._depth <= _DEPTH_MAX else None
        self._depth -= 1
        return found

    def _inside(self) -> _Test | None:
        if self._next("NOT"):
            return _negated(self._one())
        if self._next("("):
            inner = self._any()
            return inner if self._next(")") else None
        if self._next("TRUE"):
            return lambda _: True
        if self._next("FALSE"):
            return lambda _: False
        if self._at >= len(self._tokens) or self._tokens[self._at]["word"] is not None:
            return None
        token = self._tokens[self._at]
        self._at += 1
        if token["least"] is not None:
            return self._at_least(token)
        state, alarm = token["state"].upper(), token["alarm"].strip("\"'")
        self.alarms.add(alarm)
        return lambda states: states[alarm] == state

    def _at_least(self, token: re.Match[str]) -> _Test:
        """So many of these alarms, or so many percent of them, are in a state, or are not."""
        alarms = [_name(one) for one in token["alarms"].split(",")]
        self.alarms.update(alarms)
        state, within = token["of"].upper(), token["unless"] is None
        least = math.ceil(len(alarms) * int(token["least"]) / 100) if token["percent"] else int(token["least"])
        return lambda states: sum((states[one] == state) is within for one in alarms) >= least


def _negated(test: _Test | None) -> _Test | None:
    return None if test is None else lambda states: not test(states)

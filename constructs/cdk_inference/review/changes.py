"""What differs between the properties of a resource and of itself later."""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from cdk_inference.core.unknown import Unknown
from cdk_inference.template.partial_text import same_text, text_in
from cdk_inference.template.values import intrinsic

Steps = tuple[str, ...]
# Of marshal: without references, so that only the content counts.
_PLAIN = 2
_DEPTH_MAX = 60  # levels; the evaluation of a template ends before


class _Missing:
    """What a side has where only the other has a value."""

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()
# What is written below a function is not what stands below its value.
_UNALIGNED: Final = object()
# Below words that are the same on both sides everything is written alike, also what a function gives.
_ALIKE: Final = object()


@dataclass(frozen=True, kw_only=True)
class PropertyChange:
    """A value that differs, or may: `known` is whether both are known. path: keys, and indices as text.

    Lists of unlike length are one value.
    """

    path: Steps
    before: Any
    after: Any
    known: bool

    @property
    def why(self) -> str:
        """Why it is not known whether it differs; "" where it is."""
        return next((one.reason for one in (self.before, self.after) if isinstance(one, Unknown)), "")


def changes(written: tuple[Any, Any], found: tuple[Any, Any], *, same_scope: bool) -> Iterator[PropertyChange]:
    """The changes between two values, as written and as evaluated, before and after.

    same_scope: whether what functions refer to (parameters, Mappings, conditions, ...) is the same on both sides: then
    what is written alike is alike, known or not.
    """
    yield from _walk((), written, found, same_scope, 0)


def _walk(
    path: Steps, written: tuple[Any, Any], found: tuple[Any, Any], same_scope: bool, depth: int
) -> Iterator[PropertyChange]:
    was, becomes = found
    alike = written[0] is _ALIKE or (written[0] is not _UNALIGNED and _written_alike(written, found))
    if alike:
        written = (_ALIKE, _ALIKE)
    if alike and same_scope:
        return
    if isinstance(was, Unknown) or isinstance(becomes, Unknown):
        # The same words on both sides, and the same reason: the value was not known before either.
        if not (alike and was == becomes):
            yield from _by_known_parts(path, was, becomes, certain=_on_one_side(written, found))
        return
    if depth < _DEPTH_MAX and (isinstance(was, dict) or isinstance(becomes, dict)):
        pair = [side if isinstance(side, dict) else {} if side is MISSING else None for side in found]
        if pair[0] is not None and pair[1] is not None:
            if not pair[0] and not pair[1] and MISSING in found:
                yield PropertyChange(path=path, before=was, after=becomes, known=True)
            for key in sorted(pair[0].keys() | pair[1].keys(), key=str):
                inner = (pair[0].get(key, MISSING), pair[1].get(key, MISSING))
                texts = (_below(written[0], key), _below(written[1], key))
                yield from _walk((*path, str(key)), texts, inner, same_scope, depth + 1)
            return
    if depth < _DEPTH_MAX and isinstance(was, list) and isinstance(becomes, list) and len(was) == len(becomes):
        for number, inner in enumerate(zip(was, becomes, strict=True)):
            texts = (_item(written[0], number, len(was)), _item(written[1], number, len(was)))
            yield from _walk((*path, str(number)), texts, inner, same_scope, depth + 1)
        return
    if not same(was, becomes):
        unknown = _first_unknown((was, becomes), 0)
        yield PropertyChange(path=path, before=was, after=becomes, known=unknown is None)


def _written_alike(written: tuple[Any, Any], found: tuple[Any, Any]) -> bool:
    """Of objects that the walk enters it asks their values one by one."""
    one, other = written
    if type(one) is type(other) is type(found[0]) is type(found[1]) is dict and not intrinsic(one):
        return identical(one, other)
    return same(one, other)


def certainly_there(written: Any) -> bool:
    """Whether what is written has a value, known or not: of Fn::If it may be none."""
    if written is MISSING or written is _UNALIGNED or written is _ALIKE or written is None:
        return False
    return not any(word in repr(written) for word in ("'Fn::If'", "'AWS::NoValue'", "'Fn::Transform'"))


def _on_one_side(written: tuple[Any, Any], found: tuple[Any, Any]) -> bool:
    """Whether one side has a value for certain, and the other none."""
    return any(found[1 - at] is MISSING and certainly_there(written[at]) for at in (0, 1))


def _by_known_parts(path: Steps, was: Any, becomes: Any, *, certain: bool = False) -> Iterator[PropertyChange]:
    """Texts that differ around what is not known differ for certain; those with the same parts are the same."""
    alike = same_text(was, becomes)
    if certain:
        sides = [one if one is MISSING else text_in(one) for one in (was, becomes)]
        if None not in sides:
            alike = False
            was, becomes = sides
    if alike is False and MISSING in (was, becomes):
        yield PropertyChange(path=path, before=was, after=becomes, known=True)
    elif alike is False:
        yield PropertyChange(path=path, before=text_in(was), after=text_in(becomes), known=True)
    elif alike is None:
        yield PropertyChange(path=path, before=was, after=becomes, known=False)


def _below(written: Any, key: Any) -> Any:
    if written is MISSING or written is _ALIKE:
        return written
    if not isinstance(written, dict) or intrinsic(written):
        return _UNALIGNED
    return written.get(key, MISSING)


def _item(written: Any, number: int, length: int) -> Any:
    if written is _ALIKE:
        return _ALIKE
    # Where a function gave no value, the items have moved.
    return written[number] if isinstance(written, list) and len(written) == length else _UNALIGNED


def same(one: Any, other: Any) -> bool:
    """Whether CloudFormation takes them for the same: 1 and "1", true and "true"."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return one is other or identical(one, other) or _loosely(one, other, 0)


def identical(one: Any, other: Any) -> bool:
    """Whether two values are the same to the letter: True is not 1. Quick, and False where it does not know."""
    try:
        return bool(one == other) and as_bytes(one) == as_bytes(other) != b""
    except RecursionError:
        return False  # too deep


def as_bytes(value: Any) -> bytes:
    """Returns bytes that are equal for identical values; b"" for one that is too deep, or not JSON. Fast: in C."""
    try:
        return marshal.dumps(value, _PLAIN)
    except ValueError:
        return b""


def _loosely(one: Any, other: Any, depth: int) -> bool:
    if depth > _DEPTH_MAX:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_loosely(one[key], other[key], depth + 1) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_loosely(a, b, depth + 1) for a, b in zip(one, other, strict=True))
    return bool(_text(one) == _text(other))


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else value


def _first_unknown(value: Any, depth: int) -> Unknown | None:
    if isinstance(value, Unknown):
        return value
    if depth > _DEPTH_MAX:
        return None
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    return next((found for one in inner if (found := _first_unknown(one, depth + 1))), None)

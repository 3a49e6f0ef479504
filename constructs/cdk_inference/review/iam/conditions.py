"""Whether the Condition of one statement holds only where that of another does.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
(read 2026-11-24)
"""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from cdk_inference.review.iam.patterns import Sure
from cdk_inference.review.iam.values import KINDS, Kind, within
from cdk_inference.template.values import unknown_in

# Operator -> (kind of its values, whether it is negated).
_OPERATORS: dict[str, tuple[Kind, bool]] = {
    name: (kind, negated)
    for kind in KINDS
    for names, negated in ((kind.operators, False), (kind.negated, True))
    for name in names
}
_ALTERNATIVES_MAX = 64


@dataclass(frozen=True, order=True)
class Clause:
    """One operator and key of a Condition, in lower case. sets: "forallvalues", "foranyvalue" or "".

    shown: operator and key as they are written.
    """

    key: str
    operator: str
    sets: str
    if_exists: bool
    values: tuple[str, ...]
    shown: tuple[str, str] = field(default=("", ""), compare=False)

    @property
    def positive(self) -> bool:
        """Whether it holds for the values that it names, and for no others."""
        known = _OPERATORS.get(self.operator)
        return known is not None and not known[1]


Condition = tuple[Clause, ...]


def condition(block: Any) -> Condition:
    """The clauses of a Condition as a document has it."""
    found: list[Clause] = []
    for operator, keys in block.items() if isinstance(block, dict) else ():
        sets, _, plain = str(operator).rpartition(":")
        name = plain.removesuffix("IfExists")
        for key, wanted in keys.items() if isinstance(keys, dict) else ():
            many = wanted if isinstance(wanted, list) else [wanted]
            values = tuple(sorted({_text(one) for one in many}))
            shown = (str(operator), str(key))
            found.append(Clause(str(key).lower(), name.lower(), sets.lower(), name != plain, values, shown))
    return tuple(sorted(set(found)))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def alternatives(clauses: Condition) -> list[Condition]:
    """Conditions with one value each that together say the same: so that two statements may cover one."""
    size = 1
    choices: list[list[Clause]] = []
    for clause in clauses:
        splits = clause.positive and clause.sets != "forallvalues" and not (clause.if_exists and not clause.values)
        size *= len(clause.values) if splits else 1
        if size > _ALTERNATIVES_MAX:
            return [clauses]
        choices.append([replace(clause, values=(one,)) for one in clause.values] if splits else [clause])
    return [tuple(one) for one in itertools.product(*choices)]


def narrows(clause: Clause) -> bool:
    """Whether a clause keeps anything out: not "*", not every address, not where the key may be missing."""
    if not clause.positive or clause.if_exists or clause.sets == "forallvalues":
        return False
    return not any(value.strip("*") == "" or _every_address(value) for value in clause.values)


def _every_address(value: str) -> bool:
    try:
        return ipaddress.ip_network(value.strip(), strict=False).prefixlen == 0
    except ValueError:
        return False


def implied(wide: Iterable[Clause], narrow: Condition) -> Sure:
    """Whether all of `wide` holds wherever all of `narrow` does."""
    return min((_one(clause, narrow) for clause in wide), default=Sure.YES)


def missing(wide: Condition, narrow: Condition) -> list[Clause]:
    """The clauses of `wide` on whose keys `narrow` has no word any more; other values of a key are none."""
    held = {clause.key for clause in narrow if narrows(clause)}
    kept_out = [clause for clause in wide if not clause.positive or narrows(clause)]
    return [clause for clause in kept_out if clause.key not in held and _one(clause, narrow) is Sure.NO]


def _one(wide: Clause, narrow: Condition) -> Sure:
    known = _OPERATORS.get(wide.operator)
    if known is not None and known[1] and not wide.values and not wide.sets:
        return Sure.YES  # it excludes nothing
    return max((_implies(clause, wide) for clause in narrow), default=Sure.NO)


def _implies(narrow: Clause, wide: Clause) -> Sure:
    if narrow.key != wide.key:
        return Sure.NO
    if narrow == wide:
        return Sure.YES
    unsure = any(unknown_in(value) for clause in (narrow, wide) for value in clause.values)
    if wide.operator == "null":
        there = narrow.positive and not narrow.if_exists and narrow.sets != "forallvalues"
        return Sure.YES if wide.values == ("false",) and there else Sure.MAYBE if unsure else Sure.NO
    ours, theirs = _OPERATORS.get(narrow.operator), _OPERATORS.get(wide.operator)
    if ours is None or theirs is None or ours[1] != theirs[1] or narrow.sets != wide.sets:
        return Sure.NO
    negated = ours[1]
    if narrow.if_exists and not wide.if_exists and not (negated and not wide.sets):
        return Sure.NO
    inner, outer = (theirs[0], ours[0]) if negated else (ours[0], theirs[0])
    values = (wide.values, narrow.values) if negated else (narrow.values, wide.values)
    names = (wide.operator, narrow.operator) if negated else (narrow.operator, wide.operator)
    found = min(
        (
            max((within(inner, names[0], one, outer, names[1], other) for other in values[1]), default=Sure.NO)
            for one in values[0]
        ),
        default=Sure.YES,
    )
    return Sure.MAYBE if found is Sure.NO and unsure else found

"""Rules of composite alarms, and whether one misses what the other was met by."""

from __future__ import annotations

from cdk_inference.review.protections.alarm_rules import misses
from tests.each import each

A, B, C = 'ALARM("a")', "ALARM('b')", "ALARM(c)"
MANY = [f"ALARM(a{number})" for number in range(40)]
NAMES = ", ".join(f"a{number}" for number in range(40))


@each(
    ("old", "new", "expected"),
    [
        (f"{A} OR {B}", f"{A} AND {B}", True),
        (f"{A} AND {B}", f"{A} OR {B}", False),
        (f"{A} OR {B}", f"{B} OR {A}", False),
        (A, f"{A} AND NOT {B}", True),
        (A, f"{A} OR {B}", False),
        (f"{A} OR {B} AND {C}", f"({A} OR {B}) AND {C}", True),
        (f"({A} OR {B}) AND {C}", f"{A} AND {C} OR {B} AND {C}", False),
        (A, 'OK("a")', True),
        (A, 'NOT OK("a")', False),
        ('NOT OK("a")', A, True),
        (A, "FALSE", True),
        (A, "TRUE", False),
        ("alarm(a) or alarm(b)", "ALARM(a) AND ALARM(b)", True),
        ("AT_LEAST(1, ALARM, (a, b))", "AT_LEAST(2, ALARM, (a, b))", True),
        ("AT_LEAST(2, ALARM, (a, b))", "at_least( 1, ALARM, (b, 'a') )", False),
        (f"{A} OR {B}", 'AT_LEAST(1, ALARM, ("a", "b"))', False),
        ("AT_LEAST(50%, NOT OK, (a, b, c))", "AT_LEAST(67%, NOT OK, (a, b, c))", True),
        ("AT_LEAST(34%, ALARM, (a, b, c))", "AT_LEAST(2, ALARM, (a, b, c))", False),
        (f"AT_LEAST(2, ALARM, (a, b)) OR {C}", "AT_LEAST(2, ALARM, (a, b))", True),
        # Of many alarms not every state is tried.
        (" OR ".join(MANY), "FALSE", True),
        (" OR ".join(MANY), " AND ".join(MANY), True),
        (" OR ".join(MANY), " OR ".join(MANY[:-1]), True),
        (" OR ".join(MANY), " OR ".join(reversed(MANY)), False),
        (" AND ".join(MANY), " OR ".join(MANY), False),
        (f"AT_LEAST(2, ALARM, ({NAMES}))", f"AT_LEAST(3, ALARM, ({NAMES}))", True),
        # What cannot be read is not judged.
        (f"{A} OR", "FALSE", False),
        (f"AT_LEAST(2, ALARM, ({A}))", "FALSE", False),
        ("AT_LEAST(x, ALARM, (a))", "FALSE", False),
        (f"AT_LEAST({'9' * 5000}, ALARM, (a))", "FALSE", False),
        # Parentheses around one alarm are no more than it.
        (f"{'(' * 40}{A}{')' * 40}", "FALSE", True),
        # More than CloudWatch takes is not judged.
        (f"{'(' * 5000}{A}{')' * 5000}", "FALSE", False),
        ("NOT " * 9001 + A, "FALSE", False),
        (" OR ".join(f"ALARM(a{number})" for number in range(20_000)), "FALSE", False),
    ],
)
def test_a_rule_misses_what_the_other_was_met_by(old: str, new: str, expected: bool) -> None:
    assert misses(old, new) is expected

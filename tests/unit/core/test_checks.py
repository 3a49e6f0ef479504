"""The shared checks: bounds, types, tokens."""

from __future__ import annotations

import math
import signal
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.checks import instance_of, is_token, known_number, matching, number_above, one_of, whole_number
from tests.each import each
from tests.refusals import NUMBER_TOKEN, TEXT_TOKEN


@each(
    "value",
    [
        NUMBER_TOKEN,
        -1.8881545897087503e289,
        int(NUMBER_TOKEN),
        TEXT_TOKEN,
        "prefix-${Token[AWS.Region.4]}-suffix",
        "#{Token[TOKEN.13]}",
    ],
)
def test_tokens_are_recognized(value: object) -> None:
    assert is_token(value)


@each(
    "value",
    [
        *(None, True, False, 0, 1, -1, -1e300, -1e280, -(10**400), math.inf, -math.inf, math.nan),
        *("", "Token", "$Token[1]", "${AWS::Region}", b"${Token[1]}", [], {}, ()),
    ],
)
def test_other_values_are_no_tokens(value: object) -> None:
    assert not is_token(value)


@given(st.floats(min_value=-1e280, allow_nan=False) | st.integers(min_value=-(10**200)))
def test_no_number_that_anyone_writes_is_a_token(value: float) -> None:
    assert not is_token(value)


@each(
    ("value", "low", "high"),
    [(0, 0, None), (1, 1, 1), (3600, 60, 3600), (2**31 - 1, 1, None), (NUMBER_TOKEN, 1, 2)],
)
def test_a_whole_number_within_its_bounds_passes(value: object, low: int, high: int | None) -> None:
    assert whole_number("count", value, low, high, "fix it") is None


@each(
    "value",
    [
        None,
        True,
        False,
        0,
        6,
        -1,
        1.0,
        2.5,
        math.nan,
        math.inf,
        -math.inf,
        "1",
        b"1",
        [1],
        {},
        (),
        object,
        signal.SIGINT,
    ],
)
def test_anything_but_a_whole_number_within_the_bounds_is_refused(value: object) -> None:
    assert str(whole_number("count", value, 1, 5, "fix it")) == (
        f"count: got {value!r}; allowed: a whole number from 1 to 5; fix: fix it"
    )


def test_a_whole_number_without_upper_limit_names_only_the_lower() -> None:
    assert str(whole_number("count", -1, 0, None, "fix it")) == (
        "count: got -1; allowed: a whole number from 0; fix: fix it"
    )


@each("value", [1, 0.001, 5, 5.0, NUMBER_TOKEN])
def test_a_number_above_its_bound_passes(value: object) -> None:
    assert number_above("rate", value, 0, "fix it", high=5) is None


@each(
    "value",
    [None, True, False, 0, -0.0, -1, 5.1, math.nan, math.inf, -math.inf, 10**400, "1", [1.0], {}, signal.SIGINT],
)
def test_anything_but_a_number_above_the_bound_is_refused(value: object) -> None:
    assert str(number_above("rate", value, 0, "fix it", high=5)) == (
        f"rate: got {value!r}; allowed: a number above 0, at most 5; fix: fix it"
    )


@each("value", [10**400, math.inf])
def test_a_number_without_upper_limit_is_finite(value: object) -> None:
    assert str(number_above("rate", value, 0, "fix it")) == (
        f"rate: got {value!r}; allowed: a number above 0; fix: fix it"
    )


@each("value", [1, 30, NUMBER_TOKEN])
def test_a_choice_passes(value: object) -> None:
    assert one_of("days", value, (1, 30), "fix it") is None


@each("value", [None, True, 1.0, 2, "1", "", [], {}])
def test_another_value_or_another_type_is_no_choice(value: object) -> None:
    assert str(one_of("days", value, (1, 30), "fix it")) == f"days: got {value!r}; allowed: 1, 30; fix: fix it"


@each("value", [2**31, 10**30, 10**400])
def test_a_whole_number_that_no_api_holds_is_refused(value: int) -> None:
    assert str(whole_number("count", value, 0, None, "fix it")).endswith(
        "allowed: a whole number from 0 to 2147483647, the largest integer of AWS's APIs; fix: fix it"
    )


@each(
    "check",
    [
        lambda value: whole_number("x", value, 1, None, "fix it"),
        lambda value: number_above("x", value, 0, "fix it"),
        lambda value: one_of("x", value, (1, 30), "fix it"),
    ],
)
def test_a_text_token_is_no_number(check: Callable[[object], object]) -> None:
    assert check(TEXT_TOKEN) is not None
    assert check(NUMBER_TOKEN) is None


@each(
    "check",
    [lambda value: matching("x", value, "a+", "a", "fix it"), lambda value: one_of("x", value, ("a", "b"), "fix it")],
)
def test_a_number_token_is_no_text(check: Callable[[object], object]) -> None:
    assert check(NUMBER_TOKEN) is not None
    assert check(TEXT_TOKEN) is None


def test_a_token_is_not_printed_as_a_number() -> None:
    assert str(known_number("x", NUMBER_TOKEN, "it is multiplied")) == (
        "x: got 'a value known at deployment only'; allowed: a number that is known at synth time: it is multiplied; "
        "fix: write the number itself"
    )
    assert known_number("x", 3, "it is multiplied") is None


@each("value", ["a", "aaa", TEXT_TOKEN])
def test_text_that_matches_passes(value: object) -> None:
    assert matching("name", value, "a+", "letters a", "fix it") is None


@each("value", [None, True, 1, "", "ab", "ba", "a\n", b"a", ["a"], {}])
def test_text_must_match_from_end_to_end(value: object) -> None:
    assert str(matching("name", value, "a+", "letters a", "fix it")) == (
        f"name: got {value!r}; allowed: letters a; fix: fix it"
    )


@each(("value", "kind"), [(1, int), ("a", (int, str)), (True, bool)])
def test_an_instance_passes(value: object, kind: type | tuple[type, ...]) -> None:
    assert instance_of("flag", value, kind, "a flag", "fix it") is None


@each("value", [None, 1, "True", TEXT_TOKEN])
def test_an_instance_of_something_else_is_refused(value: object) -> None:
    assert str(instance_of("flag", value, bool, "True or False", "fix it")) == (
        f"flag: got {value!r}; allowed: True or False; fix: fix it"
    )

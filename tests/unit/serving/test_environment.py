"""The variables that a user adds to a server's own."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from cdk_inference.serving import Lmi, S3Model
from tests.each import each
from tests.refusals import refusal_of

MODEL = S3Model(prefix="llama/", size_gb=16.1)
NAMES = "names of letters, digits and _, not starting with a digit"
# Two variables of its own: HF_MODEL_ID=/opt/ml/model (24 bytes), OPTION_TENSOR_PARALLEL_DEGREE=1 (30 bytes).
OWN_VARIABLES, OWN_BYTES = 2, 54


def lmi(environment: Any) -> Lmi:
    return Lmi(model=MODEL, tensor_parallel_degree=1, environment=environment)


def refusal(environment: Any) -> str:
    return refusal_of(lmi, environment)


@each(
    "environment",
    [
        {},
        {"LOG_LEVEL": "info"},
        {"_a1": ""},
        {"A": "${Token[TOKEN.12]}"},
        {"${Token[TOKEN.12]}": "a"},
        MappingProxyType({"A": "b"}),
        {"A" * 1024: "b" * 1024},
    ],
    ids=lambda value: repr(value)[:30],
)
def test_an_environment_is_added_to_the_servers_own(environment: Any) -> None:
    own = {"HF_MODEL_ID": "/opt/ml/model", "OPTION_TENSOR_PARALLEL_DEGREE": "1"}
    assert lmi(environment).variables == {**own, **environment}


@each("environment", [None, "A=b", b"A", 1, True, ["A"], ("A",), {"A"}, [("A", "b")]], ids=repr)
def test_anything_but_a_mapping_is_refused(environment: object) -> None:
    assert refusal(environment) == (
        f"Lmi: environment: got {environment!r}; allowed: a mapping of names to strings;"
        ' fix: for example {"LOG_LEVEL": "info"}'
    )


@each("name", ["", "1A", "A-B", "A B", "A\n", "Ä", "A.B", None, 5, True, 1.5, b"A", ("A",)], ids=repr)
def test_a_wrong_name_is_refused(name: object) -> None:
    assert refusal({name: "b"}) == f"Lmi: environment: got {name!r}; allowed: {NAMES}; fix: rename the variable"


@each("value", [None, True, 0, 1.5, b"a", ["a"], {"a": 1}], ids=repr)
def test_a_value_that_is_no_string_is_refused(value: object) -> None:
    assert refusal({"A": value}) == (f"Lmi: environment['A']: got {value!r}; allowed: a string; fix: write \"{value}\"")


@each(("name", "value", "length"), [("A", "b" * 1025, 1025), ("A" * 1025, "b", 1025), ("A" * 1026, "b" * 1025, 1026)])
def test_long_names_and_values_are_refused(name: str, value: str, length: int) -> None:
    assert refusal({name: value}) == (
        f"Lmi: environment[{name!r}]: got '{length} characters'; allowed: up to 1024;"
        " fix: put the text into a model file"
    )


def test_a_long_value_under_a_wrong_name_is_refused_for_both() -> None:
    assert refusal({5: "b" * 1025}) == (
        "Lmi has 2 problems:\n"
        f"  1. environment: got 5; allowed: {NAMES}; fix: rename the variable\n"
        "  2. environment[5]: got '1025 characters'; allowed: up to 1024; fix: put the text into a model file"
    )


def test_a_variable_that_the_server_sets_is_refused() -> None:
    assert refusal({"OPTION_TENSOR_PARALLEL_DEGREE": "2"}) == (
        "Lmi: environment['OPTION_TENSOR_PARALLEL_DEGREE']: got '2'; allowed: names that the server does not set"
        " itself; fix: use its own argument"
    )


def test_a_variable_whose_argument_is_left_out_may_be_set() -> None:
    assert lmi({"OPTION_MAX_MODEL_LEN": "8"}).variables["OPTION_MAX_MODEL_LEN"] == "8"


def test_100_variables_are_taken_the_servers_own_included() -> None:
    assert len(lmi({f"A{number}": "" for number in range(100 - OWN_VARIABLES)}).variables) == 100


def test_more_than_100_variables_are_refused() -> None:
    assert refusal({f"A{number}": "" for number in range(101 - OWN_VARIABLES)}) == (
        "Lmi: environment: got '101 variables'; allowed: up to 100; fix: put settings into a model file"
    )


def filled(size: int) -> dict[str, str]:
    """Variables of `size` bytes in all: 32 of two letters, the last of them shorter."""
    names = [f"A{chr(65 + number)}" for number in range(26)] + [f"B{chr(65 + number)}" for number in range(26)]
    found: dict[str, str] = {}
    for name in names:
        length = min(size - 2, 1024)
        found[name] = "b" * length
        size -= length + 2
        if size < 2:
            break
    return found


def test_32_kib_are_taken_the_servers_own_included() -> None:
    environment = filled(32 * 1024 - OWN_BYTES)
    assert sum(len(name) + len(value) for name, value in lmi(environment).variables.items()) == 32 * 1024


def test_more_than_32_kib_are_refused() -> None:
    assert refusal(filled(32 * 1024 - OWN_BYTES + 1)) == (
        "Lmi: environment: got '32769 bytes'; allowed: up to 32768 in all; fix: put settings into a model file"
    )


def test_bytes_are_counted_not_characters() -> None:
    # 10 names of two letters and 9 of three, 19 values of 1800 bytes, and the server's own 54.
    assert refusal({f"A{number}": "é" * 900 for number in range(19)}) == (
        "Lmi: environment: got '34301 bytes'; allowed: up to 32768 in all; fix: put settings into a model file"
    )


def test_half_a_surrogate_pair_is_counted_like_other_text() -> None:
    assert lmi({"A": "\ud800"}).variables["A"] == "\ud800"


def test_every_problem_is_told_at_once() -> None:
    assert refusal({"1A": "b", "B": 2, "HF_MODEL_ID": "x"}) == (
        "Lmi has 3 problems:\n"
        f"  1. environment: got '1A'; allowed: {NAMES}; fix: rename the variable\n"
        "  2. environment['B']: got 2; allowed: a string; fix: write \"2\"\n"
        "  3. environment['HF_MODEL_ID']: got 'x'; allowed: names that the server does not set itself;"
        " fix: use its own argument"
    )

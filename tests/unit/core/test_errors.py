"""Whole messages, and how an app prints what the CDK's validation found."""

from __future__ import annotations

import pytest

from cdk_inference.core.errors import ConfigurationError, Problem, plain_errors, raise_problems
from tests.each import each

TOO_FEW = Problem("instances", 0, "a whole number from 1", "use 1 or more")
WRONG_KIND = Problem("hardware", "ml.x", "an instance type", "write it as in 'ml.g5.xlarge'")


def test_a_problem_says_what_was_got_what_is_allowed_and_the_fix() -> None:
    assert str(TOO_FEW) == "instances: got 0; allowed: a whole number from 1; fix: use 1 or more"


def test_text_is_quoted_so_that_spaces_and_types_show() -> None:
    assert str(Problem("tag", "1 ", "a tag", "write a tag")) == "tag: got '1 '; allowed: a tag; fix: write a tag"


def test_an_object_is_shown_by_its_class_and_without_an_address() -> None:
    class Local:
        pass

    for got, shown in ((Local(), "<Local>"), ([Local()], "[<Local>]"), (plain_errors, "<function plain_errors>")):
        assert str(Problem("server", got, "a server", "write Lmi(...)")).startswith(f"server: got {shown}; allowed")


def test_one_problem_stands_on_one_line() -> None:
    assert str(ConfigurationError("FixedCount", [TOO_FEW])) == (
        "FixedCount: instances: got 0; allowed: a whole number from 1; fix: use 1 or more"
    )


def test_several_problems_are_numbered_in_their_order() -> None:
    assert str(ConfigurationError("Fleet", [WRONG_KIND, TOO_FEW])) == (
        "Fleet has 2 problems:\n"
        "  1. hardware: got 'ml.x'; allowed: an instance type; fix: write it as in 'ml.g5.xlarge'\n"
        "  2. instances: got 0; allowed: a whole number from 1; fix: use 1 or more"
    )


def test_an_error_keeps_subject_and_problems_for_programs() -> None:
    error = ConfigurationError("Fleet", [WRONG_KIND, TOO_FEW])
    assert (error.subject, error.problems) == ("Fleet", (WRONG_KIND, TOO_FEW))


def test_an_error_is_a_value_error() -> None:
    assert issubclass(ConfigurationError, ValueError)


@each("problems", [(), (None,), (None, None)])
def test_refuse_returns_where_nothing_is_wrong(problems: tuple[None, ...]) -> None:
    raise_problems("Fleet", *problems)


def test_refuse_leaves_out_the_checks_that_passed() -> None:
    with pytest.raises(ConfigurationError) as caught:
        raise_problems("Fleet", None, WRONG_KIND, None, TOO_FEW)
    assert caught.value.problems == (WRONG_KIND, TOO_FEW)


def test_plain_errors_prints_what_the_cdk_validation_found(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught, plain_errors():
        raise RuntimeError("ValidationFailed: too many resources")
    assert caught.value.code == 1
    assert capsys.readouterr() == ("", "too many resources\n")


@each("error", [RuntimeError("a: b"), ConfigurationError("A", [TOO_FEW]), KeyError("no")])
def test_plain_errors_lets_other_errors_pass(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(type(error)) as caught, plain_errors():
        raise error
    assert caught.value is error
    assert capsys.readouterr() == ("", "")


def test_plain_errors_prints_nothing_where_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    with plain_errors():
        raise_problems("FixedCount")
    assert capsys.readouterr() == ("", "")

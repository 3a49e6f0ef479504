"""Arguments that commands share, and everything that is wrong with arguments, reported at once."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ParamSpec, TypeVar

from cdk_inference.core.errors import ConfigurationError, Problem, raise_problems
from cdk_inference.template.parameters import OPTION, read_parameters

_Arguments = ParamSpec("_Arguments")
_Value = TypeVar("_Value")


class Errors:
    """Collects the errors of independent steps.

    Args:
        command: The subject of the one error that is raised in the end.
    """

    def __init__(self, command: str) -> None:
        self._command = command
        self._found: list[ConfigurationError] = []

    def of(
        self, step: Callable[_Arguments, _Value], *arguments: _Arguments.args, **named: _Arguments.kwargs
    ) -> _Value | None:
        """Returns what `step` returns; None where it raises ConfigurationError, which is kept."""
        try:
            return step(*arguments, **named)
        except ConfigurationError as error:
            self._found.append(error)
            return None

    def add(self, *problems: Problem | None) -> None:
        """Keeps every problem that is not None."""
        found = [problem for problem in problems if problem is not None]
        if found:
            self._found.append(ConfigurationError(self._command, found))

    def raise_all(self) -> None:
        """Raises ConfigurationError with everything that was kept; returns if there is nothing."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            raise ConfigurationError(
                self._command,
                [
                    problem
                    if error.subject == self._command
                    else Problem(f"{error.subject}: {problem.argument}", problem.got, problem.allowed, problem.fix)
                    for error in self._found
                    for problem in error.problems
                ],
            )


def missing_files(option: str, paths: Iterable[Path | None]) -> list[Problem]:
    """Returns a problem for each path that is given and does not exist."""
    missing = [path for path in paths if path is not None and not path.exists()]
    return [Problem(option, str(path), "a file that exists", "correct the path") for path in missing]


def given_region(command: str, chosen: argparse.Namespace) -> str | None:
    """--region, or AWS_REGION; None without one. Raises ConfigurationError for what cannot be a region."""
    from cdk_inference.pricing.region_names import region_name_problem

    for argument, region in (("--region", chosen.region), ("AWS_REGION", os.environ.get("AWS_REGION"))):
        if region:
            raise_problems(command, region_name_problem(argument, region))
            return str(region)
    return None


_PARAMETERS = (
    "a value for a parameter of the templates, or a file with values: the AWS CLI's list, "
    '{"Parameters": {...}}, or samconfig.toml; may be repeated, the last value wins'
)


def add_parameters_option(parser: argparse.ArgumentParser) -> None:
    """Adds --parameters, which `given_parameters` reads."""
    parser.add_argument(OPTION, action="append", default=[], metavar="FILE|KEY=VALUE", help=_PARAMETERS)


def given_parameters(chosen: argparse.Namespace) -> dict[str, str]:
    """Parameter's name -> value. Raises ConfigurationError."""
    return read_parameters(chosen.parameters)

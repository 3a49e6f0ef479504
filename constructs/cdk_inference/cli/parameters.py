"""The option for values of parameters, of every command that reads templates."""

from __future__ import annotations

import argparse

from cdk_inference.template.parameters import OPTION, read_parameters

_ABOUT = (
    "a value for a parameter of the templates, or a file with values: the AWS CLI's list, "
    '{"Parameters": {...}}, or samconfig.toml; may be repeated, the last value wins'
)


def add_parameters_option(parser: argparse.ArgumentParser) -> None:
    """Adds --parameters, which `given_parameters` reads."""
    parser.add_argument(OPTION, action="append", default=[], metavar="FILE|KEY=VALUE", help=_ABOUT)


def given_parameters(chosen: argparse.Namespace) -> dict[str, str]:
    """Parameter's name -> value. Raises ConfigurationError."""
    return read_parameters(chosen.parameters)

"""The parser of the command line: help with examples and exit statuses, mistakes with the nearest name."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from typing import NoReturn

from cdk_inference import __version__
from cdk_inference.cli.commands import COMMANDS, Command, load
from cdk_inference.cli.exit_statuses import exit_statuses
from cdk_inference.core.errors import ExitStatus
from cdk_inference.core.pages import page

COLOURS = ("auto", "always", "never")
_NEGATIVE = re.compile(r"-\.?\d")
_CHOICE = re.compile(r"argument (?P<argument>[^:]+): invalid choice: '(?P<got>[^']*)'")
_UNRECOGNIZED = re.compile(r"unrecognized arguments: (?P<got>--?[^\s=]+)")


class Parser(argparse.ArgumentParser):
    """An argparse parser without abbreviated options, which names what was probably meant."""

    commands: argparse._SubParsersAction[Parser] | None = None
    chosen: Parser | None = None

    def __init__(self, *arguments: object, **named: object) -> None:
        named = {"allow_abbrev": False, "formatter_class": argparse.RawDescriptionHelpFormatter, **named}
        super().__init__(*arguments, **named)  # type: ignore[arg-type]  # passed on as they come

    def error(self, message: str) -> NoReturn:
        """Prints the message with the nearest name, and where help is; exits with 2."""
        near = self._near(message)
        hint = f"; did you mean {near}?" if near else ""
        prog = (self.chosen or self).prog if message.startswith("unrecognized") else self.prog
        self.exit(ExitStatus.UNABLE, f"{prog}: {message}{hint}\nHelp: {prog} --help\n")

    def _near(self, message: str) -> str | None:
        from cdk_inference.core.alike import nearest  # difflib, for mistakes only

        if match := _CHOICE.match(message):
            return nearest(match["got"], self._choices(match["argument"]))
        if match := _UNRECOGNIZED.match(message):
            return nearest(match["got"], (self.chosen or self).options())
        return None

    def _choices(self, argument: str) -> Iterable[str]:
        names = set(argument.split("/"))
        for action in self._actions:
            if action.choices and ({action.dest, str(action.metavar)} | set(action.option_strings)) & names:
                yield from map(str, action.choices)

    def options(self) -> list[str]:
        """Returns every option of the parser and of its commands."""
        found = [name for action in self._actions for name in action.option_strings]
        if self.commands is not None:
            for one in self.commands.choices.values():
                found += one.options()
        return found


def make_parser(given: Sequence[str]) -> Parser:
    """Returns the parser for the arguments `given`; every command is listed, the one that is given has its options."""
    statuses = exit_statuses()
    parser = Parser(
        prog="cdk-inference",
        description="Estimates, reviews and chooses infrastructure for inference on SageMaker and Bedrock. Needs no "
        "AWS account.",
        epilog=f"Example:\n  {COMMANDS['estimate'].example}\n\n{statuses}\n\nMore: {page('commands')}",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    wanted = next((one for one in given if not one.startswith("-")), None)
    for name, command in COMMANDS.items():
        if name == wanted or wanted == "completion":
            added = _add(commands, name, command, statuses)
            parser.chosen = added if name == wanted else parser.chosen
        else:
            commands.add_parser(name, help=command.about, add_help=False)
    parser.commands = commands
    return parser


def _add(commands: argparse._SubParsersAction[Parser], name: str, command: Command, statuses: str) -> Parser:
    parser = commands.add_parser(
        name,
        help=command.about,
        description=f"{command.about[0].upper()}{command.about[1:]}.",
        epilog=f"Example:\n  {command.example}\n\n{statuses}\n\nMore: {command.page}",
    )
    load(name).add_arguments(parser)
    actions = parser.commands
    for one in (parser,) if actions is None else actions.choices.values():
        add_output_options(one)
    return parser


def add_actions(parser: argparse.ArgumentParser) -> argparse._SubParsersAction[Parser]:
    """Adds actions of a command, such as `refresh` of `prices`, which have the options of every command."""
    assert isinstance(parser, Parser)
    parser.commands = parser.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=Parser)
    return parser.commands


def add_output_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of every command: where the report goes, and whether it is coloured."""
    if not any("--output" in action.option_strings for action in parser._actions):
        parser.add_argument("--output", dest="report", metavar="FILE", help="write the report to a file")
    about = "default: on a terminal, unless NO_COLOR or TERM=dumb is set; FORCE_COLOR means always"
    parser.add_argument("--color", choices=COLOURS, default="auto", help=about)


def with_negative_values(given: Sequence[str]) -> list[str]:
    """Joins an option and a negative number, `--parameters -8e9`, which argparse would take for an option."""
    joined: list[str] = []
    for one in given:
        if joined and joined[-1].startswith("--") and "=" not in joined[-1] and _NEGATIVE.match(one):
            joined[-1] = f"{joined[-1]}={one}"
        else:
            joined.append(one)
    return joined

"""`cdk-inference check`: templates in, what they violate of what AWS requires in words."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

from cdk_inference.cli.arguments import add_parameters_option, given_parameters, given_region
from cdk_inference.cli.formatters import CHECK_FORMATS, check_formatter
from cdk_inference.cli.progress import step
from cdk_inference.core.pages import page
from cdk_inference.requirements import chosen_requirements, judge, requirements
from cdk_inference.requirements.acknowledged import sort_accepted
from cdk_inference.requirements.report import FAIL_ON, Report
from cdk_inference.template import load_deployment
from cdk_inference.template.parameters import check_parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    paths = "folders of `cdk synth`, folders with templates, or templates; default: cdk.out"
    parser.add_argument("paths", nargs="*", type=Path, help=paths)
    parser.add_argument("--region", help="for stacks without a region; default: AWS_REGION")
    add_parameters_option(parser)
    rule = f"check only this rule of {page('rules')}; may be repeated"
    parser.add_argument("--rule", action="append", default=[], metavar="ID", help=rule)
    parser.add_argument("--format", choices=CHECK_FORMATS, default="table", help="default: table")
    fails = "lowest level that makes the exit status 1; default: error"
    parser.add_argument("--fail-on", choices=FAIL_ON, default="error", help=fails)


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    rules = chosen_requirements(tuple(chosen.rule), "check", "--rule") if chosen.rule else requirements()
    paths = chosen.paths or [Path("cdk.out")]
    parameters = given_parameters(chosen)
    unread: list[str] = []
    step(f"reading {', '.join(map(str, paths))}")
    deployment = load_deployment(paths, given_region("check", chosen), unread, parameters)
    check_parameters(parameters, deployment)
    step("judging")
    results = sort_accepted(judge(deployment, rules), deployment, today)
    found = Report(
        judgement=results.judgement,
        rules=rules,
        stacks=len(deployment.stacks),
        unread=(*unread, *(one.why for one in deployment.unread)),
        fail_on=chosen.fail_on,
        accepted=results.accepted,
        useless=results.useless if rules == requirements() else (),
    )
    return check_formatter(chosen.format).check(found, _folder(paths[0])), found.status


def _folder(path: Path) -> Path:
    return path if path.is_dir() else path.parent

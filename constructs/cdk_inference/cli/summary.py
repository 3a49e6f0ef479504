"""`cdk-inference summary`: endpoints, their alarms and findings, and who is notified; the first line is the verdict."""

from __future__ import annotations

import argparse
import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cdk_inference.cli.arguments import add_parameters_option, given_parameters, given_region
from cdk_inference.cli.formatters.base import clean
from cdk_inference.cli.formatters.columns import Column, table
from cdk_inference.cli.progress import step
from cdk_inference.core.errors import ExitStatus
from cdk_inference.hosting import CountRange, HostedVariant
from cdk_inference.template import Deployment, Finding, Unknown, load_assembly, load_deployment, read_hosting
from cdk_inference.template.alarm_kinds import ALARM_KINDS, AlarmKind
from cdk_inference.template.notifications import AlarmInTemplate, Notifications, read_notifications
from cdk_inference.template.parameters import check_parameters

_COLUMNS = tuple(map(Column, ("endpoint", "hardware", "instances", "alarms", "findings")))
_UNKNOWN = "not known"
_OUTSIDE = "(no endpoint)"
_SHOWN_ALWAYS: tuple[AlarmKind, ...] = ("cost", "health")
_NAMES_MAX = 20  # silent alarms that are named


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What is shown. rows: of the table. sections: title -> lines; one without lines is left out."""

    verdict: str
    rows: tuple[tuple[str, ...], ...]
    sections: dict[str, tuple[str, ...]]
    status: ExitStatus

    @property
    def text(self) -> str:
        """The verdict, the table, then the sections."""
        lines = [self.verdict, "", *table(_COLUMNS, self.rows)]
        for title, listed in self.sections.items():
            if listed:
                lines += ["", f"{title}:", *(f"  {line}" for line in listed)]
        return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    paths = "a folder of `cdk synth`, one with templates, or a template; default: cdk.out"
    parser.add_argument("path", nargs="?", type=Path, default=Path("cdk.out"), help=paths)
    parser.add_argument("--region", help="for stacks without a region; default: AWS_REGION")
    add_parameters_option(parser)


def run(chosen: argparse.Namespace, today: datetime.date) -> tuple[str, int]:
    """(the text, the exit status)."""
    del today
    step(f"reading {chosen.path}")
    if not chosen.path.exists():
        load_assembly(chosen.path)  # raises, with what to do
    parameters = given_parameters(chosen)
    region = given_region("summary", chosen)
    deployment = load_deployment([chosen.path], region, parameters=parameters)
    check_parameters(parameters, deployment)
    found = summary(deployment)
    return found.text, found.status


def summary(deployment: Deployment) -> Summary:
    """Returns the summary; its status is NOT_OK with an open finding, NOT_KNOWN where no check has run."""
    found, findings = read_hosting(deployment), deployment.findings
    notifications = read_notifications(deployment, found)
    rows: list[tuple[str, ...]] = []
    paths = []
    for endpoint in found.endpoints:
        variants = endpoint.hosted.variants
        path = endpoint.resource.stack.paths.get(endpoint.resource.logical_id, "").rpartition("/")[0]
        paths.append(path)
        own = [one for one in notifications.alarms if endpoint.place in one.endpoints]
        checks = (_counted(own), _findings(_below(path, findings)))
        cells = [(_UNKNOWN, "?")] if isinstance(variants, Unknown) else map(_hosted, variants)
        rows += [(clean(endpoint.hosted.name), *hosted, *checks) for hosted in cells]
    outside = [one for one in notifications.alarms if not one.endpoints]
    others = [one for one in findings or () if not any(_is_below(path, one) for path in paths)]
    if outside or others:
        rows.append((_OUTSIDE, "", "", _counted(outside), _findings(None if findings is None else others)))
    opened = [one for one in findings or () if one.reason is None]
    return Summary(
        verdict=_verdict(len(found.endpoints), findings),
        rows=tuple(rows),
        sections={
            "Open findings": tuple(_finding_line(one) for one in opened),
            "Notifications": tuple(_notification_lines(notifications)),
            _silent_title(len(notifications.silent)): tuple(_silent_lines(notifications.silent)),
        },
        status=ExitStatus.NOT_KNOWN if findings is None else ExitStatus.NOT_OK if opened else ExitStatus.OK,
    )


def _verdict(endpoints: int, findings: tuple[Finding, ...] | None) -> str:
    counted = "1 endpoint" if endpoints == 1 else f"{endpoints} endpoints"
    if findings is None:
        return f"NOT CHECKED: {counted}; the assembly has no validation report"
    opened = sum(finding.reason is None for finding in findings)
    accepted = f"{len(findings) - opened} acknowledged"
    if opened:
        return f"NOT OK: {counted}, {opened} open finding{'' if opened == 1 else 's'}, {accepted}"
    return f"OK: {counted}, no open findings, {accepted}"


def _hosted(variant: HostedVariant) -> tuple[str, str]:
    """(hardware, how many): instances; of a serverless variant, requests at once."""
    serverless = variant.serverless
    if serverless is None:
        names = [_UNKNOWN if isinstance(name, Unknown) else name for name in variant.types]
        return ", ".join(names), variant.instances.in_words
    memory = _UNKNOWN if isinstance(serverless.memory_mb, Unknown) else f"{serverless.memory_mb} MB"
    return f"serverless, {memory}", CountRange.scheduled(0, serverless.max_concurrency).in_words


def _is_below(path: str, finding: Finding) -> bool:
    """Whether a finding is about the construct around an endpoint's resource, or below it."""
    return bool(path) and (finding.construct_path == path or finding.construct_path.startswith(f"{path}/"))


def _below(path: str, findings: tuple[Finding, ...] | None) -> list[Finding] | None:
    """The findings of an endpoint; None where they are not known."""
    return None if findings is None or not path else [one for one in findings if _is_below(path, one)]


def _findings(found: list[Finding] | None) -> str:
    if found is None:
        return "not checked"
    opened = sum(finding.reason is None for finding in found)
    return f"{opened} open, {len(found) - opened} acknowledged"


def _counted(alarms: Iterable[AlarmInTemplate]) -> str:
    """Alarms by kind; those that only a composite alarm reads count with that one."""
    counts = Counter(one.kind for one in alarms if not one.part)
    return ", ".join(f"{counts[kind]} {kind}" for kind in ALARM_KINDS if counts[kind] or kind in _SHOWN_ALWAYS)


def _finding_line(finding: Finding) -> str:
    where = finding.construct_path or "the app"
    return clean(f"{where} {finding.rule}: {finding.text or 'no description in the report'}")


def _notification_lines(found: Notifications) -> Iterator[str]:
    """Each topic, or whatever else is called, with its receivers, and what calls it."""
    for one in found.destinations:
        alarms = [alarm for alarm in found.alarms if one in alarm.destinations]
        budgets = found.of_budgets.count(one)
        counts = Counter(alarm.kind for alarm in alarms)
        callers = [f"{counts[kind]} {kind}" for kind in ALARM_KINDS if counts[kind]]
        said = [f"{', '.join(callers)} alarm{'' if len(alarms) == 1 else 's'}"] if alarms else []
        said += [f"{budgets} budget{'' if budgets == 1 else 's'}"] if budgets else []
        receivers = ", ".join(one.receivers) or "no subscription in these templates"
        yield clean(f"{one.name}: {receivers} ({', '.join(said)})")


def _silent_title(count: int) -> str:
    return f"{count} alarm{'' if count == 1 else 's'} without a notification"


def _silent_lines(silent: tuple[AlarmInTemplate, ...]) -> Iterator[str]:
    yield from (clean(f"{one.name} ({one.kind})") for one in silent[:_NAMES_MAX])
    if len(silent) > _NAMES_MAX:
        yield f"and {len(silent) - _NAMES_MAX} more"

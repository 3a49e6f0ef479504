"""The table at the end of a synth; its first line is the verdict."""

from __future__ import annotations

from cdk_inference.template import Assembly, EndpointRow, Finding, endpoints_of

_HEADINGS = ("endpoint", "hardware", "instances", "alarms", "findings")


# Exit statuses of the command.
FINE, OPEN, NOT_CHECKED = 0, 1, 2


def summary(assembly: Assembly) -> tuple[str, int]:
    """(the text, the exit status: 0 nothing open, 1 findings are open, 2 no check has run)."""
    rows = [
        (row, stack.paths.get(row.logical_id))
        for stack in assembly.stacks
        for row in endpoints_of(stack.name, stack.template)
    ]
    table = [_HEADINGS, *(_cells(row, path, assembly) for row, path in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    endpoints = len({(row.stack, row.logical_id) for row, _ in rows})  # a row is a variant
    text = "\n".join([_verdict(endpoints, assembly.findings), "", *lines])
    if assembly.findings is None:
        return text, NOT_CHECKED
    return text, OPEN if any(finding.reason is None for finding in assembly.findings) else FINE


def _verdict(endpoints: int, findings: tuple[Finding, ...] | None) -> str:
    counted = "1 endpoint" if endpoints == 1 else f"{endpoints} endpoints"
    if findings is None:
        return f"NOT CHECKED: {counted}; the assembly has no validation report"
    opened = sum(finding.reason is None for finding in findings)
    accepted = f"{len(findings) - opened} acknowledged"
    if opened:
        return f"NOT OK: {counted}, {opened} open finding{'' if opened == 1 else 's'}, {accepted}"
    return f"OK: {counted}, no open findings, {accepted}"


def _cells(row: EndpointRow, path: str | None, assembly: Assembly) -> tuple[str, ...]:
    low, high = (str(count) if count is not None else "?" for count in (row.min_instances, row.max_instances))
    count = low if low == high else f"{low} to {high}"
    return row.name, row.hardware, count, str(row.alarms), _findings(path, assembly)


def _findings(path: str | None, assembly: Assembly) -> str:
    """What the report says of the construct around the endpoint's resource, and below it."""
    if assembly.findings is None or path is None:
        return "not checked"
    path = path.rpartition("/")[0]
    own = [
        finding
        for finding in assembly.findings
        if finding.construct_path == path or finding.construct_path.startswith(f"{path}/")
    ]
    opened = sum(finding.reason is None for finding in own)
    return f"{opened} open, {len(own) - opened} acknowledged"

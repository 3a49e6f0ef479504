"""The table at the end of a synth; its first line is the verdict."""

from __future__ import annotations

from cdk_inference.hosting import CountRange, HostedVariant
from cdk_inference.template import Deployment, Finding, Unknown, endpoint_alarms, read_hosting

_HEADINGS = ("endpoint", "hardware", "instances", "alarms", "findings")
_UNKNOWN = "not known"

# Exit statuses of the command.
FINE, OPEN, NOT_CHECKED = 0, 1, 2


def summary(deployment: Deployment) -> tuple[str, int]:
    """(the text, the exit status: 0 nothing open, 1 findings are open, 2 no check has run)."""
    found, findings = read_hosting(deployment), deployment.findings
    alarms = endpoint_alarms(deployment, found)
    table = [_HEADINGS]
    for endpoint in found.endpoints:
        variants = endpoint.hosted.variants
        path = endpoint.resource.stack.paths.get(endpoint.resource.logical_id)
        checks = (str(len(alarms[endpoint.place])), _findings(path, findings))
        cells = [(_UNKNOWN, "?")] if isinstance(variants, Unknown) else map(_hosted, variants)
        table += [(endpoint.hosted.name, *hosted, *checks) for hosted in cells]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    text = "\n".join([_verdict(len(found.endpoints), findings), "", *lines])
    if findings is None:
        return text, NOT_CHECKED
    return text, OPEN if any(finding.reason is None for finding in findings) else FINE


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


def _findings(path: str | None, findings: tuple[Finding, ...] | None) -> str:
    """What the report says of the construct around the endpoint's resource, and below it."""
    if findings is None or path is None:
        return "not checked"
    path = path.rpartition("/")[0]
    own = [one for one in findings if one.construct_path == path or one.construct_path.startswith(f"{path}/")]
    opened = sum(finding.reason is None for finding in own)
    return f"{opened} open, {len(own) - opened} acknowledged"

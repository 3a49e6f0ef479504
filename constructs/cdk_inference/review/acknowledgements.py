"""The acknowledgements of a change, which stand in the template after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from cdk_inference.review.finding import Finding
from cdk_inference.review.pair import DeploymentPair, StackPair
from cdk_inference.template.acknowledgements import Acknowledgement, acknowledgements, expired


def of_head(deployments: DeploymentPair) -> Iterator[tuple[StackPair, Acknowledgement | str]]:
    """Those of the later side, with their stacks."""
    for pair in deployments.stacks:
        if pair.after is not None:
            known = [] if pair.before is None else [_words(one) for one in acknowledgements(pair.before)]
            for one in acknowledgements(pair.after):
                new = isinstance(one, Acknowledgement) and _words(one) not in known
                yield pair, replace(one, new=True) if new and isinstance(one, Acknowledgement) else one


def _words(one: Acknowledgement | str) -> object:
    return one if isinstance(one, str) else (one.rule, one.logical_id, one.reason, one.expires)


def accepted(findings: Iterable[Finding], deployments: DeploymentPair) -> list[tuple[Finding, Acknowledgement | None]]:
    """Each finding with the acknowledgement that covers it today; None where it is open."""
    valid = [
        one
        for _, one in of_head(deployments)
        if isinstance(one, Acknowledgement) and not expired(one, deployments.today)
    ]
    return [(finding, next((one for one in valid if covers(one, finding)), None)) for finding in findings]


def covers(one: Acknowledgement, finding: Finding) -> bool:
    """Whether an acknowledgement is about a finding."""
    return one.covers(finding.rule, finding.stack, finding.logical_id)

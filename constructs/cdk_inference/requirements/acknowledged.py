"""Results of a judgement that somebody accepts with a reason: in the template's metadata, or by the CDK's own means."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from cdk_inference.requirements.judge import EVERY_RULE, Judgement
from cdk_inference.requirements.requirement import NotChecked, Violation
from cdk_inference.requirements.table import requirements
from cdk_inference.template.acknowledgements import Acknowledgement, acknowledgements, expired
from cdk_inference.template.stacks import Deployment

# The plugin's name, which begins the id of an acknowledgement that the CDK records.
PLUGIN = "InferenceRules"

Result = Violation | NotChecked


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A result with the reason that accepts it. expires: the last day, or None."""

    result: Result
    reason: str
    expires: datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class Sorted:
    """judgement: what is open. accepted: the other results. useless: acknowledgements that accept nothing, in words."""

    judgement: Judgement
    accepted: tuple[Accepted, ...]
    useless: tuple[str, ...]


def sort_accepted(judgement: Judgement, deployment: Deployment, today: datetime.date, *, by_cdk: bool = True) -> Sorted:
    """Returns the results, sorted.

    An acknowledgement in `Metadata.CdkInference.acknowledge` is about one resource of its own template, and ends with
    its last day. One that the CDK recorded is about a construct and everything below it.

    Args:
        judgement: What was found.
        deployment: Where it was found.
        today: The day on which it is checked.
        by_cdk: Whether the CDK's acknowledgements count; to a plugin the CDK applies them itself.
    """
    written = [(stack.name, one) for stack in deployment.stacks for one in acknowledgements(stack)]
    valid = [one for _, one in written if isinstance(one, Acknowledgement) and not expired(one, today)]
    recorded = dict(_recorded(deployment)) if by_cdk else {}
    accepted: list[Accepted] = []
    used: set[Acknowledgement] = set()

    def is_open(result: Result) -> bool:
        known = [one for one in valid if one.covers(result.rule, result.stack, result.logical_id)]
        if known:
            used.update(known)
            accepted.append(Accepted(result=result, reason=known[0].reason, expires=known[0].expires))
            return False
        reason = next(
            (recorded[path, result.rule] for path in _around(result) if (path, result.rule) in recorded), None
        )
        if reason is not None:
            accepted.append(Accepted(result=result, reason=reason))
        return reason is None

    left = replace(
        judgement,
        violations=tuple(filter(is_open, judgement.violations)),
        not_checked=tuple(filter(is_open, judgement.not_checked)),
    )
    return Sorted(judgement=left, accepted=tuple(accepted), useless=tuple(_useless(written, used, today)))


def _recorded(deployment: Deployment) -> Iterator[tuple[tuple[str, str], str]]:
    """(construct path, rule) -> reason; of a stage or the app, which no stack's metadata has, from the report."""
    for finding in deployment.findings or ():
        if finding.reason is not None:
            yield (finding.construct_path, finding.rule), finding.reason
    for stack in deployment.stacks:
        for (path, id), reason in stack.acknowledged.items():
            yield (path, id.removeprefix(f"{PLUGIN}::")), reason


def _around(result: Result) -> Iterator[str]:
    """The path of the resource's construct, and of each construct around it."""
    path = result.construct_path or ""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _useless(
    written: list[tuple[str, Acknowledgement | str]], used: set[Acknowledgement], today: datetime.date
) -> Iterator[str]:
    rules = {EVERY_RULE, *(one.id for one in requirements())}
    for stack, one in written:
        if isinstance(one, str):
            yield f"{stack}: an invalid acknowledgement: {one}"
        elif one.rule not in rules:
            continue  # one of the review's rules
        elif expired(one, today):
            yield f"{stack}: that of {one.rule} for {one.logical_id} expired on {one.expires}; its reason: {one.reason}"
        elif one not in used:
            what = f"that of {one.rule} for {one.logical_id or 'no logical id'}"
            yield f"{stack}: {what} matches nothing that was found"

"""The validation reports of two assemblies, and where in the templates their construct paths are."""

from __future__ import annotations

from cdk_inference.review.finding import Hit
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.template.assembly import Finding

Reported = tuple[Finding, ...] | None


def new_ones(old: Reported, new: Reported, *, acknowledged: bool) -> list[Finding]:
    """Those of the later report that are open (or acknowledged) and were not so before, once each.

    [] unless there is a report on both sides: without the earlier one it is not known what is new.
    """
    if old is None or new is None:
        return []
    before = {_key(one) for one in old if (one.reason is not None) == acknowledged}
    found = {_key(one): one for one in new if (one.reason is not None) == acknowledged}
    return [one for key, one in found.items() if key not in before]


def _key(one: Finding) -> tuple[str, str]:
    return one.rule, one.construct_path


def located(deployments: DeploymentPair, path: str, what: str, means: str, safe: str) -> Hit:
    """A hit about the resource at or below a construct path; about none where no stack has it."""
    for pair in deployments.stacks:
        paths = pair.after.paths if pair.after is not None else {}
        for logical_id, there in paths.items():
            if path and (there == path or there.startswith(f"{path}/")) and logical_id in pair.resources:
                return pair.resources[logical_id].hit(what, means, safe)
    return Hit(stack="", logical_id="", type="", what=what, means=means, safe=safe)


def state(old: Reported, new: Reported) -> str:
    """Whether checks ran, in words."""
    if new is None:
        return "none found (cdk synth writes one)" if old is None else "none found, although there was one before"
    opened = sum(one.reason is None for one in new)
    counts = f"{opened} open, {len(new) - opened} acknowledged"
    return f"{counts}; none before the change, so new findings cannot be identified" if old is None else counts

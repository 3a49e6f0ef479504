"""More of the network that gets in, or out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cdk_inference.review.finding import Hit, Level, NotCompared
from cdk_inference.review.formatting import listed
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.exposure import EXPOSURE
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.routes import public_routes
from cdk_inference.review.protections.security_groups import Group, Opening, exchanged_groups, groups, openings
from cdk_inference.review.rule import Rule

_SAFE = "name the addresses or security groups that are meant, and only the ports that they need"


def check(deployments: DeploymentPair) -> Iterator[Hit | NotCompared]:
    """Security groups, and addresses of the internet."""
    for pair in deployments.stacks:
        for opened in loosened(pair, EXPOSURE):
            yield opened.pair.hit(
                opened.what, opened.means, "keep it in the VPC, behind a load balancer or an endpoint"
            )
    for route in public_routes(deployments):
        yield route.hit(
            "its route table gets a way to an internet gateway",
            "what has a public address in its subnets is reached from the internet, and reaches it",
            "use a NAT gateway or VPC endpoints, or a subnet of its own for what is to be public",
        )
    was, becomes = groups(deployments, "before"), groups(deployments, "after")
    yield from _exchanged(deployments, was, becomes)
    for key, group in becomes.items():
        old = was.get(key)
        if old is None and group.pair is None:
            continue  # it is elsewhere, and which rules it had is not known
        new = list(openings(old, group))
        for into in (True, False):
            own = [opening for opening in new if opening.rule.into == into and opening.sure]
            reported = [opening for opening in own if not group.fresh or (into and opening.rule.everybody)]
            if reported:
                yield _hit(reported, into)
        for opening in new:
            if (
                not opening.sure
                and not group.fresh
                and not any(not change.known for change in opening.rule.pair.changes)
            ):
                yield opening.rule.pair.not_compared(f"whether {group.name} lets more through: {opening.why}")


def _exchanged(
    deployments: DeploymentPair, was: dict[str, Group], becomes: dict[str, Group]
) -> Iterator[Hit | NotCompared]:
    """What gets other security groups than before, by what both let through together."""
    for pair, old, new in exchanged_groups(deployments):
        missing = [one for one in (*old, *new) if one not in was and one not in becomes]
        if missing:
            yield pair.not_compared(f"whether its other security groups let more through: no template has {missing[0]}")
            continue
        sides = [
            Group("", rules=[rule for one in keys if one in side for rule in side[one].rules])
            for keys, side in ((old, was), (new, becomes))
        ]
        for into in (True, False):
            opened = [one for one in openings(*sides) if one.rule.into == into and one.sure]
            if opened:
                made = _hit([replace(one, name=pair.logical_id) for one in opened], into)
                yield pair.hit(made.what, made.means, made.safe, made.level)


def _hit(opened: list[Opening], into: bool) -> Hit:
    everybody = any(opening.rule.everybody for opening in opened)
    whats = listed(tuple(dict.fromkeys(str(opening.rule) for opening in opened)))
    if into:
        means = "everybody on the internet reaches what is in it" if everybody else "they reach what is in it"
    else:
        means = "what is in it can send data there"
    web = all(opening.rule.web for opening in opened)
    level: Level | None = "error" if into and everybody and not web else None
    words = "lets in" if into else "lets out"
    return opened[0].rule.pair.hit(f"{opened[0].name} {words} more: {whats}", means, _SAFE, level)


RULE = Rule(
    id="network-opened",
    level="warning",
    title="More of the network that gets in, or out",
    why=(
        "Rules of security groups that let through addresses, groups or ports that nothing let through before: "
        "those inside and outside of the group's resource are taken together, and parts of a network that was "
        "there are no finding. Open to everybody, on other ports than 80 and 443, it is an error. Of a group that "
        "is new only what is open to everybody is reported. Besides: subnets, instances, databases and load balancers "
        "that become public, and routes to an internet gateway."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html "
    "(read 2026-11-24)",
    check_all=check,
)

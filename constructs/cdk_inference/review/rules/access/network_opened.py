"""A network that is opened further, inward or outward."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_inference.review.finding import Hit, Level, NotCompared
from cdk_inference.review.formatting import listed
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.protections.exposure import EXPOSURE
from cdk_inference.review.protections.openings import Opening, openings
from cdk_inference.review.protections.protection import loosened
from cdk_inference.review.protections.routes import exposed_subnets, public_routes
from cdk_inference.review.protections.security_groups import Group, exchanged_groups, groups
from cdk_inference.review.rule import Rule

_SAFE = "allow only the addresses or security groups that need access, and only on their ports"
_REACHED = "resources with a public address in its subnets can be reached from the internet, and can reach it"
_PRIVATE = "use a NAT gateway or VPC endpoints, or a separate subnet for public resources"


def check(deployments: DeploymentPair) -> Iterator[Hit | NotCompared]:
    """Security groups, and addresses of the internet."""
    for pair in deployments.stacks:
        for opened in loosened(pair, EXPOSURE):
            yield opened.pair.hit(
                opened.what, opened.means, "keep it in the VPC, behind a load balancer or an endpoint"
            )
    for route in public_routes(deployments):
        yield route.hit("its route table gets a route to an internet gateway", _REACHED, _PRIVATE)
    for association in exposed_subnets(deployments):
        yield association.hit("its subnet gets a route table with a route to an internet gateway", _REACHED, _PRIVATE)
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
                yield _hit(group.name, reported, into)
        for opening in new:
            if not opening.sure and not group.fresh and opening.rule.pair.known:
                yield opening.rule.pair.not_compared(f"whether {group.name} lets more through: {opening.why}")


def _exchanged(
    deployments: DeploymentPair, was: dict[str, Group], becomes: dict[str, Group]
) -> Iterator[Hit | NotCompared]:
    """What gets other security groups than before, by what both let through together."""
    found: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Opening]] = {}
    for pair, old, new in exchanged_groups(deployments):
        missing = [one for one in (*old, *new) if one not in was and one not in becomes]
        if missing:
            yield pair.not_compared(f"whether its other security groups let more through: no template has {missing[0]}")
            continue
        exchange = tuple(old), tuple(new)
        if exchange not in found:
            sides = [
                Group("", rules=[rule for one in keys if one in side for rule in side[one].rules])
                for keys, side in ((old, was), (new, becomes))
            ]
            found[exchange] = [one for one in openings(*sides) if one.sure]
        for into in (True, False):
            opened = [one for one in found[exchange] if one.rule.into == into]
            if opened:
                made = _hit(pair.logical_id, opened, into)
                yield pair.hit(made.what, made.means, made.safe, made.level)


def _hit(name: str, opened: list[Opening], into: bool) -> Hit:
    everybody = any(opening.rule.everybody for opening in opened)
    whats = listed(tuple(dict.fromkeys(str(opening.rule) for opening in opened)))
    if into:
        means = (
            "everybody on the internet can reach the resources in it"
            if everybody
            else "they can reach the resources in it"
        )
    else:
        means = "the resources in it can send data there"
    web = all(opening.rule.web for opening in opened)
    level: Level | None = "error" if into and everybody and not web else None
    words = "lets in" if into else "lets out"
    return opened[0].rule.pair.hit(f"{name} {words} more: {whats}", means, _SAFE, level)


RULE = Rule(
    id="network-opened",
    level="warning",
    title="A network that is opened further, inward or outward",
    why=(
        "Security group rules that allow addresses, groups or ports that no rule allowed before. Rules inside and "
        "outside the group's resource count together; parts of an allowed network are not findings. Open to everybody "
        "on ports other than 80 and 443 is an error. Of a new group only rules open to everybody are reported. Also: "
        "subnets, instances, databases and load balancers "
        "that become public, and routes to an internet gateway."
    ),
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html "
    "(read 2026-11-24)",
    check_all=check,
)

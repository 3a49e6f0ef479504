"""What may exist once: in an account, in an account and region, or in a VPC. Counted by what it is, per app."""

from __future__ import annotations

from typing import Any

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.stack_context import StackContext

# By app: (what, account, region, name) -> construct path.
_Key = tuple[str, str, str, str]
_made: PerConstruct[dict[_Key, str]] = PerConstruct(lambda _: {})


def once_problem(
    argument: str, what: str, path: str, context: StackContext, *, fix: str, region: bool = True
) -> Problem | None:
    """Reports another `what` of the app in the same account and, unless `region` is false, the same region.

    Accounts and regions that are known at deployment only count as the same inside one stage.
    """
    other = _made.of(context.app).get(_key(what, context, region=region), path)
    if other == path:
        return None
    where = "an account and region" if region else "an account"
    known = context.known_account is not None and (context.known_region is not None or not region)
    name = "" if known else f"; or name the account{' and region' if region else ''} of each stack (env=...)"
    return Problem(argument, other, f"one for {where}, and there it is already", f"{fix}{name}")


def take_once(what: str, path: str, context: StackContext, *, region: bool = True) -> None:
    """Notes that the construct at `path` is the `what` of its account and, unless `region` is false, its region."""
    _made.of(context.app)[_key(what, context, region=region)] = path


def _key(what: str, context: StackContext, *, region: bool) -> _Key:
    unknown = f"unknown in {context.stage}"
    return (what, context.known_account or unknown, (context.known_region or unknown) if region else "", "")


def taken_in_vpc(vpc: Any, context: StackContext) -> dict[str, str]:
    """What a VPC has already, name -> construct path; the same for every object that stands for the VPC.

    A VPC that was made elsewhere is known by its id, where that is plain text, and one of the app by its path.
    """
    name = vpc.vpc_id
    if is_token(name):
        name = str(vpc.node.path)
    return _in_vpcs.of(context.app).setdefault((name, context.known_region or f"unknown in {context.stage}"), {})


# By app: (VPC, region) -> what it has.
_in_vpcs: PerConstruct[dict[tuple[str, str], dict[str, str]]] = PerConstruct(lambda _: {})

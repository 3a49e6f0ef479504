"""Deterministic names of endpoints, alarms and dashboards, and whether an app has an endpoint name twice."""

from __future__ import annotations

import weakref

from aws_cdk import Stack
from constructs import Construct, IConstruct

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.names import physical_name
from cdk_inference.kit.stack_context import StackContext

# Per app: (account, region, name) -> construct path. Weak, so that apps in tests go away.
_taken: weakref.WeakKeyDictionary[IConstruct, dict[tuple[str, str, str], str]] = weakref.WeakKeyDictionary()


def endpoint_name_at(path: str, place: StackContext) -> tuple[str, Problem | None]:
    """`<stack>-<id>` for the construct at `path`, and the problem if another endpoint of the app has the same name.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    ids = path[len(place.outer_path) :].strip("/").split("/")
    if is_token(place.outer_name):
        fix = "give the stack a name that is known at synth time"
        return "-".join(ids), Problem("stack_name", place.outer_name, "plain text", fix)
    name = physical_name(place.outer_name, ids)
    # Accounts or regions that are known at deployment only count as the same inside one stage.
    where = tuple(f"unknown in {place.stage}" if is_token(part) else part for part in (place.account, place.region))
    other = _taken.setdefault(place.app, {}).setdefault((where[0], where[1], name), path)
    if other == path:
        return name, None
    fix = f"change one of the ids: {other} already has the name {name}"
    return name, Problem("id", ids[-1], "an id that gives a name of its own, in lower case", fix)


def name_of(construct: Construct) -> str:
    """`<stack>-<ids>`: unique in account and region, as the stack's name is."""
    stack = Stack.of(construct)
    below = construct.node.path.removeprefix(stack.node.path).strip("/").replace("/", "-")
    return f"{stack.stack_name}-{below}"


NAME_MAX = 255
# Longer than any region's name, for where only CloudFormation knows it.
_REGION_MAX = 32


def dashboard_name(path: str, place: StackContext) -> str:
    """`<stack>-<id>-<region>` for the construct at `path`, in lower case.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    ids = path[len(place.outer_path) :].strip("/").split("/")
    room = _REGION_MAX if is_token(place.region) else len(place.region)
    return f"{physical_name(place.outer_name, ids, limit=NAME_MAX - room - 1)}-{place.region}"

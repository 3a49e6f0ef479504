"""Deterministic names of endpoints, alarms and dashboards, and whether an app has an endpoint name twice."""

from __future__ import annotations

from aws_cdk import Stack
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.names import physical_name
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.stack_context import StackContext

# By app: (account, region, name) -> construct path.
_Taken = dict[tuple[str, str, str], str]
_taken: PerConstruct[_Taken] = PerConstruct(lambda _: {})


def endpoint_name(path: str, context: StackContext) -> str:
    """`<stack>-<id>` for the construct at `path`, in lower case, at most 63 characters.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    ids = context.ids_of(path)
    return "-".join(ids) if is_token(context.outer_name) else physical_name(context.outer_name, ids)


def endpoint_name_problem(path: str, context: StackContext) -> Problem | None:
    """Reports a stack name that is known at deployment only, or another construct of the app with the same name."""
    if is_token(context.outer_name):
        fix = "give the stack a name that is known at synth time"
        return Problem("stack_name", context.outer_name, "plain text", fix)
    key = _key(path, context)
    other = _taken.of(context.app).get(key, path)
    if other == path:
        return None
    fix = f"change one of the ids: {other} already has the name {key[-1]}"
    return Problem("id", context.ids_of(path)[-1], "an id that gives a name of its own, in lower case", fix)


def take_endpoint_name(path: str, context: StackContext) -> str:
    """Returns the name of the construct at `path`, and keeps others of the app from having it."""
    key = _key(path, context)
    _taken.of(context.app)[key] = path
    return key[-1]


def _key(path: str, context: StackContext) -> tuple[str, str, str]:
    # Accounts or regions that are known at deployment only count as the same inside one stage.
    unknown = f"unknown in {context.stage}"
    return (context.known_account or unknown, context.known_region or unknown, endpoint_name(path, context))


def name_of(construct: Construct) -> str:
    """`<stack>-<ids>`: unique in account and region, as the stack's name is."""
    stack = Stack.of(construct)
    below = construct.node.path.removeprefix(stack.node.path).strip("/").replace("/", "-")
    return f"{stack.stack_name}-{below}"


NAME_MAX = 255
# Longer than any region's name, for where only CloudFormation knows it.
_REGION_MAX = 32


def dashboard_name(path: str, context: StackContext) -> str:
    """`<stack>-<id>-<region>` for the construct at `path`, in lower case.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    room = _REGION_MAX if is_token(context.region) else len(context.region)
    name = physical_name(context.outer_name, context.ids_of(path), limit=NAME_MAX - room - 1)
    return f"{name}-{context.region}"

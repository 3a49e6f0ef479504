"""Deterministic names of constructs by where they are, and whether an app has a name twice."""

from __future__ import annotations

from aws_cdk import Stack
from constructs import Construct

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.names import LIMITS, NameKind, fitted_name, physical_name
from cdk_inference.kit.per_construct import PerConstruct
from cdk_inference.kit.stack_context import StackContext

# By app: (what is named, account, region, name) -> construct path.
_Key = tuple[str, str, str, str]
_Taken = dict[_Key, str]
_taken: PerConstruct[_Taken] = PerConstruct(lambda _: {})


def endpoint_name(path: str, context: StackContext) -> str:
    """The name of the endpoint, or the inference component, at `path`."""
    return physical_name_at(path, context, "endpoint")


def endpoint_name_problem(path: str, context: StackContext) -> Problem | None:
    """Reports a stack name that is known at deployment only, or another construct of the app with the same name."""
    if is_token(context.outer_name):
        fix = "give the stack a name that is known at synth time"
        return Problem("stack_name", context.outer_name, "plain text", fix)
    id = context.ids_of(path)[-1]
    if not is_token(id) and not id.isascii():
        allowed = "ASCII letters and digits: the name is made of the id, and other letters would be cut out of it"
        return Problem("id", id, allowed, 'for example "Chat-bot"')
    return name_problem("endpoint", endpoint_name(path, context), path, context, id=id)


def name_problem(what: str, name: str, path: str, context: StackContext, *, id: str) -> Problem | None:
    """Reports another `what` of the app that has this name already, in the same account and region.

    Args:
        id: Of the construct that a name like this follows from.
    """
    other = _taken.of(context.app).get(_key(what, name, context), path)
    if other == path:
        return None
    fix = f"change one of the ids: {other} already has the name {name}"
    case = ", in lower case" if name == name.lower() else ""
    return Problem("id", id, f"an id that gives a name of its own{case}", fix)


def take_name(what: str, name: str, path: str, context: StackContext) -> None:
    """Keeps others of the app from having the name."""
    _taken.of(context.app)[_key(what, name, context)] = path


def take_endpoint_name(path: str, context: StackContext) -> str:
    """Returns the name of the construct at `path`, and keeps others of the app from having it."""
    name = endpoint_name(path, context)
    take_name("endpoint", name, path, context)
    return name


def _key(what: str, name: str, context: StackContext) -> _Key:
    # Accounts or regions that are known at deployment only count as the same inside one stage.
    unknown = f"unknown in {context.stage}"
    return (what, context.known_account or unknown, context.known_region or unknown, name)


def physical_name_at(path: str, context: StackContext, kind: NameKind, *, less: int = 0) -> str:
    """`<stack>-<id>` for the construct at `path`, in lower case, `less` characters below the limit of its kind.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    stack_name = "" if is_token(context.outer_name) else context.outer_name
    return physical_name(stack_name, context.ids_of(path), limit=LIMITS[kind] - less)


# Longer than any region's name, for where only CloudFormation knows it.
_REGION_MAX = 32


def dashboard_name(path: str, context: StackContext) -> str:
    """`<stack>-<id>-<region>` for the construct at `path`, in lower case: dashboards are global."""
    room = _REGION_MAX if is_token(context.region) else len(context.region)
    return f"{physical_name_at(path, context, 'dashboard', less=room + 1)}-{context.region}"


def alarms_name(path: str, context: StackContext) -> str:
    """Begins the names of the alarms of the construct at `path`, as `name_of` does once it is made."""
    # The name of a nested stack is known at deployment only, and its own.
    begin = context.outer_name if context.path == context.outer_path else context.path
    return "-".join([begin, path[len(context.path) :].strip("/").replace("/", "-")])


def name_of(construct: Construct) -> str:
    """`<stack>-<ids>`: begins the names of its alarms; unique in account and region, as the stack's name is."""
    stack = Stack.of(construct)
    below = construct.node.path.removeprefix(stack.node.path).strip("/").replace("/", "-")
    return f"{stack.stack_name}-{below}"


def alarm_name(begin: str, end: str) -> str:
    """`<begin>-<end>` within the limit of alarms: a long `begin` is cut with a hash."""
    return fitted_name("alarm", begin, end)

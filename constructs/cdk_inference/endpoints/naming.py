"""The deterministic name of an endpoint, and whether the app has it twice."""

from __future__ import annotations

import weakref

from aws_cdk import Stack, Token
from constructs import Construct

from cdk_inference.errors import Problem
from cdk_inference.names import physical_name

# Per app: (account, region, name) -> construct path. Weak, so that apps in tests go away.
_taken: weakref.WeakKeyDictionary[object, dict[tuple[str, str, str], str]] = weakref.WeakKeyDictionary()


def endpoint_name_of(construct: Construct, stack: Stack) -> tuple[str, Problem | None]:
    """`<stack>-<id>`, and the problem with it if another endpoint of the app has the same name.

    In a nested stack, whose own name is unknown before deployment, the outermost stack's name begins it.
    """
    outer = stack
    while outer.nested_stack_parent is not None:
        outer = outer.nested_stack_parent
    path = construct.node.path[len(outer.node.path) :].strip("/").split("/")
    if Token.is_unresolved(outer.stack_name):
        fix = "give the stack a name that is known at synth time"
        return outer.node.id, Problem("stack_name", outer.stack_name, "plain text", fix)
    name = physical_name(outer.stack_name, path)
    names = _taken.setdefault(construct.node.root, {})
    place = _places(stack), name
    other = names.setdefault((*place[0], name), construct.node.path)
    if other == construct.node.path:
        return name, None
    fix = f"change one of the ids: {other} already has the name {name}"
    return name, Problem("id", construct.node.id, "an id that gives a name of its own, in lower case", fix)


def _places(stack: Stack) -> tuple[str, str]:
    """Account and region as far as they are known; two unknown ones count as the same."""
    account = "unknown" if Token.is_unresolved(stack.account) else stack.account
    region = "unknown" if Token.is_unresolved(stack.region) else stack.region
    return account, region

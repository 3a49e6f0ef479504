"""What names of alarms begin with."""

from __future__ import annotations

from aws_cdk import Stack
from constructs import Construct


def name_of(construct: Construct) -> str:
    """`<stack>-<ids>`: unique in account and region, as the stack's name is."""
    stack = Stack.of(construct)
    below = construct.node.path.removeprefix(stack.node.path).strip("/").replace("/", "-")
    return f"{stack.stack_name}-{below}"

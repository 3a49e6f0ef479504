"""Where a construct is or will be: partition, region, account, names. Read once per scope: every read calls Node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_cdk import Stack, Stage
from constructs import IConstruct

from cdk_inference.core.checks import has_members
from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.core.location import Location
from cdk_inference.kit.per_construct import PerConstruct


@dataclass(frozen=True, kw_only=True)
class StackContext(Location):
    """Where a stack is, in AWS and in the app.

    path: of the stack in the app.
    outer_name, outer_path: of the outermost stack around a nested one, else the stack's own.
    stage: the path of the stage around it, "" for the app itself.
    """

    url_suffix: str
    path: str
    outer_name: str
    outer_path: str
    stage: str
    app: IConstruct

    def ids_of(self, path: str) -> list[str]:
        """The ids of the construct at `path` below the outermost stack."""
        return path[len(self.outer_path) :].strip("/").split("/")


def _of_stack(stack: IConstruct) -> StackContext:
    assert isinstance(stack, Stack), "called with stacks only"
    node = stack.node
    path, app = node.path, node.root
    outer, outer_path = stack, path
    while outer.nested_stack_parent is not None:
        outer = outer.nested_stack_parent
        outer_path = outer.node.path
    stage = Stage.of(stack)
    return StackContext(
        partition=stack.partition,
        region=stack.region,
        account=stack.account,
        url_suffix=stack.url_suffix,
        path=path,
        outer_name=outer.stack_name,
        outer_path=outer_path,
        stage="" if stage is None or stage is app else stage.node.path,
        app=app,
    )


def _stack_of(scope: Any) -> Stack:
    """Raises ConfigurationError where the CDK would end in a trace of jsii."""
    try:
        return Stack.of(scope)
    except RuntimeError:
        got = "the app" if has_members(scope, "node") else scope
        problem = Problem("scope", got, "a stack, or a construct in one", "pass self inside a stack, or the stack")
        raise ConfigurationError("construct", [problem]) from None


_of_stacks = PerConstruct(_of_stack)
_of_scopes = PerConstruct(lambda scope: _of_stacks.of(_stack_of(scope)))
_paths = PerConstruct(lambda scope: str((scope if has_members(scope, "node") else _stack_of(scope)).node.path))


def stack_context(scope: IConstruct) -> StackContext:
    """Returns the context of the stack that `scope` is, or is in."""
    return _of_scopes.of(scope)


def path_below(scope: IConstruct, id: str) -> str:
    """Returns the path that a construct `id` below `scope` has, or will have once it is made."""
    # The constructs library writes the separator of paths inside an id so.
    return f"{_paths.of(scope)}/{str(id).replace('/', '--')}".removeprefix("/")

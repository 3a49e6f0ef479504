"""Where a stack is: partition, region, account, names. Asked once per stack, since every question goes to Node."""

from __future__ import annotations

import weakref
from dataclasses import dataclass

from aws_cdk import Stack, Stage
from constructs import IConstruct

from cdk_inference.core.checks import is_token


@dataclass(frozen=True)
class StackContext:
    """A stack's whereabouts; partition, region and account are tokens where only CloudFormation will know them.

    path: of the stack in the app.
    outer_name, outer_path: of the outermost stack around a nested one, else the stack's own.
    stage: the path of the stage around it, "" for the app itself.
    """

    partition: str
    region: str
    account: str
    url_suffix: str
    path: str
    outer_name: str
    outer_path: str
    stage: str
    app: IConstruct

    @property
    def known_region(self) -> str | None:
        """The region, or None where only CloudFormation will know it."""
        return None if is_token(self.region) else self.region

    def arn(self, service: str, resource: str, account: str | None = None) -> str:
        """The ARN of a resource here, in `account` or the stack's own."""
        return f"arn:{self.partition}:{service}:{self.region}:{account or self.account}:{resource}"


_places: weakref.WeakKeyDictionary[Stack, StackContext] = weakref.WeakKeyDictionary()


def stack_context(stack: Stack) -> StackContext:
    """The place of `stack`."""
    if stack not in _places:
        outer = stack
        while outer.nested_stack_parent is not None:
            outer = outer.nested_stack_parent
        stage = Stage.of(stack)
        _places[stack] = StackContext(
            partition=stack.partition,
            region=stack.region,
            account=stack.account,
            url_suffix=stack.url_suffix,
            path=stack.node.path,
            outer_name=outer.stack_name,
            outer_path=outer.node.path,
            stage="" if stage is None else stage.node.path,
            app=stack.node.root,
        )
    return _places[stack]

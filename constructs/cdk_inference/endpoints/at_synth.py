"""What can only be done once a stack is complete: count its resources, and name wildcards as cdk-nag will see them.

CDK validates constructs after it has resolved references between stacks and before it writes templates.
"""

from __future__ import annotations

import weakref
from typing import Protocol

import jsii
from aws_cdk import CfnResource, Stack
from constructs import IValidation

from cdk_inference.endpoints.place import place_of
from cdk_inference.endpoints.stack_limits import RESOURCES_MAX, count_problem
from cdk_inference.endpoints.template_size import check_template_sizes


class Participant(Protocol):
    """An endpoint that wants to be called at that time."""

    def acknowledge_wildcards(self) -> None: ...


_participants: weakref.WeakKeyDictionary[Stack, list[Participant]] = weakref.WeakKeyDictionary()


def take_part(endpoint: Participant, stack: Stack) -> None:
    """Has `endpoint` called at synth time; the first endpoint of a stack sets the stack's check up."""
    if stack not in _participants:
        _participants[stack] = []
        check_template_sizes(place_of(stack).app)
        stack.node.add_validation(_Completion(stack))
    _participants[stack].append(endpoint)


@jsii.implements(IValidation)
class _Completion:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._done = False

    def validate(self) -> list[str]:
        endpoints = _participants[self._stack]
        if not self._done:
            self._done = True
            for endpoint in endpoints:
                endpoint.acknowledge_wildcards()
        problem = count_problem(place_of(self._stack).path, self._resources(), len(endpoints))
        return [] if problem is None else [problem]

    def _resources(self) -> int:
        """The stack's resources, or its constructs if even these are few enough: each is a question to Node."""
        below = self._stack.node.find_all()
        if len(below) <= RESOURCES_MAX:
            return len(below)
        # Constructs of nested stacks lie below this stack, but in templates of their own.
        path = place_of(self._stack).path
        return sum(CfnResource.is_cfn_resource(child) and Stack.of(child).node.path == path for child in below)

"""What an endpoint costs, in calls from Python to Node, which take most of the time: repeatable, unlike seconds."""

from __future__ import annotations

import pytest
from jsii._kernel.providers.process import _NodeProcess

from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.scaling import TargetConcurrency
from tests.support import llm, models, new_stack, template_of

# As many as for the same 9 resources by hand, although this one also acknowledges findings of cdk-nag.
CALLS_MAX = 27


def calls(monkeypatch: pytest.MonkeyPatch, endpoints: int) -> int:
    """Calls for a stack with so many endpoints, from its making to its template."""
    made = 0
    send = _NodeProcess.send

    def counted(self: _NodeProcess, request: object, response_type: object) -> object:
        nonlocal made
        made += 1
        return send(self, request, response_type)

    with monkeypatch.context() as patched:
        patched.setattr(_NodeProcess, "send", counted)
        stack = new_stack()
        bucket = models(stack)
        for number in range(endpoints):
            scaling = TargetConcurrency(per_instance=4, max_instances=2)
            RealtimeEndpoint(stack, f"E{number}", server=llm(bucket), hardware="ml.g6.2xlarge", scaling=scaling)
        template_of(stack)
    return made


def test_a_further_endpoint_calls_node_no_more_than_this(monkeypatch: pytest.MonkeyPatch) -> None:
    calls(monkeypatch, 1)  # loads modules
    one, three = calls(monkeypatch, 1), calls(monkeypatch, 3)
    assert (three - one) / 2 <= CALLS_MAX

"""CloudFormation's limits of a stack, told at synth time."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from cdk_inference.core.errors import plain_errors
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.kit.stack_checks import count_problem, size_problem
from tests.support import CONTEXT, llm, models, new_stack

MOVING = (
    "An endpoint that is deployed already and moves to another stack is deleted here and made anew there, so move "
    "those that are not"
)


def fill(stack: cdk.Stack, count: int, environment: dict[str, str]) -> None:
    server = llm(models(stack), environment=environment)
    for number in range(count):
        RealtimeEndpoint(stack, f"Chat{number}", server=server, hardware="ml.g6.2xlarge")


def synth_error(app: cdk.App, capfd: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped, plain_errors():
        app.synth()
    assert stopped.value.code == 1
    return capfd.readouterr().err


def test_too_many_resources(capfd: pytest.CaptureFixture[str]) -> None:
    app = cdk.App(context=CONTEXT)
    # By hand: endpoint, config, model, role, policy, log group and rollback alarm are 7 each; 72 of them are 504.
    fill(new_stack(app=app), 72, {})
    assert synth_error(app, capfd) == (
        "Validation failed with the following errors:\n"
        "  [fleet] stack fleet: got 504 resources; allowed: 500 in one stack; fix: make 2 stacks with at most 36 of "
        f"its 72 endpoints each. {MOVING}\n"
    )


def test_too_large_a_template(capfd: pytest.CaptureFixture[str]) -> None:
    app = cdk.App(context=CONTEXT)
    fill(new_stack(app=app), 50, {f"VARIABLE{number}": "x" * 1000 for number in range(25)})
    first, *rest = synth_error(app, capfd).splitlines()
    assert first.startswith("ERROR stack fleet: got a template of 1")
    assert first.endswith(f"{MOVING} (cdk-inference)")
    assert not any("Traceback" in line for line in rest)


def test_nested_stacks_count_for_themselves() -> None:
    app = cdk.App(context=CONTEXT)
    stack = new_stack(app=app)
    nested = cdk.NestedStack(stack, "Inner")
    fill(stack, 42, {})
    fill(nested, 42, {})
    assert len(app.synth().get_stack_artifact(stack.artifact_id).template["Resources"]) <= 500


def test_the_limits_themselves_are_allowed() -> None:
    assert count_problem("fleet", 500, 50) is None
    assert size_problem("fleet", 1_000_000) is None


def test_a_template_one_byte_too_large() -> None:
    assert size_problem("fleet", 1_000_001) == (
        "stack fleet: got a template of 1000001 bytes; allowed: 1000000; fix: make 2 stacks, or move long environment "
        f"variables into a model file. {MOVING}"
    )

"""CloudFormation's limits of a stack, told at synth time."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from cdk_inference.core.errors import plain_errors
from cdk_inference.endpoints import RealtimeEndpoint
from cdk_inference.kit import stack_checks
from cdk_inference.kit.stack_checks import count_problem, size_problem
from tests.support import CONTEXT, llm, models, new_stack

MOVING = (
    "An endpoint that is deployed already and moves to another stack is deleted here and made anew there, so move "
    "those that are not"
)


def fill(stack: cdk.Stack, endpoints: int, others: int = 0) -> None:
    """Endpoints, seven resources each, and others, which are made in a twentieth of the time."""
    server = llm(models(stack))
    for number in range(endpoints):
        RealtimeEndpoint(stack, f"Chat{number}", server=server, hardware="ml.g6.2xlarge")
    for number in range(others):
        cdk.CfnResource(stack, f"Other{number}", type="AWS::SNS::Topic")


def synth_error(app: cdk.App, capfd: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped, plain_errors():
        app.synth()
    assert stopped.value.code == 1
    return capfd.readouterr().err


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> cdk.App:
    """An app in which a stack holds 30 resources, by the CDK's own check too: quicker to fill than 500."""
    monkeypatch.setattr(stack_checks, "RESOURCES_MAX", 30)
    return cdk.App(context={**CONTEXT, "@aws-cdk/core:stackResourceLimit": 30})


def test_too_many_resources(few: cdk.App, capfd: pytest.CaptureFixture[str]) -> None:
    # By hand: endpoint, config, model, role, policy, log group and rollback alarm are 7 each; 4 of them are 28.
    fill(new_stack(app=few), 4, others=6)
    assert synth_error(few, capfd) == (
        "Validation failed with the following errors:\n"
        "  [fleet] stack fleet: got 34 resources; allowed: 30 in one stack; fix: make 2 stacks with at most 2 of "
        f"its 4 endpoints each. {MOVING}\n"
    )


def test_too_large_a_template(capfd: pytest.CaptureFixture[str]) -> None:
    app = cdk.App(context=CONTEXT)
    stack = new_stack(app=app)
    fill(stack, 2)
    cdk.CfnResource(stack, "Long", type="AWS::SNS::Topic", properties={"DisplayName": "x" * 1_000_000})
    first, *rest = synth_error(app, capfd).splitlines()
    assert first.startswith("ERROR stack fleet: got a template of 1")
    assert first.endswith(f"{MOVING} (cdk-inference)")
    assert not any("Traceback" in line for line in rest)


def test_nested_stacks_count_for_themselves(few: cdk.App) -> None:
    stack = new_stack(app=few)
    nested = cdk.NestedStack(stack, "Inner")
    fill(stack, 1, others=20)
    fill(nested, 1, others=20)
    assert 20 < len(few.synth().get_stack_artifact(stack.artifact_id).template["Resources"]) <= 30


def test_the_limits_themselves_are_allowed() -> None:
    assert count_problem("fleet", 500, 50) is None
    assert size_problem("fleet", 1_000_000) is None


def test_a_template_one_byte_too_large() -> None:
    assert size_problem("fleet", 1_000_001) == (
        "stack fleet: got a template of 1000001 bytes; allowed: 1000000; fix: make 2 stacks, or move long environment "
        f"variables into a model file. {MOVING}"
    )

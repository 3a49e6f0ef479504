"""A guardrail for everybody in the account and region, in the example app: off unless asked for."""

from __future__ import annotations

import aws_cdk as cdk
import pytest

from cdk_inference.bedrock import ContentFilter
from stacks.account import AccountStack
from stacks.settings import DEV, ENVIRONMENTS, AccountGuardrail
from tests.each import each
from tests.judges.deployed import Deployment
from tests.support import CONTEXT, Template, only
from tests.synthesized import fleet

ENFORCED = "AWS::Bedrock::EnforcedGuardrailConfiguration"


def template(*, enforced: bool) -> Template:
    asked = AccountGuardrail(policies=(ContentFilter(category="PROMPT_ATTACK"),), enforced=enforced)
    app = cdk.App(context=CONTEXT)
    stack = AccountStack(app, settings=DEV, account=asked)
    found = app.synth().get_stack_artifact(stack.artifact_id).template
    assert isinstance(found, dict)
    return found


@pytest.mark.xdist_group("synthesized")
@each("environment", ENVIRONMENTS)
def test_nobody_is_asked_for_a_guardrail_by_default(environment: str) -> None:
    settings = ENVIRONMENTS[environment]
    assert settings.account_guardrail is None
    assert f"{settings.name}-account" not in {stack.name for stack in fleet(environment).assembly.stacks}


def test_it_is_made_first_and_enforced_when_callers_may_apply_it() -> None:
    first, second = template(enforced=False), template(enforced=True)
    added = set(second["Resources"]) - set(first["Resources"])
    assert [second["Resources"][key]["Type"] for key in added] == [ENFORCED]
    assert {key: second["Resources"][key] for key in first["Resources"]} == first["Resources"]


def test_callers_may_apply_it_and_nothing_else() -> None:
    found = template(enforced=True)
    (statement,) = only(found, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    (guardrail,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::Bedrock::Guardrail")
    assert statement == {
        "Action": "bedrock:ApplyGuardrail",
        "Effect": "Allow",
        "Resource": {"Fn::GetAtt": [guardrail, "GuardrailArn"]},
    }
    assert Deployment().resolve(only(found, ENFORCED)["GuardrailIdentifier"]) == f"<{guardrail}.GuardrailId>"

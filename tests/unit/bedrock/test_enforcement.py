"""A guardrail for the whole account and region."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.bedrock import ContentFilter, EnforcedGuardrail, ExistingGuardrail, Guardrail
from cdk_inference.core.errors import ConfigurationError
from tests.each import each
from tests.judges import lint, service_model
from tests.support import Template, new_stack, only, template_of

KIND = "AWS::Bedrock::EnforcedGuardrailConfiguration"
ARN = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abcdef123456"
EXISTING = ExistingGuardrail(guardrail_arn=ARN, guardrail_version="3")


def template(**arguments: Any) -> Template:
    stack = new_stack()
    EnforcedGuardrail(stack, "Enforced", **{"guardrail": EXISTING, **arguments})
    return template_of(stack)


def test_all_models_and_all_of_a_call() -> None:
    assert only(template(), KIND) == {
        "GuardrailIdentifier": "abcdef123456",
        "GuardrailVersion": "3",
        "SelectiveContentGuarding": {"System": "COMPREHENSIVE", "Messages": "COMPREHENSIVE"},
    }


def test_some_models() -> None:
    found = template(
        models=("amazon.nova-lite-v1:0",), except_models=("anthropic.claude-opus-5-5",), messages="SELECTIVE"
    )
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []
    one = only(found, KIND)
    assert one["ModelEnforcement"] == {
        "IncludedModels": ["amazon.nova-lite-v1:0"],
        "ExcludedModels": ["anthropic.claude-opus-5-5"],
    }
    assert one["SelectiveContentGuarding"] == {"System": "COMPREHENSIVE", "Messages": "SELECTIVE"}


def test_all_models_but_one() -> None:
    assert only(template(except_models=("amazon.nova-lite-v1:0",)), KIND)["ModelEnforcement"] == {
        "IncludedModels": ["ALL"],
        "ExcludedModels": ["amazon.nova-lite-v1:0"],
    }


def test_a_changed_policy_is_enforced_in_its_new_version() -> None:
    stack = new_stack()
    guardrail = Guardrail(stack, "Guardrail", policies=[ContentFilter(category="HATE")])
    EnforcedGuardrail(stack, "Enforced", guardrail=guardrail)
    found = template_of(stack)
    (version,) = (key for key, one in found["Resources"].items() if one["Type"].endswith("GuardrailVersion"))
    assert only(found, KIND)["GuardrailVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert lint.findings(found, "us-east-1") == service_model.findings(found) == []


ONE_DOT = (
    "the id of a foundation model with one dot, which is what AWS::Bedrock::EnforcedGuardrailConfiguration takes "
    "(cfn-lint 1.58.0): no profile's prefix, and none of the ids with two dots"
)
DRAFT = ExistingGuardrail(guardrail_arn=ARN, guardrail_version="DRAFT")
REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"guardrail": DRAFT},
        "guardrail.guardrail_version: got 'DRAFT'; allowed: a version's number as text, as \"1\"; not DRAFT, which changes under its callers; fix: publish one with `aws bedrock create-guardrail-version`, and write the number that it "
        "prints",
    ),
    (
        {"guardrail": ARN},
        f"guardrail: got '{ARN}'; allowed: a guardrail with a version; fix: guardrail=Guardrail(...) or "
        "Guardrail.from_guardrail(...)",
    ),
    (
        {"models": "amazon.nova-lite-v1:0"},
        "models: got 'amazon.nova-lite-v1:0'; allowed: a list of model ids; fix: for example "
        'models=["amazon.nova-lite-v1:0"]',
    ),
    (
        {"except_models": ("us.amazon.nova-lite-v1:0",)},
        f"except_models: got 'us.amazon.nova-lite-v1:0'; allowed: {ONE_DOT}; fix: for example "
        'except_models=["amazon.nova-lite-v1:0"]',
    ),
    *(
        (
            {"models": ["amazon.nova-lite-v1:0", id]},
            f'models: got {id!r}; allowed: {ONE_DOT}; fix: for example models=["amazon.nova-lite-v1:0"]',
        )
        for id in ("deepseek.v3.1", "zai.glm-4.7", "openai.gpt-5.5")
    ),
    *(
        (
            {"guardrail": ExistingGuardrail(guardrail_arn=arn, guardrail_version="3")},
            f"guardrail.guardrail_arn: got {arn!r}; allowed: an ARN of {allowed}; fix: {fix}",
        )
        for arn, allowed, fix in (
            (
                ARN.replace("us-east-1", "us-west-2"),
                "us-east-1",
                "name it in a stack of us-west-2: a guardrail is applied in its own region",
            ),
            (ARN.replace("arn:aws:", "arn:aws-us-gov:"), "the partition aws", "name it there"),
        )
    ),
    ({"system": "ALL"}, "system: got 'ALL'; allowed: SELECTIVE, COMPREHENSIVE; fix: choose one of these"),
]


@each(("arguments", "message"), REFUSED)
def test_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        template(**arguments)
    assert str(caught.value) == f"EnforcedGuardrail fleet/Enforced: {message}"


def enforced_twice(first: cdk.Stack, second: cdk.Stack) -> None:
    for stack in (first, second):
        EnforcedGuardrail(stack, "Enforced", guardrail=EXISTING)


def in_account(app: cdk.App, name: str, region: str) -> cdk.Stack:
    return cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=region))


def test_a_second_one_in_a_stack_or_in_an_account_and_region() -> None:
    stack, app = new_stack(), cdk.App()
    unnamed = "; or name the account and region of each stack (env=...)"
    for first, second, name in (
        (stack, cdk.NestedStack(stack, "Nested"), unnamed),
        (in_account(app, "one", "us-east-1"), in_account(app, "two", "us-east-1"), ""),
        # Stacks that do not name their account are deployed to one, as long as they are of one stage.
        (new_stack("three", app=app), new_stack("four", app=app), unnamed),
    ):
        with pytest.raises(ConfigurationError) as caught:
            enforced_twice(first, second)
        assert str(caught.value) == (
            f"EnforcedGuardrail {second.node.path}/Enforced: scope: got '{first.node.path}/Enforced'; allowed: one for an "
            f"account and region, and there it is already; fix: put all policies into its guardrail{name}"
        )


def test_one_for_each_region_and_stage() -> None:
    app = cdk.App()
    for name, stack in {
        "us-east-1": in_account(app, "one", "us-east-1"),
        "us-west-2": in_account(app, "two", "us-west-2"),
        "dev": cdk.Stack(cdk.Stage(app, "dev"), "three"),
        "prod": cdk.Stack(cdk.Stage(app, "prod"), "four"),
    }.items():
        region = "us-east-1" if len(name) < 5 else name
        arn = ARN.replace("us-east-1", region)
        EnforcedGuardrail(stack, "Enforced", guardrail=ExistingGuardrail(guardrail_arn=arn, guardrail_version="3"))

"""Teams on Bedrock in the example app: each calls its own profile, and not the other's."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any
from unittest import mock

import aws_cdk as cdk
import pytest

from app import add_stacks
from rehearsal.iam import Answer
from stacks.bedrock import BedrockStack
from stacks.settings import DEV, ENVIRONMENTS
from tests.bedrock_calls import VPCE, Call, model_arn, own_arn
from tests.each import each
from tests.judges.deployed import Deployment
from tests.support import CONTEXT
from tests.synthesized import fleet

pytestmark = pytest.mark.xdist_group("synthesized")

GUARDRAIL = own_arn("guardrail/abcdef123456")


def template_of(environment: str) -> dict[str, Any]:
    (stack,) = (stack for stack in fleet(environment).assembly.stacks if stack.name.endswith("-bedrock"))
    return stack.template


def ids(template: dict[str, Any], kind: str) -> dict[str, str]:
    """Team -> logical id."""
    return {
        team: key
        for team in ("Search", "Support")
        for key, one in template["Resources"].items()
        if one["Type"] == kind and key.startswith(team)
    }


def listed(statement: dict[str, Any]) -> Sequence[str]:
    resources = statement["Resource"]
    return [resources] if isinstance(resources, str) else list(resources)


def case(environment: str) -> tuple[dict[str, str], Deployment, Callable[..., Answer]]:
    """Team -> its role; the deployed stack; what IAM says when a role calls with a team's profile."""
    template, settings = template_of(environment), ENVIRONMENTS[environment]
    profiles = ids(template, "AWS::Bedrock::ApplicationInferenceProfile")
    arns = {team: own_arn(f"application-inference-profile/{team.lower()}") for team in profiles}
    (guardrail,) = (key for key, one in template["Resources"].items() if one["Type"] == "AWS::Bedrock::Guardrail")
    values = {f"{key}.InferenceProfileArn": arns[team] for team, key in profiles.items()}
    paths = [key for key, one in template["Resources"].items() if one["Type"] == "AWS::EC2::VPCEndpoint"]
    deployment = Deployment(values={**values, f"{guardrail}.GuardrailArn": GUARDRAIL, **dict.fromkeys(paths, VPCE)})
    roles = ids(template, "AWS::IAM::Role")

    def answer(role: str, team: str, *, guardrail: str | None = f"{GUARDRAIL}:1", **options: Any) -> Answer:
        of = settings.teams[team]
        regions = of.destinations_from(settings.region)
        path = {"vpce": VPCE} if paths else {}
        call = Call(names=arns[team], model=of.model.id, regions=regions, guardrail=guardrail, **{**path, **options})
        return call.answer(deployment.identity_of(template, roles[role]))

    return roles, deployment, answer


def test_more_teams_share_the_budget_and_the_rate() -> None:
    """Four of the teams have four kinds of tokens, and one alarm reads ten metrics: two teams of Search's model."""
    more = dict.fromkeys(("Legal", "Sales", "Research"), DEV.teams["Search"])
    app = cdk.App(context=CONTEXT)
    BedrockStack(app, settings=dataclasses.replace(DEV, teams={**DEV.teams, **more}))
    (found,) = (one.template for one in app.synth().stacks)
    kinds = [one["Type"] for one in found["Resources"].values()]
    assert kinds.count("AWS::Bedrock::ApplicationInferenceProfile") == 5
    assert kinds.count("AWS::Budgets::Budget") == kinds.count("AWS::CloudWatch::CompositeAlarm") == 1
    parts = [one["Properties"] for one in found["Resources"].values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert sum(part["Threshold"] for part in parts) == pytest.approx(1.37)  # 500 / 730 x 2, in cents
    assert max(sum("MetricStat" in one for one in part["Metrics"]) for part in parts) <= 10


@each("environment", ENVIRONMENTS)
def test_each_team_calls_its_own_profile_and_not_the_others(environment: str) -> None:
    roles, _, answer = case(environment)
    for role in roles:
        for team in roles:
            assert answer(role, team).allowed is (role == team)
            assert answer(role, team, streaming=True).allowed is (role == team)


@each("environment", ENVIRONMENTS)
def test_every_call_applies_the_guardrail_in_some_version(environment: str) -> None:
    _, _, answer = case(environment)
    assert answer("Search", "Search", guardrail=f"{GUARDRAIL}:2").allowed
    for other in (None, GUARDRAIL, f"{GUARDRAIL}x:1"):
        assert not answer("Search", "Search", guardrail=other).allowed


def test_in_prod_calls_come_through_the_private_path() -> None:
    _, _, answer = case("prod")
    for elsewhere in (None, "vpce-99999999999999999"):
        assert not answer("Search", "Search", vpce=elsewhere).allowed


def test_the_private_path_lets_through_what_the_teams_call_and_nothing_else() -> None:
    template, settings = template_of("prod"), ENVIRONMENTS["prod"]
    (path,) = (one for one in template["Resources"].values() if one["Type"] == "AWS::EC2::VPCEndpoint")
    _, deployment, _ = case("prod")
    allowed = {
        arn for one in deployment.resolve(path["Properties"]["PolicyDocument"])["Statement"] for arn in listed(one)
    }
    models = {
        model_arn(of.model.id, region)
        for of in settings.teams.values()
        for region in of.destinations_from(settings.region) or ()
    }
    profiles = {own_arn(f"application-inference-profile/{team.lower()}") for team in settings.teams}
    assert allowed == models | profiles | {GUARDRAIL}


@each("environment", ENVIRONMENTS)
def test_a_teams_calls_are_billed_under_its_tag(environment: str) -> None:
    template = template_of(environment)
    for team, key in ids(template, "AWS::Bedrock::ApplicationInferenceProfile").items():
        tags = {tag["Key"]: tag["Value"] for tag in template["Resources"][key]["Properties"]["Tags"]}
        budget = {"cost-controls": f"inference-{environment}-bedrock-Cost"}
        assert tags == {"team": team.lower(), **ENVIRONMENTS[environment].tags, **budget}


def test_no_team_no_stack() -> None:
    app = cdk.App(context=CONTEXT)
    with mock.patch("app.FleetStack"):  # which takes most of the time
        add_stacks(app, dataclasses.replace(DEV, teams={}))
    assert [stack.node.id for stack in app.node.children] == [f"{DEV.name}-models"]

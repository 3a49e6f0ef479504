"""Teams on Bedrock in the example app: each calls its own profile, and not the other's."""

from __future__ import annotations

import dataclasses
from typing import Any

import aws_cdk as cdk
import pytest

from stacks.bedrock import bedrock_stack
from stacks.settings import DEV, ENVIRONMENTS
from tests.bedrock_calls import Call, own_arn
from tests.judges.deployed import Deployment
from tests.judges.iam import Answer
from tests.synthesized import fleet

pytestmark = pytest.mark.xdist_group("synthesized")


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


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_team_calls_its_own_profile_and_not_the_others(environment: str) -> None:
    template, settings = template_of(environment), ENVIRONMENTS[environment]
    profiles = ids(template, "AWS::Bedrock::ApplicationInferenceProfile")
    roles = ids(template, "AWS::IAM::Role")
    arns = {team: own_arn(f"application-inference-profile/{team.lower()}") for team in profiles}
    deployment = Deployment(values={f"{key}.InferenceProfileArn": arns[team] for team, key in profiles.items()})

    def answer(role: str, team: str, *, streaming: bool = False) -> Answer:
        of = settings.teams[team]
        regions = of.destinations_from(settings.region)
        call = Call(names=arns[team], model=of.model.id, regions=regions, streaming=streaming)
        return call.answer(deployment.identity_of(template, roles[role]))

    for role in roles:
        for team in profiles:
            assert answer(role, team).allowed is (role == team)
            assert answer(role, team, streaming=True).allowed is (role == team)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_teams_calls_are_billed_under_its_tag(environment: str) -> None:
    template = template_of(environment)
    for team, key in ids(template, "AWS::Bedrock::ApplicationInferenceProfile").items():
        tags = {tag["Key"]: tag["Value"] for tag in template["Resources"][key]["Properties"]["Tags"]}
        assert tags == {"team": team.lower(), **ENVIRONMENTS[environment].tags}


def test_no_team_no_stack() -> None:
    assert bedrock_stack(cdk.App(), dataclasses.replace(DEV, teams={})) is None

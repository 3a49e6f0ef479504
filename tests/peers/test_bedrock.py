"""What breaks access to Bedrock made with other tools, as their users reported it: here it cannot happen.

Each test names the reports. The repositories are public; their numbers are issues or pull requests.
"""

from __future__ import annotations

import functools
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_inference.bedrock import ApplicationProfile, BedrockAccess, InferenceProfile, table
from cdk_inference.bedrock.statements import statements
from cdk_inference.core.location import Location
from cdk_inference.endpoints import InvocableEndpoint
from rehearsal.iam import Policies, Request, decide
from tests.bedrock_calls import ACCOUNT, Call, model_arn, own_arn
from tests.each import each
from tests.judges.deployed import Deployment
from tests.judges.lint import iam_actions
from tests.support import new_stack, of_type, template_of

OPUS = "anthropic.claude-opus-5-5"
PROFILE = InferenceProfile(f"us.{OPUS}")
SEARCH = own_arn("application-inference-profile/search000000")
GEOGRAPHIC = [
    (name, source)
    for name, fact in table.profiles().items()
    for source, destinations in fact.destinations.items()
    if destinations and name.partition(".")[0] != "us-gov"
]


@functools.cache
def granted(profile: InferenceProfile, region: str) -> Policies:
    found = statements(profile, Location(partition="aws", region=region, account=ACCOUNT))
    return Policies(identity=[{"Version": "2012-10-17", "Statement": found}])


def test_a_profile_is_granted_with_its_model_in_every_region_that_it_routes_to() -> None:
    """A missing one fails only once a request is routed there.

    aws/aws-cdk 36774, aws-samples/well-architected-iac-analyzer 181
    """
    assert len(GEOGRAPHIC) > 400
    for name, source in GEOGRAPHIC:
        call = Call(
            names=own_arn(f"inference-profile/{name}", source),
            source=source,
            model=name.partition(".")[2],
            regions=table.profiles()[name].destinations[source],
        )
        answer = call.answer(granted(InferenceProfile(name), source))
        assert answer.allowed, f"{name} from {source}: {answer.why}"


def one_of_each() -> set[tuple[str, str]]:
    """Returns (profile, source): each profile from one region, and one profile for each list of regions of a source."""
    names = {name: (name, source) for name, source in GEOGRAPHIC}
    routes = {
        (name.partition(".")[0], source, table.profiles()[name].destinations[source]): name
        for name, source in GEOGRAPHIC
    }
    return {*names.values(), *((name, source) for (_, source, _), name in routes.items())}


def test_a_profiles_grant_gives_no_model_beside_it() -> None:
    """Others grant the model in region * without a condition: aws/aws-cdk 36774"""
    assert len(one_of_each()) > 150
    for name, source in one_of_each():
        policies = granted(InferenceProfile(name), source)
        model = name.partition(".")[2]
        for region in (*table.profiles()[name].destinations[source], "sa-east-1", ""):
            direct = Request("bedrock:InvokeModel", model_arn(model, region), {"aws:RequestedRegion": region})
            assert not decide(direct, policies)
            other = {"bedrock:InferenceProfileArn": own_arn(f"inference-profile/global.{model}", source)}
            assert not decide(Request("bedrock:InvokeModel", model_arn(model, region), other), policies)


def test_no_profiles_id_and_no_wildcard_stands_in_a_models_arn() -> None:
    """foundation-model/us.anthropic... matches nothing: aws-amplify/amplify-data 537"""
    for name, source in GEOGRAPHIC:
        for one in granted(InferenceProfile(name), source).identity[0]["Statement"]:
            for arn in one["Resource"]:
                assert f"foundation-model/{name}" not in arn
                assert "*" not in arn


def team(**changes: Any) -> tuple[cdk.Stack, ApplicationProfile, iam.Role]:
    stack = new_stack()
    profile = ApplicationProfile(stack, "Search", of=PROFILE, tags={"team": "search"})
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    BedrockAccess(stack, "Access", models=[profile], **changes).grant_invoke(role)
    return stack, profile, role


def policies_of(stack: cdk.Stack, profile: ApplicationProfile, role: iam.Role) -> Policies:
    key = f"{stack.get_logical_id(profile.node.default_child)}.InferenceProfileArn"
    deployment = Deployment(values={key: SEARCH})
    return deployment.identity_of(template_of(stack), stack.get_logical_id(role.node.default_child))


@each("streaming", [False, True])
def test_an_application_profile_can_be_streamed_from(streaming: bool) -> None:
    """Others grant InvokeModel alone, or inference-profile/* only.

    awslabs/generative-ai-cdk-constructs at 9d49b9d; aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock 182
    """
    regions = table.profiles()[PROFILE.id].destinations["us-east-1"]
    call = Call(names=SEARCH, model=OPUS, regions=regions, streaming=streaming)
    assert call.answer(policies_of(*team()))


def test_no_action_is_granted_that_does_not_exist() -> None:
    """bedrock:Converse grants nothing; asynchronous endpoints have an action of their own, InvokeEndpointAsync."""
    stack, _, _ = team()
    granted_actions = {
        action.lower()
        for policy in of_type(template_of(stack), "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }
    assert granted_actions == {"bedrock:invokemodel", "bedrock:invokemodelwithresponsestream"}
    assert granted_actions < iam_actions()
    assert "bedrock:converse" not in iam_actions()
    assert "sagemaker:InvokeEndpointAsync" not in InvocableEndpoint.invoke_actions


@each("changes", [{}, {"api_keys": "any"}])
def test_no_caller_may_subscribe(changes: dict[str, Any]) -> None:
    """The first call of a model then subscribes the account: anthropics/claude-code 9681, aws-samples/anthropic-on-aws 252"""
    found = policies_of(*team(**changes))
    product = {"aws-marketplace:ProductId": "prod-xdkflymybwmvi"}
    for action in ("Subscribe", "Unsubscribe", "ViewSubscriptions"):
        assert not decide(Request(f"aws-marketplace:{action}", "*", product), found)
    assert "aws-marketplace" not in str(found)

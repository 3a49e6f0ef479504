"""The constructs: resources, names, metrics, refusals."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam

from cdk_inference.bedrock import (
    ApplicationProfile,
    BedrockAccess,
    ContentFilter,
    ExistingGuardrail,
    ExistingProfile,
    FoundationModel,
    Guardrail,
    ImportedModel,
    InferenceProfile,
    MarketplaceSubscriber,
    ModelTarget,
    PromptRouter,
)
from cdk_inference.bedrock.metrics import BedrockMetrics
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.metrics import of_kind
from cdk_inference.target import InferenceTarget
from tests.each import each
from tests.judges.deployed import Deployment
from tests.refusals import refusal_of
from tests.support import new_stack, of_type, only, template_of

LITE, PRO = FoundationModel("amazon.nova-lite-v1:0"), FoundationModel("amazon.nova-pro-v1:0")
PROFILE = InferenceProfile("us.amazon.nova-pro-v1:0")
OWN = "arn:aws:bedrock:us-east-1:111122223333"
METHODS = sorted(name for name in vars(BedrockMetrics) if name.startswith("metric_"))


def access(stack: cdk.Stack, **changes: Any) -> BedrockAccess:
    return BedrockAccess(stack, "Access", **{"models": [PROFILE], **changes})


def test_an_application_profile() -> None:
    stack = new_stack()
    profile = ApplicationProfile(stack, "Search", of=PROFILE, tags={"team": "search", "app": "chat"})
    found = only(template_of(stack), "AWS::Bedrock::ApplicationInferenceProfile")
    source = ["arn:aws:bedrock:us-east-1:", {"Ref": "AWS::AccountId"}, f":inference-profile/{PROFILE.id}"]
    assert found == {
        "InferenceProfileName": profile.profile_name,
        "ModelSource": {"CopyFrom": {"Fn::Join": ["", source]}},
        "Tags": [{"Key": "app", "Value": "chat"}, {"Key": "team", "Value": "search"}],
    }
    assert profile.profile_name.startswith("fleet-search-")
    assert profile.target_name == profile.profile_name
    assert profile.model_id == profile.profile_arn


def test_tags_of_a_profile_are_not_overruled_by_those_of_the_app() -> None:
    stack = new_stack()
    ApplicationProfile(stack, "Search", of=PROFILE, tags={"team": "search"})
    cdk.Tags.of(stack.node.root).add("team", "platform")
    cdk.Tags.of(stack).add("stage", "dev")
    assert only(template_of(stack), "AWS::Bedrock::ApplicationInferenceProfile")["Tags"] == [
        {"Key": "stage", "Value": "dev"},
        {"Key": "team", "Value": "search"},
    ]


def test_another_source_is_another_name() -> None:
    """The source cannot be changed, so CloudFormation makes a second profile before it deletes the first."""
    names = {ApplicationProfile(new_stack(), "Search", of=of, tags={"a": "b"}).profile_name for of in (PROFILE, PRO)}
    assert len(names) == 2
    assert all(len(name) <= 64 for name in names)


def test_a_long_path_keeps_the_name_within_what_aws_takes() -> None:
    stack = new_stack("s" * 60)
    scope = cdk.Stack(stack, "x" * 40)
    assert len(ApplicationProfile(scope, "P" * 40, of=PRO, tags={"a": "b"}).profile_name) <= 64


def test_a_profile_with_everything_wrong() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ApplicationProfile(
            new_stack(), "Search", of=FoundationModel("deepseek.r1-v1:0"), tags={"aws:x": "a", "t": "a,b"}
        )
    example = 'for example tags={"team": "search", "application": "chat"}'
    characters = "letters, digits, spaces and . _ : / = + @ -"
    first, *rest = str(caught.value).splitlines()[1:]
    assert first.startswith("  1. of: got 'deepseek.r1-v1:0'; allowed: us.deepseek.r1-v1:0: as of ")
    assert rest == [
        f"  2. tags: got 'aws:x'; allowed: keys of 1 to 128 characters: {characters}; not beginning with aws:; fix: {example}",
        f"  3. tags['t']: got 'a,b'; allowed: a text of up to 256 characters: {characters}; fix: {example}",
    ]


@each("tags", [{}, None, ["team"]])
def test_a_profile_without_tags(tags: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ApplicationProfile(new_stack(), "Search", of=PRO, tags=tags)
    assert str(caught.value) == (
        f"ApplicationProfile fleet/Search: tags: got {tags!r}; allowed: at least one tag, to which its cost is allocated; "
        'fix: for example tags={"team": "search", "application": "chat"}'
    )


def test_a_router() -> None:
    stack = new_stack()
    router = PromptRouter(stack, "Router", models=[LITE, PRO], fallback=PRO, quality_difference_percent=25)
    arns = [f"arn:aws:bedrock:us-east-1::foundation-model/{one.id}" for one in (LITE, PRO)]
    assert only(template_of(stack), "AWS::Bedrock::IntelligentPromptRouter") == {
        "PromptRouterName": "fleet-router",
        "Models": [{"ModelArn": arn} for arn in arns],
        "FallbackModel": {"ModelArn": arns[1]},
        "RoutingCriteria": {"ResponseQualityDifference": 25},
    }
    assert router.target_name == "fleet-router"


ROUTERS = [
    ([LITE], LITE, 10, "models: got [FoundationModel(id='amazon.nova-lite-v1:0')]; allowed: exactly two models: "),
    (
        [LITE, FoundationModel("openai.gpt-oss-20b-1:0")],
        LITE,
        10,
        "models: got [FoundationModel(id='amazon.nova-lite-v1:0'), FoundationModel(id='openai.gpt-oss-20b-1:0')]; allowed: models of one provider: ",
    ),
    (
        [LITE, PRO],
        PROFILE,
        10,
        "fallback: got InferenceProfile(id='us.amazon.nova-pro-v1:0', destinations=None); allowed: one of the two models; fix: fallback=models[0]",
    ),
    (
        [LITE, PRO],
        LITE,
        101,
        "quality_difference_percent: got 101; allowed: a number from 0 to 100; fix: a number of percent, as 25",
    ),
    (
        [FoundationModel("amazon.titan-embed-text-v2:0"), PRO],
        PRO,
        10,
        "models: got 'amazon.titan-embed-text-v2:0'; allowed: models that answer with text, not with embedding; fix: two ",
    ),
    (
        "amazon.nova-pro-v1:0",
        PRO,
        -5,
        "models: got 'amazon.nova-pro-v1:0'; allowed: FoundationModel or InferenceProfile; fix: two models",
    ),
    (
        ["a", PRO],
        PRO,
        10,
        "models: got ['a', FoundationModel(id='amazon.nova-pro-v1:0')]; allowed: FoundationModel or InferenceProfile; fix: two models of one provider's family, as Nova Lite and Nova Pro",
    ),
]


def test_a_percentage_that_a_peer_reports_as_refused_is_a_warning() -> None:
    stack = new_stack(app=cdk.App())
    warned = {
        percent: [
            entry.data
            for entry in PromptRouter(
                stack, f"Router{number}", models=[LITE, PRO], fallback=PRO, quality_difference_percent=percent
            ).node.metadata
            if entry.type == "aws:cdk:warning"
        ]
        for number, percent in enumerate((0, 5, 100.0, 12, 0.25, 99.9))
    }
    assert [percent for percent, found in warned.items() if found] == [12, 0.25, 99.9]
    assert "only multiples of 5 are taken" in str(warned[12])


@each(("models", "fallback", "percent", "message"), ROUTERS)
def test_routers_that_are_refused(models: Any, fallback: Any, percent: float, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        PromptRouter(new_stack(), "Router", models=models, fallback=fallback, quality_difference_percent=percent)
    assert message in str(caught.value)
    assert str(caught.value).startswith("PromptRouter fleet/Router")


def test_access_makes_no_resource() -> None:
    stack = new_stack()
    access(stack)
    assert [one for one in stack.node.find_all() if cdk.CfnResource.is_cfn_resource(one)] == []


ACCESSES: list[tuple[dict[str, Any], str]] = [
    (
        {"models": []},
        "models: got []; allowed: a list of FoundationModel, InferenceProfile, ApplicationProfile, PromptRouter, or an own "
        'model by its ARN; fix: models=[InferenceProfile("us....")]',
    ),
    (
        {"models": PRO, "vpc_endpoints": "vpce-12345678", "batch_role": "jobs"},
        " has 3 problems:\n  1. models: got FoundationModel(id='amazon.nova-pro-v1:0'); allowed: a list of FoundationModel, "
        "InferenceProfile, ApplicationProfile, PromptRouter, or an own model by its ARN; fix: "
        'models=[InferenceProfile("us....")]\n'
        "  2. vpc_endpoints: got 'vpce-12345678'; allowed: a list of interface endpoints (aws_ec2.IInterfaceVpcEndpoint) or "
        "their ids; fix: vpc_endpoints=[path.endpoint]\n"
        "  3. batch_role: got 'jobs'; allowed: a role (aws_iam.IRole); fix: batch_role=iam.Role(...)",
    ),
    (
        {
            "models": "nova",
            "vpc_endpoints": ["vpce-1"],
            "organization_id": "r-1",
            "api_keys": "yes",
            "operations": ["count-tokens", "converse"],
        },
        " has 5 problems:\n  1. models: got 'nova'; allowed: a list of FoundationModel, InferenceProfile, "
        'ApplicationProfile, PromptRouter, or an own model by its ARN; fix: models=[InferenceProfile("us....")]\n'
        "  2. vpc_endpoints: got 'vpce-1'; allowed: the id of a VPC endpoint, as vpce-0123456789abcdef0; fix: copy it from "
        "`aws ec2 describe-vpc-endpoints`, or pass endpoint.vpc_endpoint_id\n"
        "  3. organization_id: got 'r-1'; allowed: an id as o-a1b2c3d4e5; fix: copy it from `aws organizations "
        "describe-organization`\n"
        "  4. operations[1]: got 'converse'; allowed: count-tokens, rerank, async-invoke; fix: for example "
        'operations=["count-tokens"]\n'
        "  5. api_keys: got 'yes'; allowed: none, short-term, any; fix: api_keys=\"none\"",
    ),
    (
        {"operations": ["count-tokens", "converse"]},
        "operations[1]: got 'converse'; allowed: count-tokens, rerank, async-invoke; fix: for example "
        'operations=["count-tokens"]',
    ),
    (
        {"models": [ImportedModel(f"{OWN}:imported-model/abcdef123456")], "operations": ["count-tokens"]},
        "operations: got 'count-tokens'; allowed: a model or profile of AWS's: CountTokens is authorized on foundation models "
        "only; fix: leave it out",
    ),
    (
        {
            "operations": ["async-invoke"],
            "guardrail": ExistingGuardrail(guardrail_arn=f"{OWN}:guardrail/abc", guardrail_version="1"),
        },
        "operations: got 'async-invoke'; allowed: no guardrail: StartAsyncInvoke takes none, so every call would be denied; "
        "fix: make a BedrockAccess of its own for asynchronous calls",
    ),
    ({"models": [PRO, PRO]}, "models: got 'amazon.nova-pro-v1:0'; allowed: each model once; fix: leave one out"),
    (
        {"openai_project": "default"},
        "openai_project: got 'default'; allowed: FoundationModel only: the OpenAI-compatible endpoint has no profiles and "
        "no own models; fix: make a BedrockAccess of its own for the models that are called there",
    ),
]


def test_a_guardrail_of_another_region_account_or_partition() -> None:
    app = cdk.App()
    here = new_stack("here", app=app, account="111122223333")
    west = new_stack("west", region="us-west-2", app=app, account="111122223333")
    made = Guardrail(west, "Guardrail", policies=[ContentFilter(category="HATE")])
    assert refusal_of(access, here, guardrail=made) == (
        "BedrockAccess here/Access: guardrail: got 'a guardrail of us-west-2'; allowed: a guardrail of the region "
        "us-east-1: a guardrail is applied in its own region; fix: make one there"
    )
    for arn, key, told in (
        ("arn:aws:bedrock:us-west-2:111122223333:guardrail/abc", None, "guardrail_arn: "),
        ("arn:aws:bedrock:us-east-1:999999999999:guardrail/abc", None, "guardrail_arn: "),
        ("arn:aws-us-gov:bedrock:us-east-1:111122223333:guardrail/abc", None, "guardrail_arn: "),
        (
            "arn:aws:bedrock:us-east-1:111122223333:guardrail/abc",
            "arn:aws:kms:us-west-2:111122223333:key/abc",
            "guardrail_key_arn: ",
        ),
    ):
        existing = ExistingGuardrail(guardrail_arn=arn, guardrail_version="1", guardrail_key_arn=key)
        assert refusal_of(access, here, guardrail=existing).startswith(f"BedrockAccess here/Access: guardrail.{told}")
        if key is None:
            wrong = {"guardrail_arn": arn, "guardrail_version": "DRAFT"}
            assert " has 2 problems:" in refusal_of(Guardrail.from_guardrail, here, "There", **wrong)


@each(("arguments", "message"), ACCESSES)
def test_access_that_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        access(new_stack(), **arguments)
    told = str(caught.value).removeprefix("BedrockAccess fleet/Access")
    assert told.removeprefix(": ") == message


def test_the_target_of_a_model() -> None:
    stack = new_stack()
    team = ApplicationProfile(stack, "Team", of=PRO, tags={"team": "a"})
    found = access(stack, models=[PROFILE, team])
    assert [one.target_name for one in found.targets] == [PROFILE.id, team.profile_name]
    assert found.target(team) is found.targets[1]
    assert found.target(PROFILE) is found.targets[0]
    assert found.targets[1].model_id == team.profile_arn
    for model in (None, LITE):
        with pytest.raises(ConfigurationError) as caught:
            found.target(model)
        assert str(caught.value) == (
            f"BedrockAccess fleet/Access: model: got {model!r}; allowed: one of the models of this access: {PROFILE.id}, "
            f"{team.profile_name}; fix: name one: target(model)"
        )


def test_an_unknown_model_warns_and_works() -> None:
    # cdk.json's context makes warnings errors, as the CDK does if it is asked to.
    stack = new_stack(app=cdk.App())
    found = access(stack, models=[FoundationModel("new.model-v1:0")]).target()
    found.grant_invoke(iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))
    (statement,) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert Deployment().resolve(statement["Resource"]) == "arn:aws:bedrock:us-east-1::foundation-model/new.model-v1:0"
    entries = [entry.data for entry in found.node.metadata if entry.type == "aws:cdk:warning"]
    assert len(entries) == 1
    assert str(entries[0]).startswith("new.model-v1:0: not in the table of ")


def test_a_stack_without_a_region() -> None:
    stack = new_stack(region=None)
    found = access(stack, models=[PRO, InferenceProfile("global.anthropic.claude-opus-5-5")])
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    assert found.grant_invoke(role).success
    assert {"Ref": "AWS::Partition"} in _leaves(only(template_of(stack), "AWS::IAM::Policy"))


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict) and set(value) == {"Ref"}:
        return [value]
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [leaf for child in children for leaf in _leaves(child)]


def test_two_grants_to_one_role_are_one_policy_without_ids() -> None:
    stack = new_stack()
    found = access(stack, models=[PRO, LITE])
    role = iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    for target in found.targets:
        target.grant_invoke(role)
    (statement,) = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert "Sid" not in statement
    assert sorted(statement["Resource"]) == [
        f"arn:aws:bedrock:us-east-1::foundation-model/{one.id}" for one in (LITE, PRO)
    ]


def test_a_batch_role_gets_what_a_job_on_a_profile_needs() -> None:
    stack = new_stack()
    jobs = iam.Role(stack, "Jobs", assumed_by=iam.ServicePrincipal("bedrock.amazonaws.com"))
    access(stack, batch_role=jobs)
    found = only(template_of(stack), "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    assert len(found) == 2
    assert found[1]["Resource"] == [
        f"arn:aws:bedrock:{region}::foundation-model/amazon.nova-pro-v1:0"
        for region in ("us-east-1", "us-east-2", "us-west-2")
    ]


@each(
    ("model", "metric_id"),
    [
        (PRO, PRO.id),
        (PROFILE, PROFILE.id),
        (ExistingProfile(f"{OWN}:application-inference-profile/abcdef123456", of=PRO), "abcdef123456"),
        (ImportedModel(f"{OWN}:imported-model/abcdef123456", metric_id="seen"), "seen"),
    ],
)
def test_a_target_answers_to_the_words_of_all_targets(model: Any, metric_id: str) -> None:
    target = access(new_stack(), models=[model]).target()
    assert isinstance(target, InferenceTarget)
    found = {
        "metric_requests": ("Invocations", "Sum"),
        "metric_client_errors": ("InvocationClientErrors", "Sum"),
        "metric_server_errors": ("InvocationServerErrors", "Sum"),
        "metric_latency_milliseconds": ("InvocationLatency", "p99"),
    }
    for word, (name, statistic) in found.items():
        metric = getattr(target, word)()
        assert isinstance(metric, cloudwatch.Metric)
        assert (metric.namespace, metric.metric_name, metric.statistic) == ("AWS/Bedrock", name, statistic)
        assert metric.dimensions == {"ModelId": metric_id}


def test_an_application_profile_is_measured_under_its_generated_id() -> None:
    stack = new_stack()
    team = ApplicationProfile(stack, "Team", of=PRO, tags={"team": "a"})
    for target in (team, access(stack, models=[team]).target()):
        assert stack.resolve(target.metric_requests().dimensions) == {
            "ModelId": {"Fn::GetAtt": [stack.get_logical_id(team.node.default_child), "InferenceProfileId"]}
        }


def test_a_method_per_metric_and_a_metric_per_method() -> None:
    models = [FoundationModel("qwen.qwen3-32b")]
    target = BedrockAccess(new_stack(), "Access", models=models, openai_project="default").target()
    found = {getattr(target, name)().metric_name for name in METHODS}
    assert found == {fact.name for kind in ("bedrock", "mantle") for fact in of_kind(kind)}
    assert len(METHODS) == len(found)


def test_metrics_of_what_has_no_known_dimension() -> None:
    target = access(new_stack(), models=[ImportedModel(f"{OWN}:imported-model/abcdef123456")]).target()
    assert isinstance(target, ModelTarget)
    with pytest.raises(ConfigurationError) as caught:
        target.metric_requests()
    assert str(caught.value) == (
        "metric of abcdef123456: metric_id: got None; allowed: a model, a profile, or an own model whose metric_id is "
        "given; fix: look under which ModelId CloudWatch has it, `aws cloudwatch list-metrics --namespace AWS/Bedrock`, "
        "and pass metric_id=...; metrics of a prompt router are those of the models that it chose"
    )


def test_marketplace_rights_are_a_role_of_their_own() -> None:
    stack = new_stack()
    MarketplaceSubscriber(stack, "Buyer", assumed_by=iam.AccountRootPrincipal(), product_ids=["prod-xdkflymybwmvi"])
    template = template_of(stack)
    first, second, _ = only(template, "AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]
    assert first["Condition"] == {"ForAnyValue:StringEquals": {"aws-marketplace:ProductId": ["prod-xdkflymybwmvi"]}}
    assert (first["Action"], first["Effect"]) == ("aws-marketplace:Subscribe", "Allow")
    assert second["Action"] == ["aws-marketplace:Unsubscribe", "aws-marketplace:ViewSubscriptions"]
    assert len(of_type(template, "AWS::IAM::Role")) == 1


def test_subscribers_that_no_policy_holds() -> None:
    """Each product takes 23 characters: 250 of them fit beside the statements, 260 do not."""
    ids = [f"prod-{number:0>15}" for number in range(260)]
    buyer = MarketplaceSubscriber(new_stack(), "Buyer", assumed_by=iam.AccountRootPrincipal(), product_ids=ids[:230])
    assert buyer.role is not None
    assert refusal_of(MarketplaceSubscriber, new_stack(), "Buyer", assumed_by="me", product_ids=ids) == (
        "MarketplaceSubscriber fleet/Buyer has 2 problems:\n"
        "  1. assumed_by: got 'me'; allowed: a principal (aws_iam.IPrincipal); fix: for example iam.AccountRootPrincipal()\n"
        "  2. product_ids: got '260 products'; allowed: products that fit into one policy of 6144 characters; fix: make a "
        "second subscriber"
    )


@each("ids", [[], ["claude"]])
def test_a_subscriber_of_nothing(ids: list[str]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        MarketplaceSubscriber(new_stack(), "Buyer", assumed_by=iam.AccountRootPrincipal(), product_ids=ids)
    got, allowed = ("[]", "at least one product") if not ids else ("'claude'", "an id as prod-xdkflymybwmvi")
    assert str(caught.value) == (
        f"MarketplaceSubscriber fleet/Buyer: product_ids: got {got}; allowed: {allowed}; fix: copy it from the model's "
        "card: Marketplace product ID"
    )

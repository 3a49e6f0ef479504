"""The guardrail: its resources, when it has a new version, what is granted, what is refused."""

from __future__ import annotations

import dataclasses
import functools
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.bedrock import (
    BedrockAccess,
    BlockedWords,
    ContentFilter,
    CrossRegion,
    DeniedTopic,
    FoundationModel,
    Grounding,
    Guardrail,
    GuardrailLike,
    GuardrailPolicy,
    PiiFilter,
    PiiRegex,
)
from cdk_inference.bedrock.content_policy import ACTIONS, BLOCK_OR_DETECT, CATEGORIES, STRENGTHS
from cdk_inference.bedrock.guardrail_metrics import GuardrailMetrics
from cdk_inference.bedrock.guardrail_policy import Policies
from cdk_inference.bedrock.guardrail_profiles import PROFILES
from cdk_inference.bedrock.pii_policy import ENTITIES
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.metrics import of_kind
from rehearsal.iam import Request, decide
from tests.each import each
from tests.judges import lint, service_model
from tests.judges.deployed import Deployment
from tests.support import Template, new_stack, of_type, only, resource, template_of

ARN = "arn:aws:bedrock:us-east-1:111122223333:guardrail/abcdef123456"
HATE = ContentFilter(category="HATE")
EVERYTHING: list[GuardrailPolicy] = [
    ContentFilter(category="PROMPT_ATTACK"),
    ContentFilter(category="HATE", strength="LOW", on_output="detect", images=True),
    DeniedTopic(name="Investment advice", definition="What to buy.", examples=("Which shares?",)),
    BlockedWords(words=("acme", "Acme"), profanity=True),
    PiiFilter(entities=("EMAIL", "PHONE"), on_output="mask"),
    PiiFilter(entities=("PASSWORD",), regexes=(PiiRegex(name="Customer", pattern="C-[0-9]{8}", description="Id"),)),
    Grounding(grounding=0.7, relevance=0.5),
]


def guardrail(stack: cdk.Stack, **changes: Any) -> Guardrail:
    return Guardrail(stack, "Guardrail", **{"policies": [HATE], **changes})


def template(region: str | None = "us-east-1", **changes: Any) -> Template:
    stack = new_stack(region=region)
    guardrail(stack, **changes)
    return template_of(stack)


@functools.cache
def everything() -> Template:
    return template(policies=EVERYTHING, tier="STANDARD")


def version_id(found: Template) -> str:
    (key,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::Bedrock::GuardrailVersion")
    return key


def guardrail_id(found: Template) -> str:
    (key,) = (key for key, one in found["Resources"].items() if one["Type"] == "AWS::Bedrock::Guardrail")
    return key


def test_the_judges_take_everything() -> None:
    for found in (everything(), template()):
        assert lint.findings(found, "us-east-1") == []
        assert service_model.findings(found) == []
        assert service_model.unchecked(found) == []


def test_a_guardrail_and_a_version_after_it() -> None:
    found = everything()
    one = only(found, "AWS::Bedrock::Guardrail")
    assert one["Name"] == "fleet-guardrail"
    assert [row["Type"] for row in one["ContentPolicyConfig"]["FiltersConfig"]] == ["HATE", "PROMPT_ATTACK"]
    assert one["ContentPolicyConfig"]["ContentFiltersTierConfig"] == {"TierName": "STANDARD"}
    assert one["TopicPolicyConfig"]["TopicsTierConfig"] == {"TierName": "STANDARD"}
    profile = ["arn:aws:bedrock:us-east-1:", {"Ref": "AWS::AccountId"}, ":guardrail-profile/us.guardrail.v1:0"]
    assert one["CrossRegionConfig"] == {"GuardrailProfileArn": {"Fn::Join": ["", profile]}}
    version = only(found, "AWS::Bedrock::GuardrailVersion")
    assert version["GuardrailIdentifier"] == {"Fn::GetAtt": [guardrail_id(found), "GuardrailId"]}
    assert version["Description"].removeprefix("Policies ") in version_id(found)


def test_versions_stay_when_they_leave_the_template_and_so_does_the_guardrail() -> None:
    for kind in ("AWS::Bedrock::Guardrail", "AWS::Bedrock::GuardrailVersion"):
        one = resource(everything(), kind)
        assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_a_guardrail_that_goes_with_its_stack() -> None:
    found = template(keep=False)
    assert resource(found, "AWS::Bedrock::Guardrail")["DeletionPolicy"] == "Delete"
    assert resource(found, "AWS::Bedrock::GuardrailVersion")["DeletionPolicy"] == "RetainExceptOnCreate"


words = st.text("abcxyz", min_size=1, max_size=6)
either = st.sampled_from(("block", "detect"))
filters = st.builds(
    ContentFilter,
    category=st.sampled_from(CATEGORIES[:-1]),
    strength=st.sampled_from(STRENGTHS),
    on_input=either,
    on_output=st.sampled_from(BLOCK_OR_DETECT),
    images=st.booleans(),
)
topics = st.builds(
    DeniedTopic,
    name=words,
    definition=words,
    examples=st.lists(words, max_size=2, unique=True).map(tuple),
    on_input=either,
    on_output=st.sampled_from(BLOCK_OR_DETECT),
)
blocked = st.builds(
    BlockedWords,
    words=st.lists(words, min_size=1, max_size=3, unique=True).map(tuple),
    profanity=st.booleans(),
    on_input=either,
    on_output=st.sampled_from(BLOCK_OR_DETECT),
)
pii = st.builds(
    PiiFilter,
    entities=st.lists(st.sampled_from(ENTITIES), min_size=1, max_size=3, unique=True).map(tuple),
    regexes=st.lists(
        st.builds(PiiRegex, name=words, pattern=words, description=st.none() | words),
        max_size=2,
        unique_by=lambda one: one.name,
    ).map(tuple),
    on_input=st.sampled_from(("block", "mask", "detect")),
    on_output=st.sampled_from(tuple(ACTIONS)),
)
thresholds = st.sampled_from((0, 0.1, 0.5, 0.99))
grounded = st.builds(Grounding, grounding=thresholds, relevance=st.none() | thresholds, action=either)
snapshots = st.builds(
    Policies,
    policies=st.tuples(filters, topics, blocked, pii, grounded).map(list),
    tier=st.just("STANDARD"),
    cross_region=st.sampled_from((PROFILES["us-east-1"], PROFILES["eu-west-1"])),
    blocked_input=words,
    blocked_output=words,
)


def changes(one: Policies) -> list[Policies]:
    """`one` with each value of it changed, one at a time: other text, another number, another choice."""
    found = [
        dataclasses.replace(one, blocked_input=one.blocked_input + "!"),
        dataclasses.replace(one, blocked_output=one.blocked_output + "!"),
        dataclasses.replace(one, cross_region=PROFILES["ap-south-1"]),
        dataclasses.replace(one, tier="CLASSIC", cross_region=None),
        *(dataclasses.replace(one, policies=one.policies[:n] + one.policies[n + 1 :]) for n in range(5)),
    ]
    others: dict[tuple[type, str], Any] = {
        (ContentFilter, "category"): lambda value: CATEGORIES[(CATEGORIES.index(value) + 1) % 5],
        (PiiFilter, "entities"): lambda value: (*value, next(name for name in ENTITIES if name not in value)),
        (PiiFilter, "regexes"): lambda value: (*value, PiiRegex(name="other", pattern="other")),
        (DeniedTopic, "examples"): lambda value: (*value, "other"),
        (BlockedWords, "words"): lambda value: (*value, "otherword"),
        (Grounding, "grounding"): lambda _: 0.25,
        (Grounding, "relevance"): lambda value: 0.25 if value is None else None,
    }
    choices = {"strength": STRENGTHS, "on_input": ("block", "detect"), "on_output": BLOCK_OR_DETECT}
    choices["action"] = ("block", "detect")
    for number, policy in enumerate(one.policies):
        for field in dataclasses.fields(policy):
            value = getattr(policy, field.name)
            if (type(policy), field.name) in others:
                other = others[type(policy), field.name](value)
            elif isinstance(value, bool):
                other = not value
            elif field.name in choices:
                other = next(choice for choice in choices[field.name] if choice != value)
            else:
                other = value + "!"
            changed = dataclasses.replace(policy, **{field.name: other})
            found.append(
                dataclasses.replace(one, policies=[*one.policies[:number], changed, *one.policies[number + 1 :]])
            )
    return found


@given(snapshots)
def test_every_change_of_a_value_is_a_new_version(one: Policies) -> None:
    for changed in changes(one):
        assert changed.digest() != one.digest()


@given(snapshots, st.randoms(use_true_random=False))
def test_another_order_is_the_same_version(one: Policies, random: Any) -> None:
    shuffled = list(one.policies)
    random.shuffle(shuffled)
    for number, policy in enumerate(shuffled):
        for name in ("words", "entities", "regexes"):
            if hasattr(policy, name):
                value = list(getattr(policy, name))
                random.shuffle(value)
                policy = dataclasses.replace(policy, **{name: tuple(value)})
        shuffled[number] = policy
    assert dataclasses.replace(one, policies=shuffled).digest() == one.digest()
    assert dataclasses.replace(one, policies=shuffled).rendered() == one.rendered()


def capitalised(value: Any) -> Any:
    """As the CDK writes property names."""
    if isinstance(value, dict):
        return {key[0].upper() + key[1:]: capitalised(one) for key, one in value.items()}
    return [capitalised(one) for one in value] if isinstance(value, list) else value


@given(snapshots)
def test_whatever_is_accepted_the_api_takes(one: Policies) -> None:
    properties = {"Name": "x", **capitalised(one.rendered())}
    resources = {"Guardrail": {"Type": "AWS::Bedrock::Guardrail", "Properties": properties}}
    assert service_model.findings({"Resources": resources}) == []


def test_a_change_is_another_version_of_the_same_guardrail() -> None:
    before, after = template(), template(policies=[ContentFilter(category="HATE", strength="LOW")])
    assert version_id(before) != version_id(after)
    assert guardrail_id(before) == guardrail_id(after)


def test_going_back_is_the_name_that_it_had() -> None:
    assert version_id(template()) == version_id(template(policies=[ContentFilter(category="HATE")]))


def test_what_is_no_policy_makes_no_version() -> None:
    stack = new_stack()
    guardrail(stack, keep=False, encryption_key=kms.Key(stack, "Key"))
    cdk.Tags.of(stack).add("team", "search")
    found = template_of(stack)
    assert version_id(found) == version_id(template())
    assert only(found, "AWS::Bedrock::Guardrail")["Tags"] == [{"Key": "team", "Value": "search"}]
    assert "Tags" not in only(found, "AWS::Bedrock::GuardrailVersion")


def test_another_stack_reads_the_version_at_deployment_so_that_the_older_one_can_go() -> None:
    app = cdk.App()
    producer, consumer = new_stack("producer", app=app), new_stack("consumer", app=app)
    made = guardrail(producer)
    cdk.CfnOutput(consumer, "Version", value=made.guardrail_version)
    cdk.CfnWaitConditionHandle(consumer, "Handle")
    found = template_of(consumer)["Outputs"]["Version"]["Value"]
    assert list(found) == ["Fn::GetStackOutput"]
    assert found["Fn::GetStackOutput"]["StackName"] == "producer"
    outputs = template_of(producer)["Outputs"]
    assert [one for one in outputs.values() if "Export" in one] == []


def test_it_is_what_access_takes() -> None:
    stack = new_stack()
    made = guardrail(stack)
    assert isinstance(made, GuardrailLike)
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    access = BedrockAccess(stack, "Access", models=[FoundationModel("amazon.nova-lite-v1:0")], guardrail=made)
    access.grant_invoke(role)
    found = template_of(stack)
    arn, version = f"{guardrail_id(found)}.GuardrailArn", f"{version_id(found)}.Version"
    policies = Deployment(values={arn: ARN, version: "3"}).identity_of(
        found, stack.get_logical_id(role.node.default_child)
    )
    model = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"
    for identifier, allowed in ((f"{ARN}:3", True), (f"{ARN}:2", False), (ARN, False)):
        request = Request("bedrock:InvokeModel", model, {"bedrock:GuardrailIdentifier": identifier})
        assert decide(request, policies).allowed is allowed


def granted(stack: cdk.Stack, made: Any) -> list[tuple[Any, Any]]:
    """(action, resources) of each statement, references replaced."""
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    made.grant_apply(role)
    found = template_of(stack)
    keys = {f"{key}.Arn": "key" for key, one in found["Resources"].items() if one["Type"] == "AWS::KMS::Key"}
    arns = {f"{guardrail_id(found)}.GuardrailArn": ARN} if of_type(found, "AWS::Bedrock::Guardrail") else {}
    statements = only(found, "AWS::IAM::Policy")["PolicyDocument"]["Statement"]
    return [(one["Action"], Deployment(values={**keys, **arns}).resolve(one["Resource"])) for one in statements]


def test_who_applies_it_may_nothing_else() -> None:
    stack = new_stack()
    assert granted(stack, guardrail(stack)) == [("bedrock:ApplyGuardrail", ARN)]


def test_who_applies_it_across_regions_may_so_in_each_and_may_read_its_key() -> None:
    stack = new_stack()
    made = guardrail(stack, tier="STANDARD", encryption_key=kms.Key(stack, "Key"))
    profiles = [
        f"arn:aws:bedrock:{region}:111122223333:guardrail-profile/us.guardrail.v1:0"
        for region in ("us-east-1", "us-east-2", "us-west-2")
    ]
    assert granted(stack, made) == [("bedrock:ApplyGuardrail", [ARN, *profiles]), ("kms:Decrypt", "key")]


def test_one_made_elsewhere() -> None:
    stack = new_stack()
    made = Guardrail.from_guardrail(
        stack,
        "Guardrail",
        guardrail_arn=ARN,
        guardrail_version="2",
        cross_region=CrossRegion(profile="us", regions=("us-east-1",)),
    )
    assert (made.guardrail_id, made.guardrail_version) == ("abcdef123456", "2")
    profile = "arn:aws:bedrock:us-east-1:111122223333:guardrail-profile/us.guardrail.v1:0"
    assert granted(stack, made) == [("bedrock:ApplyGuardrail", [ARN, profile])]
    assert isinstance(made, GuardrailLike)


@each("version", ["DRAFT", "", "0", "1.0", 1, None])
def test_one_made_elsewhere_without_a_version(version: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Guardrail.from_guardrail(new_stack(), "Guardrail", guardrail_arn=ARN, guardrail_version=version)
    assert str(caught.value) == (
        f'Guardrail fleet/Guardrail: guardrail_version: got {version!r}; allowed: a version\'s number as text, as "1"; '
        "not DRAFT, which changes under its callers; fix: publish one with `aws bedrock create-guardrail-version`, and "
        "write the number that it prints"
    )


TOPIC = DeniedTopic(name="Long", definition="x" * 201)
REFUSED: list[tuple[str | None, dict[str, Any], str]] = [
    (
        "us-east-1",
        {"policies": []},
        "policies: got []; allowed: at least one of ContentFilter, DeniedTopic, BlockedWords, PiiFilter, Grounding; fix: for "
        'example policies=[ContentFilter(category="PROMPT_ATTACK")]',
    ),
    (
        "us-east-1",
        {"policies": [HATE, ContentFilter(category="HATE", strength="LOW")]},
        "policies: got 'HATE 2 times'; allowed: content filters: each once in one guardrail; fix: leave one out",
    ),
    (
        "us-east-1",
        {"policies": [PiiFilter(entities=("EMAIL",)), PiiFilter(entities=("EMAIL",), on_output="mask")]},
        "policies: got 'EMAIL 2 times'; allowed: personal data: each once in one guardrail; fix: leave one out",
    ),
    (
        "us-east-1",
        {"policies": [DeniedTopic(name=f"T{number}", definition="x") for number in range(31)]},
        "policies: got '31 topics'; allowed: at most 30 of one guardrail together; fix: leave some out",
    ),
    (
        "us-east-1",
        {"policies": [TOPIC]},
        "policies: got 'the topic Long with a definition of 201 characters'; allowed: up to 200 characters in the tier "
        'CLASSIC; fix: shorten it, or write tier="STANDARD"',
    ),
    ("us-east-1", {"tier": "GOLD"}, "tier: got 'GOLD'; allowed: CLASSIC, STANDARD; fix: choose one of these"),
    (
        "us-east-1",
        {"cross_region": PROFILES["us-east-1"]},
        "cross_region: got CrossRegion(profile='us', regions=('us-east-1', 'us-east-2', 'us-west-2')); allowed: None: the tier "
        'CLASSIC is not routed; fix: write tier="STANDARD"',
    ),
    (
        "us-east-1",
        {"tier": "STANDARD", "cross_region": PROFILES["eu-west-1"]},
        "cross_region.regions: got ('eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'); "
        "allowed: regions with us-east-1 among them, the guardrail's own; fix: copy the row of that region",
    ),
    (
        "sa-east-1",
        {"tier": "STANDARD"},
        "tier: got 'STANDARD'; allowed: CLASSIC in sa-east-1: no guardrail profile of it is in our table; fix: name the "
        "profile and its regions: cross_region=CrossRegion(profile=..., regions=(...))",
    ),
    (
        None,
        {"tier": "STANDARD"},
        "tier: got 'STANDARD'; allowed: CLASSIC where the stack's region is not known: STANDARD routes by region; fix: give "
        "the stack a region (env=...), or name the profile and its regions: cross_region=CrossRegion(profile=..., "
        "regions=(...))",
    ),
    (
        "us-east-1",
        {"blocked_input": "x" * 501},
        "blocked_input: got '501 characters'; allowed: text of 1 to 500 characters; fix: shorten it",
    ),
    (
        "us-east-1",
        {"encryption_key": "alias/x"},
        "encryption_key: got 'alias/x'; allowed: a key (aws_kms.IKey); fix: for example kms.Key.from_key_arn(...)",
    ),
    ("us-east-1", {"keep": None}, "keep: got None; allowed: True or False; fix: write True or False"),
]


@each(("region", "arguments", "message"), REFUSED)
def test_refused(region: str | None, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        guardrail(new_stack(region=region), **arguments)
    assert str(caught.value) == f"Guardrail fleet/Guardrail: {message}"


def test_a_long_definition_in_the_tier_standard() -> None:
    found = template(policies=[TOPIC], tier="STANDARD")
    assert only(found, "AWS::Bedrock::Guardrail")["TopicPolicyConfig"]["TopicsConfig"][0]["Definition"] == "x" * 201


@each("region", PROFILES)
def test_each_profile_has_its_own_region(region: str) -> None:
    assert region in PROFILES[region].regions


def test_a_profile_of_another_geography_by_hand() -> None:
    row = CrossRegion(profile="sa", regions=("sa-east-1",))
    found = template("sa-east-1", tier="STANDARD", cross_region=row)
    profile = ["arn:aws:bedrock:sa-east-1:", {"Ref": "AWS::AccountId"}, ":guardrail-profile/sa.guardrail.v1:0"]
    assert only(found, "AWS::Bedrock::Guardrail")["CrossRegionConfig"] == {
        "GuardrailProfileArn": {"Fn::Join": ["", profile]}
    }


def test_a_method_per_metric_and_a_metric_per_method() -> None:
    stack = new_stack()
    made = guardrail(stack)
    methods = sorted(name for name in vars(GuardrailMetrics) if name.startswith("metric_"))
    metrics = [getattr(made, name)() for name in methods]
    assert {metric.metric_name for metric in metrics} == {fact.name for fact in of_kind("guardrail")}
    assert len(metrics) == len(of_kind("guardrail"))
    found = template_of(stack)
    assert stack.resolve(metrics[0].dimensions) == {
        "GuardrailArn": {"Fn::GetAtt": [guardrail_id(found), "GuardrailArn"]},
        "GuardrailVersion": {"Fn::GetAtt": [version_id(found), "Version"]},
    }
    assert {metric.namespace for metric in metrics} == {"AWS/Bedrock/Guardrails"}

"""Models and profiles as values: what they refuse, and with which words."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.bedrock import table
from cdk_inference.bedrock.additional_access import AdditionalAccess
from cdk_inference.bedrock.conditions import Conditions, ExistingGuardrail
from cdk_inference.bedrock.models import (
    CustomModelDeployment,
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    ImportedModel,
    InferenceProfile,
    ProvisionedModel,
)
from cdk_inference.core.errors import ConfigurationError
from tests.each import each
from tests.refusals import refusal_of

ACCOUNT = "arn:aws:bedrock:us-east-1:111122223333"
PREFIXES = "us, eu, apac, jp, au, ca, in, us-gov, global"
COPY_PROFILE = "copy it from `aws bedrock list-inference-profiles`; for a model in one region: FoundationModel(id)"
AN_ID = "an id of letters, digits, hyphens, dots and colons, as amazon.nova-lite-v1:0"
LITE = FoundationModel("amazon.nova-lite-v1:0")

REFUSED: list[tuple[Any, dict[str, Any], str]] = [
    (
        FoundationModel,
        {"id": "Claude"},
        f"FoundationModel: id: got 'Claude'; allowed: {AN_ID}; fix: copy it from `aws bedrock list-foundation-models`",
    ),
    (
        FoundationModel,
        {"id": "us.amazon.nova-lite-v1:0"},
        "FoundationModel: id: got 'us.amazon.nova-lite-v1:0'; allowed: a model's id, without the geography that "
        'profiles begin with; fix: InferenceProfile("us.amazon.nova-lite-v1:0") for the profile, or '
        'FoundationModel("amazon.nova-lite-v1:0")',
    ),
    (
        InferenceProfile,
        {"id": "amazon.nova-lite-v1:0"},
        "InferenceProfile: id: got 'amazon.nova-lite-v1:0'; allowed: a profile's id, which begins with a geography "
        f"and a dot; known ones: {PREFIXES}; fix: {COPY_PROFILE}",
    ),
    (
        InferenceProfile,
        {"id": "us.new.model", "destinations": ("us-east-1", "*")},
        "InferenceProfile: destinations: got ('us-east-1', '*'); allowed: a list of regions, as (\"us-east-1\", "
        '"us-west-2"); fix: copy them from `aws bedrock get-inference-profile`: models[].modelArn has one region each',
    ),
    (
        InferenceProfile,
        {"id": "global.new.model", "destinations": ("us-east-1",)},
        "InferenceProfile: destinations: got ('us-east-1',); allowed: none for a global profile; fix: leave "
        "destinations out",
    ),
    (
        ProvisionedModel,
        {"arn": f"{ACCOUNT}:provisioned-model/short"},
        f"ProvisionedModel: arn: got '{ACCOUNT}:provisioned-model/short'; allowed: an ARN as {ACCOUNT}:"
        "provisioned-model/abcdef123456; fix: copy it from `aws bedrock list-provisioned-model-throughputs`",
    ),
    (
        ImportedModel,
        {"arn": f"{ACCOUNT}:custom-model/amazon.nova-lite-v1:0/abcdef123456"},
        f"ImportedModel: arn: got '{ACCOUNT}:custom-model/amazon.nova-lite-v1:0/abcdef123456'; allowed: an ARN as "
        f"{ACCOUNT}:imported-model/abcdef123456; fix: a custom model is called through what it is deployed on: "
        "ProvisionedModel or CustomModelDeployment with that ARN",
    ),
    (
        CustomModelDeployment,
        {"arn": "abcdef123456"},
        f"CustomModelDeployment: arn: got 'abcdef123456'; allowed: an ARN as {ACCOUNT}:custom-model-deployment/"
        "abcdef123456; fix: copy it from `aws bedrock list-custom-model-deployments`",
    ),
    (
        ExistingProfile,
        {"arn": f"{ACCOUNT}:inference-profile/us.amazon.nova-lite-v1:0", "of": "us.amazon.nova-lite-v1:0"},
        "ExistingProfile has 2 problems:\n"
        f"  1. arn: got '{ACCOUNT}:inference-profile/us.amazon.nova-lite-v1:0'; allowed: an ARN as {ACCOUNT}:"
        "application-inference-profile/abcdef123456; fix: copy it from `aws bedrock list-inference-profiles --type "
        "APPLICATION`\n"
        "  2. of: got 'us.amazon.nova-lite-v1:0'; allowed: a FoundationModel or an InferenceProfile; fix: "
        'of=InferenceProfile("us....") for several regions, of=FoundationModel("...") for one',
    ),
    (
        ExistingRouter,
        {"arn": f"{ACCOUNT}:prompt-router/abc", "models": ()},
        "ExistingRouter: models: got (); allowed: a list of FoundationModel or InferenceProfile; fix: "
        "models=(FoundationModel(...), FoundationModel(...))",
    ),
    (
        ExistingGuardrail,
        {"guardrail_arn": f"{ACCOUNT}:guardrail/abc:1", "guardrail_version": ""},
        "ExistingGuardrail has 2 problems:\n"
        f"  1. guardrail_arn: got '{ACCOUNT}:guardrail/abc:1'; allowed: an ARN as {ACCOUNT}:guardrail/abcdef123456; "
        "fix: copy it from `aws bedrock list-guardrails`\n"
        "  2. guardrail_version: got ''; allowed: a version's number as text, or \"DRAFT\"; fix: publish a version and "
        'name it, as "1"',
    ),
    (
        Conditions,
        {"guardrail": "abc", "vpc_endpoint_ids": ("vpc-1",), "organization_id": "r-1"},
        "Conditions has 3 problems:\n"
        "  1. guardrail: got 'abc'; allowed: something with guardrail_arn and guardrail_version; fix: "
        "guardrail=ExistingGuardrail(guardrail_arn=..., guardrail_version=...)\n"
        "  2. vpc_endpoints: got 'vpc-1'; allowed: the id of a VPC endpoint, as vpce-0123456789abcdef0; fix: copy it "
        "from `aws ec2 describe-vpc-endpoints`, or pass endpoint.vpc_endpoint_id\n"
        "  3. organization_id: got 'r-1'; allowed: an id as o-a1b2c3d4e5; fix: copy it from `aws organizations "
        "describe-organization`",
    ),
    (
        AdditionalAccess,
        {"api_keys": "yes", "openai_project": "a/b"},
        "AdditionalAccess has 2 problems:\n"
        "  1. api_keys: got 'yes'; allowed: none, short-term, any; fix: api_keys=\"none\"\n"
        "  2. openai_project: got 'a/b'; allowed: letters, digits, hyphens and underscores; fix: "
        'openai_project="default", or the name of an AWS::BedrockMantle::Project',
    ),
]


@each(("kind", "arguments", "message"), REFUSED)
def test_what_is_refused(kind: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(**arguments)
    assert str(caught.value) == message


class Unversioned:
    guardrail_id = "abc"
    guardrail_arn = f"{ACCOUNT}:guardrail/abc"
    guardrail_version: Any = None


def test_a_guardrail_without_a_version() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Conditions(guardrail=Unversioned())
    assert str(caught.value) == (
        'Conditions: guardrail.guardrail_version: got None; allowed: a version\'s number as text, or "DRAFT"; fix: '
        'publish a version and name it, as "1"'
    )


@each(("version", "suffix"), [("1", ":1"), ("12", ":12"), ("DRAFT", "")])
def test_what_the_guardrails_key_holds(version: str, suffix: str) -> None:
    arn = f"{ACCOUNT}:guardrail/abc"
    found = Conditions(guardrail=ExistingGuardrail(guardrail_arn=arn, guardrail_version=version))
    assert found.with_guardrail() == {"StringEquals": {"bedrock:GuardrailIdentifier": f"{arn}{suffix}"}}
    assert found.with_guardrail(negated=True) == {"StringNotEquals": {"bedrock:GuardrailIdentifier": f"{arn}{suffix}"}}


def test_any_version_is_any_number() -> None:
    arn = f"{ACCOUNT}:guardrail/abc"
    found = Conditions(guardrail=ExistingGuardrail(guardrail_arn=arn, guardrail_version="1"), any_version=True)
    assert found.with_guardrail() == {"ArnLike": {"bedrock:GuardrailIdentifier": f"{arn}:*"}}
    assert found.with_guardrail(negated=True) == {"ArnNotLike": {"bedrock:GuardrailIdentifier": f"{arn}:*"}}


def test_the_text_false_is_not_taken_for_true() -> None:
    assert refusal_of(Conditions, any_version="false") == (
        "Conditions: any_version: got 'false'; allowed: True or False; fix: write True or False"
    )


def test_the_draft_is_no_version_of_any() -> None:
    draft = ExistingGuardrail(guardrail_arn=f"{ACCOUNT}:guardrail/abc", guardrail_version="DRAFT")
    with pytest.raises(ConfigurationError) as caught:
        Conditions(guardrail=draft, any_version=True)
    assert str(caught.value) == (
        "Conditions: guardrail.guardrail_version: got 'DRAFT'; allowed: a numbered version where every version will do: "
        'the draft has no number; fix: publish a version and name it, as "1"'
    )


@each(
    "made",
    [
        ProvisionedModel(f"{ACCOUNT}:provisioned-model/abcdef123456"),
        ImportedModel(f"{ACCOUNT}:imported-model/abcdef123456", metric_id="x"),
        CustomModelDeployment("arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:custom-model-deployment/abcdef123456"),
        ExistingProfile(f"{ACCOUNT}:application-inference-profile/abcdef123456", of=LITE),
        ExistingRouter(f"{ACCOUNT}:default-prompt-router/amazon.nova:1", models=(LITE, LITE)),
    ],
)
def test_arns_that_are_taken(made: Any) -> None:
    assert made.arn.startswith("arn:aws")


def test_tokens_are_let_through() -> None:
    token = "${Token[TOKEN.12]}"
    assert FoundationModel(token).fact is None
    assert ExistingProfile(token, of=LITE).arn == token
    assert Conditions(vpc_endpoint_ids=(token,), organization_id=token).of_call() == {
        "StringEquals": {"aws:SourceVpce": [token], "aws:PrincipalOrgID": token}
    }
    with pytest.raises(ConfigurationError):
        InferenceProfile(token)


@given(st.sampled_from(sorted(table.profiles())))
def test_a_profile_is_its_geography_and_its_model(name: str) -> None:
    profile = InferenceProfile(name)
    assert f"{profile.geography}.{profile.model.id}" == name
    assert profile.destinations_from(None) is None


@given(st.text(max_size=30))
def test_any_text_is_taken_or_refused_in_our_words(text: str) -> None:
    for kind in (FoundationModel, InferenceProfile, ProvisionedModel):
        with contextlib.suppress(ConfigurationError):
            assert "." in (kind(text).id if hasattr(kind(text), "id") else kind(text).arn)

"""The statements by kind of model, whole."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.bedrock import table
from cdk_inference.bedrock.additional_access import AdditionalAccess, further_statements, marketplace_statements
from cdk_inference.bedrock.conditions import Conditions, ExistingGuardrail
from cdk_inference.bedrock.documents import boundary_document, deny_statements, endpoint_statements
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    ImportedModel,
    InferenceProfile,
    Model,
)
from cdk_inference.bedrock.statements import statements
from cdk_inference.core.location import Location
from tests.each import each
from tests.judges.lint import iam_actions

HERE = Location(partition="aws", region="us-east-1", account="111122223333")
GOV = Location(partition="aws-us-gov", region="us-gov-west-1", account="111122223333")
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
OWN = "arn:aws:bedrock:us-east-1:111122223333"
GUARDRAIL = ExistingGuardrail(guardrail_arn=f"{OWN}:guardrail/abc", guardrail_version="1")
NOVA = FoundationModel("amazon.nova-pro-v1:0")


def allow(sid: str, resources: list[str], **condition: Any) -> dict[str, Any]:
    found = {"Sid": sid, "Effect": "Allow", "Action": INVOKE, "Resource": resources}
    return {**found, "Condition": {"StringEquals": condition["equals"]}} if condition else found


def of(model: str, *regions: str) -> list[str]:
    return [f"arn:aws:bedrock:{region}::foundation-model/{model}" for region in regions]


def test_a_model() -> None:
    assert statements(NOVA, HERE) == [allow("Model", of(NOVA.id, "us-east-1"))]


def test_a_geographic_profile() -> None:
    profile = f"{OWN}:inference-profile/us.amazon.nova-pro-v1:0"
    assert statements(InferenceProfile("us.amazon.nova-pro-v1:0"), HERE) == [
        allow("Profile", [profile]),
        allow(
            "ModelThroughProfile",
            of(NOVA.id, "us-east-1", "us-east-2", "us-west-2"),
            equals={"bedrock:InferenceProfileArn": profile},
        ),
    ]


def test_a_global_profile_is_three_statements() -> None:
    model = "anthropic.claude-sonnet-5-5"
    profile = f"{OWN}:inference-profile/global.{model}"
    through = {"bedrock:InferenceProfileArn": profile}
    assert statements(InferenceProfile(f"global.{model}"), HERE) == [
        allow("Profile", [profile]),
        allow("ModelThroughProfile", of(model, "us-east-1"), equals=through),
        allow("ModelThroughGlobalRouting", of(model, ""), equals={"aws:RequestedRegion": "unspecified", **through}),
    ]


@each(
    ("source", "regions"),
    [(NOVA, ["us-east-1"]), (InferenceProfile(f"us.{NOVA.id}"), ["us-east-1", "us-east-2", "us-west-2"])],
)
def test_an_application_profile_is_itself_and_what_it_points_at(source: Any, regions: list[str]) -> None:
    arn = f"{OWN}:application-inference-profile/abcdef123456"
    assert statements(ExistingProfile(arn, of=source), HERE) == [
        allow("Profile", [arn]),
        allow("ModelThroughProfile", of(NOVA.id, *regions), equals={"bedrock:InferenceProfileArn": arn}),
    ]


def test_an_own_model_and_a_router() -> None:
    imported, router = f"{OWN}:imported-model/abcdef123456", f"{OWN}:prompt-router/r"
    assert statements(ImportedModel(imported), HERE) == [allow("Model", [imported])]
    assert statements(ExistingRouter(router, models=(NOVA,)), HERE) == [
        allow("Router", [router]),
        allow("Model", of(NOVA.id, "us-east-1")),
    ]


def test_conditions_stand_where_they_are_known_to_be() -> None:
    """Where the call comes from: on what is named. The guardrail: on the models. Its denial: on the models too."""
    conditions = Conditions(guardrail=GUARDRAIL, vpc_endpoint_ids=("vpce-12345678",), organization_id="o-a1b2c3d4e5")
    profile, models = f"{OWN}:inference-profile/us.{NOVA.id}", of(NOVA.id, "us-east-1", "us-east-2", "us-west-2")
    call = {"aws:SourceVpce": ["vpce-12345678"], "aws:PrincipalOrgID": "o-a1b2c3d4e5"}
    identifier = f"{GUARDRAIL.guardrail_arn}:1"
    assert statements(InferenceProfile(f"us.{NOVA.id}"), HERE, conditions) == [
        allow("Profile", [profile], equals=call),
        allow(
            "ModelThroughProfile",
            models,
            equals={"bedrock:InferenceProfileArn": profile, "bedrock:GuardrailIdentifier": identifier},
        ),
        {
            "Sid": "Guardrail",
            "Effect": "Allow",
            "Action": ["bedrock:ApplyGuardrail"],
            "Resource": [GUARDRAIL.guardrail_arn],
        },
        {
            "Sid": "DenyWithoutGuardrail",
            "Effect": "Deny",
            "Action": INVOKE,
            "Resource": models,
            "Condition": {"StringNotEquals": {"bedrock:GuardrailIdentifier": identifier}},
        },
    ]
    (direct, *_) = statements(NOVA, HERE, conditions)
    assert direct["Condition"] == {"StringEquals": {**call, "bedrock:GuardrailIdentifier": identifier}}


def test_a_guardrail_across_regions_is_applied_with_its_profiles() -> None:
    arns = tuple(
        f"arn:aws:bedrock:{one}:111122223333:guardrail-profile/us.guardrail.v1:0" for one in ("us-east-1", "us-east-2")
    )
    across = ExistingGuardrail(guardrail_arn=f"{OWN}:guardrail/abc", guardrail_version="1", guardrail_profile_arns=arns)
    found = {one["Sid"]: one for one in statements(NOVA, HERE, Conditions(guardrail=across))}
    assert found["Guardrail"]["Resource"] == [f"{OWN}:guardrail/abc", *arns]


def test_a_guardrail_with_a_key_is_applied_by_who_may_read_the_key() -> None:
    key = "arn:aws:kms:us-east-1:111122223333:key/abc"
    encrypted = ExistingGuardrail(guardrail_arn=f"{OWN}:guardrail/abc", guardrail_version="1", guardrail_key_arn=key)
    found = {one["Sid"]: one for one in statements(NOVA, HERE, Conditions(guardrail=encrypted))}
    assert found["GuardrailKey"] == {
        "Sid": "GuardrailKey",
        "Effect": "Allow",
        "Action": ["kms:Decrypt"],
        "Resource": [key],
    }


def test_govcloud() -> None:
    model = "anthropic.claude-opus-4-8"
    first, second = statements(InferenceProfile(f"us-gov.{model}"), GOV)
    assert first["Resource"] == [f"arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.{model}"]
    assert second["Resource"] == [
        f"arn:aws-us-gov:bedrock:{region}::foundation-model/{model}" for region in ("us-gov-west-1", "us-gov-east-1")
    ]


def test_what_is_denied_when_nothing_else_is_asked_for() -> None:
    found = {one["Sid"]: one for one in deny_statements([InferenceProfile(f"us.{NOVA.id}"), NOVA], HERE)}
    profile = f"{OWN}:inference-profile/us.{NOVA.id}"
    models = of(NOVA.id, "us-east-1", "us-east-2", "us-west-2")
    assert found == {
        "DenyOtherModels": {
            "Sid": "DenyOtherModels",
            "Effect": "Deny",
            "Action": INVOKE,
            "NotResource": [profile, models[0], *models[1:]],
        },
        # The model itself is granted in us-east-1, so there nobody is kept from it.
        "DenyAroundProfile1": {
            "Sid": "DenyAroundProfile1",
            "Effect": "Deny",
            "Action": INVOKE,
            "Resource": models[1:],
            "Condition": {"StringNotEquals": {"bedrock:InferenceProfileArn": [profile]}},
        },
        "DenyBatch": {
            "Sid": "DenyBatch",
            "Effect": "Deny",
            "Action": ["bedrock:CreateModelInvocationJob"],
            "Resource": ["*"],
        },
        "DenyApiKeys": {
            "Sid": "DenyApiKeys",
            "Effect": "Deny",
            "Action": ["bedrock:CallWithBearerToken", "bedrock-mantle:CallWithBearerToken"],
            "Resource": ["*"],
        },
        "DenyOpenAiEndpoint": {
            "Sid": "DenyOpenAiEndpoint",
            "Effect": "Deny",
            "Action": ["bedrock-mantle:CreateInference"],
            "Resource": ["*"],
        },
    }


EVERYTHING = AdditionalAccess(
    api_keys="short-term", openai_project="default", batch_role_arn="arn:aws:iam::111122223333:role/j"
)


@each("further", [AdditionalAccess(), EVERYTHING, AdditionalAccess(api_keys="any")])
def test_every_action_exists_and_every_id_is_there_once(further: AdditionalAccess) -> None:
    conditions = Conditions(guardrail=GUARDRAIL, vpc_endpoint_ids=("vpce-12345678",), organization_id="o-a1b2c3d4e5")
    models: list[Model] = [NOVA]
    documents = [
        statements(NOVA, HERE, conditions) + further_statements(models, HERE, conditions, further),
        boundary_document(deny_statements(models, HERE, conditions, further))["Statement"],
        endpoint_statements(models, HERE, conditions),
        marketplace_statements(["prod-xdkflymybwmvi"]),
    ]
    for found in documents:
        ids = [one["Sid"] for one in found]
        assert len(set(ids)) == len(ids)
        assert all(one.isalnum() for one in ids)
        actions = {action for one in found for action in one["Action"]} - {"*"}
        assert {action for action in actions if action.lower() not in iam_actions()} == set()


def test_the_endpoints_policy_lets_these_models_through_for_anybody() -> None:
    models, guardrail = endpoint_statements([NOVA], HERE, Conditions(guardrail=GUARDRAIL))
    assert models == {**allow("Models", of(NOVA.id, "us-east-1")), "Principal": "*"}
    assert (guardrail["Resource"], guardrail["Principal"]) == ([GUARDRAIL.guardrail_arn], "*")


PROFILES = st.sampled_from(sorted(name for name, fact in table.profiles().items() if "us-east-1" in fact.destinations))


@given(st.lists(PROFILES, min_size=1, max_size=4, unique=True))
def test_no_wildcard_ever(names: list[str]) -> None:
    for name in names:
        for one in statements(InferenceProfile(name), HERE):
            assert "*" not in str(one["Resource"])
            assert one["Action"] == INVOKE


def test_what_cannot_be_had_together() -> None:
    profile = InferenceProfile(f"us.{NOVA.id}")
    further = AdditionalAccess(openai_project="default", batch_role_arn="arn:aws:iam::111122223333:role/j")
    assert [str(one) for one in further.problems_with([profile], Conditions(guardrail=GUARDRAIL))] == [
        "openai_project: got 'default'; allowed: no guardrail: the OpenAI-compatible endpoint applies none, so requiring "
        "one would be empty; fix: leave openai_project out, or make a BedrockAccess of its own for it",
        "openai_project: got 'default'; allowed: FoundationModel only: the OpenAI-compatible endpoint has no profiles and "
        "no own models; fix: make a BedrockAccess of its own for the models that are called there",
        "batch_role: got 'arn:aws:iam::111122223333:role/j'; allowed: no guardrail: CreateModelInvocationJob takes none, "
        "so a batch job would go around it; fix: make a BedrockAccess of its own for batch jobs",
    ]
    assert further.problems_with([NOVA], Conditions()) == []

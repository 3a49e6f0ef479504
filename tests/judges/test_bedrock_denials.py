"""Service control policies of accesses in two regions of one account, alone and attached together; and their size.

Statements of the package, and requests written from AWS's pages: nothing is synthesized.
"""

from __future__ import annotations

from typing import Any

from cdk_inference.bedrock import BedrockAccess, ExistingGuardrail, FoundationModel, InferenceProfile
from cdk_inference.bedrock.additional_access import AdditionalAccess
from cdk_inference.bedrock.conditions import Conditions
from cdk_inference.bedrock.documents import NOT_DENIED, Granted, denials, document
from cdk_inference.bedrock.models import Model
from cdk_inference.core.location import Location
from rehearsal.iam import Policies, Request, decide
from tests.bedrock_calls import Call, model_arn, own_arn
from tests.each import each
from tests.judges.lint import iam_actions
from tests.refusals import refusal_of
from tests.support import new_stack

OPUS, SONNET = "anthropic.claude-opus-5-5", "anthropic.claude-sonnet-5-5"
US, EU = ("us-east-1", "us-east-2", "us-west-2"), ("eu-central-1", "eu-north-1", "eu-west-1")
EVERYTHING: dict[str, Any] = document([{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}])


def granted(region: str, *models: Model, guardrail: str | None = None, **further: Any) -> Granted:
    existing = None if guardrail is None else ExistingGuardrail(guardrail_arn=guardrail, guardrail_version="1")
    return Granted(
        models=models,
        location=Location(partition="aws", region=region, account="111122223333"),
        conditions=Conditions(guardrail=existing),
        further=AdditionalAccess(**further),
    )


def controlled(*documents: list[Granted]) -> Policies:
    """A role that may do everything, in an account with these control policies beside FullAWSAccess."""
    attached = [EVERYTHING, *(document(denials(one)) for one in documents)]
    return Policies(identity=[EVERYTHING], service_control=[[EVERYTHING], attached])


HERE = granted("us-east-1", InferenceProfile(f"us.{OPUS}", destinations=US))
THERE = granted("eu-central-1", InferenceProfile(f"eu.{OPUS}", destinations=EU))
CALL_HERE = Call(names=own_arn(f"inference-profile/us.{OPUS}"), model=OPUS, regions=US)
CALL_THERE = Call(
    names=own_arn(f"inference-profile/eu.{OPUS}", "eu-central-1"), source="eu-central-1", model=OPUS, regions=EU
)
AROUND = Call(names=model_arn(OPUS, "eu-west-1"), source="eu-west-1")
OTHER = Call(names=model_arn("amazon.nova-lite-v1:0", "eu-central-1"), source="eu-central-1")


@each(
    ("documents", "allowed"),
    [
        # Alone, a document denies the other region: it cannot know that another access is there.
        (([HERE],), (True, False)),
        (([HERE, THERE],), (True, True)),
        # The documents of both stacks, each naming the other, attached to one account.
        (([HERE, THERE], [THERE, HERE]), (True, True)),
    ],
)
def test_two_regions(documents: tuple[list[Granted], ...], allowed: tuple[bool, bool]) -> None:
    policies = controlled(*documents)
    assert tuple(call.answer(policies).allowed for call in (CALL_HERE, CALL_THERE)) == allowed
    assert not AROUND.answer(policies)
    assert not OTHER.answer(policies)


def test_one_model_of_global_routing_under_a_guardrail_in_each_region() -> None:
    """The routed model has one ARN for all regions: it is called with the guardrail of either."""
    profile = InferenceProfile(f"global.{SONNET}")
    arns = {region: own_arn("guardrail/abc", region) for region in ("us-east-1", "eu-central-1")}
    policies = controlled([granted(region, profile, guardrail=arn) for region, arn in arns.items()])
    for region, arn in arns.items():
        names = own_arn(f"inference-profile/{profile.id}", region)
        call = Call(names=names, source=region, model=SONNET, regions=None, guardrail=f"{arn}:1")
        assert call.answer(policies)
        for other in (None, f"{own_arn('guardrail/zzz', region)}:1"):
            without = Call(names=names, source=region, model=SONNET, regions=None, guardrail=other)
            assert not without.answer(policies)


def test_two_teams_of_one_region_keep_their_own_guardrail() -> None:
    nova, lite = FoundationModel("amazon.nova-pro-v1:0"), FoundationModel("amazon.nova-lite-v1:0")
    guardrail = own_arn("guardrail/abc")
    policies = controlled([granted("us-east-1", nova, guardrail=guardrail), granted("us-east-1", lite)])
    assert Call(names=model_arn(lite.id, "us-east-1")).answer(policies)
    assert Call(names=model_arn(nova.id, "us-east-1"), guardrail=f"{guardrail}:1").answer(policies)
    assert not Call(names=model_arn(nova.id, "us-east-1")).answer(policies)


def test_a_model_that_one_access_has_without_the_guardrail_is_called_without_it() -> None:
    nova = FoundationModel("amazon.nova-pro-v1:0")
    guarded, plain = granted("us-east-1", nova, guardrail=own_arn("guardrail/abc")), granted("us-east-1", nova)
    call = Call(names=model_arn(nova.id, "us-east-1"))
    assert not call.answer(controlled([guarded]))
    assert call.answer(controlled([guarded, plain]))


def test_what_one_access_adds_the_other_does_not_deny() -> None:
    """Jobs and keys are what one of them allows, and jobs of the other's models stay denied."""
    role = "arn:aws:iam::111122223333:role/Jobs"
    lite = FoundationModel("amazon.nova-lite-v1:0")
    policies = controlled([HERE, granted("eu-west-1", lite, batch_role_arn=role, api_keys="short-term")])
    short, long = ({"bedrock:BearerTokenType": kind} for kind in ("SHORT_TERM", "LONG_TERM"))
    job = "bedrock:CreateModelInvocationJob"
    answers = [
        decide(Request(job, model_arn(lite.id, "eu-west-1")), policies),
        decide(Request(job, model_arn(OPUS, "us-east-1")), policies),
        decide(Request("bedrock:CallWithBearerToken", "*", short), policies),
        decide(Request("bedrock:CallWithBearerToken", "*", long), policies),
    ]
    assert [one.allowed for one in answers] == [True, False, True, False]


@each("action", NOT_DENIED)
def test_what_the_docs_say_is_not_denied_is_not(action: str) -> None:
    assert action.lower() in iam_actions()
    assert decide(Request(action, "*"), controlled([HERE]))


def test_other_accesses_are_accesses_of_the_account() -> None:
    accesses = [
        BedrockAccess(
            new_stack(f"in-{account}", region="us-east-1", account=account),
            "Access",
            models=[FoundationModel("amazon.nova-pro-v1:0")],
        )
        for account in ("111122223333", "444455556666")
    ]
    assert refusal_of(accesses[0].deny_document, accesses[1], "eu") == (
        "deny_document of BedrockAccess in-111122223333/Access has 2 problems:\n"
        "  1. others[0]: got 'an access of 444455556666'; allowed: an access of 111122223333; fix: make a document for "
        "each account\n"
        "  2. others[1]: got 'eu'; allowed: a BedrockAccess; fix: here.deny_document(there)"
    )


def test_documents_that_no_policy_holds() -> None:
    """A model's ARN has about 80 characters: 60 fit into a managed policy, 90 not, and 140 into no control policy."""

    def access(count: int) -> BedrockAccess:
        models = [FoundationModel(f"new.model-{number:0>30}-v1:0") for number in range(count)]
        return BedrockAccess(new_stack(), "Access", models=models)

    assert len(access(60).boundary_document().to_json()["Statement"]) == 5
    large = access(90)
    assert large.deny_document() is not None
    assert refusal_of(large.boundary_document).startswith(
        "boundary_document of BedrockAccess fleet/Access: models: got "
    )
    assert "allowed: up to 10240, the most of a service control policy" in refusal_of(access(140).deny_document)

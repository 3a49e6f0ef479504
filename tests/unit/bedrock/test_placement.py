"""Whether a model can be called from here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.bedrock import table
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    ImportedModel,
    InferenceProfile,
    Model,
)
from cdk_inference.bedrock.placement import problems_at, warnings_at
from cdk_inference.bedrock.statements import reach
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.core.location import Location
from tests.each import each

DAY = table.day()
OPUS = "anthropic.claude-opus-5-5"
US = "ca-central-1, ca-west-1, us-east-1, us-east-2, us-west-1, us-west-2"


def at(region: str, partition: str = "${Token[AWS.Partition.3]}") -> Location:
    return Location(partition=partition, region=region, account="111122223333")


REFUSED: list[tuple[Model, Location, str]] = [
    (
        FoundationModel(OPUS),
        at("us-west-2"),
        f"models: got '{OPUS}'; allowed: us.{OPUS} or global.{OPUS}: as of {DAY} us-west-2 offers this model through a "
        f'profile only; fix: InferenceProfile("us.{OPUS}"); or, if that has changed, '
        f'FoundationModel("{OPUS}", on_demand=True)',
    ),
    (
        FoundationModel(OPUS),
        at("sa-east-1"),
        f"models: got '{OPUS}'; allowed: global.{OPUS}: as of {DAY} sa-east-1 offers this model through a profile only; "
        f'fix: InferenceProfile("global.{OPUS}"); or, if that has changed, FoundationModel("{OPUS}", on_demand=True)',
    ),
    (
        InferenceProfile(f"eu.{OPUS}"),
        at("us-east-1"),
        f"models: got 'eu.{OPUS}'; allowed: in us-east-1, us.{OPUS} or global.{OPUS}: it calls from eu-central-1, "
        "eu-central-2, eu-north-1, eu-south-1, eu-south-2, eu-west-1, eu-west-2, eu-west-3, il-central-1; fix: "
        f'InferenceProfile("us.{OPUS}")',
    ),
    (
        InferenceProfile("us.deepseek.r1-v1:0"),
        at("eu-west-1"),
        "models: got 'us.deepseek.r1-v1:0'; allowed: in eu-west-1, a profile of that region's geography: it calls from "
        f"{US}; fix: choose another model, or another region",
    ),
    (
        InferenceProfile(f"global.{OPUS}"),
        at("us-gov-west-1"),
        f"models: got 'global.{OPUS}'; allowed: in us-gov-west-1, a profile of that region's geography: it calls from "
        "31 commercial regions; fix: choose another model, or another region",
    ),
    (
        InferenceProfile("us.new.model-v1:0"),
        at("us-east-1"),
        "models: got 'us.new.model-v1:0'; allowed: a profile whose destinations from us-east-1 are known; as of "
        f"{DAY} they are not in the table; fix: destinations=(...) with the regions that `aws bedrock "
        "get-inference-profile` lists",
    ),
    (
        InferenceProfile(f"us.{OPUS}"),
        at("${Token[AWS.Region.4]}"),
        f"models: got 'us.{OPUS}'; allowed: a stack whose region is known: what is granted depends on it; fix: name the "
        "stack's region (env=...), or destinations=(...) with the regions that `aws bedrock get-inference-profile` lists",
    ),
    (
        ImportedModel("arn:aws:bedrock:us-west-2:111122223333:imported-model/abcdef123456"),
        at("us-east-1"),
        "models: got 'arn:aws:bedrock:us-west-2:111122223333:imported-model/abcdef123456'; allowed: an ARN of us-east-1; "
        "fix: grant it in a stack of us-west-2: permissions and metrics are that region's",
    ),
    (
        ExistingProfile(
            "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456",
            of=FoundationModel("deepseek.r1-v1:0"),
        ),
        at("us-east-1"),
        "models: got 'deepseek.r1-v1:0'; allowed: us.deepseek.r1-v1:0: as of "
        f'{DAY} us-east-1 offers this model through a profile only; fix: InferenceProfile("us.deepseek.r1-v1:0"); or, if that has changed, '
        'FoundationModel("deepseek.r1-v1:0", on_demand=True)',
    ),
    *(
        (model, Location(partition="aws", region="us-east-1", account="111122223333"), message)
        for model, message in (
            (
                ImportedModel("arn:aws:bedrock:us-east-1:999999999999:imported-model/abcdef123456"),
                "models: got 'arn:aws:bedrock:us-east-1:999999999999:imported-model/abcdef123456'; allowed: an ARN of the "
                "account 111122223333; fix: grant it in a stack of 999999999999",
            ),
            (
                ExistingProfile(
                    "arn:aws:bedrock:us-east-1:999999999999:application-inference-profile/abcdef123456",
                    of=FoundationModel("amazon.nova-pro-v1:0"),
                ),
                "models: got 'arn:aws:bedrock:us-east-1:999999999999:application-inference-profile/abcdef123456'; allowed: "
                "an ARN of the account 111122223333; fix: grant it in a stack of 999999999999",
            ),
            (
                ImportedModel("arn:aws-us-gov:bedrock:us-east-1:111122223333:imported-model/abcdef123456"),
                "models: got 'arn:aws-us-gov:bedrock:us-east-1:111122223333:imported-model/abcdef123456'; allowed: an ARN "
                "of the partition aws; fix: grant it there",
            ),
            (
                InferenceProfile("amer.anthropic.claude-sonnet-5"),
                f"models: got 'amer.anthropic.claude-sonnet-5'; allowed: a profile of a geography of the table of {DAY}; "
                "fix: destinations=(...) with the regions that `aws bedrock get-inference-profile` lists",
            ),
        )
    ),
    (
        FoundationModel("amazon.nova-lite-v1:0"),
        at("cn-north-1"),
        "region: got 'cn-north-1'; allowed: partitions aws and aws-us-gov: Amazon Bedrock has no region in the partition "
        "aws-cn; fix: deploy this stack to a region of one of these",
    ),
    (
        FoundationModel("amazon.nova-lite-v1:0"),
        at("eusc-de-east-1", "aws-eusc"),
        "region: got 'eusc-de-east-1'; allowed: partitions aws and aws-us-gov: what Amazon Bedrock has in the partition "
        "aws-eusc is not in our tables; fix: deploy this stack to a region of one of these",
    ),
]


@each(("model", "location", "message"), REFUSED)
def test_what_is_refused(model: Model, location: Location, message: str) -> None:
    assert [str(problem) for problem in problems_at("models", model, location)] == [message]


UNCHECKED = f"not in the table of {DAY}, so nothing about it is checked; granted as it is written"
TAKEN: list[tuple[Model, Location, list[str]]] = [
    (FoundationModel("amazon.nova-pro-v1:0"), at("us-east-1"), []),
    (FoundationModel("${Token[TOKEN.1]}"), at("us-east-1"), []),
    (FoundationModel(OPUS), at("${Token[AWS.Region.4]}"), []),
    (InferenceProfile(f"us.{OPUS}"), at("ca-central-1"), []),
    (InferenceProfile(f"global.{OPUS}"), at("${Token[AWS.Region.4]}"), []),
    (InferenceProfile("us-gov.anthropic.claude-opus-4-8"), at("us-gov-east-1", "aws-us-gov"), []),
    (
        FoundationModel("new.model-v1:0"),
        at("us-east-1"),
        [f"new.model-v1:0: not in the table of {DAY}, so nothing about it is checked; granted as it is written"],
    ),
    (
        InferenceProfile("us.new.model-v1:0", destinations=("us-east-1", "us-west-2")),
        at("us-east-1"),
        [f"new.model-v1:0: not in the table of {DAY}, so nothing about it is checked; granted as it is written"],
    ),
    # What AWS adds after the table's day: a geography, regions of global routing, a model by its id, a provider.
    (
        InferenceProfile("amer.anthropic.claude-opus-5-5", destinations=["us-east-1", "sa-east-1"]),
        at("us-east-1"),
        [f"amer.{OPUS}: no geography amer in the table of {DAY}; granted as it is written"],
    ),
    *(
        (
            InferenceProfile(f"global.{OPUS}"),
            at(region, "aws"),
            [f"global.{OPUS}: not called from {region} as of {DAY}; granted as it is written"],
        )
        for region in ("me-central-1", "me-south-1", "ap-east-1")
    ),
    (
        FoundationModel("amazon.nova-pro-v1:0", on_demand=True),
        at("eu-west-1"),
        [f"amazon.nova-pro-v1:0: as of {DAY} eu-west-1 has it through a profile only; granted for on_demand=True"],
    ),
    (
        FoundationModel("amer.newcomer.model-v1:0"),
        at("us-east-1"),
        [
            f"amer.newcomer.model-v1:0: {UNCHECKED}; if amer is a geography, write "
            'InferenceProfile("amer.newcomer.model-v1:0", destinations=(...))'
        ],
    ),
    (
        FoundationModel("amazon.nova-pro-v1:0"),
        at("us-gov-west-1", "aws-us-gov"),
        [f"amazon.nova-pro-v1:0: not listed in us-gov-west-1 as of {DAY}; calls may fail"],
    ),
    (
        FoundationModel("openai.gpt-oss-120b"),
        at("us-east-1"),
        [f"openai.gpt-oss-120b: as of {DAY} us-east-1 has it on the OpenAI-compatible endpoint only"],
    ),
    (
        ExistingRouter(
            "arn:aws:bedrock:us-east-1:111122223333:prompt-router/a",
            models=(FoundationModel("new.model-v1:0"), FoundationModel("amazon.nova-pro-v1:0")),
        ),
        at("us-east-1"),
        [f"new.model-v1:0: not in the table of {DAY}, so nothing about it is checked; granted as it is written"],
    ),
]


@each(("model", "location", "warnings"), TAKEN)
def test_what_is_taken_and_what_is_told(model: Model, location: Location, warnings: list[str]) -> None:
    assert problems_at("models", model, location) == []
    assert warnings_at(model, location) == warnings


def test_a_model_of_the_openai_compatible_endpoint_is_no_surprise_there() -> None:
    assert warnings_at(FoundationModel("openai.gpt-oss-120b"), at("us-east-1"), openai=True) == []


@given(st.sampled_from(sorted(table.profiles())), st.sampled_from(sorted(table.geographies()["global"])))
def test_every_profile_is_granted_exactly_or_refused(name: str, region: str) -> None:
    profile, location = InferenceProfile(name), at(region, "aws")
    destinations = table.profiles()[name].destinations.get(region)
    assert (problems_at("models", profile, location) == []) == (destinations is not None or profile.is_global)
    if destinations is not None:
        touched = reach(profile, location)
        assert {arn.split(":")[3] for arn in touched.regional} == {region, *destinations}
        assert [arn.split(":")[3] for arn in touched.routed] == ([""] if profile.is_global else [])
        assert "*" not in "".join((touched.entry, *touched.models))


def test_a_geography_or_a_region_that_is_younger_than_the_table_is_granted_exactly() -> None:
    """No profile's id stands in a model's ARN, whatever AWS calls its next geography."""
    here = at("me-central-1", "aws")
    amer = reach(InferenceProfile(f"amer.{OPUS}", destinations=["us-east-1"]), here)
    assert amer.entry == f"arn:aws:bedrock:me-central-1:111122223333:inference-profile/amer.{OPUS}"
    assert amer.models == tuple(
        f"arn:aws:bedrock:{region}::foundation-model/{OPUS}" for region in ("me-central-1", "us-east-1")
    )
    everywhere = reach(InferenceProfile(f"global.{OPUS}"), here)
    assert everywhere.models == tuple(
        f"arn:aws:bedrock:{region}::foundation-model/{OPUS}" for region in ("me-central-1", "")
    )


@given(st.sampled_from(sorted(table.models())), st.sampled_from(["amer", "us", "eu-2", "sa", "mea"]))
def test_the_id_of_a_profile_is_no_model(model: str, geography: str) -> None:
    with pytest.raises(ConfigurationError, match="InferenceProfile"):
        FoundationModel(f"{geography}.{model}")
    with pytest.raises(ConfigurationError, match="begins with a geography"):
        InferenceProfile(model)

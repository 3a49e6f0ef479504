"""The tables of models and profiles."""

from __future__ import annotations

import re

from cdk_inference.bedrock import table
from cdk_inference.bedrock.models import PREFIXES, FoundationModel, InferenceProfile
from tests.each import each

REGION = re.compile(r"[a-z]{2}(-gov)?-[a-z]+-[0-9]")


@each("name", table.models())
def test_every_model_is_complete(name: str) -> None:
    fact = table.models()[name]
    assert FoundationModel(name).fact is fact
    assert fact.provider
    assert fact.status in ("active", "legacy")
    assert fact.inputs
    assert fact.outputs
    assert {*fact.inputs, *fact.outputs} <= {"text", "image", "video", "speech", "audio", "embedding"}
    assert all(REGION.fullmatch(region) for region in fact.on_demand | fact.mantle)
    assert fact.source in table.sources()
    profiles = [one for one in table.profiles() if one.partition(".")[2] == name]
    assert fact.on_demand or fact.mantle or profiles


@each("name", table.profiles())
def test_every_profile_is_complete(name: str) -> None:
    fact = table.profiles()[name]
    profile = InferenceProfile(name)
    assert profile.model.fact is not None
    assert fact.source in table.sources()
    assert profile.geography in PREFIXES
    for source, destinations in fact.destinations.items():
        assert REGION.fullmatch(source)
        assert all(REGION.fullmatch(region) for region in destinations)
        assert (destinations == ()) == profile.is_global
        # AWS's page calls it the source region because requests stay there too, unless they are routed.
        assert profile.is_global or source in destinations or set(destinations) < table.geographies()[profile.geography]


def test_sources_have_their_dates() -> None:
    assert table.sources().keys() == {"api", "code"}
    assert re.fullmatch(r"2026-\d\d-\d\d", table.day())
    assert table.sources()["api"].endswith(f"last change {table.day()}")
    assert table.sources()["code"].endswith("commit 4d11e8c, 2026-07-18")


# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html as of about December 2025, the last
# version with tables, and the page of Claude Opus 5.5 (read 2026-11-22): written by hand.
PUBLISHED = [
    ("us.amazon.nova-pro-v1:0", "us-east-1", "us-east-1 us-east-2 us-west-2"),
    ("us.amazon.nova-pro-v1:0", "us-west-1", "us-east-1 us-east-2 us-west-1 us-west-2"),
    ("us.amazon.nova-micro-v1:0", "us-east-1", "us-east-1 us-east-2 us-west-2"),
    ("eu.amazon.nova-lite-v1:0", "eu-west-1", "eu-central-1 eu-north-1 eu-west-1 eu-west-3"),
    ("eu.amazon.nova-pro-v1:0", "eu-south-1", "eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-3"),
    (
        "eu.amazon.nova-2-lite-v1:0",
        "eu-central-1",
        "eu-central-1 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-3",
    ),
    ("jp.amazon.nova-2-lite-v1:0", "ap-northeast-1", "ap-northeast-1 ap-northeast-3"),
    ("jp.anthropic.claude-opus-5-5", "ap-northeast-3", "ap-northeast-1 ap-northeast-3"),
    ("ca.amazon.nova-lite-v1:0", "ca-central-1", "ca-central-1 ca-west-1"),
    ("us.meta.llama3-3-70b-instruct-v1:0", "us-east-2", "us-east-1 us-east-2 us-west-2"),
]


@each(("profile", "source", "destinations"), PUBLISHED)
def test_destinations_are_those_of_awss_page(profile: str, source: str, destinations: str) -> None:
    assert InferenceProfile(profile).destinations_from(source) == tuple(destinations.split())


def test_profiles_of_a_model_in_a_region() -> None:
    assert table.profiles_of("anthropic.claude-opus-5-5", "us-east-1") == (
        "us.anthropic.claude-opus-5-5",
        "global.anthropic.claude-opus-5-5",
    )
    assert table.profiles_of("anthropic.claude-opus-5-5", "sa-east-1") == ("global.anthropic.claude-opus-5-5",)
    assert table.profiles_of("openai.gpt-oss-120b-1:0", "us-east-1") == ()
    assert table.profiles_of("nobody.model", "us-east-1") == ()


def test_a_geography_is_where_its_profiles_are_called_from() -> None:
    found = table.geographies()
    assert found["jp"] == {"ap-northeast-1", "ap-northeast-3"}
    assert found["us"] == {"us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "ca-west-1"}
    assert found["us-gov"] == {"us-gov-east-1", "us-gov-west-1"}
    assert set(found) == set(PREFIXES)


@each(
    "provider",
    ["Anthropic", "Meta", "Amazon", "Mistral AI", "Stability AI", "Cohere", "DeepSeek", "OpenAI"],
)
def test_the_providers_that_people_ask_for(provider: str) -> None:
    assert [fact for fact in table.models().values() if fact.provider == provider]

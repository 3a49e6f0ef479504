"""What a guardrail looks for: what is refused, in whole messages, and how it is written."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import botocore.session
import pytest

from cdk_inference.bedrock import BlockedWords, ContentFilter, CrossRegion, DeniedTopic, Grounding, PiiFilter, PiiRegex
from cdk_inference.bedrock.content_policy import (
    CATEGORIES,
    STRENGTHS,
    TOPIC_EXAMPLE_CHARACTERS_MAX,
    TOPIC_EXAMPLES_MAX,
    WORD_CHARACTERS_MAX,
    WORDS_MAX,
)
from cdk_inference.bedrock.guardrail_policy import MESSAGE_CHARACTERS_MAX, REGEXES_MAX, TIERS, TOPICS_MAX
from cdk_inference.bedrock.pii_policy import (
    ENTITIES,
    REGEX_DESCRIPTION_CHARACTERS_MAX,
    REGEX_NAME_CHARACTERS_MAX,
    REGEX_PATTERN_CHARACTERS_MAX,
)
from cdk_inference.core.errors import ConfigurationError
from tests.each import each

REFUSED: list[tuple[type, dict[str, Any], str]] = [
    (
        ContentFilter,
        {"category": "SPAM"},
        "category: got 'SPAM'; allowed: HATE, INSULTS, SEXUAL, VIOLENCE, MISCONDUCT, PROMPT_ATTACK; fix: choose one of these",
    ),
    (
        ContentFilter,
        {"category": "HATE", "strength": "NONE"},
        "strength: got 'NONE'; allowed: LOW, MEDIUM, HIGH; fix: choose one of these",
    ),
    (
        ContentFilter,
        {"category": "HATE", "on_input": "mask"},
        "on_input: got 'mask'; allowed: block, detect, off; fix: choose one of these",
    ),
    (
        ContentFilter,
        {"category": "HATE", "on_input": "off", "on_output": "off"},
        "on_output: got 'off'; allowed: another action in one direction: nothing is looked at; fix: leave it out",
    ),
    (
        ContentFilter,
        {"category": "PROMPT_ATTACK", "on_output": "block"},
        "on_output: got 'block'; allowed: off: an attack is in the prompt, not in the answer; fix: leave it out",
    ),
    (
        ContentFilter,
        {"category": "HATE", "images": 1},
        "images: got 1; allowed: True or False; fix: write True or False",
    ),
    (
        DeniedTopic,
        {"name": "a/b", "definition": "x"},
        "name: got 'a/b'; allowed: 1 to 100 letters, digits, spaces and - _ ! ? .; fix: rename the topic",
    ),
    (
        DeniedTopic,
        {"name": "a", "definition": ""},
        "definition: got ''; allowed: text of 1 to 1000 characters; fix: write some text",
    ),
    (
        DeniedTopic,
        {"name": "a", "definition": "x" * 1001},
        "definition: got '1001 characters'; allowed: text of 1 to 1000 characters; fix: shorten it",
    ),
    (
        DeniedTopic,
        {"name": "a", "definition": "x", "examples": tuple("abcdef")},
        "examples: got '6 texts'; allowed: at most 5; fix: leave some out",
    ),
    (
        DeniedTopic,
        {"name": "a", "definition": "x", "examples": "a"},
        "examples: got 'a'; allowed: a list of texts; fix: for example examples=(\"...\",)",
    ),
    (
        BlockedWords,
        {},
        "words: got (); allowed: at least one word, or profanity=True; fix: leave it out",
    ),
    (
        BlockedWords,
        {"words": ("a", "a")},
        "words: got 'a'; allowed: each text once; fix: leave it out",
    ),
    (
        BlockedWords,
        {"words": ("a", 1)},
        "words[1]: got 1; allowed: text of 1 to 100 characters; fix: write some text",
    ),
    (
        BlockedWords,
        {"words": (cdk.Aws.REGION,)},
        "words[0]: got 'a value known at deployment only'; allowed: plain text or a number: the guardrail has a new version "
        "whenever this changes; fix: write the value itself",
    ),
    (
        PiiFilter,
        {},
        'entities: got (); allowed: at least one entity, or a regex; fix: for example entities=("EMAIL", "PHONE")',
    ),
    (
        PiiFilter,
        {"entities": "EMAIL"},
        'entities: got \'EMAIL\'; allowed: a list of names; fix: for example entities=("EMAIL", "PHONE")',
    ),
    (
        PiiFilter,
        {"entities": ("MAIL",)},
        f"entities[0]: got 'MAIL'; allowed: {', '.join(ENTITIES)}; fix: choose one of these",
    ),
    (
        PiiFilter,
        {"regexes": ("C-[0-9]+",)},
        "regexes: got ('C-[0-9]+',); allowed: a list of PiiRegex; fix: for example "
        'regexes=(PiiRegex(name="Customer", pattern="C-[0-9]{8}"),)',
    ),
    (
        PiiRegex,
        {"name": "a", "pattern": "x" * 501},
        "pattern: got '501 characters'; allowed: text of 1 to 500 characters; fix: shorten it",
    ),
    (
        Grounding,
        {},
        "grounding: got None; allowed: a threshold here, or as relevance; fix: for example grounding=0.7",
    ),
    (
        Grounding,
        {"grounding": 1},
        "grounding: got 1; allowed: a number from 0 to 0.99, or None; fix: for example 0.7",
    ),
    (
        Grounding,
        {"relevance": False},
        "relevance: got False; allowed: a number from 0 to 0.99, or None; fix: for example 0.7",
    ),
    (
        Grounding,
        {"grounding": 0.5, "action": "mask"},
        "action: got 'mask'; allowed: block, detect; fix: choose one of these",
    ),
    (
        CrossRegion,
        {"profile": "us.guardrail", "regions": ("us-east-1",)},
        "profile: got 'us.guardrail'; allowed: the beginning of a profile's id, as us or eu; fix: for example "
        'CrossRegion(profile="apac", regions=("ap-southeast-1", ...))',
    ),
    (
        CrossRegion,
        {"profile": "us", "regions": ()},
        "regions: got (); allowed: a list of regions; fix: for example "
        'CrossRegion(profile="apac", regions=("ap-southeast-1", ...))',
    ),
]


@each(("kind", "arguments", "message"), REFUSED)
def test_refused(kind: type, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(**arguments)
    assert str(caught.value) == f"{kind.__name__}: {message}"


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        DeniedTopic(name="", definition=7, examples=("",), on_input="no")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "DeniedTopic has 4 problems:\n"
        "  1. name: got ''; allowed: 1 to 100 letters, digits, spaces and - _ ! ? .; fix: rename the topic\n"
        "  2. definition: got 7; allowed: text of 1 to 1000 characters; fix: write some text\n"
        "  3. examples[0]: got ''; allowed: text of 1 to 100 characters; fix: write some text\n"
        "  4. on_input: got 'no'; allowed: block, detect, off; fix: choose one of these"
    )


def test_a_direction_that_is_off_has_no_strength() -> None:
    assert ContentFilter(category="HATE", strength="LOW", on_input="detect", on_output="off").rendered() == {
        "type": "HATE",
        "inputStrength": "LOW",
        "inputModalities": ["TEXT"],
        "inputAction": "NONE",
        "inputEnabled": True,
        "outputStrength": "NONE",
    }


def test_an_attack_is_looked_for_in_the_prompt_only() -> None:
    rendered = ContentFilter(category="PROMPT_ATTACK", images=True).rendered()
    assert (rendered["inputStrength"], rendered["outputStrength"]) == ("HIGH", "NONE")
    assert rendered["inputModalities"] == ["TEXT", "IMAGE"]


def test_what_is_off_is_not_looked_for() -> None:
    topic = DeniedTopic(name="Money", definition="advice", on_input="off", on_output="detect").rendered()
    assert topic == {
        "name": "Money",
        "definition": "advice",
        "type": "DENY",
        "inputAction": "NONE",
        "inputEnabled": False,
        "outputAction": "NONE",
        "outputEnabled": True,
    }


@each(
    ("on_input", "on_output", "action"),
    [
        ("block", "mask", "ANONYMIZE"),
        ("mask", "off", "ANONYMIZE"),
        ("off", "block", "BLOCK"),
        ("block", "detect", "NONE"),
    ],
)
def test_the_action_beside_the_directions(on_input: str, on_output: str, action: str) -> None:
    entities, _ = PiiFilter(entities=("EMAIL",), on_input=on_input, on_output=on_output).rendered()
    assert entities[0]["action"] == action


def test_a_threshold_of_zero_is_one() -> None:
    assert [row["threshold"] for row in Grounding(grounding=0, relevance=0.99).rendered()] == [0.0, 0.99]


def shape(name: str) -> Any:
    return botocore.session.Session().get_service_model("bedrock").shape_for(name)


@each(
    ("name", "most"),
    [
        ("GuardrailTopicsConfig", TOPICS_MAX),
        ("GuardrailTopicExamples", TOPIC_EXAMPLES_MAX),
        ("GuardrailTopicExample", TOPIC_EXAMPLE_CHARACTERS_MAX),
        ("GuardrailWordsConfig", WORDS_MAX),
        ("GuardrailWordConfigTextString", WORD_CHARACTERS_MAX),
        ("GuardrailRegexesConfig", REGEXES_MAX),
        ("GuardrailRegexConfigNameString", REGEX_NAME_CHARACTERS_MAX),
        ("GuardrailRegexConfigPatternString", REGEX_PATTERN_CHARACTERS_MAX),
        ("GuardrailRegexConfigDescriptionString", REGEX_DESCRIPTION_CHARACTERS_MAX),
        ("GuardrailBlockedMessaging", MESSAGE_CHARACTERS_MAX),
    ],
)
def test_limits_are_those_of_the_api(name: str, most: int) -> None:
    assert shape(name).metadata["max"] == most


@each(
    ("name", "values"),
    [
        ("GuardrailContentFilterType", CATEGORIES),
        ("GuardrailFilterStrength", ("NONE", *STRENGTHS)),
        ("GuardrailPiiEntityType", ENTITIES),
        ("GuardrailContentFiltersTierName", TIERS),
        ("GuardrailTopicsTierName", TIERS),
    ],
)
def test_words_are_those_of_the_api(name: str, values: tuple[str, ...]) -> None:
    assert sorted(shape(name).enum) == sorted(values)

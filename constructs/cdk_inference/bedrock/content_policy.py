"""What a guardrail looks for, as values: harmful content, topics, words, and whether an answer keeps to its source.

Limits: botocore 1.44.5, CreateGuardrail, and cfn-lint 1.58.0, AWS::Bedrock::Guardrail (read 2026-11-24), unless a page
is named. Personal data: `cdk_inference.bedrock.pii_policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cdk_inference.core.checks import as_tuple, instance_of, is_token, matching, number_above, one_of
from cdk_inference.core.errors import Problem, raise_problems

Rendered = dict[str, Any]

# What happens to what is found -> CloudFormation's action, and whether it is looked for at all. "detect" lets it pass
# and says so in the trace; what is "off" is not charged. https://docs.aws.amazon.com/AWSCloudFormation/latest/
# TemplateReference/aws-properties-bedrock-guardrail-wordconfig.html (read 2026-11-24)
Action = Literal["block", "mask", "detect", "off"]
TextAction = Literal["block", "detect", "off"]
ACTIONS: Mapping[Action, tuple[str, bool]] = {
    "block": ("BLOCK", True),
    "mask": ("ANONYMIZE", True),
    "detect": ("NONE", True),
    "off": ("NONE", False),
}
BLOCK_OR_DETECT: tuple[TextAction, ...] = get_args(TextAction)

Category = Literal["HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT", "PROMPT_ATTACK"]
CATEGORIES: tuple[Category, ...] = get_args(Category)
PROMPT_ATTACK = "PROMPT_ATTACK"
Strength = Literal["LOW", "MEDIUM", "HIGH"]
STRENGTHS: tuple[Strength, ...] = get_args(Strength)

TOPIC_NAME = r"[0-9a-zA-Z\-_ !?.]{1,100}"
TOPIC_EXAMPLES_MAX = 5
TOPIC_EXAMPLE_CHARACTERS_MAX = 100
# In the tier Classic 200, see `guardrail_policy`.
# https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tiers.html (read 2026-11-22)
TOPIC_DEFINITION_CHARACTERS_MAX = 1000
WORDS_MAX = 10_000
WORD_CHARACTERS_MAX = 100
# The API takes any threshold from 0; AWS's construct says 0 blocks nothing and 0.99 almost everything.
# https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_aws-bedrock-alpha.ContextualGroundingFilter.html, same day
THRESHOLD_MAX = 0.99


def direction(action: Action, prefix: str) -> Rendered:
    """One direction, "input" or "output", as CloudFormation writes it."""
    name, enabled = ACTIONS[action]
    return {f"{prefix}Action": name, f"{prefix}Enabled": enabled}


def directions(on_input: Action, on_output: Action) -> Rendered:
    """Both directions."""
    return {**direction(on_input, "input"), **direction(on_output, "output")}


def direction_problems(on_input: object, on_output: object, allowed: tuple[str, ...]) -> list[Problem | None]:
    """Actions that are none, or a policy that looks at nothing."""
    found = [
        plain("on_input", on_input, lambda one: one_of("on_input", one, allowed, "choose one of these")),
        plain("on_output", on_output, lambda one: one_of("on_output", one, allowed, "choose one of these")),
    ]
    if on_input == on_output == "off":
        found.append(
            Problem("on_output", "off", "another action in one direction: nothing is looked at", "leave it out")
        )
    return found


def plain(argument: str, value: object, check: Callable[[Any], Problem | None]) -> Problem | None:
    """`check`, and no token: the version's name follows from every value of a policy."""
    if not is_token(value):
        return check(value)
    allowed = "plain text or a number: the guardrail has a new version whenever this changes"
    return Problem(argument, "a value known at deployment only", allowed, "write the value itself")


def text_problem(argument: str, value: object, longest: int) -> Problem | None:
    """`value` must be text of 1 to `longest` characters."""
    fix = "shorten it" if isinstance(value, str) and value else "write some text"
    allowed = f"text of 1 to {longest} characters"

    def check(one: object) -> Problem | None:
        if isinstance(one, str) and len(one) > longest:
            return Problem(argument, f"{len(one)} characters", allowed, fix)
        return matching(argument, one, r"(?s).+", allowed, fix)

    return plain(argument, value, check)


def texts_problems(argument: str, values: object, most: int, longest: int) -> Iterable[Problem | None]:
    """`values` must be a list or tuple of different texts, at most `most`, each of 1 to `longest` characters."""
    if not isinstance(values, tuple):
        return [Problem(argument, values, "a list of texts", f'for example {argument}=("...",)')]
    if len(values) > most:
        return [Problem(argument, f"{len(values)} texts", f"at most {most}", "leave some out")]
    twice = [one for number, one in enumerate(values) if one in values[:number]]
    return [
        *(text_problem(f"{argument}[{number}]", one, longest) for number, one in enumerate(values)),
        *(Problem(argument, one, "each text once", "leave it out") for one in dict.fromkeys(twice)),
    ]


@dataclass(frozen=True, kw_only=True)
class ContentFilter:
    """A category of harmful content.

    category: HATE, INSULTS, SEXUAL, VIOLENCE, MISCONDUCT or PROMPT_ATTACK.
    strength: how much is filtered, LOW, MEDIUM or HIGH (default).
    on_input, on_output: what happens to it in prompts and in answers: "block" (default), "detect" or "off". An attack
        is in the prompt only, so PROMPT_ATTACK is "off" on output by default, and nothing else is allowed
        (https://github.com/hashicorp/terraform-provider-awscc/issues/1905, read 2026-11-24).
    images: whether images are looked at besides text. Not in every region and not for every category there:
        https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-mmfilter.html. Default False.

    Raises ConfigurationError.
    """

    category: Category
    strength: Strength = "HIGH"
    on_input: TextAction = "block"
    on_output: TextAction | None = None
    images: bool = False

    def __post_init__(self) -> None:
        fix = "choose one of these"
        attack = self.category == PROMPT_ATTACK
        allowed = "off: an attack is in the prompt, not in the answer"
        raise_problems(
            "ContentFilter",
            plain("category", self.category, lambda one: one_of("category", one, CATEGORIES, fix)),
            plain("strength", self.strength, lambda one: one_of("strength", one, STRENGTHS, fix)),
            *direction_problems(self.on_input, self.answers, BLOCK_OR_DETECT),
            Problem("on_output", self.on_output, allowed, "leave it out") if attack and self.answers != "off" else None,
            instance_of("images", self.images, bool, "True or False", "write True or False"),
        )

    @property
    def answers(self) -> TextAction:
        """What happens in answers."""
        if self.on_output is not None:
            return self.on_output
        return "off" if self.category == PROMPT_ATTACK else "block"

    def rendered(self) -> Rendered:
        """As CloudFormation writes it; strength NONE where a direction is off, since a strength is required."""
        modalities = ["TEXT", "IMAGE"] if self.images else ["TEXT"]
        found: Rendered = {"type": self.category}
        both: tuple[tuple[str, TextAction], ...] = (("input", self.on_input), ("output", self.answers))
        for prefix, action in both:
            if action == "off":
                found[f"{prefix}Strength"] = "NONE"
            else:
                found |= {
                    f"{prefix}Strength": self.strength,
                    f"{prefix}Modalities": modalities,
                    **direction(action, prefix),
                }
        return found


@dataclass(frozen=True, kw_only=True)
class DeniedTopic:
    """A topic that is not talked about.

    name: 1 to 100 letters, digits, spaces and - _ ! ? .
    definition: what the topic is, 1 to 200 characters; in the tier STANDARD up to 1000.
    examples: up to 5 sentences of up to 100 characters that belong to it. Default: none.
    on_input, on_output: "block" (default), "detect" or "off".

    Raises ConfigurationError.
    """

    name: str
    definition: str
    examples: tuple[str, ...] = ()
    on_input: TextAction = "block"
    on_output: TextAction = "block"

    def __post_init__(self) -> None:
        object.__setattr__(self, "examples", as_tuple(self.examples))
        allowed = "1 to 100 letters, digits, spaces and - _ ! ? ."
        raise_problems(
            "DeniedTopic",
            plain("name", self.name, lambda one: matching("name", one, TOPIC_NAME, allowed, "rename the topic")),
            text_problem("definition", self.definition, TOPIC_DEFINITION_CHARACTERS_MAX),
            *texts_problems("examples", self.examples, TOPIC_EXAMPLES_MAX, TOPIC_EXAMPLE_CHARACTERS_MAX),
            *direction_problems(self.on_input, self.on_output, BLOCK_OR_DETECT),
        )

    def rendered(self) -> Rendered:
        """As CloudFormation writes it."""
        found: Rendered = {"name": self.name, "definition": self.definition, "type": "DENY"}
        if self.examples:
            found["examples"] = list(self.examples)
        return {**found, **directions(self.on_input, self.on_output)}


@dataclass(frozen=True, kw_only=True)
class BlockedWords:
    """Words that are found as they are written.

    words: words or phrases of up to 100 characters, each once. Default: none. AWS's console takes phrases of up to
        three words: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-word-filters.html (read
        2026-11-24).
    profanity: AWS's own list as well. Default False.
    on_input, on_output: "block" (default), "detect" or "off".

    Raises ConfigurationError.
    """

    words: tuple[str, ...] = ()
    profanity: bool = False
    on_input: TextAction = "block"
    on_output: TextAction = "block"

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", as_tuple(self.words))
        nothing = not self.words and self.profanity is False
        raise_problems(
            "BlockedWords",
            *texts_problems("words", self.words, WORDS_MAX, WORD_CHARACTERS_MAX),
            Problem("words", self.words, "at least one word, or profanity=True", "leave it out") if nothing else None,
            instance_of("profanity", self.profanity, bool, "True or False", "write True or False"),
            *direction_problems(self.on_input, self.on_output, BLOCK_OR_DETECT),
        )


@dataclass(frozen=True, kw_only=True)
class Grounding:
    """Whether an answer follows from the source and answers the question that the caller marked in the prompt.

    grounding, relevance: what the answer must reach, 0 to 0.99; None: not checked. For summaries and question
        answering; AWS does not support it for conversations. https://docs.aws.amazon.com/bedrock/latest/userguide/
        guardrails-contextual-grounding-check.html (read 2026-11-24)
    action: "block" (default) or "detect".

    Raises ConfigurationError.
    """

    grounding: float | None = None
    relevance: float | None = None
    action: Literal["block", "detect"] = "block"

    def __post_init__(self) -> None:
        nothing = self.grounding is None and self.relevance is None
        raise_problems(
            "Grounding",
            *(_threshold_problem(name, value) for name, value in self._thresholds()),
            Problem("grounding", None, "a threshold here, or as relevance", "for example grounding=0.7")
            if nothing
            else None,
            plain("action", self.action, lambda one: one_of("action", one, ("block", "detect"), "choose one of these")),
        )

    def _thresholds(self) -> tuple[tuple[str, float | None], ...]:
        return (("grounding", self.grounding), ("relevance", self.relevance))

    def rendered(self) -> list[Rendered]:
        """As CloudFormation writes it."""
        name, enabled = ACTIONS[self.action]
        return [
            {"type": filter.upper(), "threshold": float(value), "action": name, "enabled": enabled}
            for filter, value in self._thresholds()
            if value is not None
        ]


def _threshold_problem(argument: str, value: object) -> Problem | None:
    if value is None or (value == 0 and not isinstance(value, bool) and isinstance(value, (int, float))):
        return None
    found = plain(argument, value, lambda one: number_above(argument, one, 0, "for example 0.7", high=THRESHOLD_MAX))
    if found is None or is_token(value):
        return found
    return Problem(argument, value, f"a number from 0 to {THRESHOLD_MAX}, or None", "for example 0.7")

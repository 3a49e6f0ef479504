"""The policies of one guardrail together: how they must not contradict, how CloudFormation writes them, their name.

Whatever the order in which policies are given, they are written in one order, so that only a change is a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cdk_inference.bedrock.content_policy import (
    CATEGORIES,
    WORDS_MAX,
    BlockedWords,
    ContentFilter,
    DeniedTopic,
    Grounding,
    Rendered,
    directions,
    text_problem,
)
from cdk_inference.bedrock.guardrail_profiles import CrossRegion
from cdk_inference.bedrock.pii_policy import PiiFilter
from cdk_inference.core.checks import one_of
from cdk_inference.core.errors import Problem

GuardrailPolicy = ContentFilter | DeniedTopic | BlockedWords | PiiFilter | Grounding
POLICIES = (ContentFilter, DeniedTopic, BlockedWords, PiiFilter, Grounding)

Tier = Literal["CLASSIC", "STANDARD"]
TIERS: tuple[Tier, ...] = get_args(Tier)
CLASSIC, STANDARD = TIERS

# botocore 1.44.5, CreateGuardrail (read 2026-11-24)
MESSAGE_CHARACTERS_MAX = 500
TOPICS_MAX = 30
REGEXES_MAX = 30
# https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tiers.html (read 2026-11-22)
CLASSIC_DEFINITION_CHARACTERS_MAX = 200
_HASH_CHARACTERS = 8


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What a version of a guardrail is a snapshot of."""

    policies: Sequence[GuardrailPolicy]
    tier: Tier
    cross_region: CrossRegion | None
    blocked_input: str
    blocked_output: str

    def rendered(self) -> dict[str, Any]:
        """Properties of AWS::Bedrock::Guardrail, first letters small as the CDK writes them."""
        sections = {
            "contentPolicyConfig": self._content(),
            "topicPolicyConfig": self._topics(),
            "wordPolicyConfig": self._words(),
            "sensitiveInformationPolicyConfig": self._pii(),
            "contextualGroundingPolicyConfig": self._grounding(),
        }
        return {
            "blockedInputMessaging": self.blocked_input,
            "blockedOutputsMessaging": self.blocked_output,
            **{name: section for name, section in sections.items() if section},
        }

    def digest(self) -> str:
        """Changes with everything that the service does differently after a change, and with nothing else."""
        where = None if self.cross_region is None else self.cross_region.id
        text = json.dumps([self.rendered(), where], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:_HASH_CHARACTERS]

    def _of(self, kind: type) -> list[Any]:
        return [one for one in self.policies if isinstance(one, kind)]

    def _content(self) -> Rendered:
        filters = sorted(self._of(ContentFilter), key=lambda one: CATEGORIES.index(one.category))
        if not filters:
            return {}
        return {
            "filtersConfig": [one.rendered() for one in filters],
            "contentFiltersTierConfig": {"tierName": self.tier},
        }

    def _topics(self) -> Rendered:
        topics = sorted(self._of(DeniedTopic), key=lambda one: one.name)
        if not topics:
            return {}
        return {"topicsConfig": [one.rendered() for one in topics], "topicsTierConfig": {"tierName": self.tier}}

    def _words(self) -> Rendered:
        words, lists = [], []
        for one in self._of(BlockedWords):
            shared = directions(one.on_input, one.on_output)
            words += [{"text": word, **shared} for word in one.words]
            lists += [{"type": "PROFANITY", **shared}] if one.profanity else []
        found: Rendered = {"wordsConfig": sorted(words, key=lambda word: word["text"])} if words else {}
        return {**found, **({"managedWordListsConfig": lists} if lists else {})}

    def _pii(self) -> Rendered:
        made = [one.rendered() for one in self._of(PiiFilter)]
        entities = sorted((row for rows, _ in made for row in rows), key=lambda row: row["type"])
        regexes = sorted((row for _, rows in made for row in rows), key=lambda row: row["name"])
        found: Rendered = {"piiEntitiesConfig": entities} if entities else {}
        return {**found, **({"regexesConfig": regexes} if regexes else {})}

    def _grounding(self) -> Rendered:
        filters = [row for one in self._of(Grounding) for row in one.rendered()]
        return {"filtersConfig": sorted(filters, key=lambda row: row["type"])} if filters else {}


def policy_problems(
    policies: object, tier: object, cross_region: object, blocked_input: object, blocked_output: object
) -> list[Problem | None]:
    """What is wrong with the arguments of a guardrail, wherever it is."""
    kinds = ", ".join(kind.__name__ for kind in POLICIES)
    fix = 'for example policies=[ContentFilter(category="PROMPT_ATTACK")]'
    some = isinstance(policies, (list, tuple)) and len(policies) > 0
    if not isinstance(policies, (list, tuple)) or not all(isinstance(one, POLICIES) for one in policies) or not some:
        found: list[Problem | None] = [Problem("policies", policies, f"at least one of {kinds}", fix)]
    else:
        found = list(_together(policies, tier))
    needless = cross_region is not None and tier == CLASSIC
    return [
        *found,
        one_of("tier", tier, TIERS, "choose one of these"),
        Problem("cross_region", cross_region, "None: the tier CLASSIC is not routed", 'write tier="STANDARD"')
        if needless
        else None,
        None
        if cross_region is None or isinstance(cross_region, CrossRegion)
        else Problem("cross_region", cross_region, "CrossRegion or None", "cross_region=CrossRegion(...)"),
        text_problem("blocked_input", blocked_input, MESSAGE_CHARACTERS_MAX),
        text_problem("blocked_output", blocked_output, MESSAGE_CHARACTERS_MAX),
    ]


def _together(policies: Sequence[GuardrailPolicy], tier: object) -> Iterable[Problem]:
    topics = [one for one in policies if isinstance(one, DeniedTopic)]
    words = [word for one in policies if isinstance(one, BlockedWords) for word in one.words]
    pii = [one for one in policies if isinstance(one, PiiFilter)]
    regexes = [regex.name for one in pii for regex in one.regexes]
    thresholds = [row["type"] for one in policies if isinstance(one, Grounding) for row in one.rendered()]
    yield from _twice("content filters", [one.category for one in policies if isinstance(one, ContentFilter)])
    yield from _twice("topics", [one.name for one in topics])
    yield from _twice("words", words)
    yield from _twice(
        "lists of profanity", ["PROFANITY" for o in policies if isinstance(o, BlockedWords) and o.profanity]
    )
    yield from _twice("personal data", [entity for one in pii for entity in one.entities])
    yield from _twice("regexes", regexes)
    yield from _twice("thresholds", thresholds)
    for what, count, most in (
        ("topics", len(topics), TOPICS_MAX),
        ("words", len(words), WORDS_MAX),
        ("regexes", len(regexes), REGEXES_MAX),
    ):
        if count > most:
            yield Problem("policies", f"{count} {what}", f"at most {most} of one guardrail together", "leave some out")
    for one in topics:
        if tier == CLASSIC and len(one.definition) > CLASSIC_DEFINITION_CHARACTERS_MAX:
            got = f"the topic {one.name} with a definition of {len(one.definition)} characters"
            allowed = f"up to {CLASSIC_DEFINITION_CHARACTERS_MAX} characters in the tier CLASSIC"
            yield Problem("policies", got, allowed, 'shorten it, or write tier="STANDARD"')


def _twice(what: str, names: Sequence[str]) -> Iterable[Problem]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    for name, count in seen.items():
        if count > 1:
            yield Problem("policies", f"{name} {count} times", f"{what}: each once in one guardrail", "leave one out")

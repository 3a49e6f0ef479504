"""Rules of Bedrock's application inference profiles and guardrails."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from cdk_inference.facts import table
from rehearsal.rule import Call, Rule

_GUARDRAIL = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrail.html"
_POLICIES = (
    *("topicPolicyConfig", "contentPolicyConfig", "wordPolicyConfig", "sensitiveInformationPolicyConfig"),
    *("contextualGroundingPolicyConfig", "automatedReasoningPolicyConfig"),
)


@cache
def _sources() -> dict[str, set[str]]:
    """System profile -> the regions that it is called from."""
    found: dict[str, set[str]] = {}
    for row in table("bedrock_profiles").rows():
        found.setdefault(row["profile"], set()).update(row["sources"].split())
    return found


def _profile(call: Call) -> Iterator[str]:
    arn = call.params["modelSource"].get("copyFrom", "")
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return
    kind, _, name = parts[5].partition("/")
    if parts[3] != call.account.region:
        yield f"copyFrom: got {arn}; allowed: a model or a profile of {call.account.region}"
    sources = _sources().get(name)
    if kind == "inference-profile" and sources is not None and call.account.region not in sources:
        yield (
            f"copyFrom: got the profile {name} in {call.account.region}; allowed source regions: "
            f"{', '.join(sorted(sources))}"
        )
    if kind == "foundation-model" and name in _sources():
        yield f"copyFrom: got the profile id {name} in a foundation-model ARN; allowed: inference-profile/{name}"


def _policy(call: Call) -> Iterator[str]:
    if not any(call.params.get(name) for name in _POLICIES):
        yield "guardrail: got no policy; allowed: one of content, topics, words, sensitive information, grounding"


def _tier(call: Call) -> Iterator[str]:
    for name in ("contentPolicyConfig", "topicPolicyConfig"):
        tier = call.params.get(name, {}).get("tierConfig", {}).get("tierName")
        if tier == "STANDARD" and "crossRegionConfig" not in call.params:
            yield f"{name}.tierConfig: got STANDARD without crossRegionConfig; allowed: CLASSIC, or a guardrail profile"


def _attacks(call: Call) -> Iterator[str]:
    for one in call.params.get("contentPolicyConfig", {}).get("filtersConfig", []):
        if one["type"] == "PROMPT_ATTACK" and one.get("outputStrength", "NONE") != "NONE":
            yield f"PROMPT_ATTACK: got outputStrength {one['outputStrength']}; allowed: NONE, it reads prompts only"


RULES = (
    Rule(
        id="profile-source",
        effect="refused",
        on=("CreateInferenceProfile",),
        title="An application profile is copied from a model or a profile that can be called from the region.",
        source="https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html",
        check=_profile,
    ),
    Rule(
        id="guardrail-policy",
        effect="refused",
        on=("CreateGuardrail", "UpdateGuardrail"),
        title="A guardrail has at least one policy.",
        source=_GUARDRAIL,
        confidence="inferred",
        check=_policy,
    ),
    Rule(
        id="guardrail-tier",
        effect="refused",
        on=("CreateGuardrail", "UpdateGuardrail"),
        title="The Standard tier comes with a cross-region guardrail profile.",
        source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tiers.html",
        check=_tier,
    ),
    Rule(
        id="prompt-attack-output",
        effect="refused",
        on=("CreateGuardrail", "UpdateGuardrail"),
        title="The filter of prompt attacks has no strength for answers.",
        source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GuardrailContentFilterConfig.html",
        confidence="inferred",
        check=_attacks,
    ),
)

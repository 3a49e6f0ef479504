"""Filters of Bedrock guardrails: what is blocked, how strictly, on which side.

https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-components.html (read 2026-11-24)
"""

from __future__ import annotations

from cdk_inference.review.protections.comparators import fewer, lowered, smaller, switched_off
from cdk_inference.review.protections.protection import Comparator, Protection, Steps, rows

_TYPE = "AWS::Bedrock::Guardrail"
_STRENGTH = lowered("NONE", "LOW", "MEDIUM", "HIGH")
_ACTION = lowered("NONE", "ANONYMIZE", "BLOCK", default="BLOCK")
# AWS's pages name no default of the modalities; TEXT is this package's reading.
_MODALITIES = fewer(default=("TEXT",))
# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GuardrailTopicsTier.html (read 2026-11-30)
_TIER = lowered("CLASSIC", "STANDARD")
_THROUGH = "content that it blocked reaches the model or the user"
# (the list, what identifies its items)
_LISTS = (
    (("ContentPolicyConfig", "FiltersConfig"), "Type"),
    (("TopicPolicyConfig", "TopicsConfig"), "Name"),
    (("WordPolicyConfig", "WordsConfig"), "Text"),
    (("WordPolicyConfig", "ManagedWordListsConfig"), "Type"),
    (("SensitiveInformationPolicyConfig", "PiiEntitiesConfig"), "Type"),
    (("SensitiveInformationPolicyConfig", "RegexesConfig"), "Name"),
    (("ContextualGroundingPolicyConfig", "FiltersConfig"), "Type"),
)


def _items() -> list[tuple[Steps, Comparator]]:
    found: list[tuple[Steps, Comparator]] = []
    for path, key in _LISTS:
        found.append((path, fewer(key)))
        if path[0] == "ContextualGroundingPolicyConfig":
            continue
        for side in ("Input", "Output"):
            found.append(((*path, f"[{key}]", f"{side}Action"), _ACTION))
            found.append(((*path, f"[{key}]", f"{side}Enabled"), switched_off(default=True)))
    return found


GUARDRAIL: tuple[Protection, ...] = rows(
    _TYPE,
    _THROUGH,
    *_items(),
    (("ContentPolicyConfig", "FiltersConfig", "[Type]", "InputStrength"), _STRENGTH),
    (("ContentPolicyConfig", "FiltersConfig", "[Type]", "OutputStrength"), _STRENGTH),
    (("ContentPolicyConfig", "FiltersConfig", "[Type]", "InputModalities"), _MODALITIES),
    (("ContentPolicyConfig", "FiltersConfig", "[Type]", "OutputModalities"), _MODALITIES),
    (("ContentPolicyConfig", "ContentFiltersTierConfig", "TierName"), _TIER),
    (("TopicPolicyConfig", "TopicsTierConfig", "TierName"), _TIER),
    (("SensitiveInformationPolicyConfig", "PiiEntitiesConfig", "[Type]", "Action"), _ACTION),
    (("SensitiveInformationPolicyConfig", "RegexesConfig", "[Name]", "Action"), _ACTION),
    (("ContextualGroundingPolicyConfig", "FiltersConfig", "[Type]", "Threshold"), smaller()),
    (("ContextualGroundingPolicyConfig", "FiltersConfig", "[Type]", "Action"), _ACTION),
    (("ContextualGroundingPolicyConfig", "FiltersConfig", "[Type]", "Enabled"), switched_off(default=True)),
    (("AutomatedReasoningPolicyConfig", "Policies"), fewer()),
)

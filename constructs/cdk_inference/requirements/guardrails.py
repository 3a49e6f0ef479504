"""What Amazon Bedrock requires of a guardrail."""

from __future__ import annotations

from cdk_inference.core.errors import Problem
from cdk_inference.requirements.part import Part
from cdk_inference.requirements.requirement import Check, Requirement

GUARDRAIL = "AWS::Bedrock::Guardrail"
_SENTENCE = "This tier requires that your guardrail use cross-Region inference."


def _standard(tier: str) -> Check:
    def check(part: Part) -> Problem | None:
        if part.text(tier) != "STANDARD" or part.has("CrossRegionConfig"):
            return None
        fix = "add CrossRegionConfig with a guardrail profile of the region, or choose CLASSIC"
        return Problem(tier, "STANDARD without CrossRegionConfig", "STANDARD with CrossRegionConfig", fix)

    return check


REQUIREMENTS = (
    Requirement(
        id="guardrail-topics-tier",
        type=GUARDRAIL,
        service="bedrock",
        shape="GuardrailTopicsTierConfig",
        member="tierName",
        sentence=_SENTENCE,
        check=_standard("TopicPolicyConfig.TopicsTierConfig.TierName"),
    ),
    Requirement(
        id="guardrail-content-tier",
        type=GUARDRAIL,
        service="bedrock",
        shape="GuardrailContentFiltersTierConfig",
        member="tierName",
        sentence=_SENTENCE,
        check=_standard("ContentPolicyConfig.ContentFiltersTierConfig.TierName"),
    ),
)

"""What breaks guardrails made with other tools, as their users reported it: here it cannot happen.

Each test names the reports. The repositories are public; their numbers are issues or pull requests.
"""

from __future__ import annotations

import pytest

from cdk_inference.bedrock import BlockedWords, ContentFilter, Guardrail
from cdk_inference.core.errors import ConfigurationError
from tests.support import Template, new_stack, resource, template_of

VERSION = "AWS::Bedrock::GuardrailVersion"


def template(*words: str) -> Template:
    stack = new_stack()
    Guardrail(stack, "Guardrail", policies=[BlockedWords(words=words)])
    return template_of(stack)


def test_a_changed_policy_reaches_callers() -> None:
    """aws-samples/generative-ai-use-cases 641: the guardrail changed, and its version was the snapshot of before."""
    before, after = template("a"), template("a", "b")
    ids = [{key for key, one in found["Resources"].items() if one["Type"] == VERSION} for found in (before, after)]
    assert ids[0].isdisjoint(ids[1])


def test_a_version_in_use_is_not_deleted_by_the_next() -> None:
    """hashicorp/terraform-provider-aws 38853: making a version deleted the one before, until it could be skipped."""
    one = resource(template("a"), VERSION)
    assert (one["DeletionPolicy"], one["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_a_prompt_attack_has_no_strength_in_answers() -> None:
    """hashicorp/terraform-provider-awscc 1905: the service refuses another strength than NONE, at deployment."""
    assert ContentFilter(category="PROMPT_ATTACK").rendered()["outputStrength"] == "NONE"
    with pytest.raises(ConfigurationError):
        ContentFilter(category="PROMPT_ATTACK", on_output="block")

"""An application inference profile: a model or profile of AWS's under a name of your own, with tags for its cost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from aws_cdk import CfnTag
from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

from cdk_inference.bedrock.models import ExistingProfile, FoundationModel, InferenceProfile, of_problem
from cdk_inference.bedrock.placement import problems_at
from cdk_inference.bedrock.statements import reach
from cdk_inference.bedrock.target import ModelTarget
from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import ConfigurationError, Problem
from cdk_inference.core.names import HASH_CHARACTERS
from cdk_inference.kit.physical_names import physical_name_at
from cdk_inference.kit.stack_context import path_below, stack_context

# botocore 1.44.5, CreateInferenceProfile.
TAGS_MAX = 200
# Above the 100 of Tags.of(...).add and the 200 of its remove.
_GIVEN = 1000
_TAG = r"[a-zA-Z0-9\s._:/=+@-]"


class ApplicationProfile(ModelTarget):
    """An application inference profile, for one team or application: its calls are billed under its tags.

    of: the model or profile of AWS's that it stands for. Another one is another profile, with another ARN; the old one
        is deleted once callers have the new one.
    tags: on the profile, at least one, for cost allocation; they stay what they are where `Tags.of` of the stack or the
        app has the same key. Billing shows them once they are activated there:
        https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-application-inference-profiles.html

    Attributes: `profile_arn`, `profile_name`, and those of `ModelTarget`. Callers pass the ARN as modelId; the
    OpenAI-compatible APIs do not take it.

    Raises ConfigurationError.
    """

    def __init__(
        self, scope: Construct, id: str, *, of: FoundationModel | InferenceProfile, tags: Mapping[str, str]
    ) -> None:
        location, path = stack_context(scope), path_below(scope, id)
        wrong = of_problem(of)
        problems = [wrong] if wrong is not None else problems_at("of", of, location)
        problems += tag_problems(tags)
        if problems:
            raise ConfigurationError(f"ApplicationProfile {path}", problems)
        super().__init__(scope, id)
        # Changes with the source, which cannot be changed: a replacement stands beside the old one for a while.
        source = hashlib.sha256(of.id.encode()).hexdigest()[:HASH_CHARACTERS]
        kept = physical_name_at(path, location, "application inference profile", less=len(source) + 1)
        self.profile_name = f"{kept}-{source}"
        resource = bedrock.CfnApplicationInferenceProfile(
            self,
            "Resource",
            inference_profile_name=self.profile_name,
            model_source=bedrock.CfnApplicationInferenceProfile.InferenceProfileModelSourceProperty(
                copy_from=reach(of, location).entry
            ),
            tags=[CfnTag(key=key, value=value) for key, value in tags.items()],
        )
        for key, value in tags.items():
            # Tags.of(app) would overrule the tag, and the team's cost would go to whatever it says there.
            resource.cdk_tag_manager.set_tag(key, value, _GIVEN)
        self.profile_arn = resource.attr_inference_profile_arn
        self.model = ExistingProfile(self.profile_arn, of=of)
        self.target_name = self.profile_name
        self.model_id = self.profile_arn
        self.metric_id = resource.attr_inference_profile_id
        self._warn()


def tag_problems(tags: object) -> list[Problem]:
    """Tags outside AWS's rules."""
    fix = 'for example tags={"team": "search", "application": "chat"}'
    if not isinstance(tags, Mapping) or not tags:
        return [Problem("tags", tags, "at least one tag, to which its cost is allocated", fix)]
    found = []
    if len(tags) > TAGS_MAX:
        found.append(Problem("tags", len(tags), f"at most {TAGS_MAX} tags", "leave some out"))
    characters = "letters, digits, spaces and . _ : / = + @ -"
    for key, value in tags.items():
        if not _fits(key, 1, 128) or (isinstance(key, str) and key.lower().startswith("aws:")):
            allowed = f"1 to 128 characters: {characters}; not beginning with aws:"
            found.append(Problem("tags", key, f"keys of {allowed}", fix))
        if not _fits(value, 0, 256):
            found.append(Problem(f"tags[{key!r}]", value, f"a text of up to 256 characters: {characters}", fix))
    return found


def _fits(text: object, low: int, high: int) -> bool:
    return is_token(text) or (isinstance(text, str) and re.fullmatch(f"{_TAG}{{{low},{high}}}", text) is not None)

"""One thing that can be called on Bedrock: the right to call it, and its metrics."""

from __future__ import annotations

from aws_cdk import Validations
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock.additional_access import AdditionalAccess, further_statements
from cdk_inference.bedrock.conditions import Conditions
from cdk_inference.bedrock.granting import grant
from cdk_inference.bedrock.metrics import BedrockMetrics
from cdk_inference.bedrock.models import (
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    InferenceProfile,
    Model,
    OwnModel,
)
from cdk_inference.bedrock.placement import warnings_at
from cdk_inference.bedrock.statements import Statement, statements
from cdk_inference.core.checks import is_token
from cdk_inference.kit.stack_context import stack_context

UNKNOWN_MODEL = "cdk-inference:bedrock-model"


class ModelTarget(Construct, BedrockMetrics):
    """A model, profile or router that callers can be allowed to invoke: an `InferenceTarget`.

    Attributes: `target_name`; `model_id`, what callers pass as modelId; `model`, the value behind it.

    Made by `BedrockAccess`, or as `ApplicationProfile` or `PromptRouter`.
    """

    target_name: str
    model_id: str
    model: Model
    metric_id: str | None

    @property
    def priced_as(self) -> str | None:
        """The id of the model or profile of AWS's whose price its tokens have; None for own models and routers."""
        model = self.model.of if isinstance(self.model, ExistingProfile) else self.model
        return model.id if isinstance(model, (FoundationModel, InferenceProfile)) else None

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allows `grantee` to invoke this, streaming and Converse included, and what its access requires besides.

        Only ARNs that are known beforehand stand in it, and of an application profile its own.
        """
        return grant(self, grantee, self._statements())

    def _statements(self) -> list[Statement]:
        return statements(self.model, stack_context(self))

    def _warn(self, *, openai: bool = False) -> None:
        for warning in dict.fromkeys(warnings_at(self.model, stack_context(self), openai=openai)):
            Validations.of(self).add_warning(UNKNOWN_MODEL, warning)


class AccessTarget(ModelTarget):
    """One of the models of a `BedrockAccess`, under its conditions."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        model: Model,
        conditions: Conditions,
        further: AdditionalAccess,
        made: ModelTarget | None,
    ) -> None:
        super().__init__(scope, id)
        self.model = model
        self.target_name = name_of(model) if made is None else made.target_name
        self.model_id = id_of(model) if made is None else made.model_id
        self.metric_id = metric_id_of(model) if made is None else made.metric_id
        self._conditions = conditions
        self._further = further
        self.openai_compatible = further.openai_project is not None and isinstance(model, FoundationModel)
        if made is None:
            self._warn(openai=further.openai_project is not None)

    def _statements(self) -> list[Statement]:
        location = stack_context(self)
        return [
            *statements(self.model, location, self._conditions),
            *further_statements([self.model], location, self._conditions, self._further),
        ]


def id_of(model: Model) -> str:
    """What callers pass as modelId: an ARN where only AWS's own models and profiles have ids.

    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-use.html (read 2026-11-22)
    """
    return model.id if isinstance(model, (FoundationModel, InferenceProfile)) else model.arn


def name_of(model: Model) -> str:
    """What people call it."""
    return id_of(model) if is_token(id_of(model)) else id_of(model).rpartition("/")[2]


def metric_id_of(model: Model) -> str | None:
    """What CloudWatch calls it; None where nobody says."""
    if isinstance(model, OwnModel):
        return model.metric_id
    if isinstance(model, ExistingRouter) or (isinstance(model, ExistingProfile) and is_token(model.arn)):
        return None
    return name_of(model)

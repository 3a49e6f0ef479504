"""Models on Amazon Bedrock: what there is, who may call it, and what is measured."""

from cdk_inference.bedrock.access import BedrockAccess
from cdk_inference.bedrock.conditions import ExistingGuardrail, GuardrailLike
from cdk_inference.bedrock.marketplace import MarketplaceSubscriber
from cdk_inference.bedrock.models import (
    CustomModelDeployment,
    ExistingProfile,
    ExistingRouter,
    FoundationModel,
    ImportedModel,
    InferenceProfile,
    ProvisionedModel,
)
from cdk_inference.bedrock.profile import ApplicationProfile
from cdk_inference.bedrock.router import PromptRouter
from cdk_inference.bedrock.target import ModelTarget

__all__ = [
    "ApplicationProfile",
    "BedrockAccess",
    "CustomModelDeployment",
    "ExistingGuardrail",
    "ExistingProfile",
    "ExistingRouter",
    "FoundationModel",
    "GuardrailLike",
    "ImportedModel",
    "InferenceProfile",
    "MarketplaceSubscriber",
    "ModelTarget",
    "PromptRouter",
    "ProvisionedModel",
]

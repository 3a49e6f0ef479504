"""Models on Amazon Bedrock: what there is, who may call it, and what is measured."""

from cdk_inference.bedrock.access import BedrockAccess
from cdk_inference.bedrock.conditions import ExistingGuardrail, GuardrailLike
from cdk_inference.bedrock.content_policy import BlockedWords, ContentFilter, DeniedTopic, Grounding
from cdk_inference.bedrock.enforcement import EnforcedGuardrail
from cdk_inference.bedrock.guardrail import Guardrail, VersionedGuardrail
from cdk_inference.bedrock.guardrail_policy import GuardrailPolicy
from cdk_inference.bedrock.guardrail_profiles import CrossRegion
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
from cdk_inference.bedrock.pii_policy import PiiFilter, PiiRegex
from cdk_inference.bedrock.private_path import INTERFACE_ENDPOINTS, PrivatePath, ServiceAccess
from cdk_inference.bedrock.profile import ApplicationProfile
from cdk_inference.bedrock.router import PromptRouter
from cdk_inference.bedrock.target import ModelTarget

__all__ = [
    "INTERFACE_ENDPOINTS",
    "ApplicationProfile",
    "BedrockAccess",
    "BlockedWords",
    "ContentFilter",
    "CrossRegion",
    "CustomModelDeployment",
    "DeniedTopic",
    "EnforcedGuardrail",
    "ExistingGuardrail",
    "ExistingProfile",
    "ExistingRouter",
    "FoundationModel",
    "Grounding",
    "Guardrail",
    "GuardrailLike",
    "GuardrailPolicy",
    "ImportedModel",
    "InferenceProfile",
    "MarketplaceSubscriber",
    "ModelTarget",
    "PiiFilter",
    "PiiRegex",
    "PrivatePath",
    "PromptRouter",
    "ProvisionedModel",
    "ServiceAccess",
    "VersionedGuardrail",
]

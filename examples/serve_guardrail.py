"""An assistant behind a guardrail: what is looked for, a role that must apply it, and no way but the network's."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.bedrock import (
    ApplicationProfile,
    BedrockAccess,
    BlockedWords,
    ContentFilter,
    DeniedTopic,
    Grounding,
    Guardrail,
    InferenceProfile,
    PiiFilter,
    PiiRegex,
    PrivatePath,
)
from cdk_inference.network import InferenceNetwork

app = cdk.App()
region = cdk.Environment(region="us-east-1")

network_stack = cdk.Stack(app, "GuardedNetwork", env=region)
key = kms.Key(network_stack, "Key", enable_key_rotation=True)
models = s3.Bucket.from_bucket_name(network_stack, "Models", "my-models")
network = InferenceNetwork(network_stack, "Network", read_from=[models], services=(), encryption_key=key)

# A change here makes a new version. Those who call from another stack have it once that stack is deployed.
guardrail_stack = cdk.Stack(app, "GuardedPolicies", env=region)
guardrail = Guardrail(
    guardrail_stack,
    "Assistant",
    policies=[
        ContentFilter(category="PROMPT_ATTACK"),
        ContentFilter(category="HATE"),
        ContentFilter(category="INSULTS"),
        ContentFilter(category="SEXUAL"),
        ContentFilter(category="VIOLENCE"),
        ContentFilter(category="MISCONDUCT"),
        DeniedTopic(
            name="Investment advice",
            definition="Recommendations to buy, sell or keep shares, funds or other investments.",
            examples=("Which shares shall I buy?",),
        ),
        BlockedWords(words=("Example Competitor",), profanity=True),
        PiiFilter(entities=("EMAIL", "PHONE"), on_input="detect", on_output="mask"),
        PiiFilter(entities=("CREDIT_DEBIT_CARD_NUMBER", "PASSWORD")),
        PiiFilter(regexes=(PiiRegex(name="Customer", pattern="C-[0-9]{8}"),), on_input="off", on_output="mask"),
        Grounding(grounding=0.7, relevance=0.5, action="detect"),
    ],
    tier="STANDARD",
    blocked_input="I cannot help with that.",
    blocked_output="I have no answer to that.",
    encryption_key=key,
)

stack = cdk.Stack(app, "GuardedAssistant", env=region)
profile = ApplicationProfile(
    stack, "Profile", of=InferenceProfile("us.anthropic.claude-haiku-5-5"), tags={"team": "support"}
)
path = PrivatePath(stack, "Path", vpc=network, models=[profile], guardrail=guardrail)
access = BedrockAccess(stack, "Access", models=[profile], guardrail=guardrail, vpc_endpoints=[path.endpoint])
policy = iam.ManagedPolicy(stack, "Calls", description="The model of the assistant, with its guardrail")
access.grant_invoke(policy)
iam.Role(
    stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").grant_principal, managed_policies=[policy]
)
cdk.CfnOutput(stack, "ModelId", value=profile.model_id)
cdk.CfnOutput(stack, "GuardrailIdentifier", value=guardrail.guardrail_id)
cdk.CfnOutput(stack, "GuardrailVersion", value=guardrail.guardrail_version)
app.synth()

"""Teams on Amazon Bedrock: each calls a profile of its own, billed under its tags, with the guardrail; nothing else."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_inference.bedrock import (
    ApplicationProfile,
    BedrockAccess,
    ExistingGuardrail,
    FoundationModel,
    InferenceProfile,
    MarketplaceSubscriber,
    PromptRouter,
)

app = cdk.App()
stack = cdk.Stack(app, "BedrockAccess", env=cdk.Environment(region="us-east-1"))
guardrail = ExistingGuardrail(
    guardrail_arn=f"arn:{stack.partition}:bedrock:{stack.region}:{stack.account}:guardrail/abcdef123456",
    guardrail_version="3",
)


def caller(name: str, access: BedrockAccess) -> None:
    """A function's role that may call what `access` has."""
    policy = iam.ManagedPolicy(stack, f"{name}Calls", description=f"Models that {name} calls on Amazon Bedrock")
    access.grant_invoke(policy)
    functions = iam.ServicePrincipal("lambda.amazonaws.com").grant_principal
    iam.Role(stack, f"{name}Role", assumed_by=functions, managed_policies=[policy])


# Routed within the US, and to any commercial region.
teams = {
    "Search": InferenceProfile("us.anthropic.claude-opus-5-5"),
    "Support": InferenceProfile("global.anthropic.claude-haiku-5-5"),
}
for team, model in teams.items():
    profile = ApplicationProfile(stack, team, of=model, tags={"team": team.lower()})
    caller(team, BedrockAccess(stack, f"{team}Access", models=[profile], guardrail=guardrail))

# Models that stay in the region: embeddings, and a router that chooses between two models.
nova = (FoundationModel("amazon.nova-lite-v1:0"), FoundationModel("amazon.nova-pro-v1:0"))
router = PromptRouter(stack, "Router", models=nova, fallback=nova[0], quality_difference_percent=25)
local = BedrockAccess(stack, "IndexerAccess", models=[FoundationModel("amazon.titan-embed-text-v2:0"), router])
caller("Indexer", local)

# Who subscribes the account to Claude, once. The id is on the model's card.
MarketplaceSubscriber(stack, "Subscriber", assumed_by=iam.AccountRootPrincipal(), product_ids=["prod-xdkflymybwmvi"])
app.synth()

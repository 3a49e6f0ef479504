"""Teams that call models on Amazon Bedrock: each has a profile of its own, billed under its tags, and a role for it."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack, Tags
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock import ApplicationProfile, BedrockAccess
from stacks.settings import Settings


class BedrockStack(Stack):
    """`profiles` and `roles`: team -> its profile, and the role of its functions, which may call nothing else."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings) -> None:
        super().__init__(
            scope,
            id,
            env=Environment(region=settings.region),
            description="Access to models on Amazon Bedrock",
            termination_protection=settings.protected,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
        self.profiles: dict[str, ApplicationProfile] = {}
        self.roles: dict[str, iam.Role] = {}
        for team, model in settings.teams.items():
            profile = ApplicationProfile(self, team, of=model, tags={"team": team.lower()})
            policy = iam.ManagedPolicy(self, f"{team}Calls", description=f"Models that {team} calls on Amazon Bedrock")
            BedrockAccess(self, f"{team}Access", models=[profile]).grant_invoke(policy)
            self.profiles[team] = profile
            self.roles[team] = iam.Role(
                self,
                f"{team}Role",
                assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
                description=f"Functions of {team} that call models on Amazon Bedrock",
                managed_policies=[policy],
            )
            CfnOutput(self, f"{team}ModelId", value=profile.model_id, description="The modelId of Converse")


def bedrock_stack(scope: Construct, settings: Settings) -> BedrockStack | None:
    """The stack, if the settings have teams."""
    return BedrockStack(scope, f"{settings.name}-bedrock", settings=settings) if settings.teams else None

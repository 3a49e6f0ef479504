"""Teams that call models on Amazon Bedrock: each has a profile of its own, billed under its tags, and a role for it.

Every call has to apply the stack's guardrail, and to come through the private path where there is a network. What the
teams' tokens cost has a rate and a budget, by the same words as endpoints have.
"""

from __future__ import annotations

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock import ApplicationProfile, BedrockAccess, Guardrail, PrivatePath
from cdk_inference.cost import AlarmTopic, CostControls
from stacks.base import EnvironmentStack
from stacks.network import NetworkStack
from stacks.settings import Settings


class BedrockStack(EnvironmentStack):
    """`profiles` and `roles`: team -> its profile, and the role of its functions, which may call nothing else."""

    def __init__(self, scope: Construct, *, settings: Settings, network: NetworkStack | None = None) -> None:
        super().__init__(scope, settings=settings, part="bedrock", description="Access to models on Amazon Bedrock")
        self.profiles: dict[str, ApplicationProfile] = {
            team: ApplicationProfile(self, team, of=model, tags={"team": team.lower()})
            for team, model in settings.teams.items()
        }
        models = list(self.profiles.values())
        guardrail = Guardrail(self, "Guardrail", policies=settings.guardrail, keep=settings.protected)
        path = (
            None
            if network is None
            else PrivatePath(self, "Path", vpc=network.network, models=models, guardrail=guardrail)
        )
        self.roles: dict[str, iam.Role] = {}
        for team, profile in self.profiles.items():
            policy = iam.ManagedPolicy(self, f"{team}Calls", description=f"Models that {team} calls on Amazon Bedrock")
            BedrockAccess(
                self,
                f"{team}Access",
                models=[profile],
                guardrail=guardrail,
                any_version=True,  # functions of other stacks get the new one when they are deployed
                vpc_endpoints=[] if path is None else [path.endpoint],
            ).grant_invoke(policy)
            self.roles[team] = iam.Role(
                self,
                f"{team}Role",
                assumed_by=iam.ServicePrincipal("lambda.amazonaws.com").grant_principal,
                description=f"Functions of {team} that call models on Amazon Bedrock",
                managed_policies=[policy],
            )
            CfnOutput(self, f"{team}ModelId", value=profile.model_id, description="The modelId of Converse")
        if settings.teams_budget is not None:
            topic = AlarmTopic(self, "Alarms")
            CostControls(self, "Cost", targets=models, monthly_budget=settings.teams_budget, alarm_topic=topic)
            CfnOutput(self, "AlarmTopicArn", value=topic.topic_arn, description="Subscribe to hear of costs")
        CfnOutput(self, "GuardrailIdentifier", value=guardrail.guardrail_id, description="For guardrailConfig")
        CfnOutput(self, "GuardrailVersion", value=guardrail.guardrail_version, description="For guardrailConfig")

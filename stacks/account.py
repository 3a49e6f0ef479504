"""What exists once in an account and region, whoever lives there: a guardrail that every call of a model has to pass.

Deploy it in two steps, or callers are refused in between: see docs/guardrails.md. How Bedrock logs invocations exists
once as well, but CloudFormation has no resource for that (PutModelInvocationLoggingConfiguration, botocore 1.44.5).
What watches the costs of the whole account is in account_costs.py.
"""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack, Tags
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock import EnforcedGuardrail, Guardrail
from stacks.settings import AccountGuardrail, Settings


class AccountStack(Stack):
    """`guardrail`, and `callers`: a managed policy that lets a role apply it, for every role that calls models here."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings, account: AccountGuardrail) -> None:
        super().__init__(
            scope,
            id,
            env=Environment(region=settings.region),
            description="The guardrail of every call of a model in this account and region",
            termination_protection=settings.protected,
        )
        for name, value in settings.tags.items():
            Tags.of(self).add(name, value)
        self.guardrail = Guardrail(self, "Guardrail", policies=account.policies, tier=account.tier)
        self.callers = iam.ManagedPolicy(
            self, "Callers", description="Applies the guardrail of this account and region"
        )
        self.guardrail.grant_apply(self.callers)
        if account.enforced:
            EnforcedGuardrail(self, "Enforced", guardrail=self.guardrail)
        CfnOutput(
            self, "CallersPolicyArn", value=self.callers.managed_policy_arn, description="For roles that call models"
        )


def account_stack(scope: Construct, settings: Settings) -> AccountStack | None:
    """The stack, if the settings ask for a guardrail of the account."""
    if settings.account_guardrail is None:
        return None
    return AccountStack(scope, f"{settings.name}-account", settings=settings, account=settings.account_guardrail)

"""What exists once in an account and region, whoever lives there: a guardrail that every call of a model has to pass.

Deploy it in two steps, or callers are refused in between: see docs/guardrails.md. How Bedrock logs invocations exists
once as well, but CloudFormation has no resource for that (PutModelInvocationLoggingConfiguration, botocore 1.44.5).
What watches the costs of the whole account is in account_costs.py.
"""

from __future__ import annotations

from aws_cdk import CfnOutput
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_inference.bedrock import EnforcedGuardrail, Guardrail
from stacks.base import EnvironmentStack
from stacks.settings import AccountGuardrail, Settings


class AccountStack(EnvironmentStack):
    """`guardrail`, and `callers`: a managed policy that lets a role apply it, for every role that calls models here."""

    def __init__(self, scope: Construct, *, settings: Settings, account: AccountGuardrail) -> None:
        super().__init__(
            scope,
            settings=settings,
            part="account",
            description="The guardrail of every call of a model in this account and region",
        )
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

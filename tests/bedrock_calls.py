"""Calls of Bedrock as IAM sees them: one authorization for what the caller names, and one for each model behind it.

Written from AWS's pages, not from the package:
https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html (read 2026-11-22)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rehearsal.iam import Answer, Policies, Request, decide

ACCOUNT = "111122223333"
VPCE = "vpce-0123456789abcdef0"
ORGANIZATION = "o-a1b2c3d4e5"


def model_arn(model: str, region: str, partition: str = "aws") -> str:
    return f"arn:{partition}:bedrock:{region}::foundation-model/{model}"


def own_arn(resource: str, region: str = "us-east-1", account: str = ACCOUNT, partition: str = "aws") -> str:
    return f"arn:{partition}:bedrock:{region}:{account}:{resource}"


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.

    names: the ARN of what the caller names. model: behind a profile, "" for a model that is named itself.
    regions: that a profile routes to from `source`; None for global routing.
    far_vpce: whether aws:SourceVpce is there in other regions too: AWS does not document it, so tests try both.
    """

    names: str
    source: str = "us-east-1"
    model: str = ""
    regions: Sequence[str] | None = ()
    streaming: bool = False
    guardrail: str | None = None
    vpce: str | None = None
    organization: str | None = None
    partition: str = "aws"
    far_vpce: bool = False

    def authorizations(self) -> list[Request]:
        """What IAM is asked; the call needs every one."""
        action = "bedrock:InvokeModelWithResponseStream" if self.streaming else "bedrock:InvokeModel"
        context = {
            key: value
            for key, value in (
                ("bedrock:GuardrailIdentifier", self.guardrail),
                ("aws:PrincipalOrgID", self.organization),
            )
            if value is not None
        }
        here = context if self.vpce is None else {**context, "aws:SourceVpce": self.vpce}
        found = [Request(action, self.names, {**here, "aws:RequestedRegion": self.source})]
        if self.model:
            through = {"bedrock:InferenceProfileArn": self.names}
            elsewhere = here if self.far_vpce else context
            at_home = {**here, **through, "aws:RequestedRegion": self.source}
            found.append(Request(action, model_arn(self.model, self.source, self.partition), at_home))
            if self.regions is None:
                away = {**elsewhere, **through, "aws:RequestedRegion": "unspecified"}
                found.append(Request(action, model_arn(self.model, "", self.partition), away))
            for region in self.regions or ():
                if region != self.source:
                    away = {**elsewhere, **through, "aws:RequestedRegion": region}
                    found.append(Request(action, model_arn(self.model, region, self.partition), away))
        if self.guardrail is not None:
            arn = self.guardrail.partition(":guardrail/")
            found.append(Request("bedrock:ApplyGuardrail", f"{arn[0]}{arn[1]}{arn[2].partition(':')[0]}", {**here}))
        return found

    def answer(self, policies: Policies) -> Answer:
        """Allowed if every authorization is; else the first refusal."""
        answers = [(request, decide(request, policies)) for request in self.authorizations()]
        refused = [(request, one) for request, one in answers if not one]
        if not refused:
            return answers[0][1]
        request, one = refused[0]
        return Answer(False, f"{request.action} on {request.resource}: {one.why}")

"""Target tracking of a serverless variant's provisioned concurrency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.errors import Problem
from cdk_inference.scaling.policies.base import PredefinedTracked
from cdk_inference.scaling.policies.fixed import PROVISIONED_MAX, over_concurrency
from cdk_inference.scaling.target import ScalableTarget


@dataclass(frozen=True, kw_only=True)
class TargetProvisionedUtilization(PredefinedTracked):
    """Holds the used part of the provisioned concurrency (`SageMakerVariantProvisionedConcurrencyUtilization`).

    utilization: above 0, at most 1; AWS's example has 0.5.
    min_concurrency, max_concurrency: 1 to 200, at most the endpoint's maximum concurrency. The minimum is 1 by default.
    allow_untested: True once you have tried it. Default False, which refuses it: AWS writes that
        CloudFormation does not support this autoscaling
        (https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html, read 2026-11-22), although its
        schema accepts the resources.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints-autoscale.html (read 2026-11-22)

    Cooldowns and windows: as in `Tracked`. Raises ConfigurationError.
    """

    utilization: float
    min_concurrency: int = 1
    max_concurrency: int
    allow_untested: bool = False

    reading: ClassVar[str] = "ServerlessProvisionedConcurrencyUtilization"
    metric_type: ClassVar[str] = "SageMakerVariantProvisionedConcurrencyUtilization"
    held: ClassVar[str] = "utilization"
    measured: ClassVar[str] = "give a share, for example 0.5"
    most: ClassVar[float | None] = 1
    kinds: ClassVar[frozenset[str]] = frozenset({"serverless"})
    bound_names: ClassVar[tuple[str, str]] = ("min_concurrency", "max_concurrency")
    too_low: ClassVar[str] = "choose a count within the limits"
    highest: ClassVar[int | None] = PROVISIONED_MAX

    def _own_problems(self) -> list[Problem | None]:
        tried = None
        if self.allow_untested is not True:
            allowed = (
                "True, once you have tried it: AWS writes that CloudFormation does not support this autoscaling "
                "(https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html, read 2026-11-22)"
            )
            fix = "use ProvisionedConcurrency(executions=...)"
            tried = Problem("allow_untested", self.allow_untested, allowed, fix)
        return [*PredefinedTracked._own_problems(self), tried]

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        bounds = [("max_concurrency", self.maximum)]
        bounds += [(f"windows[{number}].maximum", window.max_capacity) for number, window in enumerate(self.windows)]
        return over_concurrency(bounds, target)

"""Counts that nothing changes but a deployment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import is_token, known_number, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.scaling.policies.base import Policy
from cdk_inference.scaling.policies.variant import MIN_INSTANCES, ONE_AT_LEAST
from cdk_inference.scaling.target import ScalableTarget

# https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (read 2026-11-22): at most the endpoint's
# own maximum concurrency, which is at most 200.
PROVISIONED_MAX = 200


@dataclass(frozen=True, kw_only=True)
class FixedCount(Policy):
    """Always the same number of instances, without autoscaling. A deployment that changes it takes effect.

    instances: 1 or more. Default 1. For real-time and asynchronous variants.

    Raises ConfigurationError.
    """

    instances: int = 1

    kinds: ClassVar[frozenset[str]] = frozenset({"realtime", "async"})
    fixed: ClassVar[bool] = True
    bound_names: ClassVar[tuple[str, str]] = ("instances", "instances")

    def __post_init__(self) -> None:
        raise_problems("FixedCount", whole_number("instances", self.instances, MIN_INSTANCES, None, ONE_AT_LEAST))

    @property
    def min_instances(self) -> int:
        return self.instances

    @property
    def max_instances(self) -> int:
        return self.instances


@dataclass(frozen=True, kw_only=True)
class FixedCopies(Policy):
    """Always the same number of copies of an inference component, without autoscaling.

    copies: 1 or more. Default 1. A component that should rest at zero needs a policy that wakes it.

    Raises ConfigurationError.
    """

    copies: int = 1

    kinds: ClassVar[frozenset[str]] = frozenset({"component"})
    fixed: ClassVar[bool] = True
    bound_names: ClassVar[tuple[str, str]] = ("copies", "copies")

    def __post_init__(self) -> None:
        fix = "use 1 or more; for zero use TargetConcurrencyPerCopy(min_copies=0, ...)"
        raise_problems(
            "FixedCopies",
            known_number("copies", self.copies, "the room that copies need is added up")
            or whole_number("copies", self.copies, 1, None, fix),
        )


@dataclass(frozen=True, kw_only=True)
class ProvisionedConcurrency(Policy):
    """A serverless variant that always has so many executions warm. Those beyond it run on demand.

    executions: 1 to 200, at most the endpoint's maximum concurrency.

    https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html (read 2026-11-22)

    Raises ConfigurationError.
    """

    executions: int

    kinds: ClassVar[frozenset[str]] = frozenset({"serverless"})
    fixed: ClassVar[bool] = True
    bound_names: ClassVar[tuple[str, str]] = ("executions", "executions")

    def __post_init__(self) -> None:
        fix = "choose a count within the limits, or leave it out for on demand"
        raise_problems("ProvisionedConcurrency", whole_number("executions", self.executions, 1, PROVISIONED_MAX, fix))

    def _target_problems(self, target: ScalableTarget) -> list[Problem]:
        return over_concurrency([("executions", self.executions)], target)


def over_concurrency(bounds: list[tuple[str, int]], target: ScalableTarget) -> list[Problem]:
    """Returns each (argument, value) above the endpoint's maximum concurrency."""
    limit = target.max_concurrency
    if limit is None or is_token(limit):
        return []
    allowed = f"at most the endpoint's maximum concurrency, {limit}"
    return [
        Problem(f"scaling.{name}", value, allowed, "lower it, or raise that")
        for name, value in bounds
        if not is_token(value) and value > limit
    ]

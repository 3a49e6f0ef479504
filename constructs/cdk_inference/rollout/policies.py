"""How an update reaches the instances: SageMaker's deployment guardrails as values. No CDK here.

Limits: TrafficRoutingConfig, BlueGreenUpdatePolicy, RollingUpdatePolicy in
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html (botocore 1.44.5, read 2026-11-23)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import LATER, instance_of, is_token, known_number, whole_number
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.rollout.when import RollbackWhen

WAIT_SECONDS_MAX = 3600
# A policy of this package: long enough for an alarm of 2 in 3 minutes to speak three times.
DEFAULT_BAKE_SECONDS = 600

_DEFAULT_WHEN = RollbackWhen()
_SECONDS = f"choose 0 to {WAIT_SECONDS_MAX} seconds"


@dataclass(frozen=True, kw_only=True)
class Immediate:
    """Blue/green, all at once, without a baking period and without rollback: SageMaker's own default."""


@dataclass(frozen=True, kw_only=True)
class AllAtOnce:
    """Blue/green: all traffic moves to the new fleet, which is then watched.

    bake_seconds: how long the rollback alarms are watched, 0 to 3600. Default 600.
    keep_old_seconds: how long the old fleet stays after that, 0 to 3600. Default 0. Both fleets are billed meanwhile.
    rollback_when: what ends the update. Default: 5 % of the new fleet's answers with status 5xx.

    Raises ConfigurationError.
    """

    bake_seconds: int = DEFAULT_BAKE_SECONDS
    keep_old_seconds: int = 0
    rollback_when: RollbackWhen = _DEFAULT_WHEN

    kind: ClassVar[str] = "ALL_AT_ONCE"

    def __post_init__(self) -> None:
        raise_problems(type(self).__name__, *self._problems())

    def _problems(self) -> list[Problem | None]:
        return [
            whole_number("bake_seconds", self.bake_seconds, 0, WAIT_SECONDS_MAX, _SECONDS),
            whole_number("keep_old_seconds", self.keep_old_seconds, 0, WAIT_SECONDS_MAX, _SECONDS),
            _when_problem(self.rollback_when),
        ]


@dataclass(frozen=True, kw_only=True)
class Stepwise:
    """What the rollouts in steps share: a size, in percent of the fleet or in instances, exactly one of the two."""

    percent: int | None = None
    instances: int | None = None

    percent_min: ClassVar[int]
    percent_max: ClassVar[int] = 50

    def size_problems(self) -> list[Problem | None]:
        """Returns the problem of the size by itself."""
        if (self.percent is None) == (self.instances is None):
            percent, instances = (LATER if is_token(one) else one for one in (self.percent, self.instances))
            got = f"percent={percent}, instances={instances}"
            return [Problem("percent", got, "either percent or instances", "give exactly one of the two")]
        if self.percent is not None:
            fix = "choose a share within SageMaker's limits"
            return [whole_number("percent", self.percent, self.percent_min, self.percent_max, fix)]
        return [
            known_number("instances", self.instances, "it is compared with the counts of the fleet")
            or whole_number("instances", self.instances, 1, None, "give a count of 1 or more")
        ]

    def problems_with(
        self,
        min_instances: int,
        max_instances: int,
        *,
        counted: tuple[str, str] = ("instance", "instances"),
        fix: str = "use AllAtOnce(...), or run more instances",
    ) -> list[Problem]:
        """Why a fleet of so many instances, or a component of so many copies, cannot be updated in these steps."""
        if is_token(min_instances) or is_token(max_instances):
            return []
        if min_instances < 2:
            # 1 of 1 is 100 %, and no step may be more than half.
            allowed = f"{type(self).__name__} with at least 2 {counted[1]}: a step is at most {self.percent_max} %"
            count = f"{min_instances} {counted[min_instances == 0]}"
            return [Problem("rollout", f"{type(self).__name__} with {count}", allowed, fix)]
        if self.instances is None:
            return []
        low, high = -(-max_instances * self.percent_min // 100), min_instances * self.percent_max // 100
        if low <= self.instances <= high:
            return []
        size = f"{self.percent_min} to {self.percent_max} % of {min_instances} to {max_instances} {counted[1]}"
        choice = f"{low} to {high}" if low <= high else "no count, since the bounds lie too far apart"
        smaller = "choose a count that fits all of them, or percent=..."
        return [Problem("rollout.instances", self.instances, f"{size}: {choice}", smaller)]


@dataclass(frozen=True, kw_only=True)
class Canary(Stepwise, AllAtOnce):
    """Blue/green: a part of the new fleet gets its traffic first and is watched, then the rest.

    percent, instances: exactly one of the two: 1 to 50 % of the new fleet, or a count of 1 or more, at most half of it.
        Default: neither, which is refused.
    bake_seconds, keep_old_seconds, rollback_when: as in `AllAtOnce`.

    Raises ConfigurationError.
    """

    kind: ClassVar[str] = "CANARY"
    percent_min: ClassVar[int] = 1

    def _problems(self) -> list[Problem | None]:
        return [*self.size_problems(), *super()._problems()]


@dataclass(frozen=True, kw_only=True)
class Linear(Stepwise, AllAtOnce):
    """Blue/green: traffic moves in equal steps, each of which is watched.

    percent, instances: exactly one of the two: 10 to 50 % of the new fleet, or a count within the same shares. Default:
        neither, which is refused.
    bake_seconds: after each step. Default 600.
    keep_old_seconds, rollback_when: as in `AllAtOnce`.

    Raises ConfigurationError.
    """

    kind: ClassVar[str] = "LINEAR"
    percent_min: ClassVar[int] = 10

    def _problems(self) -> list[Problem | None]:
        return [*self.size_problems(), *super()._problems()]


@dataclass(frozen=True, kw_only=True)
class Rolling(Stepwise):
    """Batches: some instances are replaced at a time, so that no second fleet is needed.

    percent, instances: exactly one of the two: 5 to 50 % of the fleet, or a count within the same shares. Default:
        neither, which is refused.
    bake_seconds: after each batch, 0 to 3600. Default 600.
    rollback_when: as in `AllAtOnce`.

    A rollback replaces in batches of the same size: the API's default, the whole fleet at once, needs twice the
    capacity, which is what this rollout avoids.

    Raises ConfigurationError.
    """

    bake_seconds: int = DEFAULT_BAKE_SECONDS
    rollback_when: RollbackWhen = _DEFAULT_WHEN

    percent_min: ClassVar[int] = 5

    def __post_init__(self) -> None:
        bake = whole_number("bake_seconds", self.bake_seconds, 0, WAIT_SECONDS_MAX, _SECONDS)
        raise_problems("Rolling", *self.size_problems(), bake, _when_problem(self.rollback_when))


def _when_problem(when: object) -> Problem | None:
    return instance_of("rollback_when", when, RollbackWhen, "RollbackWhen", "for example RollbackWhen(error_percent=5)")


Rollout = Immediate | AllAtOnce | Canary | Linear | Rolling

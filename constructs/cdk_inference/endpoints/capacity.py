"""How many instances an endpoint that hosts inference components has, and what each component reserves of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from cdk_inference.core.checks import instance_of, is_token, number_above, one_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantManagedInstanceScalingScaleInPolicy.html
# and API_InferenceComponentComputeResourceRequirements.html (botocore 1.44.5)
PlacementStrategy = Literal["SPREAD", "BINPACK"]
STEP_MAX = 100
COOLDOWN_MINUTES = (5, 1440)
MEMORY_MB_MIN = 128
CPU_CORES_MIN = 0.25
IMBALANCE_MAX = 100


@dataclass(frozen=True, kw_only=True)
class Consolidation:
    """Instances go once the components' copies fit on fewer, for which SageMaker moves copies.

    max_step_instances: how many go at a time, 1 to 100. Default 1, SageMaker's own.
    cooldown_minutes: pause after the endpoint's last change, 5 to 1440. Default 20, SageMaker's own.

    Raises ConfigurationError.
    """

    max_step_instances: int = 1
    cooldown_minutes: int = 20

    def __post_init__(self) -> None:
        fix = "choose within the limits"
        raise_problems(
            "Consolidation",
            whole_number("max_step_instances", self.max_step_instances, 1, STEP_MAX, fix),
            whole_number("cooldown_minutes", self.cooldown_minutes, *COOLDOWN_MINUTES, fix),
        )


@dataclass(frozen=True, kw_only=True)
class ManagedInstances:
    """SageMaker adds instances when components' copies need them, and takes away what they no longer need.

    min_instances: 0 or more. Default 1. At 0 the endpoint can rest without instances, once every component of it may
        have no copies: each needs a policy with a minimum of 0. One that keeps a copy keeps its instance, which is
        warned of.
    max_instances: 1 or more, at least min_instances.
    scale_in: `Consolidation(...)`. Default: an instance goes when no copy is left on it.

    https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html (read 2026-11-22)

    Raises ConfigurationError.
    """

    min_instances: int = 1
    max_instances: int
    scale_in: Consolidation | None = None

    def __post_init__(self) -> None:
        low = whole_number("min_instances", self.min_instances, 0, None, "use 0 or more")
        if is_token(self.min_instances):
            allowed = "a value that is known at synth time: at zero every component needs a policy that wakes it"
            low = Problem("min_instances", self.min_instances, allowed, "write the number itself")
        high = whole_number("max_instances", self.max_instances, 1, None, "use 1 or more")
        known = not is_token(self.max_instances)
        if low is None and high is None and known and self.min_instances > self.max_instances:
            allowed = f"at least min_instances ({self.min_instances})"
            high = Problem("max_instances", self.max_instances, allowed, "raise max_instances or lower min_instances")
        kinds = (Consolidation, type(None))
        raise_problems(
            "ManagedInstances",
            low,
            high,
            instance_of("scale_in", self.scale_in, kinds, "Consolidation or None", "scale_in=Consolidation()"),
        )


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where copies go.

    strategy: "SPREAD" over the instances, or "BINPACK" onto as few as possible.
    max_zone_imbalance: by how many copies Availability Zones may differ, 0 to 100; SageMaker tries, and goes on where
        it cannot. CloudFormation requires it with a strategy. Default 1.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentSchedulingConfig.html (botocore
    1.44.5)

    Raises ConfigurationError.
    """

    strategy: PlacementStrategy
    max_zone_imbalance: int = 1

    def __post_init__(self) -> None:
        raise_problems(
            "Placement",
            one_of("strategy", self.strategy, get_args(PlacementStrategy), "choose one of these"),
            whole_number("max_zone_imbalance", self.max_zone_imbalance, 0, IMBALANCE_MAX, "choose within the limits"),
        )


@dataclass(frozen=True, kw_only=True)
class Resources:
    """What one copy of a component reserves on its instance; a reservation, not a limit.

    memory_mb: of the host's memory, 128 or more. An instance offers less than its nominal memory: on ml.g5.xlarge with
        16 GiB, 1024 MB were accepted and 4096 MB refused (a report of 2026-07). Start low.
    accelerators: GPUs, 1 or more; None on hardware without accelerators.
    cpu_cores: 0.25 or more. Default: not reserved.
    allow_untested: True allows `accelerators` on Inferentia or Trainium: AWS's pages do not say whether devices or
        NeuronCores are counted, and no sample of AWS's does it. Default False.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceComponentComputeResourceRequirements.html
    (botocore 1.44.5)

    Raises ConfigurationError.
    """

    memory_mb: int
    accelerators: int | None = None
    cpu_cores: float | None = None
    allow_untested: bool = False

    def __post_init__(self) -> None:
        cores = None
        if self.cpu_cores is not None:
            cores = number_above("cpu_cores", self.cpu_cores, 0, "give cores, 0.25 or more")
            if cores is None and not is_token(self.cpu_cores) and self.cpu_cores < CPU_CORES_MIN:
                cores = Problem("cpu_cores", self.cpu_cores, f"{CPU_CORES_MIN} or more", "reserve a quarter or nothing")
        count = "give a count of 1 or more, or leave it out for a model on the CPU"
        raise_problems(
            "Resources",
            whole_number("memory_mb", self.memory_mb, MEMORY_MB_MIN, None, "give megabytes of the host's memory"),
            None if self.accelerators is None else whole_number("accelerators", self.accelerators, 1, None, count),
            cores,
            instance_of(
                "allow_untested", self.allow_untested, bool, "True or False", "write True only if you have tried"
            ),
        )

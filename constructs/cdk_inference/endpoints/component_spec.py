"""The arguments of an inference component, everything that can be wrong with them, and where copies can be placed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeGuard

from cdk_inference.core.checks import instance_of, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.endpoints.capacity import Placement, Resources
from cdk_inference.endpoints.common_checks import hub_problems
from cdk_inference.endpoints.data_capture import used_buckets
from cdk_inference.endpoints.settings import Shared
from cdk_inference.endpoints.variant_spec import server_problems, stepwise_problems, volume_problem
from cdk_inference.hardware import InstanceType
from cdk_inference.kit.stack_context import StackContext
from cdk_inference.kit.vpc_placement import VpcPlacement
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import CombinedPolicies, Policy, ScalableTarget, StepScaling
from cdk_inference.scaling.policies.base import Tracked
from cdk_inference.scaling.target import SCALABLE
from cdk_inference.serving import Server, StartupTimeouts

# The presets' argument for how many accelerators share the model.
DEGREE = "tensor_parallel_degree"

_SERVER = "for example server=Vllm(model=S3Model(...), ...)"
_RESOURCES = "resources=Resources(memory_mb=...)"
_PER_TYPE = "a mapping of types to ComponentOn"
_COPIES = ("copy", "copies")
_KEEP_TWO = "leave rollout out, or keep 2 copies or more"


@dataclass(frozen=True, kw_only=True)
class ComponentOn:
    """What a component runs on one of its endpoint's types, where that differs.

    server, resources: as in `InferenceComponent`.

    Raises ConfigurationError.
    """

    server: Server
    resources: Resources

    def __post_init__(self) -> None:
        raise_problems(
            "ComponentOn",
            instance_of("server", self.server, Server, "a server", _SERVER),
            instance_of("resources", self.resources, Resources, "Resources", _RESOURCES),
        )


@dataclass(frozen=True, kw_only=True)
class ComponentSpec:
    """The arguments of a component, unchecked, beside what its endpoint is."""

    server: Server
    resources: Resources
    per_type: Mapping[str, ComponentOn]
    scaling: Policy
    startup: StartupTimeouts | None
    placement: Placement | None
    rollout: Rolling | None
    types: tuple[InstanceType, ...]
    rests: bool
    shared: Shared
    target: ScalableTarget

    def on(self, hardware: InstanceType) -> ComponentOn:
        """What runs on one type."""
        return self.per_type.get(hardware.name) or ComponentOn(server=self.server, resources=self.resources)

    def problems(self, context: StackContext) -> list[Problem | None]:
        """All that is wrong with it in this stack, in the order of the arguments."""
        found: list[Problem | None] = [
            instance_of("server", self.server, Server, "a server", _SERVER),
            instance_of("resources", self.resources, Resources, "Resources", _RESOURCES),
            _per_type_problem(self.per_type, self.types),
        ]
        if not any(found):
            found += self._problems_on_types(context)
        found += [*self._scaling_problems(), *_optional_problems(self.startup, self.placement, self.rollout)]
        if isinstance(self.rollout, Rolling) and isinstance(self.scaling, Policy):
            found += stepwise_problems(self.rollout, self.scaling, counted=_COPIES, fix=_KEEP_TWO)
        return found

    def _problems_on_types(self, context: StackContext) -> list[Problem | None]:
        found: list[Problem | None] = []
        for where, server in self._servers():
            found += [_at(where, problem) for problem in server_problems(server, context)]
            isolated = self.shared.network_isolation
            found += [_at(where, one) for one in hub_problems(server, network_isolation=isolated, vpc=self.shared.vpc)]
        for hardware in self.types:
            where, one = self._where(hardware), self.on(hardware)
            found += [_at(where, problem) for problem in one.server.problems_on(hardware, context.region)]
            found.append(_at(where, volume_problem(one.server, hardware)))
            found += [_at(where, problem) for problem in copy_problems(one.resources, hardware)]
            degree = getattr(one.server, DEGREE, None)
            found.append(_at(where, degree_problem(degree, one.resources, hardware)))
        if isinstance(self.shared.vpc, VpcPlacement):
            servers = [server for _, server in self._servers()]
            found += self.shared.vpc.bucket_problems(**used_buckets(servers, None))
        return found

    def _servers(self) -> list[tuple[str, Server]]:
        own = [(f"per_type[{name!r}].", one.server) for name, one in self.per_type.items()]
        return [("", self.server), *own]

    def _where(self, hardware: InstanceType) -> str:
        return f"per_type[{hardware.name!r}]." if hardware.name in self.per_type else ""

    def _scaling_problems(self) -> list[Problem]:
        policy = self.scaling
        if wrong := _policy_problem(policy):
            return [wrong]
        if found := policy.problems_for(self.target):
            return found
        # All three parts: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
        own = f"scaling.{_bound_name(policy)}"
        bounds = [(own, policy.minimum)]
        bounds += [
            (f"scaling.windows[{place}].min_capacity", one.min_capacity) for place, one in enumerate(policy.clock)
        ]
        at_zero = [argument for argument, minimum in bounds if minimum == 0]
        if at_zero and not self.rests:
            allowed = "1 or more while the endpoint keeps instances: they would be paid for without a copy on them"
            fix = "give the ComponentEndpoint instances=ManagedInstances(min_instances=0, ...)"
            return [Problem(argument, 0, allowed, fix) for argument in at_zero]
        if policy.minimum == 0 and not _descends(policy):
            allowed = "1 or more for a policy that removes no copy: once awake it would never rest again"
            fix = "let it scale in (scale_in=True, or a StepScaling whose steps remove), or raise the minimum to 1"
            return [Problem(own, 0, allowed, fix)]
        return []


def problems_without_endpoint(
    *,
    server: object,
    resources: object,
    per_type: object,
    scaling: object,
    startup: object,
    placement: object,
    rollout: object,
) -> list[Problem | None]:
    """What is of another kind, where no endpoint says on which types a component runs."""
    return [
        instance_of("server", server, Server, "a server", _SERVER),
        instance_of("resources", resources, Resources, "Resources", _RESOURCES),
        None if _maps_types(per_type) else Problem("per_type", per_type, _PER_TYPE, _per_type_fix("ml.g6.2xlarge")),
        _policy_problem(scaling),
        *_optional_problems(startup, placement, rollout),
    ]


def _policy_problem(scaling: object) -> Problem | None:
    allowed = ", ".join(SCALABLE["component"].policies)
    return None if isinstance(scaling, Policy) else Problem("scaling", scaling, allowed, "scaling=FixedCopies()")


def _bound_name(policy: Policy) -> str:
    """The argument that holds the minimum."""
    return (
        f"policies[0].{_bound_name(policy.policies[0])}"
        if isinstance(policy, CombinedPolicies)
        else policy.bound_names[0]
    )


def _descends(policy: Policy) -> bool:
    """Whether something removes copies: load, or a window that allows none."""
    if any(window.max_capacity == 0 for window in policy.clock):
        return True
    if isinstance(policy, CombinedPolicies):
        return any(_descends(one) for one in policy.policies)
    if isinstance(policy, StepScaling):
        return not policy.adds
    return policy.scale_in if isinstance(policy, Tracked) else True


def _maps_types(per_type: object) -> TypeGuard[Mapping[str, ComponentOn]]:
    return isinstance(per_type, Mapping) and all(isinstance(one, ComponentOn) for one in per_type.values())


def _per_type_fix(name: str) -> str:
    return f'for example per_type={{"{name}": ComponentOn(server=..., resources=...)}}'


def _per_type_problem(per_type: object, types: tuple[InstanceType, ...]) -> Problem | None:
    names = [one.name for one in types]
    if not _maps_types(per_type):
        return Problem("per_type", per_type, _PER_TYPE, _per_type_fix(names[-1]))
    if unknown := [name for name in per_type if name not in names]:
        return Problem("per_type", unknown, f"types of the endpoint: {', '.join(names)}", "correct the key")
    if per_type and len(types) == 1:
        return Problem("per_type", list(per_type), "an endpoint with InstancePools", "use server= and resources=")
    return None


def _optional_problems(startup: object, placement: object, rollout: object) -> list[Problem | None]:
    return [
        _optional("startup", startup, StartupTimeouts),
        _optional("placement", placement, Placement),
        _optional("rollout", rollout, Rolling),
    ]


def _optional(argument: str, value: object, kind: type) -> Problem | None:
    if value is None:
        return None
    return instance_of(argument, value, kind, f"{kind.__name__} or None", f"{argument}={kind.__name__}(...)")


def _at(where: str, problem: Problem | None) -> Problem | None:
    """`problem` under the name that the caller wrote."""
    return None if problem is None else replace(problem, argument=f"{where}{problem.argument}")


# Field of Resources -> what an instance has of it.
RESOURCES = {"accelerators": "accelerators", "cpu_cores": "vCPUs", "memory_mb": "MB of memory"}


@dataclass(frozen=True, kw_only=True)
class CopyDemand:
    """Copies of one component, and what one of them reserves on each type that the endpoint may have."""

    component_name: str
    copies: int
    on: tuple[tuple[InstanceType, Resources], ...]

    def at_creation(self) -> CopyDemand:
        """As it is when the component has just been made, with a copy even where none is kept."""
        return replace(self, copies=max(1, self.copies))

    def share(self, resource: str) -> Fraction:
        """The smallest part of an instance's `resource` that a copy takes; 0 where that is not known."""
        return min(_share(resources, hardware, resource) for hardware, resources in self.on)


def room_problem(demands: Sequence[CopyDemand], max_instances: int, argument: str) -> Problem | None:
    """Why these copies can never be placed, if that is certain.

    Two lower bounds: the sum of their parts of an instance, and how many of them share an instance with none other.
    """
    if is_token(max_instances):
        return None
    for resource, name in RESOURCES.items():
        parts = [(one.share(resource), one.copies) for one in demands]
        together = math.ceil(sum(share * copies for share, copies in parts))
        alone = sum(copies for share, copies in parts if share > Fraction(1, 2))
        if (needed := max(together, alone)) > max_instances:
            names = ", ".join(one.component_name for one in demands if one.copies)
            got = f"{needed} instances for the {name} of the copies that {names} keep"
            fix = f"raise {argument}, or lower minimum copies or what they reserve"
            return Problem(f"resources.{resource}", got, f"{max_instances}, the endpoint's {argument}", fix)
    return None


def copy_problems(resources: Resources, hardware: InstanceType) -> list[Problem]:
    """Why one copy cannot be placed on an instance of `hardware`."""
    name, wanted = hardware.name, resources.accelerators
    found = []
    if hardware.kind == "cpu" and wanted is not None:
        fix = "leave accelerators out, or choose hardware that has some"
        found.append(Problem("resources.accelerators", wanted, f"None, since {name} has no accelerators", fix))
    elif hardware.kind != "cpu" and wanted is None:
        fix = "write accelerators=1 or more"
        found.append(Problem("resources.accelerators", None, f"a count, since {name} has accelerators", fix))
    elif hardware.kind == "neuron" and not resources.allow_untested:
        allowed = "GPUs: AWS does not document whether devices or NeuronCores are counted on Neuron hardware"
        fix = "make a RealtimeEndpoint on this chip, or write allow_untested=True"
        found.append(Problem("resources.accelerators", f"{wanted} on {name}", allowed, fix))
    for resource, unit in RESOURCES.items():
        value, there = getattr(resources, resource), _offered(hardware, resource)
        if value is not None and there and not is_token(value) and value > there:
            allowed = f"up to {there:g}: {name} has {there:g} {unit}"
            fix = "reserve less, or choose larger hardware"
            found.append(Problem(f"resources.{resource}", value, allowed, fix))
    return found


def degree_problem(degree: int | None, resources: Resources, hardware: InstanceType) -> Problem | None:
    """Why a model that is divided over `degree` accelerators has no room in one copy."""
    reserved = resources.accelerators
    if degree is None or reserved is None or is_token(degree) or is_token(reserved):
        return None
    most = reserved
    if hardware.kind == "neuron":
        # The degree counts cores. If devices are reserved, each brings its own.
        if not hardware.accelerators or hardware.neuroncores is None:
            return None
        most = reserved * hardware.neuroncores // hardware.accelerators
    if degree <= most:
        return None
    allowed = f"up to {most}, what a copy with resources.accelerators={reserved} has on {hardware.name}"
    return Problem("server.tensor_parallel_degree", degree, allowed, "reserve more accelerators, or lower the degree")


def _offered(hardware: InstanceType, resource: str) -> float | None:
    """How much of a field of `Resources` an instance has at most; None if not known."""
    if resource == "accelerators":
        # Devices or cores on Neuron, AWS does not say: the larger number is certain to be too many.
        return None if hardware.accelerators is None else max(hardware.accelerators, hardware.neuroncores or 0)
    if resource == "cpu_cores":
        return hardware.vcpus
    return None if hardware.ram_gib is None else hardware.ram_gib * 1024


def _share(resources: Resources, hardware: InstanceType, resource: str) -> Fraction:
    wanted, there = getattr(resources, resource), _offered(hardware, resource)
    if wanted is None or not there or is_token(wanted):
        return Fraction(0)
    return Fraction(wanted) / Fraction(there)

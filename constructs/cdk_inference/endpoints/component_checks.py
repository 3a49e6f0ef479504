"""What can be wrong with an inference component, gathered before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cdk_inference.checks import instance_of, is_token
from cdk_inference.endpoints.asked import server_problems
from cdk_inference.endpoints.capacity import ManagedInstances, Placement, Resources
from cdk_inference.endpoints.hub import hub_problems
from cdk_inference.endpoints.managed import Shared
from cdk_inference.errors import Problem
from cdk_inference.hardware import InstanceType
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import FixedCount, Policy, ScalableTarget
from cdk_inference.scaling.target import SCALABLE
from cdk_inference.serving import Server, StartupTimeouts

# The presets' argument for how many accelerators share the model.
DEGREE = "tensor_parallel_degree"


@dataclass(frozen=True, kw_only=True)
class ComponentOn:
    """What a component runs on one of its endpoint's types, where that differs.

    server, resources: as in `InferenceComponent`.
    """

    server: Server
    resources: Resources


@dataclass(frozen=True, kw_only=True)
class AskedComponent:
    """The arguments of a component, unchecked, beside what its endpoint is."""

    server: Server
    resources: Resources
    per_type: Mapping[str, ComponentOn]
    scaling: Policy
    startup: StartupTimeouts | None
    placement: Placement | None
    rollout: Rolling | None
    types: tuple[InstanceType, ...]
    instances: ManagedInstances | FixedCount
    shared: Shared
    region: str
    target: ScalableTarget

    def on(self, hardware: InstanceType) -> ComponentOn:
        """What runs on one type."""
        return self.per_type.get(hardware.name) or ComponentOn(server=self.server, resources=self.resources)

    def problems(self) -> list[Problem | None]:
        """All that is wrong with it, in the order of the arguments."""
        found: list[Problem | None] = [
            instance_of("server", self.server, Server, "a server", "for example server=Vllm(model=S3Model(...), ...)"),
            instance_of("resources", self.resources, Resources, "Resources", "resources=Resources(memory_mb=...)"),
            _per_type_problem(self.per_type, self.types),
        ]
        if any(found):
            return found
        for where, server in self._servers():
            found += [_at(where, problem) for problem in server_problems(server, self.region)]
            isolated = self.shared.network_isolation
            found += [_at(where, one) for one in hub_problems(server, network_isolation=isolated, vpc=self.shared.vpc)]
        for hardware in self.types:
            where, one = self._where(hardware), self.on(hardware)
            found += [_at(where, problem) for problem in one.server.problems_on(hardware, self.region)]
            found += [_at(where, problem) for problem in one.resources.problems_on(hardware)]
            found.append(_at(where, _degree_problem(one)))
        found += self._scaling_problems()
        found += [
            _optional("startup", self.startup, StartupTimeouts),
            _optional("placement", self.placement, Placement),
            _optional("rollout", self.rollout, Rolling),
        ]
        if isinstance(self.rollout, Rolling) and isinstance(self.scaling, Policy):
            found += self.rollout.problems_with(self.scaling.minimum, self.scaling.maximum)
        return found

    def _servers(self) -> list[tuple[str, Server]]:
        own = [(f"per_type[{name!r}].", one.server) for name, one in self.per_type.items()]
        return [("", self.server), *own]

    def _where(self, hardware: InstanceType) -> str:
        return f"per_type[{hardware.name!r}]." if hardware.name in self.per_type else ""

    def _scaling_problems(self) -> list[Problem]:
        if not isinstance(self.scaling, Policy):
            fix = "scaling=FixedCopies()"
            return [Problem("scaling", self.scaling, ", ".join(SCALABLE["component"].policies), fix)]
        found = self.scaling.problems_for(self.target)
        bounds = [(f"scaling.{self.scaling.bound_names[0]}", self.scaling.minimum)]
        bounds += [(f"scaling.windows[{place}].minimum", one.minimum) for place, one in enumerate(self.scaling.clock)]
        at_zero = [argument for argument, minimum in bounds if minimum == 0]
        if not found and at_zero and not _rests(self.instances):
            # All three parts: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
            allowed = "1 or more while the endpoint keeps instances: they would be paid for without a copy on them"
            fix = "give the ComponentEndpoint instances=ManagedInstances(min_instances=0, ...)"
            found = [Problem(argument, 0, allowed, fix) for argument in at_zero]
        return found

    @property
    def least_accelerators(self) -> int:
        """How many accelerators its copies reserve at the least, on the types where they need fewest."""
        copies, counts = self.scaling.minimum, [self.on(one).resources.accelerators for one in self.types]
        known = [count for count in counts if count is not None and not is_token(count)]
        return 0 if is_token(copies) or len(known) < len(counts) else copies * min(known)


def _rests(instances: ManagedInstances | FixedCount) -> bool:
    """Whether the endpoint may go down to no instance, or its bound is not known yet."""
    return isinstance(instances, ManagedInstances) and (
        is_token(instances.min_instances) or instances.min_instances == 0
    )


def _degree_problem(one: ComponentOn) -> Problem | None:
    """A server must not want more accelerators than its copy reserves."""
    degree, reserved = getattr(one.server, DEGREE, None), one.resources.accelerators
    if degree is None or reserved is None or is_token(degree) or is_token(reserved) or degree <= reserved:
        return None
    allowed = f"up to resources.accelerators ({reserved}), which one copy has"
    return Problem(f"server.{DEGREE}", degree, allowed, "reserve more accelerators, or lower the degree")


def _per_type_problem(per_type: object, types: tuple[InstanceType, ...]) -> Problem | None:
    names = [one.name for one in types]
    fix = f'for example per_type={{"{names[-1]}": ComponentOn(server=..., resources=...)}}'
    if not isinstance(per_type, Mapping) or not all(isinstance(one, ComponentOn) for one in per_type.values()):
        return Problem("per_type", per_type, "a mapping of types to ComponentOn", fix)
    if unknown := [name for name in per_type if name not in names]:
        return Problem("per_type", unknown, f"types of the endpoint: {', '.join(names)}", "correct the key")
    if per_type and len(types) == 1:
        return Problem("per_type", list(per_type), "an endpoint with InstancePools", "use server= and resources=")
    return None


def _optional(argument: str, value: object, kind: type) -> Problem | None:
    if value is None:
        return None
    return instance_of(argument, value, kind, f"{kind.__name__} or None", f"{argument}={kind.__name__}(...)")


def _at(where: str, problem: Problem | None) -> Problem | None:
    """`problem` under the name that the caller wrote."""
    return None if problem is None else replace(problem, argument=f"{where}{problem.argument}")

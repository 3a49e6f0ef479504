"""What can be wrong with an inference component, gathered before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cdk_inference.core.checks import instance_of
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.asked import counts, server_problems, volume_problem
from cdk_inference.endpoints.capacity import Placement, Resources
from cdk_inference.endpoints.capture import used_buckets
from cdk_inference.endpoints.hub import hub_problems
from cdk_inference.endpoints.managed import Shared
from cdk_inference.endpoints.room import copy_problems, degree_problem
from cdk_inference.endpoints.settings import VpcPlacement
from cdk_inference.hardware import InstanceType
from cdk_inference.rollout import Rolling
from cdk_inference.scaling import Policy, ScalableTarget, Several, StepScaling
from cdk_inference.scaling.policies.base import Tracked
from cdk_inference.scaling.target import SCALABLE
from cdk_inference.serving import Server, StartupTimeouts

# The presets' argument for how many accelerators share the model.
DEGREE = "tensor_parallel_degree"

_COPIES = ("copy", "copies")
_KEEP_TWO = "leave rollout out, or keep 2 copies or more"


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
    rests: bool
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
            found.append(_at(where, volume_problem(one.server, hardware)))
            found += [_at(where, problem) for problem in copy_problems(one.resources, hardware)]
            degree = getattr(one.server, DEGREE, None)
            found.append(_at(where, degree_problem(degree, one.resources, hardware)))
        if isinstance(self.shared.vpc, VpcPlacement):
            servers = [server for _, server in self._servers()]
            found += self.shared.vpc.bucket_problems(**used_buckets(servers, None))
        found += self._scaling_problems()
        found += [
            _optional("startup", self.startup, StartupTimeouts),
            _optional("placement", self.placement, Placement),
            _optional("rollout", self.rollout, Rolling),
        ]
        if isinstance(self.rollout, Rolling) and isinstance(self.scaling, Policy):
            found += self.rollout.problems_with(*counts(self.scaling), counted=_COPIES, fix=_KEEP_TWO)
        return found

    def _servers(self) -> list[tuple[str, Server]]:
        own = [(f"per_type[{name!r}].", one.server) for name, one in self.per_type.items()]
        return [("", self.server), *own]

    def _where(self, hardware: InstanceType) -> str:
        return f"per_type[{hardware.name!r}]." if hardware.name in self.per_type else ""

    def _scaling_problems(self) -> list[Problem]:
        policy = self.scaling
        if not isinstance(policy, Policy):
            fix = "scaling=FixedCopies()"
            return [Problem("scaling", policy, ", ".join(SCALABLE["component"].policies), fix)]
        if found := policy.problems_for(self.target):
            return found
        # All three parts: https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html
        own = f"scaling.{_bound_name(policy)}"
        bounds = [(own, policy.minimum)]
        bounds += [(f"scaling.windows[{place}].minimum", one.minimum) for place, one in enumerate(policy.clock)]
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


def reaches_zero(policy: Policy) -> bool:
    """Whether there may be no copies at some time."""
    return 0 in (policy.minimum, *(window.minimum for window in policy.clock))


def _bound_name(policy: Policy) -> str:
    """The argument that holds the minimum."""
    return f"policies[0].{_bound_name(policy.policies[0])}" if isinstance(policy, Several) else policy.bound_names[0]


def _descends(policy: Policy) -> bool:
    """Whether something removes copies: load, or a window that allows none."""
    if any(window.maximum == 0 for window in policy.clock):
        return True
    if isinstance(policy, Several):
        return any(_descends(one) for one in policy.policies)
    if isinstance(policy, StepScaling):
        return not policy.adds
    return policy.scale_in if isinstance(policy, Tracked) else True


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

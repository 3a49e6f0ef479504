"""Whether copies can be placed: one on an instance, and those that components keep on all that there may be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.endpoints.capacity import Resources
from cdk_inference.hardware import InstanceType

# Field of Resources -> what an instance has of it.
RESOURCES = {"accelerators": "accelerators", "cpu_cores": "vCPUs", "memory_mb": "MB of memory"}


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Copies of one component, and what one of them reserves on each type that the endpoint may have."""

    component_name: str
    copies: int
    on: tuple[tuple[InstanceType, Resources], ...]

    def begun(self) -> Demand:
        """As it is when the component has just been made, with a copy even where none is kept."""
        return replace(self, copies=max(1, self.copies))

    def share(self, resource: str) -> Fraction:
        """The smallest part of an instance's `resource` that a copy takes; 0 where that is not known."""
        return min(_share(resources, hardware, resource) for hardware, resources in self.on)


def room_problem(demands: Sequence[Demand], max_instances: int, argument: str) -> Problem | None:
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
    elif hardware.kind == "neuron" and not resources.neuron_tried:
        allowed = "GPUs: AWS's pages do not say whether devices or NeuronCores are counted on Neuron hardware"
        fix = "make a RealtimeEndpoint on this chip, or say neuron_tried=True"
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

"""What keeps a workload from running on an instance type, and the smallest types that hold it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from cdk_inference.core.checks import instance_of, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit.arguments import count
from cdk_inference.fit.chips import USABLE_SHARE, broken_rules, devices_of
from cdk_inference.fit.memory import Workload, gib, memory_needed
from cdk_inference.fit.precision import PRECISIONS
from cdk_inference.hardware import InstanceType, instance_types, known_region

KINDS = tuple(USABLE_SHARE)
_AT_MOST = 3
_SMALLER = "lower context_tokens or batch, or store weights or cache in fewer bits"


def problems(workload: Workload, instance_type: InstanceType, degree: int, region: str | None = None) -> list[Problem]:
    """Why `workload`, split among `degree` devices, does not run on `instance_type`; none if it seems to.

    Every fix names types and degrees that hold it: of the same kind where there is one, listed in `region` (None: in
    any). An empty list is no promise: docs/fit.md says what is not counted. Raises ConfigurationError for arguments
    of a wrong type.
    """
    raise_problems(
        "problems()",
        _workload_problem(workload),
        instance_of("instance_type", instance_type, InstanceType, "an InstanceType", "write lookup('ml.g6.xlarge')"),
        count("degree", degree, "write the tensor parallel degree, 1 or more"),
        _region_problem(region),
    )
    name = instance_type.name
    devices = devices_of(instance_type)
    if devices is None or devices.usable_gib is None:
        allowed = "GPUs newer than K80, Inferentia2, Trainium or Trainium2, whose number and memory are known"
        return [Problem("hardware", name, allowed, _types_fix(workload, instance_type, region))]
    found = []
    if not _loads(workload, instance_type):
        allowed = f"{', '.join(_precisions_on(instance_type))} on {instance_type.accelerator or name}"
        fix = f"store the weights so, or {_types_fix(workload, instance_type, region)}"
        found.append(Problem("precision", workload.precision, allowed, fix))
    rules = broken_rules(workload.architecture, instance_type, devices, degree)
    if rules:
        right = [str(one) for one in _degrees(workload, instance_type)]
        fix = f"use {_either(right)} on {name}" if right else _types_fix(workload, instance_type, region)
        return [*found, Problem("tensor_parallel_degree", degree, "; ".join(rules), fix)]
    need = memory_needed(workload, degree)
    if not need.gib < devices.usable_gib:
        allowed = (
            f"more than {need.gib:.2f} GiB to use on each {devices.unit}"
            f" (weights {gib(need.weights_gb):.2f}, KV cache {gib(need.kv_cache_gb):.2f});"
            f" here are {devices.usable_gib:.2f} of {devices.memory_gib:.2f}"
        )
        right = [str(one) for one in _degrees(workload, instance_type)]
        fix = f"use degree {_either(right)}" if right else _types_fix(workload, instance_type, region)
        found.append(Problem("hardware", f"{name} with degree {degree}", allowed, f"{fix}; or {_SMALLER}"))
    return found


def smallest_types(
    workload: Workload, region: str | None = None, kinds: Collection[str] = KINDS
) -> list[tuple[InstanceType, int]]:
    """Every type that holds `workload`, with the largest degree that does; smallest first.

    By memory of all accelerators, then vCPUs, RAM and name; the largest degree leaves the most room on each device.
    Only types that `region` lists (None, a token or a region that the tables lack: that any region lists), and whose
    memory is known. Raises ConfigurationError.
    """
    raise_problems("smallest_types()", _workload_problem(workload), _region_problem(region), _kinds_problem(kinds))
    found = []
    for known in instance_types():
        if known.kind in kinds and _listed(known, region) and (degrees := _degrees(workload, known)):
            found.append((known, degrees[-1]))
    return sorted(found, key=lambda one: _size(one[0]))


def _degrees(workload: Workload, instance_type: InstanceType) -> list[int]:
    """The degrees with which `instance_type` holds `workload`, lowest first."""
    devices = devices_of(instance_type)
    if devices is None or devices.usable_gib is None or not _loads(workload, instance_type):
        return []
    return [
        degree
        for degree in range(1, min(devices.count, workload.architecture.attention_heads) + 1)
        if not broken_rules(workload.architecture, instance_type, devices, degree)
        and memory_needed(workload, degree).gib < devices.usable_gib
    ]


def _loads(workload: Workload, instance_type: InstanceType) -> bool:
    return workload.precision in _precisions_on(instance_type)


def _precisions_on(instance_type: InstanceType) -> list[str]:
    return [
        name
        for name, one in PRECISIONS.items()
        if instance_type.kind in one.kinds and instance_type.accelerator not in one.not_on
    ]


def _listed(instance_type: InstanceType, region: str | None) -> bool:
    if region is None or not known_region(region):
        return bool(instance_type.regions)
    return region in (instance_type.regions or ())


def _size(known: InstanceType) -> tuple[float, float, float, str]:
    return known.accelerator_memory_gib or math.inf, known.vcpus or math.inf, known.ram_gib or math.inf, known.name


def _types_fix(workload: Workload, instance_type: InstanceType, region: str | None) -> str:
    """Names the smallest type of up to three families that hold it, of the same kind where there is one."""
    same = [kind for kind in KINDS if kind == instance_type.kind]
    families: dict[str, str] = {}
    for known, degree in smallest_types(workload, region, same) or smallest_types(workload, region):
        families.setdefault(known.family, f"{known.name!r} (degree {degree})")
    if families:
        return f"use {_either(list(families.values())[:_AT_MOST])}"
    where = f"of {region}" if region is not None and known_region(region) else "of any region"
    return f"split the work, since no instance {where} holds it"


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _workload_problem(value: object) -> Problem | None:
    return instance_of("workload", value, Workload, "a Workload", "write Workload(architecture=..., ...)")


def _region_problem(value: object) -> Problem | None:
    if value is None or is_token(value):
        return None
    return instance_of("region", value, str, "the name of a region, or None", "write it as in 'us-east-1'")


def _kinds_problem(value: object) -> Problem | None:
    if isinstance(value, (tuple, list, set, frozenset)) and all(kind in KINDS for kind in value):
        return None
    return Problem("kinds", value, f"some of {', '.join(KINDS)}", 'for example kinds=("gpu",)')

"""What keeps a workload from running on an instance type, and the smallest types that hold it."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from cdk_inference.core.checks import instance_of, is_token
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit.arguments import count
from cdk_inference.fit.chips import KINDS, broken_rules, devices_of
from cdk_inference.fit.memory import Workload
from cdk_inference.fit.precision import PRECISIONS
from cdk_inference.fit.verdict import DOES_NOT_FIT, FITS, TIGHT, Settings, Verdict, judge, longest_request
from cdk_inference.hardware import InstanceType, instance_types, known_region

_AT_MOST = 3
_SMALLER = "lower context_tokens or batch, or store weights or cache in fewer bits"


def problems(
    workload: Workload,
    instance_type: InstanceType,
    degree: int,
    region: str | None = None,
    settings: Settings | None = None,
) -> list[Problem]:
    """Returns the reasons why `workload`, split among `degree` devices, does not run on `instance_type`.

    Every fix names types and degrees that hold it with a margin: of the same kind where there is one, listed in
    `region` (None: in any).

    Args:
        workload: The model and how it is used.
        instance_type: The type.
        degree: Devices that share the model, 1 or more.
        region: For the types that fixes name.
        settings: What the server configures its engine with; fixes hold under the same. Default: vLLM's own defaults,
            for requests of the workload alone.

    Returns:
        The problems; none where the verdict is "fits" or "tight".

    Raises:
        ConfigurationError: An argument of a wrong type.
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
    if devices is None or devices.offered_gib is None:
        allowed = "GPUs newer than K80, Inferentia2, Trainium or Trainium2, whose number and memory are known"
        return [Problem("hardware", name, allowed, _types_fix(workload, instance_type, region, settings))]
    found = []
    if unsupported := _unsupported(workload, instance_type):
        found.append(Problem("workload.architecture", unsupported, "a model whose cache Neuron servers keep", _GPU_FIX))
    if not _loads(workload, instance_type):
        allowed = f"{', '.join(_precisions_on(instance_type))} on {instance_type.accelerator or name}"
        fix = f"store the weights so, or {_types_fix(workload, instance_type, region, settings)}"
        found.append(Problem("precision", workload.precision, allowed, fix))
    rules = broken_rules(workload, instance_type, devices, degree)
    if rules:
        right = [str(one) for one in _degrees(workload, instance_type, settings)]
        fix = f"use {_either(right)} on {name}" if right else _types_fix(workload, instance_type, region, settings)
        return [*found, Problem("tensor_parallel_degree", degree, "; ".join(rules), fix)]
    verdict = judge(workload, instance_type, degree, settings)
    if verdict is not None and verdict.name == DOES_NOT_FIT:
        found.append(_memory_problem(workload, instance_type, degree, region, settings or Settings(), verdict))
    return found


def degrees(workload: Workload, instance_type: InstanceType, settings: Settings | None = None) -> dict[int, Verdict]:
    """The verdict on every degree that the rules allow, lowest first; none where the type does not run the workload."""
    devices = devices_of(instance_type)
    if devices is None or not _loads(workload, instance_type) or _unsupported(workload, instance_type):
        return {}
    found = {}
    for degree in range(1, min(devices.count, workload.architecture.attention_heads) + 1):
        if (verdict := judge(workload, instance_type, degree, settings)) is not None:
            found[degree] = verdict
    return found


def best_degree(
    workload: Workload, instance_type: InstanceType, settings: Settings | None = None
) -> tuple[int, Verdict] | None:
    """The largest degree whose verdict is "fits"; without one, the degree with the most memory to spare.

    None where no degree is allowed.
    """
    found = degrees(workload, instance_type, settings)
    fitting = [degree for degree, verdict in found.items() if verdict.name == FITS]
    if fitting:
        return fitting[-1], found[fitting[-1]]
    return max(found.items(), key=lambda one: (one[1].name == TIGHT, one[1].spare_gib), default=None)


def smallest_types(
    workload: Workload,
    region: str | None = None,
    kinds: Collection[str] = KINDS,
    settings: Settings | None = None,
) -> list[tuple[InstanceType, int]]:
    """Every type that holds `workload` with a margin, with the largest degree that does; smallest first.

    By memory of all accelerators, then vCPUs, RAM and name. Only types that `region` lists (None, a token or a region
    that the tables lack: that any region lists), and whose memory is known. Raises ConfigurationError.
    """
    raise_problems("smallest_types()", _workload_problem(workload), _region_problem(region), _kinds_problem(kinds))
    found = []
    right: dict[object, list[int]] = {}  # types with the same devices hold the same
    for known in instance_types():
        if known.kind not in kinds or not _listed(known, region):
            continue
        devices = (known.accelerator, known.accelerators, known.memory_gib)
        if devices not in right:
            right[devices] = _degrees(workload, known, settings)
        if right[devices]:
            found.append((known, right[devices][-1]))
    return sorted(found, key=lambda one: _size(one[0]))


def _memory_problem(
    workload: Workload,
    instance_type: InstanceType,
    degree: int,
    region: str | None,
    settings: Settings,
    verdict: Verdict,
) -> Problem:
    parts = ", ".join(f"{name} {value:.2f}" for name, value in verdict.needs.items() if value >= 0.005)
    allowed = (
        f"more than {verdict.total_gib:.2f} GiB to use on each {verdict.unit} ({parts}); here are "
        f"{verdict.usable_gib:.2f} of {verdict.memory_gib:.2f}"
    )
    if verdict.longest is not None:
        allowed += f"; one request of {verdict.longest} tokens, the longest that the server accepts, must fit"
        shorter = longest_request(workload, instance_type, degree, settings)
        if shorter is not None and shorter >= workload.context_tokens:
            limit = f"write {settings.length_argument}=" if settings.length_argument else "limit requests to "
            fix = f"{limit}{workload.context_tokens}; at most {shorter} tokens fit"
            return Problem("hardware", f"{instance_type.name} with degree {degree}", allowed, fix)
    if settings.share is not None and _holds(workload, instance_type, degree, replace(settings, share=None)):
        fix = f"give the engine more than {settings.share:g} of each {verdict.unit}; or {_SMALLER}"
        return Problem("hardware", f"{instance_type.name} with degree {degree}", allowed, fix)
    right = [str(one) for one in _degrees(workload, instance_type, settings)]
    fix = f"use degree {_either(right)}" if right else _types_fix(workload, instance_type, region, settings)
    return Problem("hardware", f"{instance_type.name} with degree {degree}", allowed, f"{fix}; or {_SMALLER}")


def _degrees(workload: Workload, instance_type: InstanceType, settings: Settings | None) -> list[int]:
    """The degrees with which `instance_type` holds `workload` with a margin, lowest first."""
    return [degree for degree, verdict in degrees(workload, instance_type, settings).items() if verdict.name == FITS]


def _holds(workload: Workload, instance_type: InstanceType, degree: int, settings: Settings) -> bool:
    verdict = judge(workload, instance_type, degree, settings)
    return verdict is not None and verdict.name != DOES_NOT_FIT


def _loads(workload: Workload, instance_type: InstanceType) -> bool:
    return workload.precision in _precisions_on(instance_type)


def _unsupported(workload: Workload, instance_type: InstanceType) -> str:
    """Returns a feature of the model that Neuron servers do not support."""
    model = workload.architecture
    if instance_type.kind != "neuron":
        return ""
    return "latent attention" if model.latent_width is not None else "linear attention" if model.state else ""


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


def _types_fix(workload: Workload, instance_type: InstanceType, region: str | None, settings: Settings | None) -> str:
    """Names the smallest type of up to three families that hold it, of the same kind where there is one."""
    same = [kind for kind in KINDS if kind == instance_type.kind]
    families: dict[str, str] = {}
    offered = smallest_types(workload, region, same, settings) or smallest_types(workload, region, settings=settings)
    for known, degree in offered:
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


_GPU_FIX = "choose hardware with GPUs"

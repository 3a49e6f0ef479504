"""Whether a server's model fits the hardware with the server's own settings: refusals and warnings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.core.pages import page
from cdk_inference.fit import (
    Settings,
    Workload,
    judge,
    judge_weights,
    lend,
    longest_request,
    parts_of,
    problems,
)
from cdk_inference.hardware import InstanceType, instance_types
from cdk_inference.serving.fit_settings import DEGREE, degree_of, settings_of, with_own_length
from cdk_inference.serving.models import S3Archive

if TYPE_CHECKING:
    from cdk_inference.serving.aws_server import AwsServer

# Part of the files' size that is certain to be loaded. An engine that quantizes while it loads keeps a quarter of 16
# bits at least; the folder of a compiled model holds graphs besides.
_QUANTIZED_PART, _COMPILED_PART = 0.25, 0.5
_TYPES_AT_MOST = 3

SynthWarning = tuple[str, str]


def fit_problems(server: AwsServer, hardware: InstanceType, region: str | None) -> list[Problem]:
    """Why the model does not fit: the declared workload, or without one the model's files."""
    degree, settings = degree_of(server), settings_of(server)
    if degree is None or settings is None:
        return []
    if server.workload is None:
        return _weights_problems(server, hardware, degree, region, settings)
    return [
        problem if problem.argument == "hardware" else replace(problem, argument=f"server.{problem.argument}")
        for problem in problems(server.workload, hardware, degree, region, with_own_length(settings, server.workload))
    ]


def fit_warnings(server: AwsServer, hardware: InstanceType, *, alone: bool) -> list[SynthWarning]:
    """(id, message) of what may not fit, and of devices that nothing uses.

    Args:
        server: The server.
        hardware: What it runs on.
        alone: Whether an instance has one copy of the model; inference components share theirs.
    """
    degree, settings = degree_of(server), settings_of(server)
    if degree is None or settings is None:
        return []
    found = [
        _tight_warning(server, hardware, degree, settings),
        _length_warning(server, hardware, degree, settings),
        _idle_warning(server, hardware, degree) if alone else None,
    ]
    return [warning for warning in found if warning is not None]


def _tight_warning(server: AwsServer, hardware: InstanceType, degree: int, settings: Settings) -> SynthWarning | None:
    if server.workload is None:
        return None
    verdict = judge(server.workload, hardware, degree, with_own_length(settings, server.workload))
    if verdict is None or verdict.name != "tight":
        return None
    parts = ", ".join(f"{name} {value:.2f}" for name, value in verdict.needs.items() if value >= 0.005)
    return (
        "cdk-inference:memory-tight",
        f"{type(server).__name__} on {hardware.name} with degree {degree} is {verdict}. The sum is {parts} GiB on each "
        f"{verdict.unit}, of {verdict.usable_gib:.2f} to use. Start it once before you rely on it, or take more "
        f"devices, a larger type or a smaller workload. {page('fit')} has the sum.",
    )


def _length_warning(server: AwsServer, hardware: InstanceType, degree: int, settings: Settings) -> SynthWarning | None:
    argument = settings.length_argument
    if server.workload is not None or settings.longest is not None or argument not in server.lengths_to_declare:
        return None
    if settings.engine.needs_longest:
        effect = f"{settings.engine.name} refuses to start unless one request of the model's own longest length fits"
    else:
        effect = f"{settings.engine.name} accepts requests that it has no room for"
    return (
        "cdk-inference:length-unknown",
        f"{type(server).__name__} on {hardware.name} has neither {argument} nor workload: {effect}. "
        f"{_room(server, hardware, degree, settings)} Write {argument}=..., or better workload=Workload(...), so that "
        f"the memory is checked. {page('fit')} shows one.",
    )


def _room(server: AwsServer, hardware: InstanceType, degree: int, settings: Settings) -> str:
    """How long a request may be, by the largest cache among published models of the size of the files."""
    size_gb = _files_gb(server)
    lent = None if size_gb is None else lend(size_gb * 1e9 / 2)
    if lent is None:
        return "How long a request may be is not known for files of this size."
    workload = Workload(architecture=lent.architecture, precision="bf16", context_tokens=1, batch=1)
    longest = longest_request(_without_limit(workload), hardware, degree, settings)
    if longest is None:
        return "How long a request may be is not known for this hardware."
    return (
        f"With {size_gb:g} GB of weights in 16 bits a request of about {longest // 256 * 256} tokens fits, if the "
        f"model's cache is as large as that of {lent.name}, the largest of its size."
    )


def _without_limit(workload: Workload) -> Workload:
    """The workload of a model without a limit of its own: what a neighbour accepts says nothing."""
    return replace(workload, architecture=replace(workload.architecture, context_limit=None))


def _idle_warning(server: AwsServer, hardware: InstanceType, degree: int) -> SynthWarning | None:
    parts = parts_of(hardware)
    if parts is None or degree >= parts[0]:
        return None
    idle, unit = parts[0] % degree if server.fills_instance else parts[0] - degree, parts[1]
    if not idle:
        return None
    return (
        "cdk-inference:idle-accelerators",
        f"{type(server).__name__} uses {parts[0] - idle} of the {parts[0]} {unit}s of {hardware.name}: {idle} "
        f"{'is' if idle == 1 else 'are'} paid for and idle. Raise {DEGREE}, choose a type with fewer {unit}s, or place "
        "several copies with a ComponentEndpoint.",
    )


def _weights_problems(
    server: AwsServer, hardware: InstanceType, degree: int, region: str | None, settings: Settings
) -> list[Problem]:
    size_gb = _loaded_gb(server, hardware)
    verdict = None if size_gb is None else judge_weights(size_gb, hardware, degree, settings)
    if size_gb is None or verdict is None or verdict.name != "does not fit":
        return []
    parts = ", ".join(f"{name} {value:.2f}" for name, value in verdict.needs.items() if value >= 0.005)
    allowed = (
        f"more than {verdict.total_gib:.2f} GiB to use on each {verdict.unit} ({parts}); here are "
        f"{verdict.usable_gib:.2f} of {verdict.memory_gib:.2f}"
    )
    fix = f"{_larger(size_gb, hardware, degree, region, settings)}; or declare workload= if fewer bits are loaded"
    return [Problem("hardware", f"{hardware.name} with degree {degree}", allowed, fix)]


def _larger(size_gb: float, hardware: InstanceType, degree: int, region: str | None, settings: Settings) -> str:
    """Degrees of the type, or the smallest types of up to three families, that hold the files."""

    def holds(known: InstanceType, parts: int) -> bool:
        verdict = judge_weights(size_gb, known, parts, settings)
        return verdict is not None and verdict.name != "does not fit"

    here = parts_of(hardware)
    right = [one for one in _powers(here[0] if here else 0) if one > degree and holds(hardware, one)]
    if right:
        return f"use degree {' or '.join(map(str, right))}"
    families: dict[str, str] = {}
    for known in sorted(instance_types(), key=lambda one: (one.accelerator_memory_gib or 0, one.vcpus or 0, one.name)):
        listed = known.regions if region is None else region in (known.regions or ())
        parts = parts_of(known)
        if known.kind == hardware.kind and listed and parts is not None and holds(known, parts[0]):
            families.setdefault(known.family, f"{known.name!r} (degree {parts[0]})")
    names = list(families.values())[:_TYPES_AT_MOST]
    return f"use {' or '.join(names)}" if names else "split the model, since no instance holds it"


def _powers(most: int) -> Iterable[int]:
    return [2**power for power in range(most.bit_length()) if 2**power <= most]


def _loaded_gb(server: AwsServer, hardware: InstanceType) -> float | None:
    """Gigabytes of weights that are certain to be loaded; None where the size is not known."""
    size_gb = _files_gb(server)
    if size_gb is None:
        return None
    part = _COMPILED_PART if hardware.kind == "neuron" else 1.0
    return size_gb * (_QUANTIZED_PART if getattr(server, "quantization", None) is not None else part)


def _files_gb(server: AwsServer) -> float | None:
    model = server.model
    size = model.unpacked_gb if isinstance(model, S3Archive) else model.size_gb
    return None if is_token(size) else size

"""Whether a workload fits a type: "fits", "tight" or "does not fit", with the memory to spare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from cdk_inference.fit.cache import cache_bytes, token_bytes
from cdk_inference.fit.chips import Devices, broken_rules, devices_of
from cdk_inference.fit.engines import NEURON, VLLM, Device, Engine
from cdk_inference.fit.memory import GIB, Workload, device_weights_gb, gib
from cdk_inference.fit.precision import PRECISIONS
from cdk_inference.fit.terms import Load, engine_gib
from cdk_inference.hardware import InstanceType

# Kept for what no term knows: 5 % of a device, at least 4.5 GiB, but at most 10 %. 4.5 GiB is more than any start in
# tests/data/reported_kv_cache.csv on GPUs of up to 80 GB falls below the sum (4.2 GiB, of an L40S with vLLM 0.8).
_MARGIN_PART, _MARGIN_GIB, _MARGIN_PART_MAX = 0.05, 4.5, 0.10

FITS: Literal["fits"] = "fits"
TIGHT: Literal["tight"] = "tight"
DOES_NOT_FIT: Literal["does not fit"] = "does not fit"
WEIGHTS, CACHE = "weights", "KV cache"
_OUTSIDE = "outside PyTorch"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Memory settings that a server passes to its engine; None leaves a setting to the engine.

    Args:
        engine: The engine.
        share: Part of a device that it may take, above 0, at most 1.
        longest: Longest request that it accepts, tokens of prompt and answer together.
        requests: Requests at once.
        graphs: Whether it captures CUDA graphs.
        length_argument: The server's argument for `longest`, which fixes name.
    """

    engine: Engine = VLLM
    share: float | None = None
    longest: int | None = None
    requests: int | None = None
    graphs: bool = True
    length_argument: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The result for one instance type and degree.

    Args:
        name: "fits", "tight" (it may or may not start) or "does not fit".
        spare_gib: GiB of each device that remain; below 0, what lacks.
        usable_gib: What the engine may take of each device.
        memory_gib: Nominal memory of each device.
        unit: "GPU", "NeuronCore" or "logical NeuronCore".
        needs: What is in the sum: name -> GiB on each device.
        longest: Tokens of the one request that decides, where it needs more than the whole workload.
        note: Why the verdict is "tight" in spite of the memory to spare.
    """

    name: Literal["fits", "tight", "does not fit"]
    spare_gib: float
    usable_gib: float
    memory_gib: float
    unit: str
    needs: Mapping[str, float]
    longest: int | None = None
    note: str = ""

    @property
    def total_gib(self) -> float:
        """Everything in the sum, GiB on each device."""
        return sum(self.needs.values())

    def __str__(self) -> str:
        if self.name == DOES_NOT_FIT:
            return f"does not fit ({-self.spare_gib:.1f} GiB per {self.unit} too little)"
        tried = f"; {self.note}" if self.note else "; try it" if self.name == TIGHT else ""
        return f"{self.name} ({self.spare_gib:.1f} GiB per {self.unit} to spare{tried})"


def judge(
    workload: Workload, instance_type: InstanceType, degree: int, settings: Settings | None = None
) -> Verdict | None:
    """The verdict on a workload; None where `broken_rules` forbid the degree or the memory is not known."""
    devices = devices_of(instance_type)
    if devices is None or devices.offered_gib is None or devices.memory_gib is None:
        return None
    if broken_rules(workload, instance_type, devices, degree):
        return None
    split = _Split.of(workload, instance_type, devices, degree, settings or Settings())
    cache, longest = split.cache(workload)
    return split.verdict(gib(device_weights_gb(workload.architecture, workload.precision, degree)), cache, longest)


def judge_weights(size_gb: float, instance_type: InstanceType, degree: int, settings: Settings) -> Verdict | None:
    """The verdict on files of a known size alone: nothing but weights and what lies outside of PyTorch is counted.

    Never "tight": what the cache and the activations need is not known.
    """
    devices = devices_of(instance_type)
    if devices is None or devices.offered_gib is None or devices.memory_gib is None:
        return None
    alone = replace(settings, graphs=False)
    verdict = _Split.of(None, instance_type, devices, degree, alone).verdict(gib(size_gb) / degree, 0.0, None)
    return verdict if verdict.name == DOES_NOT_FIT else replace(verdict, name=FITS, note="")


def cache_room_gib(
    workload: Workload, instance_type: InstanceType, degree: int, settings: Settings, *, margin: bool = True
) -> float | None:
    """GiB of each device that remain for the cache, with or without the margin; None as in `judge`."""
    verdict = judge(replace(workload, context_tokens=1, batch=1), instance_type, degree, replace(settings, longest=1))
    if verdict is None:
        return None
    kept = margin_gib(verdict.memory_gib) if margin else 0.0
    return verdict.spare_gib + verdict.needs[CACHE] - kept


def tokens_that_fit(
    workload: Workload, instance_type: InstanceType, degree: int, settings: Settings, *, margin: bool = True
) -> int | None:
    """Tokens that the cache holds in all, as vLLM counts its "GPU KV cache size"; None as in `judge`."""
    room = cache_room_gib(workload, instance_type, degree, settings, margin=margin)
    if room is None:
        return None
    one = token_bytes(workload.architecture, degree, workload.cache_bits)
    return max(0, int(room * GIB / one))


def longest_request(
    workload: Workload, instance_type: InstanceType, degree: int, settings: Settings, *, margin: bool = True
) -> int | None:
    """Tokens of the longest request that fits alone, at most the model's own limit; None as in `judge`."""
    room = cache_room_gib(workload, instance_type, degree, settings, margin=margin)
    devices = devices_of(instance_type)
    if room is None or devices is None:
        return None
    model, bits = workload.architecture, workload.cache_bits
    step = _Split.of(workload, instance_type, devices, degree, settings).step_tokens
    low, high = 0, (model.context_limit or 10**8) + 1
    while high - low > 1:
        middle = (low + high) // 2
        fits = cache_bytes(model, degree, bits, middle, 1, in_flight=step, windows=settings.engine.windows)
        low, high = (middle, high) if fits <= room * GIB else (low, middle)
    return low


def margin_gib(memory_gib: float) -> float:
    """Returns the GiB of a device that a verdict of "fits" leaves free for memory that no term covers."""
    return min(max(_MARGIN_PART * memory_gib, _MARGIN_GIB), _MARGIN_PART_MAX * memory_gib)


@dataclass(frozen=True, kw_only=True)
class _Split:
    """An engine on one device."""

    devices: Devices
    degree: int
    settings: Settings
    engine: Engine
    share: float
    load: Load | None
    step_tokens: int

    @classmethod
    def of(
        cls,
        workload: Workload | None,
        instance_type: InstanceType,
        devices: Devices,
        degree: int,
        settings: Settings,
    ) -> _Split:
        engine = NEURON if instance_type.kind == "neuron" else settings.engine
        architecture = None if workload is None else workload.architecture
        device = Device(
            accelerator=instance_type.accelerator or "", offered_gib=devices.offered_gib or 0.0, degree=degree
        )
        step = engine.step_tokens(device)
        load = Load(
            architecture=architecture,
            experts_buffered=workload is None or not PRECISIONS[workload.precision].experts_only,
            degree=degree,
            requests=settings.requests or engine.requests(device),
            step_tokens=step,
            graphs=settings.graphs,
        )
        return cls(
            devices=devices,
            degree=degree,
            settings=settings,
            engine=engine,
            share=settings.share or engine.share(architecture, device),
            load=load if engine.measured else None,
            step_tokens=step,
        )

    def cache(self, workload: Workload) -> tuple[float, int | None]:
        """(GiB of cache, tokens of the one request that decides): the workload, or one of the longest request."""
        model, bits = workload.architecture, workload.cache_bits

        def of(tokens: int, requests: int) -> float:
            windows = self.engine.windows
            return (
                cache_bytes(model, self.degree, bits, tokens, requests, in_flight=self.step_tokens, windows=windows)
                / GIB
            )

        needed = of(workload.context_tokens, workload.batch)
        longest = self.settings.longest
        if not self.engine.needs_longest or longest is None or (alone := of(longest, 1)) <= needed:
            return needed, None
        return alone, longest

    def verdict(self, weights_gib: float, cache_gib: float, longest: int | None) -> Verdict:
        offered, memory = self.devices.offered_gib or 0.0, self.devices.memory_gib or 0.0
        terms = dict(engine_gib(self.load)) if self.load is not None else {}
        needs = {WEIGHTS: weights_gib, CACHE: cache_gib}
        note = ""
        if self.engine.holds_everything:
            needs |= terms
            usable = offered * self.share
        else:
            offered -= terms.pop(_OUTSIDE, 0.0)
            usable = offered * self.share
            if (lacking := sum(terms.values()) - (offered - usable)) > 0:
                note = f"activations and CUDA graphs need {lacking:.1f} GiB more than this share leaves"
        if self.settings.share is not None and self.share > self.engine.largest_share:
            note = f"{self.engine.name} itself leaves {1 - self.engine.largest_share:.0%} of the device unused"
        spare = usable - sum(needs.values())
        name: Literal["fits", "tight", "does not fit"] = FITS
        if not spare > 0:
            name, note = DOES_NOT_FIT, ""
        elif spare < margin_gib(memory) or note:
            name = TIGHT
        return Verdict(
            name=name,
            spare_gib=spare,
            usable_gib=usable,
            memory_gib=memory,
            unit=self.devices.unit,
            needs=needs,
            longest=longest,
            note=note,
        )

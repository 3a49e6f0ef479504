"""The instance types that hold a model, with their price and the image that serves it; and why the others are out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.alike import nearest
from cdk_inference.core.checks import one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit import Settings, Verdict, Workload, best_degree, weights_gb
from cdk_inference.fit.chips import devices_of
from cdk_inference.fit.precision import PRECISIONS
from cdk_inference.hardware import InstanceType, instance_types, regions
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.measured import Throughput
from cdk_inference.pricing.price import Price
from cdk_inference.serving.aws_image import STATUSES
from cdk_inference.serving.aws_server import AwsServer
from cdk_inference.serving.fit_settings import DEGREE, LENGTH_ARGUMENTS, REQUEST_ARGUMENTS
from cdk_inference.serving.neuron_versions import NEURON_VERSIONS
from cdk_inference.serving.presets import PRESETS
from cdk_inference.template import Unknown

_LLM_PRESETS = tuple(one for one in PRESETS if any(setting.argument == DEGREE for setting in one.settings))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An instance type that holds the model.

    Args:
        hardware: The type.
        degree: The largest tensor parallel degree that fits.
        verdict: "fits", or "tight" where no degree fits with a margin.
        price: Per hour.
        server: The preset whose image serves it, a maintained one where there is one.
        throughput: None if it was not measured.
    """

    hardware: InstanceType
    degree: int
    verdict: Verdict
    price: Price | Unknown
    server: type[AwsServer]
    throughput: Throughput | None

    @property
    def maintained(self) -> bool:
        """Whether AWS still maintains the image."""
        return self.server.aws_image.maintenance.status == STATUSES[0]

    @property
    def fits(self) -> bool:
        """Whether a margin of memory remains."""
        return self.verdict.name == "fits"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The types that hold a workload in one region.

    Args:
        workload: The model and how it is used.
        region: The region.
        candidates: By price per hour, those without a price last.
        refused: Type -> why it is out.
    """

    workload: Workload
    region: str
    candidates: tuple[Candidate, ...]
    refused: Mapping[str, str]

    @property
    def first(self) -> Candidate | None:
        """The cheapest that fits and whose image is maintained; without one the nearest to that."""
        return min(self.candidates, key=_rank, default=None)

    @property
    def cheaper(self) -> tuple[Candidate, ...]:
        """What costs less than `first` but is tight, or has an image that is not maintained: the cheapest of each."""
        first = self.first
        found: dict[tuple[bool, bool], Candidate] = {}
        for one in self.candidates:
            if first is not None and _usd(one) < _usd(first):
                found.setdefault((one.fits, one.maintained), one)
        return tuple(found.values())

    def cheapest_other(self, candidate: Candidate) -> Candidate | None:
        """The first choice among the types with a price, `candidate` aside."""
        others = (one for one in self.candidates if one is not candidate and not isinstance(one.price, Unknown))
        return min(others, key=_rank, default=None)


def hosting_region_problem(argument: str, region: str) -> Problem | None:
    """Returns what is wrong with a region in which no type is listed for hosting."""
    near = nearest(region, regions())
    fix = f"write {near}" if near else "write a region that lists types for hosting"
    return one_of(argument, region, regions(), fix)


def choose(workload: Workload, region: str, book: PriceBook, measured: Mapping[str, Throughput]) -> Choice:
    """Every accelerated type, chosen or refused. Raises ConfigurationError for a region that lists none."""
    raise_problems("choose", hosting_region_problem("region", region))
    candidates, refused = [], {}
    for known in instance_types():
        if known.kind == "cpu":
            continue
        server = _server(known, region)
        best = best_degree(workload, known, settings_for(server, workload))
        why = _listing(known, region)
        if why is None and (best is None or best[1].name == "does not fit"):
            why = _why_not(workload, known, best)
        if why is None and server is None:
            why = f"none of AWS's LLM images that has a preset here serves {known.accelerator} in {region}"
        if why is not None or server is None or best is None:
            refused[known.name] = why or ""
            continue
        candidates.append(
            Candidate(
                hardware=known,
                degree=best[0],
                verdict=best[1],
                price=book.look_up(known.name, region),
                server=server,
                throughput=measured.get(known.name),
            )
        )
    candidates.sort(key=lambda one: (_usd(one), one.hardware.accelerator_memory_gib or math.inf, one.hardware.name))
    return Choice(workload=workload, region=region, candidates=tuple(candidates), refused=refused)


def settings_for(server: type[AwsServer] | None, workload: Workload) -> Settings:
    """Returns the engine settings of the suggested line: the workload's length and number of requests."""
    if server is None or server.engine is None:
        return Settings(longest=workload.context_tokens)
    arguments = {setting.argument for setting in server.settings}
    limited = any(name in arguments for name in REQUEST_ARGUMENTS)
    return Settings(engine=server.engine, longest=workload.context_tokens, requests=workload.batch if limited else None)


def settings_line(choice: Choice, candidate: Candidate) -> str:
    """The arguments to paste: server and hardware."""
    workload, server = choice.workload, candidate.server
    arguments = {setting.argument for setting in server.settings}
    size = math.ceil(weights_gb(workload.architecture, workload.precision) * 10) / 10
    given = [f'model=S3Model(prefix="your-model/", size_gb={size:g})', f"{DEGREE}={candidate.degree}"]
    for names, value in ((LENGTH_ARGUMENTS, workload.context_tokens), (REQUEST_ARGUMENTS, workload.batch)):
        given += [f"{name}={value}" for name in names if name in arguments][:1]
    versions = NEURON_VERSIONS.get(server.aws_image.reference)
    if versions is not None:
        optimum = f', optimum_version="{versions.optimum}"' if versions.optimum else ""
        given.append(
            f'compilation=Compiled(model="your model and its revision", chip="{candidate.hardware.accelerator}", '
            f'cores={candidate.degree}, sdk_version="{versions.sdk[-1]}", sequence_length={workload.context_tokens}, '
            f"batch_size={workload.batch}{optimum})"
        )
    if not candidate.maintained:
        given.append('image_exception=ImageException(reason="your reason", until="the day on which you look again")')
    return f"server={server.__name__}({', '.join(given)}), hardware={json.dumps(candidate.hardware.name)}"


def _server(known: InstanceType, region: str) -> type[AwsServer] | None:
    """The preset whose image serves this type in the region, maintained ones first."""
    found = [
        preset
        for preset in _LLM_PRESETS
        if preset.aws_image.kind == known.kind
        and preset.aws_image.chip_problem(known) is None
        and preset.aws_image.region_problem(region) is None
    ]
    return min(found, key=lambda preset: STATUSES.index(preset.aws_image.maintenance.status), default=None)


def _listing(known: InstanceType, region: str) -> str | None:
    if known.regions is None or region in known.regions:
        return None
    if not known.regions:
        return "no region lists it for hosting"
    return f"{region} does not list it for hosting"


def _why_not(workload: Workload, known: InstanceType, best: tuple[int, Verdict] | None) -> str:
    """Why `known` does not hold the workload, with the degree that comes closest."""
    devices = devices_of(known)
    if devices is None:
        return f"no LLM server here runs on {known.accelerator}, or the number of its devices is not known"
    if devices.offered_gib is None:
        return f"the memory of {known.accelerator} is not known"
    stored = PRECISIONS[workload.precision]
    if known.kind not in stored.kinds or known.accelerator in stored.not_on:
        return f"{known.accelerator} does not run {workload.precision}"
    if best is None:
        model = workload.architecture
        return (
            f"no tensor parallel degree of {known.accelerator} divides the {model.attention_heads} attention heads, "
            "the vocabulary and blocks of weights, or no server there supports the model's attention"
        )
    degree, verdict = best
    parts = ", ".join(f"{name} {value:.1f}" for name, value in verdict.needs.items() if value >= 0.05)
    return (
        f"with degree {degree}, each {verdict.unit} would hold {verdict.total_gib:.1f} GiB ({parts}) and has "
        f"{verdict.usable_gib:.1f} to use"
    )


def _usd(candidate: Candidate) -> float:
    return math.inf if isinstance(candidate.price, Unknown) else candidate.price.usd


def _rank(candidate: Candidate) -> tuple[bool, bool, bool, float, float, str]:
    known = candidate.hardware
    memory = known.accelerator_memory_gib or math.inf
    unpriced = isinstance(candidate.price, Unknown)
    return not candidate.fits, not candidate.maintained, unpriced, _usd(candidate), memory, known.name

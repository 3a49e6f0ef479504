"""The instance types that hold a model, with their price and the image that serves it; and why the others are out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass

from cdk_inference.core.alike import nearest
from cdk_inference.core.checks import number_above, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.fit import PUBLISHED, Architecture, Workload, memory_needed, smallest_types, weights_gb
from cdk_inference.fit.architecture import PARAMETERS_MAX
from cdk_inference.fit.chips import broken_rules, devices_of
from cdk_inference.fit.memory import GB, GIB
from cdk_inference.fit.precision import PRECISIONS
from cdk_inference.hardware import InstanceType, instance_types, regions
from cdk_inference.pricing.book import PriceBook
from cdk_inference.pricing.measured import Throughput
from cdk_inference.pricing.price import Price
from cdk_inference.serving.aws_image import STATUSES
from cdk_inference.serving.aws_server import DEGREE, AwsServer
from cdk_inference.serving.neuron_versions import NEURON_VERSIONS
from cdk_inference.serving.presets import PRESETS
from cdk_inference.template import Unknown

# How far the size of a published model may be from the one asked for, to lend it its shape.
_NEAREST_MAX = 1.5
_CONTEXT_ARGUMENTS = ("max_model_len", "sequence_length", "max_total_tokens")
_BATCH_ARGUMENTS = ("max_concurrent_requests", "batch_size")
_LLM_PRESETS = tuple(one for one in PRESETS if any(setting.argument == DEGREE for setting in one.settings))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A type that holds the model.

    degree: the largest tensor parallel degree that does. server: the preset whose image serves it, a maintained one
    where there is one. throughput: None if it was not measured.
    """

    hardware: InstanceType
    degree: int
    price: Price | Unknown
    server: type[AwsServer]
    throughput: Throughput | None

    @property
    def maintained(self) -> bool:
        """Whether AWS still maintains the image."""
        return self.server.aws_image.maintenance.status == STATUSES[0]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """`candidates` by price per hour, those without a price last. `refused`: type -> why it is out."""

    workload: Workload
    region: str
    candidates: tuple[Candidate, ...]
    refused: Mapping[str, str]


def choose(workload: Workload, region: str, book: PriceBook, measured: Mapping[str, Throughput]) -> Choice:
    """Every accelerated type, chosen or refused. Raises ConfigurationError for a region that lists none."""
    near = nearest(region, regions())
    fix = f"write {near}" if near else "write a region that lists types for hosting"
    raise_problems("choose", one_of("region", region, regions(), fix))
    degrees = {known.name: degree for known, degree in smallest_types(workload, region)}
    candidates, refused = [], {}
    for known in instance_types():
        if known.kind == "cpu":
            continue
        server = _server(known, region)
        why = _listing(known, region) or (None if known.name in degrees else _why_not(workload, known))
        if why is None and server is None:
            why = f"none of AWS's LLM images that has a preset here serves {known.accelerator} in {region}"
        if why is not None or server is None:
            refused[known.name] = why or ""
            continue
        price = book.look_up(known.name, region)
        candidates.append(
            Candidate(
                hardware=known,
                degree=degrees[known.name],
                price=price,
                server=server,
                throughput=measured.get(known.name),
            )
        )
    candidates.sort(key=_by_price)
    return Choice(workload=workload, region=region, candidates=tuple(candidates), refused=refused)


def shape_like(parameters: float) -> tuple[str, Architecture]:
    """(name, shape) of the published model nearest in size, with this number of parameters.

    Raises ConfigurationError if none is near, or if the number cannot be meant.
    """
    fix = "write the number of parameters, as in 8e9"
    raise_problems("choose", number_above("--parameters", parameters, 0, fix, high=PARAMETERS_MAX))
    name, near = min(PUBLISHED.items(), key=lambda item: abs(math.log(item[1].parameters / parameters)))
    ratio = max(near.parameters, parameters) / min(near.parameters, parameters)
    if not ratio <= _NEAREST_MAX:
        sizes = ", ".join(f"{one.parameters:.3g}" for one in sorted(PUBLISHED.values(), key=lambda one: one.parameters))
        allowed = f"within a factor of {_NEAREST_MAX} of a published model: {sizes}"
        fix = "write the number, as in 8e9, or give the model's own shape with --config"
        raise_problems("choose", Problem("--parameters", parameters, allowed, fix))
    values = {name: getattr(near, name) for name in near.__dataclass_fields__}
    return name, Architecture(**{**values, "parameters": parameters})


def shape_from_config(config: Mapping[str, object], parameters: float) -> Architecture:
    """The shape in a model's config.json. Raises ConfigurationError."""

    def number(key: str, default: object = None) -> int:
        value = config.get(key, default)
        raise_problems(
            "config.json", None if type(value) is int else Problem(key, value, "a whole number", _CONFIG_FIX)
        )
        assert isinstance(value, int)
        return value

    heads, hidden = number("num_attention_heads"), number("hidden_size")
    tied = config.get("tie_word_embeddings", False)
    return Architecture(
        parameters=parameters,
        layers=number("num_hidden_layers"),
        attention_heads=heads,
        key_value_heads=number("num_key_value_heads", heads),
        head_dimension=number("head_dim", hidden // heads if heads > 0 else None),
        hidden_size=hidden,
        vocabulary=number("vocab_size"),
        tied_embeddings=tied if isinstance(tied, bool) else False,
    )


def settings_line(choice: Choice, candidate: Candidate) -> str:
    """The arguments to paste: server and hardware."""
    workload, server = choice.workload, candidate.server
    arguments = {setting.argument for setting in server.settings}
    size = math.ceil(weights_gb(workload.architecture, workload.precision) * 10) / 10
    given = [f'model=S3Model(prefix="your-model/", size_gb={size:g})', f"{DEGREE}={candidate.degree}"]
    for names, value in ((_CONTEXT_ARGUMENTS, workload.context_tokens), (_BATCH_ARGUMENTS, workload.batch)):
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
        given.append('accepted=ImageException(reason="your reason", until="the day on which you look again")')
    return f"server={server.__name__}({', '.join(given)}), hardware={json.dumps(candidate.hardware.name)}"


def _by_price(candidate: Candidate) -> tuple[float, float, str]:
    price, known = candidate.price, candidate.hardware
    usd = math.inf if isinstance(price, Unknown) else price.usd
    return usd, known.accelerator_memory_gib or math.inf, known.name


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


def _why_not(workload: Workload, known: InstanceType) -> str:
    """Why `known` does not hold the workload, with the degree that comes closest."""
    devices = devices_of(known)
    if devices is None:
        return f"no LLM server here runs on {known.accelerator}, or the number of its devices is not known"
    if devices.usable_gib is None:
        return f"the memory of {known.accelerator} is not known"
    stored = PRECISIONS[workload.precision]
    if known.kind not in stored.kinds or known.accelerator in stored.not_on:
        return f"{known.accelerator} does not run {workload.precision}"
    heads = workload.architecture.attention_heads
    degrees = [
        degree
        for degree in range(1, min(devices.count, heads) + 1)
        if not broken_rules(workload.architecture, known, devices, degree)
    ]
    if not degrees:
        return f"no tensor parallel degree of {known.accelerator} divides the {heads} attention heads"
    needed = {degree: memory_needed(workload, degree) for degree in degrees}
    best = min(degrees, key=lambda degree: needed[degree].gb)
    memory = needed[best]
    return (
        f"with degree {best}, each {devices.unit} would hold {memory.gib:.1f} GiB (weights "
        f"{memory.weights_gb * GB / GIB:.1f}, KV cache {memory.kv_cache_gb * GB / GIB:.1f}) and has "
        f"{devices.usable_gib:.1f} to use"
    )


_CONFIG_FIX = "name the config.json of a transformer's model page"

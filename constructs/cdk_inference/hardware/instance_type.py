"""Facts about one instance type: accelerators, host and the regions that list it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal, get_args

from cdk_inference.core.checks import instance_of, is_token, matching, number_above, one_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems

HardwareKind = Literal["gpu", "neuron", "gaudi", "cpu"]
KINDS = get_args(HardwareKind)
CpuArchitecture = Literal["x86_64", "arm64"]
ARCHITECTURES = get_args(CpuArchitecture)
NAME_PATTERN = r"ml\.[a-z0-9-]+\.[a-z0-9-]+"


@dataclass(frozen=True, kw_only=True)
class InstanceType:
    """One instance type of SageMaker hosting. None means not known, except where a field says otherwise.

    name: "ml.<family>.<size>".
    kind: "gpu", "neuron" (Inferentia, Trainium), "gaudi" or "cpu".
    storage_volume: whether SageMaker attaches a volume, so whether `VolumeSizeInGB` may be set.
    accelerator: the device's name, as "NVIDIA L4". Default None.
    accelerators: devices. Default None; 0 of a CPU type.
    memory_gib: memory of each device in GiB. Default None, also of a CPU type.
    neuroncores: physical cores of the whole instance. Default None; 0 of other kinds than neuron.
    vcpus: virtual processors. Default None.
    ram_gib: the host's memory in GiB. Default None.
    nvme_gb: local NVMe storage in GB. Default None.
    efa_interfaces: Elastic Fabric Adapters. Default None.
    network_gbps: what EC2 states as the baseline of the default network card in Gbit/s, bursts left out. Default None.
    ebs_mb_per_second: EC2's baseline towards storage volumes in MB/s. Default None. That SageMaker's instances have
        EC2's bandwidth is assumed.
    architecture: the processors', "x86_64" or "arm64". Default None.
    regions: regions whose price list has the type for hosting. Default None, for unknown; an empty set means none.
    in_api: whether SageMaker's API has the type among its values. Default True.
    source: where all this comes from. Default "registered by the app".
    """

    name: str
    kind: HardwareKind
    storage_volume: bool
    accelerator: str | None = None
    accelerators: int | None = None
    memory_gib: float | None = None
    neuroncores: int | None = None
    vcpus: int | None = None
    ram_gib: float | None = None
    nvme_gb: int | None = None
    efa_interfaces: int | None = None
    network_gbps: float | None = None
    ebs_mb_per_second: float | None = None
    architecture: CpuArchitecture | None = None
    regions: frozenset[str] | None = None
    in_api: bool = True
    source: str = "registered by the app"

    def __post_init__(self) -> None:
        raise_problems(
            f"InstanceType {self.name!r}" if isinstance(self.name, str) else "InstanceType", *self._problems()
        )
        # Known without asking: a CPU type has no accelerator, and only Neuron devices have NeuronCores.
        if self.kind == "cpu":
            object.__setattr__(self, "accelerators", 0)
        if self.kind != "neuron":
            object.__setattr__(self, "neuroncores", 0)

    def _problems(self) -> list[Problem | None]:
        kinds = ", ".join(KINDS)
        found = [
            matching("name", self.name, NAME_PATTERN, "ml.<family>.<size>", "write it as in 'ml.g5.xlarge'"),
            one_of("kind", self.kind, KINDS, f"write one of {kinds}"),
            instance_of("storage_volume", self.storage_volume, bool, "True or False", _VOLUME_FIX),
            instance_of("in_api", self.in_api, bool, "True or False", "write True if SageMaker's API has the type"),
            instance_of("source", self.source, str, "text", "write where the values come from"),
            instance_of("accelerator", self.accelerator, (str, type(None)), "text or None", "write its name"),
        ]
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        found += [
            Problem(name, value, "a value that is known at synth time", "write the value itself, not a token")
            for name, value in values.items()
            if is_token(value)
        ]
        lowest = 0 if self.kind == "cpu" else 1
        for field, low in (
            *(("accelerators", lowest), ("neuroncores", 0), ("vcpus", 1), ("nvme_gb", 0), ("efa_interfaces", 0)),
        ):
            if (value := values[field]) is not None:
                found.append(whole_number(field, value, low, None, "write the number, or None if it is not known"))
        for field, unit in (
            *(("memory_gib", "GiB"), ("ram_gib", "GiB"), ("network_gbps", "Gbit/s"), ("ebs_mb_per_second", "MB/s")),
        ):
            if (value := values[field]) is not None:
                found.append(number_above(field, value, 0, f"write {unit}, or None if it is not known"))
        if self.architecture is not None:
            found.append(one_of("architecture", self.architecture, ARCHITECTURES, "write one of them, or None"))
        if self.kind == "cpu":
            found += [
                self._only("an accelerated kind", field) for field in ("accelerator", "accelerators", "memory_gib")
            ]
        if self.kind != "neuron":
            found.append(self._only("kind neuron", "neuroncores"))
        if self.regions is not None and not (
            isinstance(self.regions, frozenset) and all(isinstance(region, str) for region in self.regions)
        ):
            found.append(Problem("regions", self.regions, "a frozenset of region names, or None", _REGIONS_FIX))
        return found

    def _only(self, kind: str, field: str) -> Problem | None:
        value = getattr(self, field)
        fix = f"leave {field} out, or correct kind (got {self.kind!r})"
        return Problem(field, value, f"only with {kind}", fix) if value else None

    def __repr__(self) -> str:
        # 38 region names would drown an error message.
        shown = [(field.name, getattr(self, field.name)) for field in fields(self) if field.name != "regions"]
        regions = "None" if self.regions is None else f"<{len(self.regions)}>"
        return f"InstanceType({', '.join(f'{name}={value!r}' for name, value in shown)}, regions={regions})"

    @property
    def family(self) -> str:
        """The part between the points: inf2 of ml.inf2.xlarge."""
        return self.name.split(".")[1]

    @property
    def size(self) -> str:
        """The part after the second point: xlarge of ml.inf2.xlarge."""
        return self.name.split(".")[2]

    @property
    def accelerator_memory_gib(self) -> float | None:
        """Memory of all accelerators together in GiB: 0 for a CPU type, None if not known."""
        if self.kind == "cpu":
            return 0.0
        if self.accelerators is None or self.memory_gib is None:
            return None
        return round(self.accelerators * self.memory_gib, 1)


_VOLUME_FIX = "write False if the type has local NVMe storage, else True"
_REGIONS_FIX = "write frozenset({'us-east-1'}), or leave it out if not known"

"""Servers: a container with its model and its environment, the same value for every kind of endpoint."""

from __future__ import annotations

import abc
import dataclasses
import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from cdk_inference.core.checks import as_tuple, has_members, instance_of, is_token, matching, one_of
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hardware import InstanceType
from cdk_inference.hardware.host_images import HostImage
from cdk_inference.hardware.instance_type import ARCHITECTURES, KINDS, CpuArchitecture, HardwareKind
from cdk_inference.serving.hub import HubVariables, HuggingFaceModel
from cdk_inference.serving.images import HOST_IMAGES, NEURON_HOST_CHIPS, AwsImage, EcrImage
from cdk_inference.serving.models import Bucket, ModelSource, S3Archive, S3Model

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (botocore 1.44.5)
ENVIRONMENT_NAME_PATTERN = r"[a-zA-Z_][a-zA-Z0-9_]*"
ENVIRONMENT_ENTRIES_MAX = 100
ENVIRONMENT_TEXT_MAX = 1024  # characters of one name, and of one value
ENVIRONMENT_BYTES_MAX = 32 * 1024  # of all names and values together

# Where SageMaker puts the model: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3ModelDataSource.html
MODEL_FOLDER = "/opt/ml/model"

_NONE: Mapping[str, str] = MappingProxyType({})

# Kind of hardware -> presets that run on it, for messages.
SERVERS_FOR = {
    "gpu": "Vllm, Lmi or Tei",
    "neuron": "VllmNeuron or HuggingFaceNeuron",
    "cpu": "TeiCpu or TritonCpu",
}


def _model_fix(model: object, *, hub: bool) -> str:
    if not isinstance(model, str):
        return "model=S3Model(...)"
    if hub and re.fullmatch(r"[\w.-]+/[\w.-]+", model):
        return f'model=HuggingFaceModel(model_id="{model}", revision=..., size_gb=...), or a copy in S3 by S3Model(...)'
    return "model=S3Model(bucket=..., prefix=..., size_gb=...)"


@dataclass(frozen=True, kw_only=True)
class Server(abc.ABC):
    """What runs on the chip. Use a subclass: one of AWS's images (`Lmi`, `Vllm`, `Tei`, ...) or `Container`.

    model: where the model's files come from.
    environment: variables for the container, added to those the server sets itself. At most 100 in all, names and
        values of up to 1024 characters. Never put a secret here: it would stand in the template.
        Default: none.

    Raises ConfigurationError.
    """

    model: ModelSource
    environment: Mapping[str, str] = field(default_factory=lambda: _NONE, hash=False)

    # What must be "true" for adapters to be loaded while the container runs, as `AdapterComponent`s are; None where the
    # server loads none so, or no page says that it does.
    loads_adapters_with: ClassVar[tuple[str, ...] | None] = None

    # The variables for a model from the hub; None for a server that cannot load one, or not a pinned revision.
    hub: ClassVar[HubVariables | None] = None

    def __post_init__(self) -> None:
        raise_problems(
            type(self).__name__,
            self._model_problem(),
            *_environment_problems(self.environment, self._own_variables()),
            *self._problems(),
        )
        # A copy: what the caller does to the mapping afterwards was not checked.
        object.__setattr__(self, "environment", dict(self.environment))

    @property
    @abc.abstractmethod
    def container_image(self) -> AwsImage | EcrImage:
        """The container image."""

    @property
    @abc.abstractmethod
    def hardware_kinds(self) -> tuple[str, ...]:
        """Kinds of hardware that the image runs on: "gpu", "neuron", "gaudi", "cpu"."""

    @property
    @abc.abstractmethod
    def host_image(self) -> str | None:
        """The `InferenceAmiVersion` that the image needs; None leaves the choice to SageMaker."""

    @property
    def variables(self) -> Mapping[str, str]:
        """The container's whole environment."""
        return {**self._own_variables(), **self.environment}

    @property
    def own_start_seconds(self) -> int:
        """Seconds that the container needs before it answers, besides starting and loading the model."""
        return 0

    def adapters_problem(self, argument: str) -> Problem | None:
        """Why this server loads no adapter while it runs."""
        name, needed = type(self).__name__, self.loads_adapters_with
        if needed is None:
            allowed = "Lmi, Vllm or a Container whose image loads adapters while it runs"
            return Problem(argument, name, allowed, "give the base such a server, or host the adapted model by itself")
        given = self.variables
        missing = [one for one in needed if not is_token(given.get(one)) and given.get(one, "").lower() != "true"]
        if not missing:
            return None
        written = ", ".join(f'"{one}": "true"' for one in missing)
        allowed = f"{name} with {' and '.join(needed)} set to true: else it loads no adapter while it runs"
        return Problem(argument, f"{name} without {', '.join(missing)}", allowed, f"add environment={{{written}}}")

    def in_bucket(self, bucket: Bucket) -> Server:
        """The same server with its model in `bucket`; a model from the hub needs none."""
        if isinstance(self.model, HuggingFaceModel):
            return self
        return dataclasses.replace(self, model=dataclasses.replace(self.model, bucket=bucket))

    def maintenance_warning(self, today: datetime.date) -> tuple[str, str] | None:
        """(id, message) if the image is frozen or ended and that was not accepted until `today` or later."""
        del today  # an image that is not AWS's has no announced status
        return None

    def problems_on(self, hardware: InstanceType, region: str | None = None) -> list[Problem]:
        """Why this server does not run on `hardware`; fixes name types that `region` lists, None: that any does."""
        del region  # for those that name types
        if hardware.kind in self.hardware_kinds:
            return []
        return [
            Problem(
                "server",
                f"{type(self).__name__} on {hardware.name} ({hardware.accelerator or 'no accelerator'})",
                f"hardware of kind {' or '.join(self.hardware_kinds)}",
                f"choose hardware of that kind, or a server for it: {SERVERS_FOR.get(hardware.kind, 'Container(...)')}",
            )
        ]

    def fit_warnings(self, hardware: InstanceType, *, alone: bool = True) -> list[tuple[str, str]]:
        """(id, message) of what may not fit the memory of `hardware`, or leaves some of it idle.

        Args:
            hardware: What the server runs on.
            alone: Whether an instance has one copy of the model.
        """
        del hardware, alone  # for servers whose engine is known
        return []

    def _model_problem(self) -> Problem | None:
        if isinstance(self.model, (S3Model, S3Archive)):
            return None
        if not isinstance(self.model, HuggingFaceModel):
            kinds = "S3Model or S3Archive" if self.hub is None else "S3Model, S3Archive or HuggingFaceModel"
            return Problem("model", self.model, kinds, _model_fix(self.model, hub=self.hub is not None))
        if self.hub is not None:
            return None
        allowed = f"S3Model or S3Archive: {type(self).__name__} takes its model from S3 only"
        return Problem("model", self.model.title, allowed, "copy the model into S3 and write S3Model(...)")

    def _own_variables(self) -> dict[str, str]:
        return {}

    def _problems(self) -> list[Problem | None]:
        return []


@dataclass(frozen=True, kw_only=True)
class Container(Server):
    """Any image in ECR that answers /ping and /invocations on port 8080.

    image: the image.
    runs_on: kinds of hardware that the image is built for, from "gpu", "neuron", "gaudi", "cpu".
    ami_version: the host image (`InferenceAmiVersion`) that the image needs; None leaves the choice to SageMaker,
        whose default host drivers are undocumented. An image whose CUDA or Neuron version does not match the host
        dies or hangs without logs.
    architecture: the CPU that the image is built for, "x86_64" (default) or "arm64", as of Graviton types.

    https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
    """

    image: EcrImage
    runs_on: tuple[HardwareKind, ...]
    ami_version: HostImage | None = None
    architecture: CpuArchitecture = "x86_64"

    # Whether an image of one's own loads adapters, and with what, its owner knows.
    loads_adapters_with: ClassVar[tuple[str, ...] | None] = ()

    @property
    def container_image(self) -> EcrImage:
        return self.image

    @property
    def hardware_kinds(self) -> tuple[str, ...]:
        return self.runs_on

    @property
    def host_image(self) -> str | None:
        return self.ami_version

    def _problems(self) -> list[Problem | None]:
        object.__setattr__(self, "runs_on", as_tuple(self.runs_on))
        allowed = KINDS
        known = isinstance(self.runs_on, tuple) and self.runs_on and all(kind in allowed for kind in self.runs_on)
        problems = [
            instance_of("image", self.image, EcrImage, "EcrImage", "image=EcrImage(repository=..., tag=...)"),
            None
            if known
            else Problem("runs_on", self.runs_on, f"a tuple of {', '.join(allowed)}", 'for example runs_on=("gpu",)'),
        ]
        problems.append(one_of("architecture", self.architecture, ARCHITECTURES, "write what the image is built for"))
        if self.ami_version is not None:
            problems.append(one_of("ami_version", self.ami_version, tuple(HOST_IMAGES), "choose one, or leave it out"))
        return problems

    def problems_on(self, hardware: InstanceType, region: str | None = None) -> list[Problem]:
        problems = super().problems_on(hardware, region)
        known = hardware.architecture is not None and not is_token(self.architecture)
        if known and self.architecture != hardware.architecture:
            problems.append(
                Problem(
                    "server.architecture",
                    self.architecture,
                    f"{hardware.architecture}, the CPU of {hardware.name}",
                    f'build the image for it and write architecture="{hardware.architecture}", '
                    f"or choose a type with {self.architecture}",
                )
            )
        host_kind = HOST_IMAGES.get(self.ami_version or "")
        if host_kind is not None and host_kind != hardware.kind:
            problems.append(
                Problem(
                    "server.ami_version",
                    self.ami_version,
                    f"a host image for {hardware.kind} hardware, since the endpoint runs on {hardware.name}",
                    "choose the host image that belongs to image and hardware, or leave it out",
                )
            )
        elif host_kind == "neuron" and hardware.accelerator not in (None, *NEURON_HOST_CHIPS):
            problems.append(
                Problem(
                    "server.ami_version",
                    f"{self.ami_version} on {hardware.accelerator} ({hardware.name})",
                    f"{', '.join(NEURON_HOST_CHIPS)}, which this host image serves",
                    "leave ami_version out, or choose Inf2 or Trn1 hardware",
                )
            )
        return problems


def _environment_problems(environment: object, own: Mapping[str, str]) -> list[Problem | None]:
    if not isinstance(environment, Mapping):
        return [
            Problem("environment", environment, "a mapping of names to strings", 'for example {"LOG_LEVEL": "info"}')
        ]
    problems = [
        matching(
            "environment",
            name,
            ENVIRONMENT_NAME_PATTERN,
            "names of letters, digits and _, not starting with a digit",
            "rename the variable",
        )
        for name in environment
    ]
    for name, value in environment.items():
        where = f"environment[{name!r}]"
        if not isinstance(value, str):
            later = is_token(value) or has_members(value, "resolve")
            write = "write cdk.Token.as_string(...)" if later else f'write "{value}"'
            problems.append(Problem(where, value, "a string", write))
        elif len(value) > ENVIRONMENT_TEXT_MAX or len(str(name)) > ENVIRONMENT_TEXT_MAX:
            got = f"{max(len(value), len(str(name)))} characters"
            problems.append(Problem(where, got, f"up to {ENVIRONMENT_TEXT_MAX}", "put the text into a model file"))
        if name in own:
            problems.append(Problem(where, value, "names that the server does not set itself", "use its own argument"))
    count = len(environment) + len(own)
    if count > ENVIRONMENT_ENTRIES_MAX:
        fix = "put settings into a model file"
        problems.append(Problem("environment", f"{count} variables", f"up to {ENVIRONMENT_ENTRIES_MAX}", fix))
    size = sum(_bytes(name) + _bytes(value) for name, value in {**own, **environment}.items())
    if size > ENVIRONMENT_BYTES_MAX:
        fix = "put settings into a model file"
        problems.append(Problem("environment", f"{size} bytes", f"up to {ENVIRONMENT_BYTES_MAX} in all", fix))
    return problems


def _bytes(value: object) -> int:
    return len(str(value).encode(errors="surrogatepass"))

"""What every server on one of AWS's images does: image, host image, chips, variables, maintenance."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import instance_of, is_token
from cdk_inference.core.errors import Problem
from cdk_inference.fit import Engine, Workload, parts_of
from cdk_inference.hardware import InstanceType
from cdk_inference.serving.fit_checks import fit_problems, fit_warnings
from cdk_inference.serving.fit_settings import DEGREE, contradictions
from cdk_inference.serving.hub import HuggingFaceModel
from cdk_inference.serving.image_exception import ImageException
from cdk_inference.serving.images import AwsImage
from cdk_inference.serving.servers import Server
from cdk_inference.serving.variables import Variable, text


@dataclass(frozen=True, kw_only=True)
class AwsServer(Server):
    """A server on one of AWS's images, which brings the host image that goes with it.

    A preset is its fields and its tables: `aws_image`, `fixed_variables` (always set), `settings` (one variable per
    argument) and `hub` (the variables of a model from the Hugging Face hub).

    image_exception: for an image that AWS has frozen or ended: why you use it all the same, and until when. Default:
        the synth warns.
    workload: the model's architecture, precision, context and batch, to be checked against the hardware's memory and
        cores, with the server's own settings; refused by presets without a tensor_parallel_degree. Default: only the
        model's files are checked. See docs/fit.md.
    """

    image_exception: ImageException | None = None
    workload: Workload | None = None

    aws_image: ClassVar[AwsImage]
    fixed_variables: ClassVar[Mapping[str, str]] = {}
    settings: ClassVar[tuple[Variable, ...]] = ()
    # The engine for LLMs inside; None for other servers.
    engine: ClassVar[Engine | None] = None
    # Length arguments that the synth warns of when they are missing together with a workload.
    lengths_to_declare: ClassVar[tuple[str, ...]] = ()
    # The variable of the engine's part of a device, where no argument sets it.
    share_variable: ClassVar[str | None] = None
    # Whether the container starts as many copies of the model as the devices allow.
    fills_instance: ClassVar[bool] = False

    @property
    def container_image(self) -> AwsImage:
        return self.aws_image

    @property
    def host_image(self) -> str | None:
        return self.aws_image.host_image

    @property
    def hardware_kinds(self) -> tuple[str, ...]:
        return (self.aws_image.kind,)

    def maintenance_warning(self, today: datetime.date) -> tuple[str, str] | None:
        image, known = self.aws_image, self.aws_image.maintenance
        if known.status == "current" or (self.image_exception is not None and self.image_exception.holds(today)):
            return None
        passed = (
            ""
            if self.image_exception is None
            else f"This was accepted until {self.image_exception.until}, which has passed. "
        )
        return (
            f"cdk-inference:image-{known.status}",
            f"{type(self).__name__} runs {image.reference}, which is {known.status} since {known.since}: {known.why}. "
            f"{passed}Use {known.instead}, or write image_exception=ImageException(reason=..., until=...) with a day "
            f"on which you look again. {known.source}",
        )

    def problems_on(self, hardware: InstanceType, region: str | None = None) -> list[Problem]:
        found = (self.aws_image.chip_problem(hardware), self._degree_problem(hardware))
        problems = super().problems_on(hardware, region) + [problem for problem in found if problem is not None]
        return problems or fit_problems(self, hardware, region)

    def fit_warnings(self, hardware: InstanceType, *, alone: bool = True) -> list[tuple[str, str]]:
        return fit_warnings(self, hardware, alone=alone)

    def _own_variables(self) -> dict[str, str]:
        given = {setting.name: getattr(self, setting.argument) for setting in self.settings}
        hub = self.hub.values(self.model) if self.hub and isinstance(self.model, HuggingFaceModel) else {}
        own = {name: text(value) for name, value in given.items() if value is not None}
        return {**self.fixed_variables, **hub, **own}

    def _problems(self) -> list[Problem | None]:
        lasting = "image_exception=ImageException(reason=..., until=...)"
        return [
            *(setting.problem(getattr(self, setting.argument)) for setting in self.settings),
            instance_of(
                "image_exception", self.image_exception, (ImageException, type(None)), "ImageException or None", lasting
            ),
            self._workload_problem(),
            *self._contradictions(),
        ]

    def _contradictions(self) -> list[Problem]:
        wrong = [one for one in self.settings if one.problem(getattr(self, one.argument)) is not None]
        return [] if wrong else contradictions(self)

    def _workload_problem(self) -> Problem | None:
        if self.workload is not None and not hasattr(self, DEGREE):
            allowed = f"None: {type(self).__name__} has no {DEGREE}, which the sums need"
            return Problem("workload", type(self.workload).__name__, allowed, "leave workload out")
        return instance_of(
            "workload", self.workload, (Workload, type(None)), "Workload or None", "workload=Workload(...)"
        )

    def _degree_problem(self, hardware: InstanceType) -> Problem | None:
        degree = getattr(self, DEGREE, None)
        parts = parts_of(hardware)
        if degree is None or hardware.kind != self.aws_image.kind or parts is None or is_token(degree):
            return None
        available, unit = parts[0], f"{parts[1]}s"
        if degree <= available:
            return None
        return Problem(
            f"server.{DEGREE}",
            degree,
            f"1 to {available}: {hardware.name} has {available} {unit if available != 1 else unit.rstrip('s')}",
            f"lower the degree to {available}, or choose hardware with more {unit}",
        )


def below(smaller: str, value: object, larger: str, limit: object) -> Problem | None:
    """`value` must be below `limit`, where both are plain numbers."""
    plain = [number for number in (value, limit) if type(number) is int and not is_token(number)]
    if len(plain) < 2 or plain[0] < plain[1]:
        return None
    return Problem(smaller, value, f"below {larger} ({limit})", f"leave room for the answer: {larger} counts both")

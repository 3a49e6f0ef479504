"""What every server on a Neuron image does besides: it knows what was compiled, and whether that fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from cdk_inference.core.checks import is_token
from cdk_inference.core.errors import Problem
from cdk_inference.hardware import InstanceType
from cdk_inference.serving.aws_server import AwsServer
from cdk_inference.serving.compilation import Compilation, Compiled, CompilesAtStart
from cdk_inference.serving.fit_settings import DEGREE
from cdk_inference.serving.neuron_versions import NEURON_VERSIONS

# Field of `Compiled` -> argument of the server that must equal it, where the server has it.
_SHAPES = {"cores": DEGREE, "sequence_length": "sequence_length", "batch_size": "batch_size"}


@dataclass(frozen=True, kw_only=True)
class NeuronServer(AwsServer):
    """A server on one of AWS's Neuron images.

    compilation: `Compiled(...)`, what the model folder holds, or `CompilesAtStart(...)`; a preset may take one of them
        only. There is no default.
    """

    compilation: Compilation | None = None

    takes: ClassVar[tuple[type, ...]] = (Compiled,)
    takes_because: ClassVar[str] = ""

    @property
    def own_start_seconds(self) -> int:
        return self.compilation.seconds if isinstance(self.compilation, CompilesAtStart) else 0

    def problems_on(self, hardware: InstanceType, region: str | None = None) -> list[Problem]:
        problems = super().problems_on(hardware, region)
        if problems or not isinstance(self.compilation, Compiled):
            return problems
        found = (
            self.compilation.chip_problem(hardware.name, hardware.accelerator),
            self._cores_problem(self.compilation, hardware),
        )
        return [problem for problem in found if problem is not None]

    def _problems(self) -> list[Problem | None]:
        problems = super()._problems()
        if not isinstance(self.compilation, self.takes):
            names = [kind.__name__ for kind in self.takes]
            allowed = ", ".join(names) + (f": {self.takes_because}" if self.takes_because else "")
            return [*problems, Problem("compilation", self.compilation, allowed, _FIXES[names[0]])]
        if isinstance(self.compilation, Compiled):
            wrong = {problem.argument for problem in problems if problem is not None}
            problems += self._contract_problems(self.compilation, wrong)
        return problems

    def _contract_problems(self, compiled: Compiled, wrong: set[str]) -> list[Problem | None]:
        """`wrong`: arguments that were refused already."""
        problems = [
            _equal(f"compilation.{field}", getattr(compiled, field), argument, getattr(self, argument))
            for field, argument in _SHAPES.items()
            if hasattr(self, argument) and argument not in wrong
        ]
        inside, tag = NEURON_VERSIONS[self.aws_image.reference], self.aws_image.tag
        problems.append(_version("sdk_version", compiled.sdk_version, inside.sdk, "compile with this Neuron SDK", tag))
        if inside.optimum is not None:
            fix = "export with this optimum-neuron"
            problems.append(_version("optimum_version", compiled.optimum_version, (inside.optimum,), fix, tag))
        return problems

    def _cores_problem(self, compiled: Compiled, hardware: InstanceType) -> Problem | None:
        cores = hardware.neuroncores
        # Where the server has a degree, it equals the cores and was checked already.
        if hasattr(self, DEGREE) or cores is None or is_token(compiled.cores) or compiled.cores <= cores:
            return None
        allowed = f"1 to {cores}: {hardware.name} has {cores} NeuronCores"
        fix = f"compile for {cores} or fewer, or choose hardware with more NeuronCores"
        return Problem("server.compilation.cores", compiled.cores, allowed, fix)


_FIXES = {
    "Compiled": "compile the model before the deployment (`optimum-cli export neuron`) and write what for: "
    "compilation=Compiled(...)",
    "CompilesAtStart": "write compilation=CompilesAtStart(reason=..., seconds=...)",
}


def _equal(where: str, got: object, argument: str, wanted: object) -> Problem | None:
    if is_token(got) or is_token(wanted) or got == wanted:
        return None
    fix = f"compile for {wanted}, or write {argument}={got}"
    return Problem(where, got, f"{wanted}, the server's {argument}", fix)


def _version(field: str, got: object, inside: tuple[str, ...], fix: str, tag: str) -> Problem | None:
    if is_token(got) or got in inside:
        return None
    return Problem(f"compilation.{field}", got, f"{' or '.join(inside)}, which the image {tag} has", fix)

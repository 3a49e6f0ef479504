"""What a Neuron chip runs is compiled: beforehand, with a contract, or at every start, knowingly.

Shapes are fixed: "The input shapes and data types used during the compilation cannot be changed."
https://github.com/huggingface/optimum-neuron/blob/v0.4.4/docs/source/guides/export_model.mdx (2026-01-12)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cdk_inference.core.checks import is_token, matching, one_of, whole_number
from cdk_inference.core.errors import Problem, raise_problems

# Generation of the cores: an artefact runs on chips of its generation. Inferentia2 and Trainium share NeuronCore-v2,
# and optimum-neuron compiles for one target, "trn1", on both (INSTANCE_VALUE_MAP in its utils/instance.py, v0.4.4);
# "both instance types use the same underlying NeuronCore architecture" (2023-08-25):
# https://github.com/aws-neuron/transformers-neuronx/issues/31. "Models compiled for trn2 (NeuronCore-v3) are not
# compatible with inf2 (NeuronCore-v2), and vice versa": the guide above.
NeuronChip = Literal["Inferentia2", "Trainium", "Trainium2"]
CORE_GENERATIONS: Mapping[str, str] = MappingProxyType(
    {"Inferentia2": "NeuronCore-v2", "Trainium": "NeuronCore-v2", "Trainium2": "NeuronCore-v3"}
)

# SageMaker waits 3600 s for a container, of which this package gives 600 to everything but model and compiling:
# startup.py.
COMPILE_SECONDS_MAX = 3000

_SENTENCE = r"(?s)\s*\S.*"
_VERSION = r"\d+(\.\d+)+"


@dataclass(frozen=True, kw_only=True)
class Compiled:
    """The model folder holds a compiled model, as from `optimum-cli export neuron`. This is what it was compiled for.

    model: what was compiled, for whoever reads this later ("meta-llama/Llama-3.1-8B-Instruct at 0e9e39f").
    chip: "Inferentia2", "Trainium" or "Trainium2". The first two share the generation of their cores, so what was
        compiled for one is taken on the other.
    cores: NeuronCores that share the model (`tensor_parallel_size`), 1 or more.
    sdk_version: the Neuron SDK that compiled it ("2.26.1"); must be the image's.
    sequence_length: tokens, 1 or more; None for a model without any, as vision models.
    batch_size: requests at once, 1 or more. Default 1.
    optimum_version: the optimum-neuron that exported it ("0.4.5"); needed by `VllmNeuron` and `TgiNeuron`, whose loader
        takes no other than the image's. Default: not known.

    An LLM that was exported from a name on the Hugging Face hub keeps its weights there, and is fetched at the start,
    which an isolated container cannot do. Export it from a local folder, so that the weights are in the artefact:
    https://github.com/huggingface/optimum-neuron/blob/v0.4.4/optimum/neuron/models/inference/backend/pretrained_model.py

    Raises ConfigurationError.
    """

    model: str
    chip: NeuronChip
    cores: int
    sdk_version: str
    sequence_length: int | None = None
    batch_size: int = 1
    optimum_version: str | None = None

    def __post_init__(self) -> None:
        version = 'a version, as "2.26.1"'
        count = "write what the model was compiled for, 1 or more"
        raise_problems(
            "Compiled",
            matching("model", self.model, _SENTENCE, "the name of what was compiled", "write name and revision"),
            one_of("chip", self.chip, tuple(CORE_GENERATIONS), "write the chip that it was compiled for"),
            whole_number("cores", self.cores, 1, None, count),
            matching("sdk_version", self.sdk_version, _VERSION, version, "write the Neuron SDK that compiled it"),
            None
            if self.sequence_length is None
            else whole_number("sequence_length", self.sequence_length, 1, None, count),
            whole_number("batch_size", self.batch_size, 1, None, count),
            None
            if self.optimum_version is None
            else matching("optimum_version", self.optimum_version, _VERSION, version, "write optimum-neuron's version"),
        )

    def chip_problem(self, hardware_name: str, chip: str | None) -> Problem | None:
        """Why the artefact does not run on hardware with `chip`; None for a chip that nobody knows."""
        generation = CORE_GENERATIONS.get(chip or "")
        own = CORE_GENERATIONS.get(self.chip)
        if generation is None or own is None or generation == own:
            return None
        fitting = " or ".join(name for name, known in CORE_GENERATIONS.items() if known == generation)
        return Problem(
            "server.compilation.chip",
            f"{self.chip} ({own})",
            f"{fitting}: {hardware_name} has {generation}",
            f"compile the model for {chip}, or choose hardware with {self.chip}",
        )


@dataclass(frozen=True, kw_only=True)
class CompilesAtStart:
    """The container compiles the model whenever an instance starts, also when the endpoint scales out.

    reason: why it is not compiled beforehand; not empty.
    seconds: how long compiling takes, measured by you on this hardware, 1 to 3000. It is added to the time that the
        container may take to start, of which SageMaker allows 3600 in all.

    Raises ConfigurationError.
    """

    reason: str
    seconds: int

    def __post_init__(self) -> None:
        longer = "compile before the deployment if it takes longer"
        raise_problems(
            "CompilesAtStart",
            matching("reason", self.reason, _SENTENCE, "a sentence", "write why it is not compiled beforehand"),
            # The time-out is a sum over it.
            Problem("seconds", "a value known at deployment only", "a plain number", "write it in code or settings")
            if is_token(self.seconds)
            else whole_number("seconds", self.seconds, 1, COMPILE_SECONDS_MAX, longer),
        )


Compilation = Compiled | CompilesAtStart

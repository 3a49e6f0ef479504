"""What the tests' Neuron models were compiled for."""

from __future__ import annotations

import dataclasses
from typing import Any

from cdk_inference.serving import Compiled, CompilesAtStart

BERT = Compiled(model="bert", chip="Inferentia2", cores=1, sequence_length=128, sdk_version="2.26.0")
AT_START = CompilesAtStart(reason="tests", seconds=900)


def for_vllm(cores: Any = 2, sequence_length: Any = 4096, batch_size: Any = 4, **changes: Any) -> Compiled:
    """An export with the versions of the image of `VllmNeuron`."""
    shapes = {"cores": cores, "sequence_length": sequence_length, "batch_size": batch_size}
    versions = {"sdk_version": "2.26.1", "optimum_version": "0.4.5"}
    return Compiled(**{"model": "llama", "chip": "Inferentia2", **shapes, **versions, **changes})


def fitting(compiled: Compiled, **arguments: Any) -> Compiled:
    """`compiled`, for other numbers of the server, as far as they are numbers that can be compiled for."""
    names = {"tensor_parallel_degree": "cores", "sequence_length": "sequence_length", "batch_size": "batch_size"}
    shapes = {
        names[name]: value for name, value in arguments.items() if name in names and type(value) is int and value > 0
    }
    return dataclasses.replace(compiled, **shapes)


def for_tgi(**changes: Any) -> Compiled:
    """An export with the versions of the image of `TgiNeuron`."""
    return for_vllm(**{"sdk_version": "2.24.1", "optimum_version": "0.3.0", **changes})

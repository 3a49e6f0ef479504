"""What the room says about a workload that does not fit, word by word."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.fit import PUBLISHED, Architecture, Workload, problems, smallest_types, weights_gb
from cdk_inference.hardware import InstanceType, lookup, register, register_region
from tests.each import each

SHAPE = {
    "parameters": 8.03e9,
    "layers": 32,
    "attention_heads": 32,
    "key_value_heads": 8,
    "head_dimension": 128,
    "hidden_size": 4096,
    "vocabulary": 128_256,
}
BESIDES = "sampling 0.43, hidden states 0.03, outside PyTorch 0.25, CUDA graphs 0.64"
LESS = "or lower context_tokens or batch, or store weights or cache in fewer bits"
KNOWN = "GPUs newer than K80, Inferentia2, Trainium or Trainium2, whose number and memory are known"


def workload(
    name: str = "meta-llama/Llama-3.1-8B", precision: str = "bf16", tokens: int = 8192, batch: int = 1
) -> Workload:
    return Workload(architecture=PUBLISHED[name], precision=precision, context_tokens=tokens, batch=batch)


@each(
    ("work", "hardware", "degree", "message"),
    [
        (  # 16.060522496 GB = 14.957... GiB; 16 x 1.073741824 GB = 16 GiB; 14 x 256 x 128 256 bytes = 0.43 GiB;
            # 2 x 2048 x 4096 x 2 bytes = 0.03 GiB; 0.02 x 32 = 0.64; 0.9 x 22.03 = 19.83
            workload(batch=16),
            "ml.g6.xlarge",
            1,
            "hardware: got 'ml.g6.xlarge with degree 1'; allowed: more than 32.31 GiB to use on each GPU "
            f"(weights 14.96, KV cache 16.00, {BESIDES}); here are 19.83 of 22.40; fix: use 'ml.g6e.xlarge' (degree 1), "
            f"'ml.g7.12xlarge' (degree 2) or 'ml.p5.4xlarge' (degree 1); {LESS}",
        ),
        (  # as many as it has would do: (14.957 + 16) / 4 on each. By degree 2 only 0.9 GiB would be left: tight
            workload(batch=16),
            "ml.g6.12xlarge",
            1,
            "hardware: got 'ml.g6.12xlarge with degree 1'; allowed: more than 32.31 GiB to use on each GPU "
            f"(weights 14.96, KV cache 16.00, {BESIDES}); here are 19.83 of 22.40; fix: use degree 4; {LESS}",
        ),
        (  # 141.107412992 GB / 8; one of 8 key-value heads of 4 x 131 072 tokens is 20 GiB: no NeuronCore holds that
            workload("meta-llama/Llama-3.1-70B", tokens=131_072, batch=4),
            "ml.inf2.24xlarge",
            8,
            "hardware: got 'ml.inf2.24xlarge with degree 8'; allowed: more than 36.43 GiB to use on each NeuronCore "
            "(weights 16.43, KV cache 20.00); here are 16.00 of 16.00; fix: use 'ml.g7e.24xlarge' (degree 4), "
            f"'ml.p4de.24xlarge' (degree 8) or 'ml.p5.48xlarge' (degree 8); {LESS}",
        ),
        (  # 14 x 1024 x 128 256 bytes = 1.71 GiB; 2 x 8192 x 16 384 x 2 bytes = 0.50; 0.02 x 126 = 2.52; 0.9 x 79.11
            workload("meta-llama/Llama-3.1-405B", tokens=131_072, batch=64),
            "ml.p5.48xlarge",
            8,
            "hardware: got 'ml.p5.48xlarge with degree 8'; allowed: more than 605.33 GiB to use on each GPU "
            "(weights 94.50, KV cache 504.00, sampling 1.71, hidden states 0.50, outside PyTorch 2.10, CUDA graphs "
            "2.52); here are 71.20 of 80.00; fix: split the work, since no instance of any "
            f"region holds it; {LESS}",
        ),
        (
            workload(),
            "ml.g6.12xlarge",
            3,
            "tensor_parallel_degree: got 3; allowed: a divisor of the 32 attention heads; "
            "a divisor or a multiple of the 8 key-value heads; fix: use 1, 2 or 4 on ml.g6.12xlarge",
        ),
        (
            workload("microsoft/Phi-3-medium-4k-instruct"),
            "ml.g6.12xlarge",
            4,
            "tensor_parallel_degree: got 4; allowed: a divisor or a multiple of the 10 key-value heads; "
            "fix: use 2 on ml.g6.12xlarge",
        ),
        (
            workload(),
            "ml.g6.xlarge",
            2,
            "tensor_parallel_degree: got 2; allowed: at most 1, since ml.g6.xlarge has 1 GPU; "
            "fix: use 1 on ml.g6.xlarge",
        ),
        (  # degree 1: 14.96 GiB of weights and 1 of cache in a core of 16 is tight
            workload(),
            "ml.trn1.2xlarge",
            8,
            "tensor_parallel_degree: got 8; allowed: at most 2, since ml.trn1.2xlarge has 2 NeuronCores; "
            "fix: use 2 on ml.trn1.2xlarge",
        ),
        (
            workload(),
            "ml.trn1.32xlarge",
            4,
            "tensor_parallel_degree: got 4; allowed: 1, 2, 8, 32 on Trainium; fix: use 2, 8 or 32 on ml.trn1.32xlarge",
        ),
        (
            workload("meta-llama/Llama-3.1-405B"),
            "ml.inf2.48xlarge",
            24,
            "tensor_parallel_degree: got 24; allowed: a divisor of the 128 attention heads; fix: use "
            "'ml.p5en.48xlarge' (degree 8), 'ml.p6-b200.48xlarge' (degree 8) or 'ml.p6-b300.48xlarge' (degree 8)",
        ),
        (  # 811.7067776 GB / 64 and 24 GiB a core would do; its 128 physical cores appear as 64
            workload("meta-llama/Llama-3.1-405B"),
            "ml.trn2.48xlarge",
            128,
            "tensor_parallel_degree: got 128; allowed: at most 64, since ml.trn2.48xlarge has 64 logical NeuronCores; "
            "fix: use 64 on ml.trn2.48xlarge",
        ),
        (
            workload(precision="awq"),
            "ml.inf2.xlarge",
            2,
            "precision: got 'awq'; allowed: fp32, bf16, fp16, fp8, int8 on Inferentia2; fix: store the weights so, or "
            "use 'ml.g4dn.xlarge' (degree 1), 'ml.g5.xlarge' (degree 1) or 'ml.g6.xlarge' (degree 1)",
        ),
        (
            workload("meta-llama/Llama-3.2-1B"),
            "ml.g4dn.xlarge",
            1,
            "precision: got 'bf16'; allowed: fp32, fp16, fp8, int8, int4, awq, gptq, nvfp4 on NVIDIA T4; fix: store the "
            "weights so, or use 'ml.g5.xlarge' (degree 1), 'ml.g6.xlarge' (degree 1) or 'ml.g7.2xlarge' (degree 1)",
        ),
        (
            workload(),
            "ml.m5.xlarge",
            1,
            f"hardware: got 'ml.m5.xlarge'; allowed: {KNOWN}; fix: use 'ml.g5.xlarge' (degree 1), "
            "'ml.g6.xlarge' (degree 1) or 'ml.inf2.xlarge' (degree 2)",
        ),
        (
            workload(),
            "ml.inf1.xlarge",
            1,
            f"hardware: got 'ml.inf1.xlarge'; allowed: {KNOWN}; fix: use 'ml.inf2.xlarge' (degree 2), "
            "'ml.trn1.2xlarge' (degree 2) or 'ml.trn1n.32xlarge' (degree 32)",
        ),
        (
            workload(),
            "ml.p2.xlarge",
            1,
            f"hardware: got 'ml.p2.xlarge'; allowed: {KNOWN}; fix: use 'ml.g5.xlarge' (degree 1), "
            "'ml.g6.xlarge' (degree 1) or 'ml.g7.2xlarge' (degree 1)",
        ),
        (
            workload(),
            "ml.p6e-gb200.36xlarge",
            1,
            f"hardware: got 'ml.p6e-gb200.36xlarge'; allowed: {KNOWN}; fix: use 'ml.g5.xlarge' (degree 1), "
            "'ml.g6.xlarge' (degree 1) or 'ml.g7.2xlarge' (degree 1)",
        ),
    ],
)
def test_what_does_not_run_is_told_with_what_does(work: Workload, hardware: str, degree: int, message: str) -> None:
    assert [str(problem) for problem in problems(work, lookup(hardware), degree)] == [message]


@each(
    ("work", "hardware", "degree"),
    [
        (workload(), "ml.g6.xlarge", 1),  # tight: 2.5 GiB to spare, of which 2.24 are the margin
        (workload(), "ml.g6.12xlarge", 4),
        (workload(), "ml.inf2.xlarge", 2),
        (workload(), "ml.trn1.32xlarge", 32),
        (workload(), "ml.trn2.48xlarge", 16),
        (workload("microsoft/Phi-3-medium-4k-instruct"), "ml.inf2.24xlarge", 8),  # Neuron copies heads, vLLM refuses
        (workload("meta-llama/Llama-3.1-405B", "fp8"), "ml.p5en.48xlarge", 8),
    ],
)
def test_what_runs_is_let_through(work: Workload, hardware: str, degree: int) -> None:
    assert problems(work, lookup(hardware), degree) == []


def test_precision_and_degree_are_told_at_once() -> None:
    found = problems(workload(precision="awq"), lookup("ml.inf2.xlarge"), 3)
    assert [problem.argument for problem in found] == ["precision", "tensor_parallel_degree"]


def test_a_region_narrows_what_is_offered() -> None:
    fix = problems(workload(batch=16), lookup("ml.g6.xlarge"), 1, "eu-west-3")[0].fix
    assert fix == f"use 'ml.g6.12xlarge' (degree 4); {LESS}"
    nowhere = problems(workload("meta-llama/Llama-3.1-405B"), lookup("ml.g6.xlarge"), 1, "eu-west-3")[0].fix
    assert nowhere == f"split the work, since no instance of eu-west-3 holds it; {LESS}"


def test_the_kinds_can_be_chosen() -> None:
    assert {known.kind for known, _ in smallest_types(workload(), kinds=("neuron",))} == {"neuron"}
    assert {known.kind for known, _ in smallest_types(workload())} == {"gpu", "neuron"}


def test_of_equal_memory_the_smaller_host_comes_first() -> None:
    offered = [known.name for known, _ in smallest_types(workload(), kinds=("gpu",))]
    assert offered[:4] == ["ml.g5.xlarge", "ml.g6.xlarge", "ml.g5.2xlarge", "ml.g6.2xlarge"]
    assert offered.index("ml.g5.8xlarge") < offered.index("ml.g5.16xlarge") < offered.index("ml.g6e.xlarge")


def test_exactly_full_does_not_fit() -> None:
    """A core has 4 GiB. 2**31 - 128 weights of 2 bytes and a cache of 2 x 64 x 2 = 256 bytes are just that."""
    model = Architecture(
        parameters=2**31 - 128, layers=1, attention_heads=1, key_value_heads=1, head_dimension=64, hidden_size=64,
        vocabulary=100,
    )  # fmt: skip
    work = Workload(architecture=model, precision="fp16", context_tokens=1, batch=1)
    full = InstanceType(
        name="ml.new.xlarge",
        kind="neuron",
        accelerator="Inferentia2",
        accelerators=1,
        memory_gib=8,
        storage_volume=True,
    )
    assert len(problems(work, full, 1)) == 1
    assert (
        problems(dataclasses.replace(work, architecture=dataclasses.replace(model, parameters=2**31 - 256)), full, 1)
        == []
    )


def test_a_registered_type_is_offered_once_its_memory_and_region_are_known() -> None:
    new = InstanceType(
        name="ml.g8.xlarge", kind="gpu", accelerators=1, storage_volume=False, regions=frozenset({"us-east-1"})
    )
    register(new)
    register(dataclasses.replace(new, name="ml.g8.2xlarge", memory_gib=22.3, regions=None))
    offered = [known.name for known, _ in smallest_types(workload())]
    assert "ml.g8.xlarge" not in offered
    assert "ml.g8.2xlarge" not in offered
    register_region("ml.g8.2xlarge", "us-east-1")
    assert smallest_types(workload())[0] == (lookup("ml.g8.2xlarge"), 1)


@each(
    ("call", "message"),
    [
        (
            lambda: Architecture(**{**SHAPE, "parameters": 8.03}),
            "Architecture: parameters: got 8.03; allowed: more than the 1.05067e+09 of two tables of 128256 x 4096; "
            "fix: write them all as a plain number: 8.03e9, not 8.03",
        ),
        (
            lambda: Architecture(**{**SHAPE, "key_value_heads": 5}),
            "Architecture: key_value_heads: got 5; allowed: a divisor of attention_heads (32); "
            "fix: write num_key_value_heads of config.json; where it has none, attention_heads",
        ),
        (
            lambda: Architecture(**{**SHAPE, "layers": "32", "tied_embeddings": "no"}),
            "Architecture has 2 problems:\n"
            "  1. layers: got '32'; allowed: a whole number from 1 to 1000000000; "
            "fix: write num_hidden_layers of the model's config.json\n"
            "  2. tied_embeddings: got 'no'; allowed: True or False; "
            "fix: write tie_word_embeddings of the model's config.json",
        ),
        (
            lambda: workload(precision="fp4"),
            "Workload: precision: got 'fp4'; allowed: fp32, bf16, fp16, fp8, int8, int4, awq, gptq, mxfp4, "
            "nvfp4; "
            "fix: choose one of them",
        ),
        (
            lambda: workload(batch="${Token[Batch.7]}"),
            "Workload: batch: got 'a value known at deployment only'; allowed: a value that is known at synth time; "
            "fix: write how many requests run at once",
        ),
        (
            lambda: weights_gb("llama", "bf16"),
            "weights_gb(): architecture: got 'llama'; allowed: an Architecture; "
            "fix: write Architecture(parameters=8.03e9, ...), or take one of PUBLISHED",
        ),
        (
            lambda: problems(workload(), "ml.g6.xlarge", 0),
            "problems() has 2 problems:\n"
            "  1. instance_type: got 'ml.g6.xlarge'; allowed: an InstanceType; fix: write lookup('ml.g6.xlarge')\n"
            "  2. degree: got 0; allowed: a whole number from 1 to 1000000000; "
            "fix: write the tensor parallel degree, 1 or more",
        ),
        (
            lambda: smallest_types(workload(), kinds="gpu"),
            "smallest_types(): kinds: got 'gpu'; allowed: some of gpu, neuron; fix: for example kinds=(\"gpu\",)",
        ),
    ],
)
def test_wrong_arguments_are_told(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        call()
    assert str(caught.value) == message

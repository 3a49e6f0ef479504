"""Which Neuron SDK and which optimum-neuron stand in each of AWS's Neuron images: an exact table, like host_images.py.

What was compiled is bound to them. "Models compiled for an SDK version are (generally) not compatible with another SDK
version": https://github.com/huggingface/optimum-neuron/blob/v0.4.4/docs/source/guides/export_model.mdx (2026-01-12).
The loader of LLMs refuses an artefact of another optimum-neuron or another neuronx-cc (NeuronConfig.from_dict in
optimum/neuron/configuration_utils.py, v0.3.0, v0.4.4 and v0.4.5). Neuron's own promise is wider, "compatibility for all
versions with the same major number" between compiler and runtime
(https://awsdocs-neuron.readthedocs-hosted.com/en/latest/compiler/neuronx-cc/faq.html, read 2026-11-24), but these
servers do not use it, so this package requires the exact version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class NeuronVersions:
    """What one tag contains.

    sdk: the Neuron SDK; several where they share the compiler, since the compiler is what an artefact is checked by.
    optimum: optimum-neuron, where its loader requires the same one; None where it does not.
    source: where this is read.
    """

    sdk: tuple[str, ...]
    optimum: str | None
    source: str


_TAG = "the tag"
_TGI = "https://github.com/huggingface/text-generation-inference/blob/v3.3.6/Dockerfile.neuron"
_MANIFEST = "https://github.com/aws-neuron/aws-neuron-sdk/blob/master/src/helperscripts/n2-manifest.json (2026-08-21)"

NEURON_VERSIONS: Mapping[str, NeuronVersions] = MappingProxyType(
    {
        # Encoders' loader (check_compiler_compatibility, v0.4.4) requires no version of optimum-neuron.
        "huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx-py310-sdk2.26.0-ubuntu22.04": (
            NeuronVersions(sdk=("2.26.0",), optimum=None, source=_TAG)
        ),
        "huggingface-vllm-inference-neuronx:0.11.0-optimum0.4.5-neuronx-py310-sdk2.26.1-ubuntu22.04": (
            NeuronVersions(sdk=("2.26.1",), optimum="0.4.5", source=_TAG)
        ),
        # The tag's "optimum3.3.6" is TGI's version.
        "huggingface-pytorch-tgi-inference:2.7.0-optimum3.3.6-neuronx-py310-ubuntu22.04": (
            NeuronVersions(
                sdk=("2.24.0", "2.24.1"),
                optimum="0.3.0",
                source=f"neuronx-cc 2.19.8089.0 and optimum-neuron 0.3.0 in {_TGI} (2025-09-16); {_MANIFEST}",
            )
        ),
        "djl-inference:0.29.0-neuronx-sdk2.19.1": NeuronVersions(sdk=("2.19.1",), optimum=None, source=_TAG),
    }
)

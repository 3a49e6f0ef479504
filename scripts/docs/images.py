"""docs/images.md: AWS's images that have a preset."""

from __future__ import annotations

from cdk_inference import hardware
from cdk_inference.serving.images import HOST_PAIRS
from cdk_inference.serving.neuron_versions import NEURON_VERSIONS
from cdk_inference.serving.presets import PRESETS, AwsServer
from scripts.docs._markdown import NOTE, table


def page() -> str:
    """AWS's images that have a preset."""
    images = [(f"`{preset.__name__}`", preset.aws_image) for preset in PRESETS]
    tags = [(name, f"`{image.reference}`", len(image.accounts), image.source) for name, image in images]
    pairs = [(image.reference, HOST_PAIRS[image.reference]) for _, image in images]
    hosts = [
        (f"`{reference}`", f"`{pair.host_image}`" if pair.host_image else "SageMaker's default", pair.why, pair.source)
        for reference, pair in pairs
    ]
    states = [(name, image.maintenance) for name, image in images]
    upkeep = [(name, known.status, known.since, known.why, known.instead, known.source) for name, known in states]
    settings = [
        (f"`{preset.__name__}`", f"`{setting.argument}`", f"`{setting.name}`", setting.allowed, _needed(setting.needed))
        for preset in PRESETS
        for setting in preset.settings
    ]
    formats = [(name, f"`{image.request_format}`", image.metrics_path) for name, image in images]
    hubs = [
        (f"`{preset.__name__}`", f"`{hub.model}`", f"`{hub.revision}`", f"`{hub.token}`", hub.source)
        for preset in PRESETS
        if (hub := preset.hub) is not None
    ]
    compiled = [
        (f"`{preset.__name__}`", " or ".join(inside.sdk), inside.optimum or "any", inside.source)
        for preset in PRESETS
        if (inside := NEURON_VERSIONS.get(preset.aws_image.reference)) is not None
    ]
    places = [row for preset in PRESETS for row in _places(preset)]
    return (
        f"{NOTE}# Images\n\n"
        "An image and the host image it goes with belong together: a CUDA or Neuron version that does not match "
        "the host's driver makes a container that dies or hangs without logs. So each preset brings both.\n\n"
        + table(("preset", "image", "regions", "source"), tags)
        + "\n## Which host image\n\nPairs are exact: they hold for this tag, not from a version on.\n\n"
        + table(("image", "host image (`InferenceAmiVersion`)", "because", "source"), hosts)
        + f"\n## Whether AWS still maintains it\n\n{MAINTENANCE}\n"
        + table(("preset", "status", "since", "because", "instead", "source"), upkeep)
        + f"\n{WITHOUT_PRESET}\n"
        + "## Where it runs\n\nRegions that have the image and list a type with the chip. A chip that no region "
        f"lists for hosting is left out. {hardware.KNOWLEDGE}\n\n"
        + table(("preset", "chip", "host image", "regions"), places)
        + "\n## Settings\n\nEach argument is one variable of the container. Any other variable goes into "
        "`environment`.\n\n"
        + table(("preset", "argument", "variable", "allowed", "needed"), settings)
        + "\n## A model from the Hugging Face hub\n\nThe variables that carry it; other presets, and `Container`, take "
        "their model from S3 only. [Models](models.md) says what that costs.\n\n"
        + table(("preset", "model", "revision", "token", "source"), hubs)
        + "\n## What a model must be compiled with\n\nThe versions inside the Neuron images. `Compiled(...)` is "
        "checked against them, since an artefact of another version is not loaded.\n\n"
        + table(("preset", "Neuron SDK", "optimum-neuron", "source"), compiled)
        + "\n## Requests and metrics\n\nCallers reach `/invocations` and `/ping`. The metrics path is read by "
        "SageMaker's detailed observability, which is on unless `Observability(detailed=False)`: of AWS's images it "
        "knows the path, of others it takes `/metrics` on port 8080 ([source]"
        "(https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricsConfig.html), read 2026-11-29). "
        "[Metrics](metrics.md) has queries.\n\n" + table(("preset", "request body", "Prometheus metrics"), formats)
    )


MAINTENANCE = """\
"Current": new versions come. "Frozen": the image stays as it is; critical fixes come at best. "Ended": it is no longer
published or patched, and can be pulled until AWS removes it. Choosing a frozen or ended one is a warning at synth.

**LLMs on Inf2 and Trn1 are frozen.** AWS writes its LLM software for Trn2 and newer chips now, and no region lists a
Trn2 type for SageMaker hosting. An endpoint that runs on Inf2 or Trn1 goes on running, and new ones can be made. But
new model architectures will not come, nor faster engines; a security fix may not come either. So: keep what runs, do
not start an LLM there, and have a GPU variant tested before you need it. [How to change](changing-hardware.md).
"""

WITHOUT_PRESET = """\
No preset, and why:

| image | because | source |
| --- | --- | --- |
| `pytorch-inference-neuronx`, `pytorch-inference-vllm-neuronx` with vLLM 0.16 | not published since Neuron SDK 2.32, \
2026-08-17 | https://awsdocs-neuron.readthedocs-hosted.com/en/latest/release-notes/components/containers.html |
| `pytorch-inference-vllm-neuronx` with vLLM 0.24 | for Trn2 and Trn3, which no region lists for hosting | \
https://awsdocs-neuron.readthedocs-hosted.com/en/latest/about-neuron/whats-new.html (2026-07-20) |
| `vllm`, `sglang` on Ubuntu | AWS does not guarantee security patches and recommends Amazon Linux, as in `Vllm` and \
`SgLang` | https://aws.github.io/deep-learning-containers/reference/support_policy (2026-08-10) |

`Container` takes any of them, copied into your own ECR repository.
"""


def _needed(needed: bool) -> str:
    return "yes" if needed else ""


def _places(preset: type[AwsServer]) -> list[tuple[object, ...]]:
    """(preset, chip, host image, regions), one row per chip that the image runs on and some region has."""
    image = preset.aws_image
    listed: dict[str, set[str]] = {}
    for known in hardware.instance_types():
        if known.kind == image.kind and image.chip_problem(known) is None:
            listed.setdefault(known.accelerator or f"CPU ({known.architecture})", set()).update(known.regions or ())
    host = f"`{image.host_image}`" if image.host_image else "SageMaker's default"
    found = ((chip, sorted(regions & set(image.accounts))) for chip, regions in listed.items())
    return [
        (f"`{preset.__name__}`", chip, host, f"{len(regions)}: {', '.join(regions)}")
        for chip, regions in sorted(found)
        if regions
    ]

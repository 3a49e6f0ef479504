"""Settings of an endpoint out of a random number: sound ones, and ones with something wrong in them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference import scaling, serving
from cdk_inference.endpoints import (
    AsyncEndpoint,
    AsyncIo,
    Observability,
    PrefixAware,
    RealtimeEndpoint,
    ShadowVariant,
    Variant,
)
from cdk_inference.hardware import InstanceType, instance_types
from cdk_inference.kit.log_groups import LOG_RETENTION_DAYS
from cdk_inference.metrics import PUBLISH_PERIODS_SECONDS
from cdk_inference.serving.images import AWS_IMAGES, HOST_IMAGES
from tests.compiled import BERT, for_vllm
from tests.support import FOR_NOW

NEURON = ("Inferentia2", "Trainium")

# (value, field) -> something that nobody should get through
SPOILERS: dict[str, list[Any]] = {
    "server.tensor_parallel_degree": [0, -1, 1.5, True, "4", 10**6],
    "server.environment": [{"1A": "x"}, {"A": 1}, {"A": "x" * 1025}, "A=1", {f"V{n}": "x" for n in range(101)}],
    "model.prefix": ["", "/x/", "a//b/", "s3://b/x/", "x", "../", 7, None],
    "model.size_gb": [0, -1, float("nan"), float("inf"), "16", None, 10_000],
    "scaling.max_instances": [0, -1, 1.5, "4", None],
    "scaling.min_instances": [0, -3, 99, True],
    "scaling.target": [0, -1, float("nan"), "16", None],
    "scaling.scale_in_cooldown_seconds": [-1, 0.5, "300"],
    "observability.retention_days": [0, 31, "30", 30.0],
    "observability.metric_period_seconds": [0, 15, "60"],
    "startup.download_seconds": [59, 3601, "60", 60.5],
    "hardware": ["ml.inf3.xlarge", "ml.trn3.48xlarge", "ml.trn2.48xlarge", "g6.xlarge", "", 6, None, "ml.t3.medium"],
    "network_isolation": ["yes", 1, None],
    "server": ["vllm", None],
}


@dataclass
class Plan:
    """Arguments by name; `spoiled` are the names whose value was replaced by a wrong one."""

    hardware: InstanceType
    server: str
    arguments: dict[str, Any] = field(default_factory=dict)
    spoiled: list[str] = field(default_factory=list)

    def value(self, name: str, sound: Any) -> Any:
        """What to write for `name`."""
        return self.arguments.get(name, sound)


def plan(chance: random.Random, region: str) -> Plan:
    """Sound two times out of three."""
    listed = [known for known in instance_types() if known.regions and region in known.regions]
    accelerated = [known for known in listed if known.kind != "cpu"]
    hardware = chance.choice(accelerated if accelerated and chance.random() < 0.8 else listed)
    images = {image.name for image in AWS_IMAGES if region in image.accounts}
    servers = ["Container"]
    if hardware.kind == "gpu" and "djl-lmi" in images:
        servers.append("Lmi")
    if hardware.accelerator in NEURON:
        servers += ["HuggingFaceNeuron"] if "huggingface-neuronx" in images else []
        servers += ["VllmNeuron"] if "huggingface-vllm-neuronx" in images else []
    made = Plan(hardware, chance.choice(servers))
    while chance.random() < 1 / 3:
        name = chance.choice(list(SPOILERS))
        made.arguments[name] = chance.choice(SPOILERS[name])
        made.spoiled.append(name)
    return made


def make(stack: cdk.Stack, number: int, made: Plan, chance: random.Random) -> RealtimeEndpoint | AsyncEndpoint:
    """The endpoint of a plan, asynchronous or with company now and then; raises ConfigurationError if it is not sound."""
    options: dict[str, Any] = {"network_isolation": made.value("network_isolation", chance.random() < 0.5)}
    if chance.random() < 0.5 or "startup.download_seconds" in made.arguments:
        download = made.value("startup.download_seconds", chance.randint(60, 3600))
        options["startup"] = serving.StartupTimeouts(download_seconds=download, container_seconds=600)
    if chance.random() < 0.5:
        options["encryption_key"] = stack.node.try_find_child("Key") or kms.Key(stack, "Key", enable_key_rotation=True)
    options["observability"] = Observability(
        retention_days=made.value("observability.retention_days", chance.choice(LOG_RETENTION_DAYS)),
        metric_period_seconds=made.value("observability.metric_period_seconds", chance.choice(PUBLISH_PERIODS_SECONDS)),
        enhanced_metrics=chance.random() < 0.5,
        detailed=chance.random() < 0.5,
        keep_logs=chance.random() < 0.5,
    )
    if chance.random() < 0.2:
        options["routing"] = PrefixAware(
            prefix_length=chance.randint(1024, 65_536), concurrency_threshold=chance.randint(1, 1024)
        )
    options["server"] = made.value("server", _server(stack, made, chance))
    options["hardware"] = made.value("hardware", made.hardware.name)
    kind = chance.choice(["alone", "alone", "alone", "variant", "shadow", "async"])
    # Inf1 has neither shadows nor asynchronous inference.
    if kind == "async" and made.hardware.accelerator != "Inferentia":
        options.pop("routing", None)  # requests wait in a queue
        exchange = AsyncIo(bucket=stack.node.try_find_child("Exchange") or s3.Bucket(stack, "Exchange"))
        return AsyncEndpoint(
            stack, f"E{number}", exchange=exchange, scaling=_scaling(made, chance, backlog=True), **options
        )
    beside: dict[str, Any] = {"server": options["server"], "hardware": options["hardware"]}
    if kind == "variant":
        other = Variant(name="B", traffic_percent=chance.uniform(0, 100), scaling=_scaling(made, chance), **beside)
        options["more_variants"] = [other]
    elif kind == "shadow" and made.hardware.accelerator != "Inferentia":
        options["shadow"] = ShadowVariant(sampling_percent=chance.uniform(0.1, 100), **beside)
    return RealtimeEndpoint(stack, f"E{number}", scaling=_scaling(made, chance), **options)


def _server(stack: cdk.Stack, made: Plan, chance: random.Random) -> serving.Server:
    bucket = stack.node.try_find_child("Models") or s3.Bucket.from_bucket_name(stack, "Models", "models")
    # Every local disk holds 100 GB, and the largest volume 400 and a quarter.
    sizes = [0.1, 0.5, 16.1, 100, 400] if made.hardware.storage_volume else [0.1, 0.5, 16.1, 50]
    cores = made.hardware.neuroncores if made.server == "VllmNeuron" else made.hardware.accelerators
    degree = made.value("server.tensor_parallel_degree", chance.randint(1, cores or 1))
    if made.server in ("Lmi", "VllmNeuron"):
        sizes = [0.1, 0.5]  # they fit every device; what does not is a subject of tests/unit/fit
    size = made.value("model.size_gb", chance.choice(sizes))
    model: serving.ModelSource
    if chance.random() < 0.3 and isinstance(size, (int, float)) and "model.prefix" not in made.arguments:
        model = serving.S3Archive(bucket=bucket, key="m/model.tar.gz", size_gb=size / 10, unpacked_gb=size / 5)
    else:
        model = serving.S3Model(bucket=bucket, prefix=made.value("model.prefix", "llama/"), size_gb=size)
    common: dict[str, Any] = {"model": model, "environment": made.value("server.environment", {"LOG_LEVEL": "info"})}
    if made.server == "Lmi":
        return serving.Lmi(**common, tensor_parallel_degree=degree, max_model_len=chance.choice([None, 4096]))
    if made.server == "HuggingFaceNeuron":
        return serving.HuggingFaceNeuron(**common, task="feature-extraction", compilation=BERT, image_exception=FOR_NOW)
    if made.server == "VllmNeuron":
        return serving.VllmNeuron(
            **common,
            tensor_parallel_degree=degree,
            sequence_length=4096,
            batch_size=4,
            compilation=for_vllm(degree if type(degree) is int and degree > 0 else 1),
            image_exception=FOR_NOW,
        )
    repository = stack.node.try_find_child("Repository") or ecr.Repository.from_repository_name(
        stack, "Repository", "mine"
    )
    # None exists for Inf1: the one for Neuron serves Inferentia2 and Trainium.
    hosted = "" if made.hardware.accelerator == "Inferentia" else made.hardware.kind
    host_images = [name for name, kind in HOST_IMAGES.items() if kind == hosted]
    return serving.Container(
        **common,
        image=serving.EcrImage(repository=repository, tag="1.0"),
        runs_on=(made.hardware.kind,),
        architecture=made.hardware.architecture or "x86_64",
        ami_version=chance.choice([None, *host_images]),
    )


def _scaling(made: Plan, chance: random.Random, *, backlog: bool = False) -> scaling.Policy:
    bounds = {
        "min_instances": made.value("scaling.min_instances", chance.randint(1, 3)),
        "max_instances": made.value("scaling.max_instances", chance.randint(3, 9)),
        "scale_in_cooldown_seconds": made.value("scaling.scale_in_cooldown_seconds", chance.randint(0, 3600)),
    }
    target = made.value("scaling.target", chance.choice([0.5, 16, 600]))
    touched = any(name.startswith("scaling.") for name in made.arguments)
    if chance.random() < 0.3 and not touched:
        return scaling.FixedCount(instances=chance.randint(1, 9))
    if backlog:
        return scaling.TargetBacklog(per_instance=target, **bounds)
    if chance.random() < 0.5:
        return scaling.TargetInvocations(per_instance_per_minute=target, **bounds)
    return scaling.TargetConcurrency(per_instance=target, **bounds)

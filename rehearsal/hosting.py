"""The state of SageMaker hosting and Application Auto Scaling in one region: what the API keeps between calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(kw_only=True)
class Hosting:
    """Models, endpoint configs and endpoints by name; scalable targets by (resource id, dimension); policies beside.

    `now` is a clock that a deployment moves on: seconds since the rehearsal began. `time` is the clock of schedules and
    metrics, in seconds since 1970, which only a test moves.
    """

    models: dict[str, Record] = field(default_factory=dict)
    configs: dict[str, Record] = field(default_factory=dict)
    endpoints: dict[str, Record] = field(default_factory=dict)
    components: dict[str, Record] = field(default_factory=dict)
    targets: dict[tuple[str, str], Record] = field(default_factory=dict)
    policies: dict[tuple[str, str, str], Record] = field(default_factory=dict)
    now: float = 0.0
    time: float | None = None

    def variants_of(self, config_name: str) -> list[Record]:
        """Returns the production variants of an endpoint config; none if the config is gone."""
        found = self.configs.get(config_name, {}).get("ProductionVariants", [])
        return list(found)

    def running(self, instance_type: str, *, without: str = "") -> int:
        """Returns how many instances of a type the endpoints run, one endpoint left out."""
        return sum(
            variant["CurrentInstanceCount"]
            for name, endpoint in self.endpoints.items()
            if name != without
            for variant in endpoint["Variants"]
            if variant.get("InstanceType") == instance_type
        )

    def targets_of(self, endpoint: str) -> Iterator[tuple[str, Record]]:
        """Yields (variant name, scalable target) of an endpoint's variants."""
        for (resource, dimension), target in self.targets.items():
            parts = resource.split("/")
            if dimension.startswith("sagemaker:variant:") and parts[:2] == ["endpoint", endpoint] and len(parts) == 4:
                yield parts[3], target

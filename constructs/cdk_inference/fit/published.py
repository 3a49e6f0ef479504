"""Published models by their names at https://huggingface.co, with the values of their config.json.

published.json holds, for each, the fields of its config.json that the sums read and the day they were read;
scripts/published_models.py writes it. The source of a model is https://huggingface.co/<name>/blob/main/config.json.
Parameters are what the shape adds up to, which is what the model's page shows (docs/fit.md does one sum by hand).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cdk_inference.fit.architecture import Architecture
from cdk_inference.fit.config_json import architecture_from_config, precision_from_config
from cdk_inference.fit.precision import PrecisionName


@dataclass(frozen=True, kw_only=True)
class PublishedModel:
    """One model.

    Args:
        architecture: Its numbers.
        precision: How its page stores the weights, from `PRECISIONS`.
        as_of: The day on which its config.json was read.
    """

    architecture: Architecture
    precision: PrecisionName
    as_of: datetime.date


def _read() -> dict[str, PublishedModel]:
    table = json.loads((Path(__file__).parent / "published.json").read_text())
    return {
        name: PublishedModel(
            architecture=architecture_from_config(row["config"]),
            precision=precision_from_config(row["config"]),
            as_of=datetime.date.fromisoformat(row["as_of"]),
        )
        for name, row in table.items()
    }


PUBLISHED_MODELS: Mapping[str, PublishedModel] = MappingProxyType(_read())
PUBLISHED: Mapping[str, Architecture] = MappingProxyType(
    {name: one.architecture for name, one in PUBLISHED_MODELS.items()}
)

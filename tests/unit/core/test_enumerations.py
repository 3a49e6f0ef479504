"""Tables of choices have a row for each value that a signature's Literal names, in its order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

from cdk_inference.bedrock import content_policy, private_path
from cdk_inference.endpoints import data_capture
from cdk_inference.fit import precision
from cdk_inference.hardware import host_images
from cdk_inference.network import service_access
from cdk_inference.pricing import price
from cdk_inference.scaling.policies import utilization
from cdk_inference.serving import compilation
from tests.each import each

TABLES: list[tuple[Any, Iterable[object]]] = [
    (content_policy.Action, content_policy.ACTIONS),
    (
        private_path.BedrockService,
        (one.name for one in private_path.INTERFACE_ENDPOINTS if one.name != "bedrock-runtime"),
    ),
    (data_capture.CaptureMode, data_capture.CAPTURE_MODES),
    (precision.PrecisionName, precision.PRECISIONS),
    (precision.KvPrecisionName, precision.KV_PRECISIONS),
    (service_access.InterfaceService, (one.name for one in service_access.SERVICES if one.made != "always")),
    (price.PriceKind, price.KINDS),
    (utilization.Measured, utilization._OF),
    (compilation.NeuronChip, compilation.CORE_GENERATIONS),
    (host_images.HostImage, host_images.HOST_IMAGES),
]


@each(("choices", "table"), TABLES)
def test_a_table_has_the_choices_of_its_literal(choices: Any, table: Iterable[object]) -> None:
    assert tuple(table) == get_args(choices)

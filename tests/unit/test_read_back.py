"""Constructs and the reader of templates describe what is hosted alike.

200 settings of variants and components in a test run, 10 000 in `make fuzz`.
"""

from __future__ import annotations

import collections
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import HostedEndpoint, MinimumOverTime
from cdk_inference.template import deployment_of, read_hosting
from tests.unit.generated_hosting import make, settings_in

# Many endpoints in one stack, beyond the 500 resources that CloudFormation takes, and a template that only we read:
# AWS's validation would take most of the time.
IN_ONE_STACK = 200
FUZZ = settings.get_current_profile_name() == "fuzz"
PLAIN: dict[str, Any] = {
    "context": {"@aws-cdk/core:stackResourceLimit": 0},
    "builtin_cloud_formation_validation": False,
    "analytics_reporting": False,
    "stack_traces": False,
    "tree_metadata": False,
}
REGION = "us-east-1"
SORTS = {
    *("realtime", "async", "serverless", "shared", "component", "captured", "shadow", "volume", "pools", "kept warm"),
    *("averaged", "not averaged", "from zero", "a year"),
}


@settings(max_examples=50 if FUZZ else 1, phases=[Phase.generate] if FUZZ else [Phase.explicit], database=None)
@given(seed=st.integers(0, 2**32))
@example(seed=0)
def test_a_template_is_read_back_as_the_constructs_describe_themselves(seed: int) -> None:
    chance = random.Random(seed)
    app = cdk.App(**PLAIN)
    stack = cdk.Stack(app, "fleet", env=cdk.Environment(region=REGION))
    made: dict[str, HostedEndpoint] = {}
    count = 0
    while count < IN_ONE_STACK:
        one = make(stack, len(made), chance)
        made[one.endpoint_name] = one.hosted
        count += settings_in(one)
    file = Path(app.synth(skip_validation=True).directory) / "fleet.template.json"
    template = json.loads(file.read_text())
    found = read_hosting(deployment_of({"fleet": template}, REGION))
    assert {one.hosted.name: one.hosted for one in found.endpoints} == made
    assert found.stray_targets == []
    # The settings of a test run, which are the same each time, have everything that a description tells apart.
    assert FUZZ or SORTS - set(sorts(made.values())) == set()


def sorts(endpoints: Iterable[HostedEndpoint]) -> collections.Counter[str]:
    seen: collections.Counter[str] = collections.Counter()
    for hosted in endpoints:
        assert not isinstance(hosted.kind, Unknown)
        assert not isinstance(hosted.variants, Unknown)
        seen[hosted.kind.name] += 1
        seen["component"] += len(hosted.components)
        seen["captured"] += hosted.capture_percent is not None
        for variant in hosted.variants:
            minimums = variant.instances.minimums
            seen["shadow"] += variant.shadow
            seen["volume"] += variant.volume_gb is not None
            seen["pools"] += len(variant.types) > 1
            seen["kept warm"] += variant.serverless is not None and variant.serverless.provisioned is not None
            seen["averaged"] += isinstance(minimums, MinimumOverTime)
            seen["a year"] += isinstance(minimums, MinimumOverTime) and minimums.days > 7
            seen["not averaged"] += isinstance(minimums, Unknown)
            seen["from zero"] += variant.instances.scales_from_zero
    return +seen

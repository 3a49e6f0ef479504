"""Constructs and the reader of templates describe what is hosted alike.

200 settings of variants and components in a test run; CDK_INFERENCE_FUZZ=10000 makes so many, and others each time.
"""

from __future__ import annotations

import collections
import os
import random
from collections.abc import Iterable
from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.core.unknown import Unknown
from cdk_inference.hosting import HostedEndpoint, MinimumOverTime
from cdk_inference.template import deployment_of, read_hosting
from tests.unit.generated_hosting import make, settings_in

GIVEN = os.environ.get("CDK_INFERENCE_FUZZ")
# Many endpoints in one stack, beyond the 500 resources that CloudFormation takes, and a template that only we read:
# AWS's validation would take most of the time.
IN_ONE_STACK = 200
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


@pytest.mark.parametrize("part", range(max(1, int(GIVEN or IN_ONE_STACK) // IN_ONE_STACK)))
def test_a_template_is_read_back_as_the_constructs_describe_themselves(part: int) -> None:
    seed = random.randrange(2**32) if GIVEN else part
    chance = random.Random(seed)
    app = cdk.App(**PLAIN)
    stack = cdk.Stack(app, "fleet", env=cdk.Environment(region=REGION))
    made: dict[str, HostedEndpoint] = {}
    settings = 0
    while settings < IN_ONE_STACK:
        one = make(stack, len(made), chance)
        made[one.endpoint_name] = one.hosted
        settings += settings_in(one)
    template = app.synth(skip_validation=True).get_stack_by_name("fleet").template
    found = read_hosting(deployment_of({"fleet": template}, REGION))
    assert {one.hosted.name: one.hosted for one in found.endpoints} == made, f"seed {seed}"
    assert found.stray_targets == []
    # The settings of a test run, which are the same each time, have everything that a description tells apart.
    assert GIVEN or SORTS - set(sorts(made.values())) == set()


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

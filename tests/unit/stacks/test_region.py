"""Metering in the example app: off unless asked for, in a stack of its own."""

from __future__ import annotations

import pytest

from stacks.settings import ENVIRONMENTS
from tests.each import each
from tests.support import of_type
from tests.synthesized import fleet

pytestmark = pytest.mark.xdist_group("synthesized")


@each("environment", ENVIRONMENTS)
def test_one_environment_meters_for_all(environment: str) -> None:
    stacks = {stack.name: stack.template for stack in fleet(environment).assembly.stacks}
    metering = [name for name, template in stacks.items() if of_type(template, "AWS::Lambda::Function")]
    assert metering == (["inference-prod-region"] if environment == "prod" else [])


def test_the_fleet_does_not_wait_for_metering() -> None:
    (stack,) = (stack for stack in fleet("prod").assembly.stacks if stack.name == "inference-prod-fleet")
    assert "inference-prod-region" not in str(stack.template)

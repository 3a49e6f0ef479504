"""`make_l1` makes what the constructors of the CDK make."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from aws_cdk import Aws, CfnParameter, CfnResource, CfnTag, Fn, Stack
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk.assertions import Template

from cdk_inference.kit.l1 import make_l1
from tests.support import new_stack

Config = sagemaker.CfnEndpointConfig


def config(make: Callable[..., Config], stack: Stack) -> Config:
    """With all that a property can be: absent, nested, listed, a token, a tag, a mapping, a function."""
    variant = Config.ProductionVariantProperty(
        variant_name="AllTraffic",
        model_name=CfnParameter(stack, "Model").value_as_string,
        initial_instance_count=CfnParameter(stack, "Count", type="Number").value_as_number,
        initial_variant_weight=0,
        instance_type=None,
        routing_config=Config.RoutingConfigProperty(routing_strategy="RANDOM"),
        serverless_config=Fn.condition_if("Known", Aws.NO_VALUE, Aws.NO_VALUE),
    )
    capture = Config.DataCaptureConfigProperty(
        capture_options=[Config.CaptureOptionProperty(capture_mode="Input")],
        destination_s3_uri=Fn.sub("s3://${Bucket}/captured", {"Bucket": "b"}),
        initial_sampling_percentage=0,
        enable_capture=False,
    )
    return make(
        stack,
        "Config",
        production_variants=[variant],
        data_capture_config=capture,
        kms_key_id=None,
        tags=[CfnTag(key="team", value="search")],
    )


def group(make: Callable[..., Any], stack: Stack) -> CfnResource:
    """With a mapping that stays as it is."""
    made = make(stack, "Group", retention_in_days=30, data_protection_policy={"Name": "a", "Statement": [{"Sid": "b"}]})
    made.log_group_name = "set-later"
    made.add_metadata("why", "an escape hatch")
    return made


def test_the_template_is_that_of_the_constructor() -> None:
    by_constructor, by_make = new_stack(), new_stack()
    config(Config, by_constructor)
    group(logs.CfnLogGroup, by_constructor)
    made = config(partial(make_l1, Config), by_make)
    group(partial(make_l1, logs.CfnLogGroup), by_make)
    assert Template.from_stack(by_make).to_json() == Template.from_stack(by_constructor).to_json()
    assert by_make.node.find_child("Config") is made, "the construct that the tree knows"


def test_a_misspelt_property_is_an_error() -> None:
    make: Callable[..., Any] = make_l1  # mypy would refuse the name
    with pytest.raises(KeyError, match="log_group_nam"):
        make(logs.CfnLogGroup, new_stack(), "Group", log_group_nam="misspelt")

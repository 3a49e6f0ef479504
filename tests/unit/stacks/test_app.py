"""The example app: environments, names, order of stacks."""

from __future__ import annotations

import dataclasses
import inspect
from unittest import mock

import aws_cdk as cdk
import pytest

import app as app_module
from app import build_app
from cdk_inference.core.errors import ConfigurationError
from stacks.fleet import FleetStack
from stacks.models import ModelsStack
from stacks.settings import DEV, ENVIRONMENTS, PROD, settings_for
from tests.each import each
from tests.support import CONTEXT, of_type
from tests.synthesized import fleet

pytestmark = pytest.mark.xdist_group("synthesized")

FAMILIES = {"inf2", "trn1", "g6"}


def names(environment: str) -> set[str]:
    (stack,) = (stack for stack in fleet(environment).assembly.stacks if stack.name.endswith("-fleet"))
    return {properties["EndpointName"] for properties in of_type(stack.template, "AWS::SageMaker::Endpoint")}


@each("environment", ENVIRONMENTS)
def test_each_environment_has_inf2_trn1_and_a_gpu_with_autoscaling(environment: str) -> None:
    (stack,) = (stack for stack in fleet(environment).assembly.stacks if stack.name.endswith("-fleet"))
    variants = [config["ProductionVariants"][0] for config in of_type(stack.template, "AWS::SageMaker::EndpointConfig")]
    types = [pool["InstanceType"] for variant in variants for pool in variant.get("InstancePools", [variant])]
    assert {name.split(".")[1] for name in types} >= FAMILIES
    assert len(of_type(stack.template, "AWS::ApplicationAutoScaling::ScalingPolicy")) == len(variants)


def test_two_environments_share_an_account() -> None:
    stacks = [{stack.name for stack in fleet(environment).assembly.stacks} for environment in ENVIRONMENTS]
    assert stacks[0].isdisjoint(stacks[1])
    assert names("dev").isdisjoint(names("prod"))


@each("environment", ["production", ""])
def test_an_unknown_environment(environment: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        build_app({**CONTEXT, "environment": environment})
    assert str(caught.value) == (
        f"settings: environment: got {environment!r}; allowed: dev, prod; fix: pass one of these: -c environment=<name>"
    )


def test_dev_is_the_default() -> None:
    with mock.patch.object(app_module, "add_stacks") as added:
        app = build_app(CONTEXT)
    added.assert_called_once_with(app, DEV)


def test_settings_by_name() -> None:
    assert (settings_for("dev"), settings_for("prod")) == (DEV, PROD)


@each("environment", ENVIRONMENTS)
def test_models_come_before_the_fleet_and_outlive_their_stack(environment: str) -> None:
    models, *_, rest = fleet(environment).assembly.stacks
    assert models.name == f"inference-{environment}-models"
    assert rest.name == f"inference-{environment}-fleet"
    kept = {
        resource["Type"]
        for resource in models.template["Resources"].values()
        if resource.get("DeletionPolicy") == "Retain"
    }
    assert kept == {"AWS::KMS::Key", "AWS::S3::Bucket"}


def test_prods_endpoints_run_in_a_network_of_their_own_and_devs_in_none() -> None:
    stacks = {name: [stack.name for stack in fleet(name).assembly.stacks] for name in ENVIRONMENTS}
    assert stacks["dev"] == ["inference-dev-models", "inference-dev-bedrock", "inference-dev-fleet"]
    assert stacks["prod"] == [
        *("inference-prod-models", "inference-prod-network"),
        *("inference-prod-bedrock", "inference-prod-account-costs", "inference-prod-region", "inference-prod-fleet"),
    ]
    models = {name: of_type(fleet(name).assembly.stacks[-1].template, "AWS::SageMaker::Model") for name in ENVIRONMENTS}
    assert [("VpcConfig" in model) for model in models["dev"]] == [False] * len(DEV.endpoints)
    for model in models["prod"]:
        assert len(model["VpcConfig"]["Subnets"]) == 2
        assert "inference-prod-network" in str(model["VpcConfig"])


def test_nothing_of_ec2_is_in_the_fleets_stack() -> None:
    """Deleting it then never waits for SageMaker's network interfaces."""
    template = fleet("prod").assembly.stacks[-1].template
    assert [one["Type"] for one in template["Resources"].values() if one["Type"].startswith("AWS::EC2::")] == []


def test_changing_the_chip_is_changing_one_value() -> None:
    """Only the config's instance type, its acknowledged key and its volume differ, and the price that alarms and the
    dashboard count with.
    """
    bigger = dataclasses.replace(DEV.endpoints["Encoder"], hardware="ml.inf2.8xlarge")
    changed = dataclasses.replace(DEV, endpoints={**DEV.endpoints, "Encoder": bigger})
    fleet_name = "inference-dev-fleet"
    (before,) = (stack.template for stack in fleet("dev").assembly.stacks if stack.name == fleet_name)
    app = cdk.App(context=CONTEXT)
    stack = FleetStack(app, settings=changed, models=ModelsStack(app, settings=changed))
    after = app.synth().get_stack_artifact(stack.artifact_id).template
    differing = {name for name, value in before["Resources"].items() if after["Resources"][name] != value}
    priced = {name for name in differing if "CloudWatch" in before["Resources"][name]["Type"]}
    named = (before["Resources"][name]["Properties"] for name in priced)
    assert {one.get("AlarmName") or one["DashboardName"] for one in named} == {
        f"{fleet_name}-Cost-burn-rate",
        f"{fleet_name}-Cost-{fleet_name}-encoder-AllTraffic-idle",
        f"{fleet_name}-Cost-{fleet_name}-encoder-AllTraffic-under-use",
        f"{fleet_name}-Cost-{fleet_name}-encoder-requests-cost",
        f"{fleet_name}-cost-dashboard-us-east-1",
    }
    (config,) = differing - priced
    (variant,) = before["Resources"][config]["Properties"]["ProductionVariants"]
    (moved,) = after["Resources"][config]["Properties"]["ProductionVariants"]
    assert {name for name in variant if variant[name] != moved[name]} == {"InstanceType"}


def test_the_app_is_short() -> None:
    assert len(inspect.getsource(app_module).splitlines()) < 85


def test_two_environments_in_one_account_share_no_name() -> None:
    """What bears a name of its own bears another in the other environment, so that both can be in one account."""
    named: dict[str, set[tuple[str, str]]] = {}
    for environment in ENVIRONMENTS:
        named[environment] = {
            (resource["Type"], name)
            for stack in fleet(environment).assembly.stacks
            for resource in stack.template["Resources"].values()
            for key, name in resource.get("Properties", {}).items()
            if key.endswith("Name")
            and isinstance(name, str)
            and key not in ("MetricName", "ServiceName", "VariantName")
        }
    assert named["dev"] & named["prod"] == set()
    kinds = {kind for kind, _ in named["dev"]}
    assert {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::SageMaker::Endpoint"} <= kinds

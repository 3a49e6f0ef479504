"""`InferenceRules` in an app of L1 classes: construct path, rule, source and fix, and acknowledging."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sagemaker as sagemaker

import app as example
from cdk_inference.acknowledge import acknowledge
from cdk_inference.cli import main
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.requirements import requirements
from cdk_inference.validation import InferenceRules
from tests.support import CONTEXT

Config = sagemaker.CfnEndpointConfig


def app_in(folder: Path, **options: Any) -> cdk.App:
    """An app, not strict, with the plugin."""
    context = {**CONTEXT, "@aws-cdk/core:failSynthOnValidationErrors": False}
    app = cdk.App(context=context, outdir=str(folder))
    cdk.Validations.of(app).add_plugins(InferenceRules(**options))
    return app


def config(scope: cdk.Stack, id: str = "Config") -> Config:
    """A config that lacks what PREFIX_AWARE requires, with a volume on a type that has none."""
    routing = Config.RoutingConfigProperty(routing_strategy="PREFIX_AWARE")
    variant = Config.ProductionVariantProperty(
        variant_name="v",
        model_name="llama",
        instance_type="ml.g5.xlarge",
        initial_instance_count=1,
        volume_size_in_gb=50,
        routing_config=routing,
    )
    return Config(scope, id, production_variants=[variant])


def reported(folder: Path, of: str = "violations") -> list[dict[str, Any]]:
    plugins = json.loads((folder / "validation-report.json").read_text())["pluginReports"]
    return [one for plugin in plugins if plugin["pluginName"] == "InferenceRules" for one in plugin.get(of, [])]


def test_an_app_of_l1_classes(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    config(cdk.Stack(app, "Plain", env=cdk.Environment(region="us-east-1")))
    app.synth()
    found = reported(tmp_path)
    assert [one["ruleName"] for one in found] == [
        "prefix-length",
        "prefix-concurrency",
        "volume-on-local-disk",
        "not-checked",  # the model, which no template has
    ]
    last = found[-2]
    assert (last["severity"], last["suggestedFix"]) == ("error", "remove VolumeSizeInGB")
    assert last["description"] == (
        "ProductionVariants[0].VolumeSizeInGB: got 50; allowed: no volume: ml.g5.xlarge has local NVMe storage. AWS: "
        "VolumeSizeInGB is refused on instance types with local NVMe storage. "
        "https://github.com/aws/sagemaker-python-sdk/pull/4828 (read 2026-11-22)"
    )
    (place,) = last["violatingConstructs"]
    assert place["constructPath"] == "Plain/Config"
    assert place["cloudFormationResource"]["propertyPaths"] == ["ProductionVariants[0].VolumeSizeInGB"]


def test_a_finding_is_acknowledged(tmp_path: Path) -> None:
    app = app_in(tmp_path, rules=["volume-on-local-disk"])
    made = config(cdk.Stack(app, "Plain", env=cdk.Environment(region="us-east-1")))
    accepted = cdk.Acknowledgment(id="InferenceRules::volume-on-local-disk", reason="tests")
    cdk.Validations.of(made).acknowledge(accepted)
    app.synth()
    assert reported(tmp_path) == []
    assert [one["ruleName"] for one in reported(tmp_path, "suppressedViolations")] == ["volume-on-local-disk"]


def test_a_finding_is_acknowledged_until_a_day(tmp_path: Path) -> None:
    """In the template, where `cdk-inference check` and the review read it too; the CDK's own way has no last day."""
    for expires, left in (("2999-12-31", []), ("2026-01-01", ["volume-on-local-disk"])):
        app = app_in(tmp_path / expires, rules=["volume-on-local-disk"])
        made = config(cdk.Stack(app, "Plain", env=cdk.Environment(region="us-east-1")))
        acknowledge(made, rule="volume-on-local-disk", reason="tests", expires=expires)
        app.synth()
        assert [one["ruleName"] for one in reported(tmp_path / expires)] == left


def test_the_command_reads_what_the_cdk_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a construct around the resource; on a stage, which no stack's metadata has, by the validation report."""
    for stage, scope in ((False, "Plain"), (True, "Live")):
        app = app_in(tmp_path / scope, rules=["volume-on-local-disk"])
        outer = cdk.Stage(app, "Live") if stage else app
        stack = cdk.Stack(outer, "Plain", env=cdk.Environment(region="us-east-1"))
        config(stack)
        accepted = cdk.Acknowledgment(id="InferenceRules::volume-on-local-disk", reason="tests")
        cdk.Validations.of(outer if stage else stack).acknowledge(accepted)
        app.synth()
        assert main(["check", str(tmp_path / scope), "--rule", "volume-on-local-disk"]) == 0
        assert "VolumeSizeInGB: tests" in capsys.readouterr().out


def test_what_is_not_known_is_a_warning(tmp_path: Path) -> None:
    app = app_in(tmp_path, rules=["volume-on-local-disk", "region-lists-type"])
    stack = cdk.Stack(app, "Plain", env=cdk.Environment(region="us-east-1"))
    made = config(stack)
    made.add_property_override("ProductionVariants.0.InstanceType", cdk.CfnParameter(stack, "Type").value_as_string)
    app.synth()
    (found,) = reported(tmp_path)
    assert (found["ruleName"], found["severity"]) == ("not-checked", "warning")
    assert found["description"] == (
        "Not checked: InstanceType: the parameter Type has no default (volume-on-local-disk, region-lists-type)"
    )
    (plugin,) = json.loads((tmp_path / "validation-report.json").read_text())["pluginReports"]
    assert plugin["conclusion"] == "success"


def test_names_are_compared_across_stages(tmp_path: Path) -> None:
    app = app_in(tmp_path, rules=["endpoint-name"])
    for name in ("One", "Two"):
        stack = cdk.Stack(cdk.Stage(app, name, env=cdk.Environment(region="us-east-1")), "Plain")
        sagemaker.CfnEndpoint(stack, "Endpoint", endpoint_name="chat", endpoint_config_name="c")
    app.synth()
    paths = [place["constructPath"] for one in reported(tmp_path) for place in one["violatingConstructs"]]
    assert paths == ["One/Plain/Endpoint", "Two/Plain/Endpoint"]


def test_the_rules_of_a_plugin() -> None:
    assert InferenceRules().rule_ids == [*(one.id for one in requirements()), "not-checked"]
    assert InferenceRules(rules=["prefix-length"]).rule_ids == ["prefix-length", "not-checked"]
    with pytest.raises(ConfigurationError) as caught:
        InferenceRules(rules=["prefix-lenght"])
    assert str(caught.value) == (
        "InferenceRules: rules: got 'prefix-lenght'; allowed: a rule of https://github.com/your-organization/cdk-inference/blob/main/docs/rules.md; fix: write prefix-length"
    )


def test_the_example_app_has_the_plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(example, "add_stacks", lambda app, _: config(cdk.Stack(app, "Plain")))
    context = {**CONTEXT, "@aws-cdk/core:failSynthOnValidationErrors": False, "environment": "dev"}
    example.build_app(context, str(tmp_path)).synth()
    assert [one["ruleName"] for one in reported(tmp_path)] == [
        "prefix-length",
        "prefix-concurrency",
        "volume-on-local-disk",
        "not-checked",  # the region
        "not-checked",  # the model, which no template has
    ]

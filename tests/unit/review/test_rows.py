"""Each row of the table of updates by its two templates: what differs, and that `classify` finds the row."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_inference.review import BY_ID, TRANSITIONS, Outcome, classify
from tests.each import each
from tests.support import Template, of_type
from tests.unit.review.cases import CASES, Case, sides
from tests.unit.review.differences import differences, resources

pytestmark = pytest.mark.xdist_group("transitions")

by_case = each("case", CASES)
TWO_STEPS = [case for case in CASES if BY_ID[case.row].outcome is Outcome.TWO_DEPLOYMENTS]
# Endpoints that come and go, and what only templates of others change, are in test_classify.py; refusals have no
# templates, and are in test_refused.py.
ELSEWHERE = {
    *("endpoint-added", "endpoint-removed", "model-named", "execution-role", "config-named", "config-other"),
    *("scaling-other", "component-other", "lower-bound-moved", "zero-minimum", "policy-added", "policy-removed"),
    *("registered", "deregistered"),
}


def test_every_row_has_a_case() -> None:
    with_templates = {row.id for row in TRANSITIONS if row.outcome is not Outcome.REFUSED_AT_SYNTH}
    assert {case.row for case in CASES} == with_templates - ELSEWHERE


@by_case
def test_classify_names_the_row_and_no_other(case: Case) -> None:
    before, after, _ = sides()[case.id]
    found = classify(before, after)
    assert [(change.transition.id, change.subject) for change in found.changes] == [(case.row, case.subject)]
    assert {entry.path or entry.why for entry in found.not_compared} == set(case.unlike)


@by_case
def test_the_logical_ids_are_those_of_resources_that_differ(case: Case) -> None:
    before, after, _ = sides()[case.id]
    (change,) = classify(before, after).changes
    differ = {
        logical_id
        for logical_id in before["Resources"].keys() | after["Resources"].keys()
        if before["Resources"].get(logical_id) != after["Resources"].get(logical_id)
    }
    assert change.logical_ids
    assert set(change.logical_ids) <= differ


@by_case
def test_equal_templates_have_no_changes(case: Case) -> None:
    before, _, _ = sides()[case.id]
    found = classify(before, before)
    assert (found.changes, found.not_compared) == ((), ())


@by_case
def test_the_row_counts_the_arguments_that_differ(case: Case) -> None:
    row = BY_ID[case.row]
    if row.outcome is not Outcome.NEW_NAME:  # there an id, a stack's name or region differs
        assert case.lines() == row.lines


@by_case
def test_the_kind_is_one_of_the_rows(case: Case) -> None:
    kind = {"asynchronous": "async", "serverless": "serverless"}.get(case.make.__name__, "realtime")
    if case.make.__name__ in ("components", "neighbours", "alone"):
        kind = "shared" if case.subject == "fleet-chat" else "component"
    assert kind in BY_ID[case.row].kinds


@each("case", TWO_STEPS)
def test_step_one_deregisters_and_replaces_no_type(case: Case) -> None:
    before, _, held = sides()[case.id]
    assert held is not None
    assert of_type(before, "AWS::ApplicationAutoScaling::ScalableTarget") != []
    assert of_type(held, "AWS::ApplicationAutoScaling::ScalableTarget") == []
    assert of_type(held, "AWS::ApplicationAutoScaling::ScalingPolicy") == []
    assert [change.transition.deployments for change in classify(before, held).changes] == [1]
    assert [types(variant) for variant in variants(held)] == [types(variant) for variant in variants(before)]


@each("case", TWO_STEPS)
def test_step_two_needs_one_deployment_and_registers_after_the_endpoint(case: Case) -> None:
    _, after, held = sides()[case.id]
    assert held is not None
    assert {change.transition.deployments for change in classify(held, after).changes} == {1}
    (endpoint,) = (key for key, one in after["Resources"].items() if one["Type"] == "AWS::SageMaker::Endpoint")
    targets = [
        one for one in after["Resources"].values() if one["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"
    ]
    assert targets != []
    assert [target["DependsOn"] for target in targets] == [[endpoint]] * len(targets)


def variants(template: Template) -> list[dict[str, Any]]:
    (config,) = of_type(template, "AWS::SageMaker::EndpointConfig")
    found: list[dict[str, Any]] = config["ProductionVariants"]
    return found


def types(variant: dict[str, Any]) -> Any:
    return variant.get("InstanceType") or [pool["InstanceType"] for pool in variant["InstancePools"]]


def test_an_instance_type_under_autoscaling_is_one_line_and_two_deployments() -> None:
    before, after, held = sides()["instance-type-autoscaled"]
    variant = "ChatConfig48602903/Properties/ProductionVariants/0"
    assert differences(resources(before), resources(after)) == {
        f"{variant}/InstanceType": ["ml.g6.12xlarge", "ml.g5.12xlarge"]
    }
    assert held is not None
    one = differences(resources(before), resources(held))
    assert {path: pair for path, pair in one.items() if "Scal" not in path} == {
        "Chat26DEB33F/Properties/RetainAllVariantProperties": [True, None],
        f"{variant}/InitialInstanceCount": [2, 3],
    }
    assert sorted(path for path in one if "Scal" in path) == ["ChatScalableTarget5DB642CB", "ChatScalingPolicy03E3A8FC"]
    two = differences(resources(held), resources(after))
    assert two == {
        **{path: pair[::-1] for path, pair in one.items()},
        f"{variant}/InstanceType": ["ml.g6.12xlarge", "ml.g5.12xlarge"],
    }
    (change,) = classify(before, after).changes
    assert str(change) == (
        "fleet-chat: instance type, the variant is autoscaled: one line changed, two deployments: 1. write "
        "scaling=FixedCount(instances=n) for the endpoint's own variant and for every other, n being the instances that "
        "serve the load now, and deploy: the variants are deregistered; 2. write the new hardware and the scaling as it "
        "was, and deploy: the endpoint is updated, then registered again. SageMaker refuses to change the type of a "
        "registered variant, and CloudFormation cannot deregister, update and register in one update. Between two "
        "deployments the count does not follow the load (documented: "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-scaling-update.html (read 2026-11-24))"
    )


def test_one_variant_at_a_fixed_count_stays_registered_beside_one_that_scales() -> None:
    """So step one has to hold all of them."""
    before, _, _ = sides()["instance-type-autoscaled-pinned"]
    targets = of_type(before, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert [(one["ResourceId"], one["MinCapacity"], one["MaxCapacity"]) for one in targets] == [
        ("endpoint/fleet-chat/variant/AllTraffic", 2, 6),
        ("endpoint/fleet-chat/variant/Other", 1, 1),
    ]


# What users of other libraries ran into.


def every_template() -> list[Template]:
    return [template for found in sides().values() for template in found if template is not None]


def test_nothing_that_cannot_be_changed_has_a_name() -> None:
    """A fixed name makes every change a replacement that fails: the old one has the name."""
    for template in every_template():
        for config in of_type(template, "AWS::SageMaker::EndpointConfig"):
            assert "EndpointConfigName" not in config
        for model in of_type(template, "AWS::SageMaker::Model"):
            assert "ModelName" not in model


def test_an_update_keeps_the_count_of_what_is_scaled_and_sets_that_of_what_is_not() -> None:
    for id, (_, after, _) in sides().items():
        targets = of_type(after, "AWS::ApplicationAutoScaling::ScalableTarget")
        scaled = any(one["ScalableDimension"] == "sagemaker:variant:DesiredInstanceCount" for one in targets)
        kept = [one.get("RetainAllVariantProperties") for one in of_type(after, "AWS::SageMaker::Endpoint")]
        assert kept == [True if scaled else None] * len(kept), id


def test_rollback_alarms_look_at_the_new_fleet() -> None:
    for template in every_template():
        for alarm in of_type(template, "AWS::CloudWatch::Alarm"):
            names = [dimension["Name"] for dimension in alarm.get("Dimensions", [])]
            if "-rollback-" in alarm.get("AlarmName", "") and "InferenceComponentName" not in names:
                assert names == ["EndpointName", "VariantName", "EndpointConfigName"]


def test_variants_keep_their_names() -> None:
    """Guardrails ask for it, and counts are kept by name."""
    moved = ("variant-", "shadow-", "to-serverless", "from-serverless", "kind")
    for case in CASES:
        before, after, _ = sides()[case.id]
        if not case.row.startswith(moved):
            names = [
                [
                    variant["VariantName"]
                    for config in of_type(template, "AWS::SageMaker::EndpointConfig")
                    for key in ("ProductionVariants", "ShadowProductionVariants")
                    for variant in config.get(key, [])
                ]
                for template in (before, after)
            ]
            assert names[0] == names[1], case.id

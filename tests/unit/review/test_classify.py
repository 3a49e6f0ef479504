"""`classify` on templates of any shape: it misses nothing that differs, guesses nothing and never breaks."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.review import BY_ID, MEANINGS, TRANSITIONS, Comparison, Outcome, Transition, classify
from tests.each import each
from tests.support import Template
from tests.unit.review.cases import sides

pytestmark = pytest.mark.xdist_group("transitions")

ENDPOINT = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointName": "chat", "EndpointConfigName": "mine"}}


def config(name: str = "AllTraffic", **variant: Any) -> dict[str, Any]:
    one = {"VariantName": name, "ModelName": "m", "InstanceType": "ml.g6.xlarge", **variant}
    return {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [one]}}


def foreign(**variant: Any) -> Template:
    """An endpoint as others write it: without a name, its config by Ref, the model by text."""
    endpoint = {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": {"Ref": "Config"}}}
    return {"Resources": {"Chat": endpoint, "Config": config(**variant)}}


def rows(before: Any, after: Any) -> list[tuple[str, str]]:
    return [(change.transition.id, change.subject) for change in classify(before, after).changes]


def not_compared(found: Comparison) -> list[str]:
    return [str(one) for one in found.not_compared]


def test_an_endpoint_that_comes() -> None:
    found = classify({}, {"Resources": {"Chat": ENDPOINT}})
    (change,) = found.changes
    assert (change.transition.id, change.subject, change.logical_ids) == ("endpoint-added", "chat", ("Chat",))
    assert not_compared(found) == ["Chat: its endpoint config is not in the template"]


def test_an_endpoint_that_goes() -> None:
    before, _, _ = sides()["instance-type"]
    (change,) = classify(before, {"Resources": {}}).changes
    assert (change.transition.id, change.subject, change.logical_ids) == (
        "endpoint-removed",
        "fleet-chat",
        ("Chat26DEB33F",),
    )


def test_an_id_that_changes_is_a_new_name() -> None:
    before = foreign()
    after = {"Resources": {"Talk": before["Resources"]["Chat"], "Config": before["Resources"]["Config"]}}
    assert rows(before, after) == [("endpoint-renamed", "Talk")]


def test_a_template_of_somebody_else() -> None:
    assert rows(foreign(), foreign(InstanceType="ml.g5.xlarge")) == [("instance-type", "Chat")]


# Another model, role, container or config: the config or the model is replaced, and the endpoint is updated to it.
PACKAGE = "arn:aws:sagemaker:us-east-1:111122223333:model-package/chat/{}"


def modelled(**model: Any) -> Template:
    """The endpoint with its model in the template."""
    made = foreign(ModelName={"Fn::GetAtt": ["Model", "ModelName"]})
    made["Resources"]["Model"] = {"Type": "AWS::SageMaker::Model", "Properties": {"ExecutionRoleArn": "a", **model}}
    return made


def elsewhere(name: Any) -> Template:
    """An endpoint whose config is not in the template."""
    return {"Resources": {"Chat": {**ENDPOINT, "Properties": {"EndpointConfigName": name}}}}


REPLACED: dict[str, tuple[Template, Template, str]] = {
    "by name": (foreign(), foreign(ModelName="other"), "model-named"),
    "by the default of a parameter": (
        {**foreign(ModelName={"Ref": "Model"}), "Parameters": {"Model": {"Type": "String", "Default": "one"}}},
        {**foreign(ModelName={"Ref": "Model"}), "Parameters": {"Model": {"Type": "String", "Default": "two"}}},
        "model-named",
    ),
    "package in the list": (
        modelled(Containers=[{"ModelPackageName": PACKAGE.format(1)}]),
        modelled(Containers=[{"ModelPackageName": PACKAGE.format(2)}]),
        "model-named",
    ),
    "package of the primary container": (
        modelled(PrimaryContainer={"ModelPackageName": PACKAGE.format(1)}),
        modelled(PrimaryContainer={"ModelPackageName": PACKAGE.format(2)}),
        "model-named",
    ),
    "second of several containers": (
        modelled(Containers=[{"Image": "a"}, {"Image": "b"}]),
        modelled(Containers=[{"Image": "a"}, {"Image": "c"}]),
        "image",
    ),
    "files of several containers": (
        modelled(Containers=[{"ModelDataUrl": "s3://m/1"}, {"Image": "b"}]),
        modelled(Containers=[{"ModelDataUrl": "s3://m/2"}, {"Image": "b"}]),
        "model",
    ),
    "role of the model": (modelled(), modelled(ExecutionRoleArn="b"), "execution-role"),
    "SSM access": (foreign(), foreign(EnableSSMAccess=True), "config-other"),
    "core dumps": (foreign(), foreign(CoreDumpConfig={"DestinationS3Uri": "s3://dumps"}), "config-other"),
    "way of running containers": (
        modelled(Containers=[{"Image": "a"}, {"Image": "b"}], InferenceExecutionConfig={"Mode": "Serial"}),
        modelled(Containers=[{"Image": "a"}, {"Image": "b"}], InferenceExecutionConfig={"Mode": "Direct"}),
        "config-other",
    ),
    "config by name": (elsewhere("one"), elsewhere("two"), "config-named"),
    "config in place of a name": (elsewhere("one"), foreign(), "config-named"),
}


@each("case", REPLACED.values())
def test_whatever_replaces_the_config_or_the_model_updates_the_endpoint(case: tuple[Template, Template, str]) -> None:
    before, after, row = case
    assert rows(before, after) == [(row, "Chat")]
    assert BY_ID[row].outcome is Outcome.BLUE_GREEN


def test_a_config_made_anew_of_the_same_content_updates_the_endpoint() -> None:
    before, after = foreign(), foreign()
    after["Resources"]["Config2"] = after["Resources"].pop("Config")
    after["Resources"]["Chat"]["Properties"] = {"EndpointConfigName": {"Ref": "Config2"}}
    assert rows(before, after) == [("config-other", "Chat")]


def test_a_suspended_target_is_a_change_in_place() -> None:
    before, after = scaled(TARGET_OF["sub"]), scaled(TARGET_OF["sub"])
    after["Resources"]["Target"]["Properties"]["SuspendedState"] = {"DynamicScalingInSuspended": True}
    assert rows(before, after) == [("scaling-other", "Chat")]


def test_another_part_of_a_component_makes_new_copies() -> None:
    sides = []
    for name in ("one", "two"):
        properties = {"InferenceComponentName": "c", "EndpointName": "chat", "Specification": {"Else": name}}
        sides.append({"Resources": {"C": {"Type": "AWS::SageMaker::InferenceComponent", "Properties": properties}}})
    assert rows(*sides) == [("component-other", "c")]


TARGET_OF = {
    "join": {"Fn::Join": ["", ["endpoint/", {"Fn::GetAtt": ["Chat", "EndpointName"]}, "/variant/AllTraffic"]]},
    "sub": {"Fn::Sub": "endpoint/${Chat.EndpointName}/variant/AllTraffic"},
}
UNREAD = {"Fn::Sub": "endpoint/${Name}/variant/AllTraffic"}


def scaled(resource_id: Any, **variant: Any) -> Template:
    properties = {"ResourceId": resource_id, "ScalableDimension": "sagemaker:variant:DesiredInstanceCount"}
    target = {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": properties}
    return {"Resources": {**foreign(**variant)["Resources"], "Target": target}}


def of_scaling(**target: Any) -> Template:
    made = scaled(TARGET_OF["sub"])
    made["Resources"]["Target"]["Properties"].update(target)
    return made


def with_policy(template: Template) -> Template:
    properties = {"PolicyName": "load", "PolicyType": "StepScaling", "ScalingTargetId": {"Ref": "Target"}}
    policy = {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy", "Properties": properties}
    return {"Resources": {**template["Resources"], "Policy": policy}}


SCALED_BY_HAND: dict[str, tuple[Template, Template]] = {
    "registered": (foreign(), of_scaling()),
    "deregistered": (of_scaling(), foreign()),
    "policy-added": (of_scaling(), with_policy(of_scaling())),
    "policy-removed": (with_policy(of_scaling()), of_scaling()),
    "lower-bound-moved": (of_scaling(MinCapacity=1), of_scaling(MinCapacity=2)),
    "zero-minimum": (of_scaling(MinCapacity=1), of_scaling(MinCapacity=0)),
}


@each("row", SCALED_BY_HAND)
def test_scaling_that_changes_by_itself(row: str) -> None:
    assert rows(*SCALED_BY_HAND[row]) == [(row, "Chat")]


@each("resource_id", TARGET_OF.values())
def test_a_target_that_refers_to_its_endpoint(resource_id: Any) -> None:
    found = classify(scaled(resource_id), scaled(resource_id, InstanceType="ml.g5.xlarge"))
    assert [change.transition.id for change in found.changes] == ["instance-type-autoscaled"]
    assert found.not_compared == ()


def test_a_target_that_cannot_be_read_is_told_and_taken_for_one_of_the_endpoint() -> None:
    found = classify(scaled(UNREAD), scaled(UNREAD, InstanceType="ml.g5.xlarge"))
    assert [change.transition.id for change in found.changes] == ["instance-type-autoscaled"]
    assert not_compared(found) == ["Target: its ResourceId is known at deployment only, so its target is unknown"]


def test_a_parameter_that_differs_is_followed() -> None:
    before, after = (
        {**foreign(InstanceType={"Ref": "Type"}), "Parameters": {"Type": {"Type": "String", "Default": name}}}
        for name in ("ml.g6.xlarge", "ml.g5.xlarge")
    )
    found = classify(before, after)
    assert [change.transition.id for change in found.changes] == ["instance-type"]
    assert not_compared(found) == ["Parameters of the template"]


def test_two_changes_at_once_are_two_rows() -> None:
    before, after, _ = sides()["instance-type-autoscaled"]
    both = copy.deepcopy(after)
    both["Resources"]["ChatScalableTarget5DB642CB"]["Properties"]["MaxCapacity"] = 9
    assert rows(before, both) == [("instance-type-autoscaled", "fleet-chat"), ("upper-bound", "fleet-chat")]


def test_the_scaling_that_goes_in_the_same_deployment_comes_too_late() -> None:
    """CloudFormation deletes the target after the endpoint's update: so the type is still that of a registered one."""
    before, _, _ = sides()["instance-type-autoscaled"]
    _, fixed, _ = sides()["instance-type"]
    assert ("instance-type-autoscaled", "fleet-chat") in rows(before, fixed)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
KINDS = (
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Model",
    "AWS::SageMaker::InferenceComponent",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::Logs::LogGroup",
)
RESOURCES = st.dictionaries(
    st.text(max_size=3), st.fixed_dictionaries({"Type": st.sampled_from(KINDS) | JSON, "Properties": JSON}), max_size=4
)
TEMPLATES = st.fixed_dictionaries({"Resources": RESOURCES}) | st.dictionaries(st.text(max_size=4), JSON, max_size=2)


@given(before=TEMPLATES | JSON, after=TEMPLATES | JSON)
def test_whatever_it_is_given(before: Any, after: Any) -> None:
    found = classify(before, after)
    assert all(change.transition.id in BY_ID for change in found.changes)
    same = classify(before, before)
    assert (same.changes, same.not_compared) == ((), ())


def places(value: Any) -> list[tuple[Any, Any]]:
    """(container, key) of every value below the properties; an intrinsic is one value."""
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return []
        return [(value, key) for key in value] + [place for one in value.values() for place in places(one)]
    if isinstance(value, list):
        return [(value, number) for number in range(len(value))] + [place for one in value for place in places(one)]
    return []


SPOILED = st.sampled_from(["another", 7, None, [], {}, {"Ref": "Elsewhere"}])


@given(data=st.data(), other=SPOILED)
def test_a_value_that_differs_is_named_or_not_compared(data: st.DataObject, other: Any) -> None:
    """Whatever the property: nothing that an update would do passes in silence."""
    before, _, _ = sides()[data.draw(st.sampled_from(sorted(sides())))]
    after = copy.deepcopy(before)
    resource = data.draw(st.sampled_from(list(after["Resources"].values())))
    without = ("Tags", "AlarmDescription")
    untagged = {key: value for key, value in resource.get("Properties", {}).items() if key not in without}
    found = [(resource["Properties"], key) for key in untagged] + [
        place for value in untagged.values() for place in places(value)
    ]
    if not found:
        return
    container, key = data.draw(st.sampled_from(found))
    if container[key] == other and type(container[key]) is type(other):
        return
    container[key] = other
    result = classify(before, after)
    assert result.changes or result.not_compared


@given(data=st.data())
def test_between_any_two_of_them(data: st.DataObject) -> None:
    """Both ways, and every logical id is one of a resource that differs."""
    names = st.sampled_from(sorted(sides()))
    one, other = sides()[data.draw(names)].before, sides()[data.draw(names)].after
    for before, after in ((one, other), (other, one)):
        for change in classify(before, after).changes:
            for logical_id in change.logical_ids:
                assert before["Resources"].get(logical_id) != after["Resources"].get(logical_id)


# The rows themselves.


def test_ids_are_unique_and_every_row_has_a_dated_source() -> None:
    assert len(BY_ID) == len(TRANSITIONS)
    for row in TRANSITIONS:
        assert row.source.startswith("https://")
        assert row.source.endswith(")")
        assert " (read 2026-" in row.source or "(schema of 2026-" in row.source or "(botocore " in row.source


def test_every_outcome_has_a_meaning_and_a_row() -> None:
    assert set(MEANINGS) == set(Outcome) == {row.outcome for row in TRANSITIONS}


def test_what_two_deployments_are_for_says_what_to_deploy() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Transition(
            id="mine",
            change="something",
            kinds=("real",),
            outcome=Outcome.TWO_DEPLOYMENTS,
            steps=("hold", "change", "look"),
            source="https://example.com",
        )
    assert str(caught.value) == (
        "Transition mine has 3 problems:\n"
        "  1. kinds: got ('real',); allowed: realtime, async, serverless, component, shared; fix: choose of these\n"
        "  2. steps: got ('hold', 'change', 'look'); allowed: two of them; fix: say what to deploy first and second\n"
        "  3. deployments: got 1; allowed: 3; fix: count the steps; a refusal has none"
    )

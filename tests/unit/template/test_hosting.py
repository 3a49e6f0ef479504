"""The graph from an endpoint to its variants and their bounds, whoever wrote the template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given

from cdk_inference.hosting import KINDS, CountRange, HostedComponent, HostedVariant, Serverless
from cdk_inference.template import Deployment, Hosting, Stack, Unknown, read_hosting
from tests.each import each
from tests.unit.template.test_wrong_shapes import JSON, wounded

ONE = {"VariantName": "A", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
TWO = CountRange.fixed(2)
NO_VALUE = {"Ref": "AWS::NoValue"}
OPEN = Unknown("the parameter P has no default")


def endpoint(name: Any = "chat", config: Any = None) -> dict[str, Any]:
    properties = {"EndpointConfigName": config or {"Fn::GetAtt": ["Config", "EndpointConfigName"]}}
    return {"Type": "AWS::SageMaker::Endpoint", "Properties": properties | ({"EndpointName": name} if name else {})}


def config(*variants: Any, **others: Any) -> dict[str, Any]:
    return {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": list(variants), **others}}


def target(resource_id: Any = "endpoint/chat/variant/A", low: Any = 1, high: Any = 4, **others: Any) -> dict[str, Any]:
    properties = {
        "ResourceId": resource_id,
        "ServiceNamespace": "sagemaker",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
        "MinCapacity": low,
        "MaxCapacity": high,
        **others,
    }
    return {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": properties}


def read(*templates: dict[str, Any]) -> Hosting:
    deployment = Deployment()
    for key, template in enumerate(templates):
        stack = Stack(key=str(key), name=f"s{key}", region="us-east-1", template=template, deployment=deployment)
        deployment.stacks.append(stack)
    return read_hosting(deployment)


def variants_of(found: Hosting) -> tuple[HostedVariant, ...]:
    """The variants of the first endpoint."""
    listed = found.endpoints[0].hosted.variants
    assert isinstance(listed, tuple)
    return listed


def variants(*given_variants: Any, name: Any = "chat", **resources: Any) -> tuple[HostedVariant, ...]:
    template = {"Resources": {"Config": config(*(given_variants or (ONE,))), "Chat": endpoint(name), **resources}}
    return variants_of(read(template))


def bounds(**resources: Any) -> CountRange:
    return variants(**resources)[0].instances


def test_a_variant_has_everything_that_costs() -> None:
    assert variants(ONE | {"VolumeSizeInGB": 30}) == (
        HostedVariant(name="A", types=("ml.g5.xlarge",), instances=TWO, volume_gb=30),
    )


def test_shadow_variants_are_variants() -> None:
    made = config(ONE, ShadowProductionVariants=[ONE | {"VariantName": "B", "InitialInstanceCount": 1}])
    found = variants_of(read({"Resources": {"Config": made, "Chat": endpoint()}}))
    assert [(one.name, one.shadow, one.instances.lowest) for one in found] == [("A", False, 2), ("B", True, 1)]


def test_pools_are_types_by_priority() -> None:
    pools = [{"InstanceType": "ml.g5.xlarge", "Priority": 2}, {"InstanceType": "ml.g6.xlarge", "Priority": "1"}]
    (found,) = variants({"VariantName": "A", "InitialInstanceCount": 1, "InstancePools": pools})
    assert found.types == ("ml.g6.xlarge", "ml.g5.xlarge")


def chosen(then: Any, otherwise: Any = NO_VALUE) -> dict[str, Any]:
    """One of two values, as a condition has it that is not known."""
    return {"Fn::If": ["Open", then, otherwise]}


@each(
    ("variant", "types", "counts"),
    [
        (  # instances or serverless: never serverless at $0 for want of requests
            {
                "InstanceType": chosen("ml.g5.xlarge"),
                "InitialInstanceCount": chosen(2),
                "ServerlessConfig": chosen(NO_VALUE, {"MemorySizeInMB": 3072, "MaxConcurrency": 5}),
            },
            (OPEN,),
            CountRange.fixed(OPEN),
        ),
        (
            {"InstancePools": chosen([{"InstanceType": "ml.g5.xlarge"}]), "ServerlessConfig": chosen({})},
            (OPEN,),
            CountRange.fixed(OPEN),
        ),
        (  # a pool that may not be there
            {"InitialInstanceCount": 2, "InstancePools": [chosen({"Priority": 1}), {"InstanceType": "ml.g5.xlarge"}]},
            (OPEN, "ml.g5.xlarge"),
            TWO,
        ),
        (
            {"InitialInstanceCount": 2, "InstancePools": [{"InstanceType": chosen("ml.g5.xlarge")}, "text"]},
            (OPEN, Unknown("the template names no instance type")),
            TWO,
        ),
    ],
)
def test_a_variant_that_a_condition_decides(
    variant: dict[str, Any], types: tuple[Any, ...], counts: CountRange
) -> None:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"Open": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {"Config": config({"VariantName": "A"} | variant), "Chat": endpoint()},
    }
    (found,) = variants_of(read(template))
    assert (found.types, found.instances, found.serverless) == (types, counts, None)


def test_shadows_that_a_condition_decides_leave_the_others_known() -> None:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"Open": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {"Config": config(ONE, ShadowProductionVariants=chosen([ONE])), "Chat": endpoint()},
    }
    found = variants_of(read(template))
    assert [(one.shadow, one.types, one.instances) for one in found] == [
        (False, ("ml.g5.xlarge",), TWO),
        (True, (OPEN,), CountRange.fixed(OPEN)),
    ]


def test_targets_of_a_variant_that_may_be_serverless_are_not_lost() -> None:
    variant = ONE | {"ServerlessConfig": chosen({})}
    warm = target(ScalableDimension="sagemaker:variant:DesiredProvisionedConcurrency")
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"Open": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {"Config": config(variant), "Chat": endpoint(), "T": target(), "U": warm},
    }
    assert read(template).stray_targets == []


def test_managed_scaling_gives_the_bounds() -> None:
    managed = {"Status": "ENABLED", "MinInstanceCount": 0, "MaxInstanceCount": 3}
    (found,) = variants(ONE | {"ManagedInstanceScaling": managed})
    assert found.instances == CountRange.scheduled(0, 3)
    (off,) = variants(ONE | {"ManagedInstanceScaling": managed | {"Status": "DISABLED"}})
    assert off.instances == TWO


REFERENCES = [
    "endpoint/chat/variant/A",
    {"Fn::Join": ["", ["endpoint/", {"Fn::GetAtt": ["Chat", "EndpointName"]}, "/variant/A"]]},
    {"Fn::Sub": "endpoint/${Chat.EndpointName}/variant/A"},
    {"Fn::Join": ["/", ["endpoint", {"Fn::GetAtt": "Chat.EndpointName"}, "variant", "A"]]},
    {"Fn::Sub": ["endpoint/${N}/variant/A", {"N": {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Chat"}]}]}}]},
]


@each("reference", REFERENCES)
def test_a_scalable_target_gives_the_bounds(reference: Any) -> None:
    assert bounds(T=target(reference)) == CountRange.scheduled(1, 4)


@each("reference", REFERENCES[1:])
def test_a_target_finds_an_endpoint_that_the_deployment_names(reference: Any) -> None:
    (found,) = variants(name=None, T=target(reference))
    assert found.instances == CountRange.scheduled(1, 4)


def test_a_target_in_another_stack_finds_its_endpoint() -> None:
    found = read({"Resources": {"Config": config(ONE), "Chat": endpoint()}}, {"Resources": {"T": target()}})
    assert variants_of(found)[0].instances == CountRange.scheduled(1, 4)
    assert found.stray_targets == []


def test_a_target_without_an_endpoint_is_told() -> None:
    resources = {"T": target("endpoint/other/variant/A"), "U": target({"Ref": "Nothing"})}
    found = read({"Resources": resources})
    assert [(one.logical_id, why) for one, why in found.stray_targets] == [
        ("U", "the template has no Nothing"),
        ("T", "variant A of endpoint other is not among what was read"),
    ]


def test_a_name_counts_in_its_own_stack_and_region() -> None:
    """One app in two regions, and twice in one: the same names, other bounds."""
    deployment = Deployment()
    for key, region, high in (("0", "us-east-1", 3), ("1", "eu-west-1", 5), ("2", "us-east-1", 7)):
        template = {"Resources": {"Config": config(ONE), "Chat": endpoint(), "T": target(high=high)}}
        made = Stack(key=key, name=f"s{key}", region=region, template=template, deployment=deployment)
        deployment.stacks.append(made)
    listed = [one.hosted.variants for one in read_hosting(deployment).endpoints]
    assert [found[0].instances.highest for found in listed if isinstance(found, tuple)] == [3, 5, 7]


def test_two_targets_elsewhere_for_one_name_are_not_known() -> None:
    targets = {"Resources": {"T": target(high=3), "U": target(high=5)}}
    found = read({"Resources": {"Config": config(ONE), "Chat": endpoint()}}, targets)
    assert variants_of(found)[0].instances.highest == Unknown("T and U are the same name")
    assert found.stray_targets == []


def test_a_config_that_may_not_be_there_is_not_known() -> None:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {"Config": config(ONE) | {"Condition": "C"}, "Chat": endpoint()},
    }
    assert read(template).endpoints[0].hosted.variants == Unknown("the parameter P has no default")


def test_a_suspended_schedule_has_no_average() -> None:
    actions = [{"Schedule": "cron(0 8 * * ? *)", "ScalableTargetAction": {"MinCapacity": 2}}]
    state = {"ScheduledScalingSuspended": True}
    found = bounds(T=target(ScheduledActions=actions, SuspendedState=state))
    assert found.expected == Unknown("scheduled scaling is suspended, or may be")


def test_an_export_that_two_stacks_have_is_not_known() -> None:
    outputs = {"Name": {"Value": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}, "Export": {"Name": "config"}}}
    exporting = {"Resources": {"Config": config(ONE)}, "Outputs": outputs}
    chat = {"Resources": {"Chat": endpoint(config={"Fn::ImportValue": "config"})}}
    assert read(exporting, exporting, chat).endpoints[0].hosted.variants == Unknown("several stacks export config")


def test_another_services_target_is_passed_over() -> None:
    other = target("table/chat", ServiceNamespace="dynamodb")
    assert read({"Resources": {"T": other}}).stray_targets == []


def test_a_schedule_widens_the_bounds_and_gives_the_average() -> None:
    actions = [
        {"Schedule": "cron(0 8 * * ? *)", "ScalableTargetAction": {"MinCapacity": 4, "MaxCapacity": 8}},
        {"Schedule": "cron(0 20 * * ? *)", "ScalableTargetAction": {"MinCapacity": 0}},
    ]
    found = bounds(T=target(ScheduledActions=actions))
    # 12 hours of 4 and 12 of 0 a day
    assert (found.lowest, found.highest, found.average_lowest, found.peak_lowest) == (0, 8, 2.0, 4)


def test_equal_bounds_are_an_average() -> None:
    assert bounds(T=target(low=3, high=3)) == CountRange.fixed(3)


def test_a_target_that_may_not_be_there_makes_the_bounds_unknown() -> None:
    template = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": {"Config": config(ONE), "Chat": endpoint(), "T": target() | {"Condition": "C"}},
    }
    why = Unknown("the parameter P has no default")
    assert variants_of(read(template))[0].instances == CountRange.fixed(why)


def test_serverless_with_provisioned_concurrency() -> None:
    written = {"MemorySizeInMB": 3072, "MaxConcurrency": 20, "ProvisionedConcurrency": 2}
    scaled = target(low=1, high=10, ScalableDimension="sagemaker:variant:DesiredProvisionedConcurrency")
    (found,) = variants({"VariantName": "A", "ServerlessConfig": written}, T=scaled)
    kept = CountRange.scheduled(1, 10)
    assert found.serverless == Serverless(memory_mb=3072, max_concurrency=20, provisioned=kept)


def test_async_and_capture_are_told() -> None:
    made = config(ONE, AsyncInferenceConfig={}, DataCaptureConfig={"InitialSamplingPercentage": 20})
    (found,) = read({"Resources": {"Config": made, "Chat": endpoint()}}).endpoints
    assert (found.hosted.kind, found.hosted.capture_percent) == (KINDS["async"], 20)
    off = config(ONE, DataCaptureConfig={"EnableCapture": False, "InitialSamplingPercentage": 20})
    (other,) = read({"Resources": {"Config": off, "Chat": endpoint()}}).endpoints
    assert (other.hosted.kind, other.hosted.capture_percent) == (KINDS["realtime"], None)


@each(
    ("reference", "reason"),
    [
        ("elsewhere", "its endpoint config elsewhere is not among what was read"),
        ({"Ref": "P"}, "the template has no P"),
        ({"Fn::ImportValue": "x"}, "the export x is not among what was read"),
        (5, "it names no endpoint config"),
    ],
)
def test_an_endpoint_whose_config_is_elsewhere_is_unknown(reference: Any, reason: str) -> None:
    (found,) = read({"Resources": {"Chat": endpoint(config=reference)}}).endpoints
    assert (found.hosted.kind, found.hosted.variants) == (Unknown(reason), Unknown(reason))


def test_a_config_may_be_named_or_stand_in_another_stack() -> None:
    named = {
        "Type": "AWS::SageMaker::EndpointConfig",
        "Properties": {"EndpointConfigName": "c", "ProductionVariants": [ONE]},
    }
    outputs = {"Name": {"Value": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}, "Export": {"Name": "config"}}}
    exported = {"Resources": {"Config": config(ONE)}, "Outputs": outputs}
    for first, reference in (
        ({"Resources": {"C": named}}, "c"),
        (exported, {"Fn::ImportValue": "config"}),
        (exported, {"Fn::GetStackOutput": {"StackName": "s0", "Region": "us-east-1", "OutputName": "Name"}}),
    ):
        (found,) = read(first, {"Resources": {"Chat": endpoint(config=reference)}}).endpoints
        assert isinstance(found.hosted.variants, tuple), reference


@each(
    ("count", "found"),
    [
        ("3", 3),
        (3.0, 3),
        (0, 0),
        (True, Unknown("InitialInstanceCount is 'True', no count")),
        (-1, Unknown("InitialInstanceCount is '-1', no count")),
        (2.5, Unknown("InitialInstanceCount is '2.5', no count")),
        (None, Unknown("InitialInstanceCount is not set")),
        ({"Ref": "P"}, Unknown("the template has no P")),
    ],
)
def test_a_count_is_a_whole_number_or_unknown(count: Any, found: Any) -> None:
    assert variants(ONE | {"InitialInstanceCount": count})[0].instances.lowest == found


ACTION = {
    "Schedule": "cron(0 8 * * ? *)",
    "Timezone": "UTC",
    "ScalableTargetAction": {"MinCapacity": 1, "MaxCapacity": 2},
}
WHOLE = {
    "Parameters": {"P": {"Type": "Number", "Default": 1}},
    "Mappings": {"M": {"a": {"b": "ml.g5.xlarge"}}},
    "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, 1]}},
    "Resources": {
        "Chat": endpoint(None),
        "Config": config(
            {
                "VariantName": "A",
                "InstanceType": {"Fn::FindInMap": ["M", "a", "b"]},
                "InitialInstanceCount": {"Fn::If": ["C", {"Ref": "P"}, 2]},
                "InstancePools": [{"InstanceType": "ml.g5.xlarge", "Priority": 1}],
                "ManagedInstanceScaling": {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2},
                "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1, "ProvisionedConcurrency": 1},
            },
            DataCaptureConfig={"InitialSamplingPercentage": 1},
        ),
        "T": target({"Fn::Sub": "endpoint/${Chat.EndpointName}/variant/A"}, ScheduledActions=[ACTION]),
    },
    "Outputs": {"O": {"Value": {"Ref": "Chat"}, "Export": {"Name": {"Fn::Sub": "x-${AWS::Region}"}}}},
}


@given(wounded(WHOLE) | JSON)
def test_any_template_is_read_without_an_error(template: Any) -> None:
    if isinstance(template, dict):
        json.dumps(template)
        assert len(read(template).endpoints) <= 3


def test_yaml_with_short_forms_is_read_alike(tmp_path: Path) -> None:
    from cdk_inference.template import load_deployment

    (tmp_path / "t.yaml").write_text(
        """
Parameters:
  Type: {Type: String, Default: ml.g5.2xlarge}
Resources:
  Chat:
    Type: AWS::SageMaker::Endpoint
    Properties: {EndpointConfigName: !GetAtt Config.EndpointConfigName}
  Config:
    Type: AWS::SageMaker::EndpointConfig
    Properties:
      ProductionVariants: [{VariantName: A, InstanceType: !Ref Type, InitialInstanceCount: 1}]
  Target:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties: {ResourceId: !Sub "endpoint/${Chat.EndpointName}/variant/A", MinCapacity: 1, MaxCapacity: 3}
"""
    )
    found = read_hosting(load_deployment([tmp_path / "t.yaml"], "us-east-1"))
    assert variants_of(found) == (
        HostedVariant(name="A", types=("ml.g5.2xlarge",), instances=CountRange.scheduled(1, 3)),
    )


@each(
    ("variant", "others", "kind"),
    [
        ({"ModelName": "m"}, {}, "realtime"),
        ({}, {}, "realtime"),
        ({"ModelName": "m"}, {"ExecutionRoleArn": "r"}, "realtime"),
        ({}, {"ExecutionRoleArn": "r"}, "shared"),
        ({"ModelName": "m"}, {"AsyncInferenceConfig": {}}, "async"),
        ({"ServerlessConfig": {}}, {}, "serverless"),
    ],
)
def test_the_kind_follows_from_the_config(variant: dict[str, Any], others: dict[str, Any], kind: str) -> None:
    template = {"Resources": {"Config": config(ONE | variant, **others), "Chat": endpoint()}}
    assert read(template).endpoints[0].hosted.kind == KINDS[kind]


def component(name: str | None = "llama", on: Any = "chat", **properties: Any) -> dict[str, Any]:
    given = {"EndpointName": on, "RuntimeConfig": {"CopyCount": 2}} | properties
    return {
        "Type": "AWS::SageMaker::InferenceComponent",
        "Properties": given | ({"InferenceComponentName": name} if name else {}),
    }


NAME_OF_ONE = {"Fn::Sub": "inference-component/${One.InferenceComponentName}"}


@each("on", ["chat", {"Fn::GetAtt": ["Chat", "EndpointName"]}, {"Ref": "Chat"}])
@each("resource_id", ["inference-component/llama", NAME_OF_ONE])
def test_components_belong_to_their_endpoint_and_have_copies(on: Any, resource_id: Any) -> None:
    copies = target(resource_id, 0, 3, ScalableDimension="sagemaker:inference-component:DesiredCopyCount")
    adapter = component("adapter", on, Specification={"BaseInferenceComponentName": "llama"})
    resources = {"Chat": endpoint(), "Config": config(ONE), "One": component(on=on), "T": copies, "Other": adapter}
    found = read({"Resources": resources | {"Two": component("mistral", on), "Alone": component("far", "elsewhere")}})
    assert found.endpoints[0].hosted.components == (
        HostedComponent(name="llama", copies=CountRange.scheduled(0, 3)),
        HostedComponent(name="mistral", copies=CountRange.fixed(2)),
    )
    assert found.stray_targets == []


def test_a_component_without_a_name_is_scaled_by_reference() -> None:
    copies = target(NAME_OF_ONE, 0, 3, ScalableDimension="sagemaker:inference-component:DesiredCopyCount")
    resources = {"Chat": endpoint(), "Config": config(ONE), "One": component(None), "T": copies}
    (found,) = read({"Resources": resources}).endpoints[0].hosted.components
    assert found == HostedComponent(name="One", copies=CountRange.scheduled(0, 3))


def test_an_endpoint_of_a_nested_stack_is_scaled_by_reference() -> None:
    """The key of a nested stack has a slash, and so has the mark of what only the deployment names."""
    resource_id = {"Fn::Sub": "endpoint/${Chat.EndpointName}/variant/A"}
    resources = {"Config": config(ONE), "Chat": endpoint(None), "T": target(resource_id)}
    resources |= {"One": component(on={"Ref": "Chat"})}
    deployment = Deployment()
    inner = Stack(
        key="outer/Inner", name="n", region="us-east-1", template={"Resources": resources}, deployment=deployment
    )
    deployment.stacks.append(inner)
    found = read_hosting(deployment)
    assert variants_of(found)[0].instances == CountRange.scheduled(1, 4)
    assert [one.name for one in found.endpoints[0].hosted.components] == ["llama"]

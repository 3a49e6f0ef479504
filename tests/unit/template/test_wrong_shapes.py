"""JSON that is not as the CDK writes it: told for manifest and report, passed over in templates, never a crash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.cli.summary import summary
from cdk_inference.template import Assembly, AssemblyError, StackTemplate, deployment_in, load_assembly
from tests.each import each

KEYS = [
    *("artifacts", "type", "properties", "templateFile", "stackName", "directoryName", "metadata", "data"),
    *("environment", "additionalMetadataFile", "pluginReports", "violations", "suppressedViolations", "reason"),
    *("violatingConstructs", "constructPath", "ruleName", "Resources", "Type", "Properties", "EndpointName"),
    *("EndpointConfigName", "ProductionVariants", "VariantName", "InstanceType", "InitialInstanceCount", "ResourceId"),
    *("MinCapacity", "MaxCapacity", "Metrics", "MetricStat", "Metric", "Dimensions", "Name", "Value"),
    *("Ref", "Fn::GetAtt", "Fn::Join"),
]
TEXTS = [
    *("aws:cloudformation:stack", "cdk:cloud-assembly", "aws:cdk:logicalId", "fleet.json", ".", "", "E", "C", "chat"),
    *("AWS::SageMaker::Endpoint", "AWS::SageMaker::EndpointConfig", "AWS::CloudWatch::Alarm", "EndpointName"),
    *("AWS::ApplicationAutoScaling::ScalableTarget", "endpoint/chat/variant/v", "\0"),
]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(TEXTS) | st.text(max_size=4)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), JSON, max_size=4)


StackContext = tuple[str | int, ...]


def places(value: Any) -> Iterator[StackContext]:
    """The way to `value` and to everything in it."""
    yield ()
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in inner:
        yield from ((key, *place) for place in places(member))


def replaced(value: Any, place: StackContext, new: Any) -> Any:
    """A copy of `value` with `new` in one place; `value` where it has no such place."""
    if not place:
        return new
    key, *rest = place
    try:
        member = value[key]
    except (TypeError, LookupError):
        return value
    if isinstance(value, str):
        return value
    changed = value.copy()
    changed[key] = replaced(member, tuple(rest), new)
    return changed


@st.composite
def wounded(draw: st.DrawFn, value: Any) -> Any:
    """`value` with something else in up to three of its places."""
    for place in draw(st.lists(st.sampled_from(list(places(value))), min_size=1, max_size=3)):
        value = replaced(value, place, draw(JSON))
    return value


METADATA = {"/fleet/Chat/E": [{"type": "aws:cdk:logicalId", "data": "E"}]}
PROPERTIES = {"templateFile": "fleet.json", "stackName": "fleet"}
STACK = {"type": "aws:cloudformation:stack", "environment": "aws://1/r", "properties": PROPERTIES, "metadata": METADATA}
STAGE = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "stage"}}
MANIFEST = {"artifacts": {"stage": STAGE, "fleet": STACK}}
VIOLATION = {"ruleName": "A", "reason": "why", "violatingConstructs": [{"constructPath": "fleet/Chat"}]}
REPORT = {"pluginReports": [{"violations": [VIOLATION], "suppressedViolations": [VIOLATION]}]}
DIMENSIONS = [{"Name": "EndpointName", "Value": {"Fn::GetAtt": ["E", "EndpointName"]}}]
RESOURCE_ID = {"Fn::Join": ["", ["endpoint/", {"Fn::GetAtt": ["E", "EndpointName"]}, "/variant/v"]]}
VARIANTS = [{"VariantName": "v", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}]
RESOURCES = {
    "E": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["C", "Name"]}}},
    "C": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": VARIANTS}},
    "T": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": {"ResourceId": RESOURCE_ID}},
    "A": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [{"MetricStat": {"Metric": {}}}]}},
    "B": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Dimensions": DIMENSIONS}},
}
TEMPLATE = {"Resources": RESOURCES}


@given(OBJECTS | wounded(MANIFEST), OBJECTS | wounded(REPORT), OBJECTS | wounded(TEMPLATE))
def test_any_json_is_summed_up_or_refused(manifest: Any, report: Any, template: Any) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "stage").mkdir()
        (folder / "stage/manifest.json").write_text("{}")
        for file, value in (("manifest", manifest), ("validation-report", report), ("fleet", template)):
            (folder / f"{file}.json").write_text(json.dumps(value), encoding="utf-8")
        try:
            text = summary(deployment_in(load_assembly(folder))).text
        except AssemblyError as error:
            text = str(error)
    assert text.startswith(("OK: ", "NOT OK: ", "NOT CHECKED: ")) or "; run `cdk synth` " in text


@given(OBJECTS | wounded(TEMPLATE))
def test_any_template_is_summed_up_without_an_error(template: Any) -> None:
    if isinstance(template, dict):
        stack = StackTemplate(name="fleet", region=None, template=template, paths={"E": "fleet/Chat/E"})
        assert summary(deployment_in(Assembly(stacks=(stack,), findings=()))).status == 0


WRONG: list[Any] = [None, True, 5, -1.5, "", "x", [], [5], {}, {"x": 5}, {"Ref": "x"}, {"Ref": 5}, {"Fn::GetAtt": "x"}]


@each("new", WRONG)
def test_a_template_with_one_wrong_value_is_summed_up_without_an_error(new: Any) -> None:
    """Every value of the template in turn; generated ones go further, and may miss one."""
    for place in places(TEMPLATE):
        template = replaced(TEMPLATE, place, new)
        if isinstance(template, dict):
            stack = StackTemplate(name="fleet", region=None, template=template, paths={"E": "fleet/Chat/E"})
            assert summary(deployment_in(Assembly(stacks=(stack,), findings=()))).status == 0, place


ARTIFACT = ("artifacts", "fleet")


@each(
    ("path", "new", "key", "word"),
    [
        (("artifacts",), [], "artifacts", "an object"),
        (ARTIFACT, "fleet", "type", "a string"),
        ((*ARTIFACT, "type"), 5, "type", "a string"),
        ((*ARTIFACT, "environment"), {}, "environment", "a string"),
        ((*ARTIFACT, "properties"), None, "properties", "an object"),
        ((*ARTIFACT, "properties"), {}, "templateFile", "a string"),
        ((*ARTIFACT, "properties", "stackName"), 5, "stackName", "a string"),
        ((*ARTIFACT, "metadata"), [], "metadata", "an object"),
        ((*ARTIFACT, "metadata", "/fleet/Chat/E"), {}, "/fleet/Chat/E", "a list"),
        ((*ARTIFACT, "metadata", "/fleet/Chat/E"), ["E"], "type", "a string"),
        ((*ARTIFACT, "metadata", "/fleet/Chat/E", 0, "data"), ["E"], "data", "a string"),
        ((*ARTIFACT, "metadata", "/fleet/Chat/E", 0, "type"), [], "type", "a string"),
        ((*ARTIFACT, "metadata", "/fleet/Chat/E", 0, "type"), {}, "type", "a string"),
        (("artifacts", "stage", "properties"), {}, "directoryName", "a string"),
    ],
)
def test_a_wrong_manifest_is_told(path: StackContext, new: Any, key: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage/manifest.json").write_text("{}")
    (tmp_path / "fleet.json").write_text("{}")
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(replaced(MANIFEST, path, new)))
    with pytest.raises(AssemblyError) as caught:
        load_assembly(tmp_path)
    assert str(caught.value) == f'{file} is not as the CDK writes it: "{key}" should be {word}; run `cdk synth` again'


FIRST = ("pluginReports", 0, "violations", 0)


@each(
    ("path", "new", "key", "word"),
    [
        (("pluginReports",), {}, "pluginReports", "a list"),
        (("pluginReports",), ["A"], "violations", "a list"),
        (("pluginReports", 0, "violations"), {}, "violations", "a list"),
        (("pluginReports", 0, "suppressedViolations"), None, "suppressedViolations", "a list"),
        (FIRST, "A", "violatingConstructs", "a list"),
        ((*FIRST, "violatingConstructs"), {}, "violatingConstructs", "a list"),
        ((*FIRST, "violatingConstructs"), ["fleet"], "constructPath", "a string"),
        ((*FIRST, "violatingConstructs", 0, "constructPath"), 5, "constructPath", "a string"),
        ((*FIRST, "ruleName"), None, "ruleName", "a string"),
        ((*FIRST, "reason"), None, "reason", "a string"),
    ],
)
def test_a_wrong_report_is_told_and_never_counts_as_no_findings(
    path: StackContext, new: Any, key: str, word: str, tmp_path: Path
) -> None:
    (tmp_path / "manifest.json").write_text("{}")
    file = tmp_path / "validation-report.json"
    file.write_text(json.dumps(replaced(REPORT, path, new)))
    with pytest.raises(AssemblyError) as caught:
        load_assembly(tmp_path)
    assert str(caught.value) == f'{file} is not as the CDK writes it: "{key}" should be {word}; run `cdk synth` again'

"""Which stacks and resources belong together, and what of them cannot be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.review.changes import MISSING, PropertyChange, changes, same
from cdk_inference.review.create_only import create_only, known_types, overlaps, schema_day
from cdk_inference.review.load import Loaded, load_side
from cdk_inference.review.pair import DeploymentPair
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.replacement import Replacement
from cdk_inference.review.resource_versions import ResourceVersion
from cdk_inference.review.reviewing import review
from cdk_inference.template import Unknown, deployment_of
from cdk_inference.template.values import readable, reference, unknown_mark
from tests.each import each
from tests.unit.review.transitions import found
from tests.unit.template.test_wrong_shapes import JSON

BUCKET = {"Type": "AWS::S3::Bucket"}
TOPIC = {"Type": "AWS::SNS::Topic"}
NESTED = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "./inner.json"}}
STAGE = {"Parameters": {"Stage": {"Type": "String"}}}


def of(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def pair(
    tmp_path: Path, base: dict[str, Any], head: dict[str, Any], region: str | None = "us-east-1"
) -> DeploymentPair:
    """Of two folders: file name -> template."""
    sides = []
    for name, files in (("base", base), ("head", head)):
        for file, template in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(template if isinstance(template, str) else json.dumps(template))
        sides.append(load_side(f"--{name}", tmp_path / name, region))
    return pair_up(sides[0], sides[1])


def told(made: DeploymentPair) -> list[str]:
    return [str(one) for one in review(made).not_compared]


def test_a_file_is_a_stack_called_after_its_path(tmp_path: Path) -> None:
    made = pair(tmp_path, {"a/m.yaml": of(), "b/m.template.json": of()}, {"a/m.json": of(), "n.json": of()})
    names = {one.name: (one.before is not None, one.after is not None) for one in made.stacks}
    assert names == {"a/m": (True, True), "b/m": (True, False), "n": (False, True)}


def test_pairing_and_rules_leave_both_sides_as_they_are(tmp_path: Path) -> None:
    """Single files get one name for the comparison, a stack without a region that of the other side."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": [{"Ref": "Stage"}]}}
    files = {"old.json": {**of(Role=role), **STAGE}, "new.json": {**of(Role={"Type": "AWS::IAM::Role"}), **STAGE}}
    for name, template in files.items():
        (tmp_path / name).write_text(json.dumps(template))
    base = load_side("--base", tmp_path / "old.json", None)
    head = load_side("--head", tmp_path / "new.json", "us-east-1")
    made = pair_up(base, head, files=True)
    assert [(one.name, one.before is not None and one.before.region) for one in made.stacks] == [("new", "us-east-1")]
    assert [(one.name, one.key, one.region) for one in base.deployment.stacks] == [("old", "old", None)]
    before = made.not_compared
    assert review(made) == review(made)
    assert made.not_compared == before


def test_a_nested_stack_that_is_gone_is_deleted(tmp_path: Path) -> None:
    base = {"m.json": of(N=NESTED, T=TOPIC), "inner.json": of(Data=BUCKET)}
    assert found(review(pair(tmp_path, base, {"m.json": of(T=TOPIC)}))) == ["error data-removed m/N/Data"]


def test_a_nested_stack_goes_on_with_its_outer_one(tmp_path: Path) -> None:
    base = {"m.json": of(N=NESTED), "inner.json": of(Data=BUCKET), "other.json": of(T=TOPIC)}
    made = pair(tmp_path, base, {"other.json": of(T=TOPIC)})
    assert found(review(made)) == ["warning stack-gone m"]


def test_a_nested_template_is_no_stack_of_its_own(tmp_path: Path) -> None:
    files = {"m.json": of(N=NESTED), "inner.json": of(Data=BUCKET)}
    assert [one.name for one in pair(tmp_path, files, files).stacks] == ["m", "m/N"]


@each(
    ("base", "head", "expected"),
    [
        (
            {"m.json": of(N=NESTED), "inner.json": of(Data=BUCKET)},
            {"m.json": of(N=NESTED)},
            ["m/N: a nested stack: its template ./inner.json is not among the files"],
        ),
        (
            {"m.json": {**of(A=BUCKET), "Transform": "My::Macro"}},
            {"m.json": {**of(A=BUCKET, B=TOPIC), "Transform": "My::Macro"}},
            ["m: macros change the template at deployment: My::Macro"],
        ),
        (
            {"m.json": {**of(A=BUCKET), "Transform": ["AWS::LanguageExtensions", "My::Macro"]}},
            {"m.json": {**of(A=BUCKET), "Transform": ["AWS::LanguageExtensions", {"Name": "My::Other"}]}},
            ["m: macros change the template at deployment: My::Macro, My::Other"],
        ),
        (
            {"m.json": {**of(A=BUCKET), "Transform": "AWS::LanguageExtensions"}},
            {"m.json": {**of(A=BUCKET, B=TOPIC), "Transform": "AWS::LanguageExtensions"}},
            [],
        ),
        (
            {"m.json": {"Resources": {"Fn::ForEach::X": ["a", ["1"], {"B${a}": BUCKET}]}}},
            {"m.json": {"Resources": {"Fn::ForEach::X": ["a", ["1", "2"], {"B${a}": BUCKET}]}}},
            ["m/Fn::ForEach::X: it is not a resource with a type"],
        ),
        (
            {"m.json": {**STAGE, **of(T={**TOPIC, "Properties": {"DisplayName": "x"}})}},
            {"m.json": {**STAGE, **of(T={**TOPIC, "Properties": {"DisplayName": {"Ref": "Stage"}}})}},
            ["m/T, DisplayName: the parameter Stage has no default"],
        ),
        (
            {"m.json": of(T={**TOPIC, "Properties": {"DisplayName": "{{resolve:ssm:one}}"}})},
            {"m.json": of(T={**TOPIC, "Properties": {"DisplayName": "{{resolve:ssm:other}}"}})},
            ["m/T, DisplayName: {{resolve:ssm:one}} is known at deployment only"],
        ),
        (
            {"m.json": of(T={**TOPIC, "Properties": {"DisplayName": {"Fn::ImportValue": "x"}}})},
            {"m.json": of(T={**TOPIC, "Properties": {"DisplayName": {"Fn::ImportValue": "y"}}})},
            ["m/T, DisplayName: the export x is not among what was read"],
        ),
        # The same words on both sides: nothing that a change of the templates could have changed.
        (
            {"m.json": {**STAGE, **of(T={**TOPIC, "Properties": {"DisplayName": {"Ref": "Stage"}}})}},
            {"m.json": {**STAGE, **of(T={**TOPIC, "Properties": {"DisplayName": {"Ref": "Stage"}}}, B=TOPIC)}},
            [],
        ),
        (
            {"m.json": {**STAGE, **of(T={**TOPIC, "Properties": {"DisplayName": {"Ref": "Stage"}}})}},
            {
                "m.json": {
                    "Parameters": {**STAGE["Parameters"], "Size": {"Type": "Number", "Default": 1}},
                    **of(T={**TOPIC, "Properties": {"DisplayName": {"Ref": "Stage"}}}),
                }
            },
            [],
        ),
    ],
)
def test_what_cannot_be_compared_is_told(
    base: dict[str, Any], head: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    made = pair(tmp_path, base, head)
    assert told(made) == expected
    assert made.complete


def test_a_stack_without_a_region_is_in_that_of_the_other_side() -> None:
    base = Loaded(deployment=deployment_of({"S": of(T=TOPIC)}, None), unread=())
    head = Loaded(deployment=deployment_of({"S": of(T=TOPIC)}, "eu-west-1"), unread=())
    (only,) = pair_up(base, head).stacks
    assert only.before is not None
    assert only.before.region == "eu-west-1"


def test_another_region_is_another_stack() -> None:
    base = Loaded(deployment=deployment_of({"S": of(T=TOPIC)}, "us-east-1"), unread=())
    head = Loaded(deployment=deployment_of({"S": of(T=TOPIC)}, "eu-west-1"), unread=())
    (finding,) = review(pair_up(base, head)).findings
    assert (finding.rule, finding.what) == ("stack-gone", "it moves from us-east-1 to eu-west-1")


def difference(old: Any, new: Any, *, same_scope: bool = True) -> list[PropertyChange]:
    return list(changes((old, new), (old, new), same_scope=same_scope))


@each(
    ("old", "new", "paths"),
    [
        ({"A": 1}, {"A": "1"}, []),
        ({"A": True}, {"A": "true"}, []),
        ({"A": False}, {"A": 0}, ["A"]),
        ({"A": {"B": 1}}, {"A": {"B": 2}}, ["A/B"]),
        ({}, {"A": {"B": 1}}, ["A/B"]),
        ({}, {"A": {}}, ["A"]),
        ({"A": [1, 2]}, {"A": [1, 3]}, ["A/1"]),
        ({"A": [1, 2]}, {"A": [1]}, ["A"]),
        ({"A": [{"B": 1}]}, {"A": [{"C": 1}]}, ["A/0/B", "A/0/C"]),
        ({"A": None}, {}, ["A"]),
    ],
)
def test_paths_of_what_differs(old: Any, new: Any, paths: list[str]) -> None:
    found = difference(old, new)
    assert ["/".join(one.path) for one in found] == paths
    assert all(one.known for one in found)


def test_an_unknown_value_is_no_difference_that_is_known() -> None:
    (one,) = changes(({"A": {"Ref": "P"}}, {"A": 1}), ({"A": Unknown("why")}, {"A": 1}), same_scope=True)
    assert (one.path, one.known, one.why) == (("A",), False, "why")


def test_one_function_in_place_of_another_may_differ() -> None:
    unread = {"A": Unknown("Fn::Base64 is not evaluated")}
    written = ({"A": {"Fn::Base64": "x"}}, {"A": {"Fn::Base64": "y"}})
    assert [one.known for one in changes(written, (unread, unread), same_scope=True)] == [False]
    assert list(changes((written[0], written[0]), (unread, unread), same_scope=True)) == []


@given(JSON)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert difference(value, value) == []
    assert same(value, value)


@given(JSON, JSON)
def test_what_differs_differs_the_other_way_round(one: Any, other: Any) -> None:
    there, back = difference(one, other), difference(other, one)
    assert [(change.path, change.known) for change in there] == [(change.path, change.known) for change in back]
    assert bool(there) != same(one, other) or {type(one), type(other)} & {dict, list}


@given(st.dictionaries(st.text(max_size=3), JSON, max_size=3))
def test_no_resources_that_are_the_same_are_found(resources: dict[str, Any]) -> None:
    side = {"Resources": resources}
    base, head = (Loaded(deployment=deployment_of({"S": side}, None), unread=()) for _ in range(2))
    assert review(pair_up(base, head)).findings == ()


def test_missing_is_shown_as_nothing() -> None:
    assert repr(MISSING) == "nothing"


def test_the_table_of_create_only_properties() -> None:
    bucket, table = create_only("AWS::S3::Bucket"), create_only("AWS::DynamoDB::Table")
    assert bucket.always == (("BucketName",), ("BucketNamePrefix",), ("BucketNamespace",))
    assert bucket.names == ("BucketName",)
    assert table.always == (("ImportSourceSpecification",), ("TableName",), ("KeySchema",))
    assert create_only("AWS::RDS::DBInstance").conditional == ()
    assert create_only("AWS::EC2::NetworkInterface").conditional == (
        ("ConnectionTrackingSpecification",),
        ("EnablePrimaryIpv6",),
    )
    assert create_only("Custom::Mine").always == ()
    assert (known_types(), schema_day()) == (1655, "2026-10-20")


@each(
    ("path", "pattern", "expected"),
    [
        ("A", "A", True),
        ("A/0/B", "A", True),
        ("A", "A/*/B", True),
        ("A/0/B", "A/*/B", True),
        ("A/0/C", "A/*/B", False),
        ("B", "A", False),
    ],
)
def test_where_a_change_and_a_property_overlap(path: str, pattern: str, expected: bool) -> None:
    assert overlaps(tuple(path.split("/")), tuple(pattern.split("/"))) == expected


def test_a_chain_of_references_is_replaced_as_one(tmp_path: Path) -> None:
    network = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}
    other = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}}
    subnet = {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Network"}, "CidrBlock": "10.0.0.0/24"}}
    gateway = {
        "Type": "AWS::EC2::NatGateway",
        "Properties": {"SubnetId": {"Fn::Sub": "${Subnet}"}, "AllocationId": "x"},
    }
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"S": {"Ref": "Subnet"}}}}}
    beside = {"Subnet": subnet, "Gateway": gateway, "Function": function}
    made = pair(tmp_path, {"m.json": of(Network=network, **beside)}, {"m.json": of(Network=other, **beside)})
    assert made.stacks[0].replacements == {
        "Network": Replacement(certain=True, by=("CidrBlock",)),
        "Subnet": Replacement(certain=True, by=("VpcId",), because=("Network",)),
        "Gateway": Replacement(certain=True, by=("SubnetId",), because=("Subnet",)),
    }


def test_what_may_be_replaced_is_replaced_with_what_it_refers_to(tmp_path: Path) -> None:
    def network(block: str) -> dict[str, Any]:
        return {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": block}}

    def subnet(block: Any) -> dict[str, Any]:
        return {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Network"}, "CidrBlock": block}}

    base = of(Network=network("10.0.0.0/16"), Subnet=subnet("10.0.0.0/24"))
    for block, certain in (("10.0.0.0/16", False), ("10.1.0.0/16", True)):
        head = {**STAGE, **of(Network=network(block), Subnet=subnet({"Ref": "Stage"}))}
        made = pair(tmp_path / block[:4], {"m.json": base}, {"m.json": head})
        found = made.stacks[0].replacements["Subnet"]
        assert (found.certain, found.unknown) == (certain, not certain)


EXPORTING = {**of(T=TOPIC), "Outputs": {"T": {"Value": {"Ref": "T"}, "Export": {"Name": "topic"}}}}
IMPORTING = of(
    Q={"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "t", "Value": {"Fn::ImportValue": "topic"}}]}}
)


@each(
    ("head", "told"),
    [
        (IMPORTING, "the update fails: b still imports it"),
        (of(Q=TOPIC), "the update fails if it comes before that of b, which imports it until then"),
    ],
)
def test_an_export_goes_before_or_after_its_import(head: dict[str, Any], told: str, tmp_path: Path) -> None:
    made = pair(tmp_path, {"a.json": EXPORTING, "b.json": IMPORTING}, {"a.json": of(T=TOPIC), "b.json": head})
    assert [one.means for one in review(made).findings if one.rule == "export-in-use"] == [told]


def test_properties_are_evaluated_with_marks_for_what_is_not_known() -> None:
    template = {
        "Parameters": {"Size": {"Type": "Number", "Default": 3}, "Unknown": {"Type": "String"}},
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {
            "Gone": {"Type": "AWS::SNS::Topic", "Condition": "Never"},
            "Data": {
                "Type": "AWS::S3::Bucket",
                "DeletionPolicy": "Retain",
                "Properties": {
                    "Count": {"Ref": "Size"},
                    "Left": {"Ref": "AWS::NoValue"},
                    "Name": {"Fn::Sub": "${Topic}-x"},
                    "Arn": {"Fn::GetAtt": "Topic.TopicArn"},
                    "Password": {"Ref": "Unknown"},
                    "Elsewhere": {"Fn::ImportValue": "x"},
                    "Account": {"Ref": "AWS::AccountId"},
                },
            },
        },
    }
    (stack,) = deployment_of({"S": template}, "us-east-1").stacks
    (resource,) = stack.resources()
    found = ResourceVersion(resource).marked_within
    assert found["Name"] == f"{reference('S', 'Topic', 'Ref')}-x"
    assert found["Password"] == unknown_mark(
        "the parameter Unknown has no default", 'S{"Ref": "Unknown"}', "${Unknown}"
    )
    assert {name: readable(value) if isinstance(value, str) else value for name, value in found.items()} == {
        "Count": 3,
        "Name": "${Topic}-x",
        "Arn": "${Topic.TopicArn}",
        "Password": "${Unknown}",
        "Elsewhere": "(unknown)",
        "Account": "${AWS.AccountId}",
    }


def test_a_value_without_functions_is_not_copied() -> None:
    template = of(Data={"Type": "AWS::S3::Bucket", "Properties": {"Tags": [{"Key": "a"}], "Name": {"Ref": "Stage"}}})
    (stack,) = deployment_of({"S": {**template, **STAGE}}, "us-east-1").stacks
    (resource,) = stack.resources()
    version = ResourceVersion(resource)
    assert (
        version.properties["Tags"] is version.marked("Tags") is version.marked_within["Tags"] is version.written["Tags"]
    )
    assert version.get("Name") == Unknown("the parameter Stage has no default")
    assert readable(version.marked("Name")) == "${Stage}"
    assert (version.marked("Missing"), version.get("Missing")) == (None, None)


def test_a_path_has_no_default() -> None:
    (stack,) = deployment_of({"S": of(Data={"Type": "AWS::S3::Bucket"})}, "us-east-1").stacks
    (resource,) = stack.resources()
    for default in ([], None, False):
        with pytest.raises(TypeError) as caught:
            ResourceVersion(resource).get("Tags", default)  # type: ignore[arg-type]
        assert str(caught.value) == (
            f"get('Tags', {default!r}): {default!r} is neither a key nor an index; a missing value is None"
        )

"""What may hold resources and cannot be opened is listed, counts as unknown, and keeps no budget."""

from __future__ import annotations

import datetime
from typing import Any

from cdk_inference.pricing import estimate, price_book
from cdk_inference.template import Unknown, deployment_of, read_hosting
from tests.each import each
from tests.unit.template.test_hosting import ONE, config, endpoint

BOOK = price_book([], datetime.date(2026, 11, 24))
INCLUDE = {"Name": "AWS::Include", "Parameters": {"Location": "s3://bucket/more.yaml"}}
PRODUCT = "AWS::ServiceCatalog::CloudFormationProvisionedProduct"


def chat(**resources: Any) -> dict[str, Any]:
    return {"Config": config(ONE | {"VolumeSizeInGB": 30}), "Chat": endpoint(), **resources}


@each(
    ("resources", "others", "listed"),
    [
        ({}, {"Transform": "My::Macro"}, [("My::Macro", "a macro")]),
        ({}, {"Transform": ["AWS::LanguageExtensions", "A", {"Name": "B"}]}, [("A", "a macro"), ("B", "a macro")]),
        ({}, {"Transform": INCLUDE}, [("AWS::Include", "a macro")]),
        ({}, {"Fn::Transform": INCLUDE}, [("AWS::Include", "a macro")]),
        ({}, {"Fn::Transform": [{"Name": "A"}, {"Name": "B"}]}, [("A", "a macro"), ("B", "a macro")]),
        ({"Fn::Transform": INCLUDE}, {}, [("AWS::Include", "a macro")]),
        ({"More": {"Fn::Transform": INCLUDE}}, {}, [("More", "a resource with a macro")]),
        ({"More": {"Type": "AWS::SNS::Topic", "Fn::Transform": INCLUDE}}, {}, [("More", "a resource with a macro")]),
        ({"Set": {"Type": "AWS::CloudFormation::StackSet"}}, {}, [("Set", "a stack set")]),
        ({"M": {"Type": "My::Team::Fleet::MODULE"}}, {}, [("M", "a module")]),
        ({"P": {"Type": PRODUCT}}, {}, [("P", "a product of Service Catalog")]),
        ({"P": {"Type": "AWS::SageMaker::Project"}}, {}, [("P", "a SageMaker project")]),
        ({"N": {"Type": "AWS::CloudFormation::Stack"}}, {}, [("N", "a nested stack")]),
        ({"Fn::ForEach::X": ["N", {"Ref": "Names"}, {}]}, {}, [("Fn::ForEach::X", "resources made in a loop")]),
    ],
)
def test_it_is_listed_and_no_budget_is_kept(resources: Any, others: Any, listed: list[tuple[str, str]]) -> None:
    deployment = deployment_of({"S": {"Resources": chat(**resources), **others}}, "us-east-1")
    found = estimate(deployment, BOOK, budget_usd=1e6)
    unknown = [line for line in found.lines if line.unknown]
    assert [(line.resource, line.what) for line in unknown] == listed
    assert found.minimum.at_least
    assert found.verdict == "PARTLY UNKNOWN"
    assert not any(kind.endswith(("MODULE", "StackSet", "Product", "Project")) for kind in found.outside)


@each(
    "transform",
    [
        "AWS::LanguageExtensions",
        "AWS::Serverless-2016-10-31",
        "AWS::CodeDeployBlueGreen",
        "AWS::SecretsManager-2020-07-23",
    ],
)
def test_a_transform_of_which_aws_says_what_it_makes_is_no_unknown_macro(transform: str) -> None:
    deployment = deployment_of({"S": {"Resources": chat(), "Transform": transform}}, "us-east-1")
    assert estimate(deployment, BOOK, budget_usd=5000).verdict == "WITHIN BUDGET"


@each(
    "changed",
    [
        {"Config": config(ONE) | {"Fn::Transform": INCLUDE}},
        {"Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"Fn::Transform": INCLUDE}}},
        {"Config": config(ONE, **{"Fn::Transform": {"Name": "My::Macro"}})},
        {"Config": config(ONE | {"Fn::Transform": {"Name": "My::Macro"}})},
        {"Config": config({"Fn::Transform": INCLUDE})},
        {"Chat": {"Type": "AWS::SageMaker::Endpoint", "Properties": {"Fn::Transform": INCLUDE}}},
    ],
)
def test_what_a_macro_may_change_is_not_known(changed: dict[str, Any]) -> None:
    deployment = deployment_of({"S": {"Resources": chat(**changed)}}, "us-east-1")
    (found,) = read_hosting(deployment).endpoints
    variants = found.hosted.variants
    assert isinstance(variants, Unknown) or isinstance(variants[0].types[0], Unknown)
    assert estimate(deployment, BOOK, budget_usd=1e6).verdict == "UNKNOWN"

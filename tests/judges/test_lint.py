"""cfn-lint as a judge, with `pytest --cfn-lint`: quiet about a good template, and it sees what the API models do not."""

from typing import Any

import pytest

from tests.each import each
from tests.judges import lint, service_model
from tests.judges.samples import spoiled, template

RETENTION = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
RETENTION_FINDING = f"E3030 Resources/Logs/Properties/RetentionInDays: 31 is not one of [{RETENTION}]"
VARIANT = "Config/ProductionVariants/0"


@pytest.mark.cfn_lint
@each("region", ["us-east-1", "eu-central-1"])
def test_good_template_has_no_findings(region: str) -> None:
    assert lint.cfn_lint(template(), region) == []


@pytest.mark.cfn_lint
@each(
    ("path", "value", "finding"),
    [
        ("Logs/RetentionInDays", 31, RETENTION_FINDING),
        # In the API, not in CloudFormation.
        (
            f"{VARIANT}/RoutingConfig/RoutingStrategy",
            "KV_AWARE",
            "E3030 Resources/Config/Properties/ProductionVariants/0/RoutingConfig/RoutingStrategy: "
            "'KV_AWARE' is not one of ['LEAST_OUTSTANDING_REQUESTS', 'PREFIX_AWARE', 'RANDOM']",
        ),
        (
            "Config/CrossRegionTrafficConfig",
            {},
            "E3002 Resources/Config/Properties/CrossRegionTrafficConfig: "
            "Additional properties are not allowed ('CrossRegionTrafficConfig' was unexpected)",
        ),
    ],
)
def test_sees_what_the_models_do_not(path: str, value: object, finding: str) -> None:
    found = lint.cfn_lint(spoiled(path, value), "us-east-1")
    assert found == [finding]


def test_the_models_have_no_enum_of_retention_periods() -> None:
    assert service_model.findings(spoiled("Logs/RetentionInDays", 31)) == []


@pytest.mark.cfn_lint
@each("holder", ["template", "resource"])
def test_metadata_cannot_silence_a_rule(holder: str) -> None:
    broken = spoiled("Logs/RetentionInDays", 31)
    spot: dict[str, Any] = broken if holder == "template" else broken["Resources"]["Logs"]
    spot["Metadata"] = {"cfn-lint": {"config": {"ignore_checks": ["E3030"]}}}
    assert lint.cfn_lint(broken, "us-east-1") == [RETENTION_FINDING]


@pytest.mark.cfn_lint
def test_warnings_and_informational_matches_are_found() -> None:
    broken = template()
    broken["Parameters"]["Spare"] = {"Type": "String"}
    del broken["Resources"]["Logs"]["DeletionPolicy"]
    assert lint.cfn_lint(broken, "us-east-1") == [
        "I3011 Resources/Logs: 'DeletionPolicy' is a required property (The default action when replacing/removing "
        "a resource is to delete it. Set explicit values for stateful resource)",
        "W2001 Parameters/Spare: Parameter Spare not used.",
        "W3011 Resources/Logs: Both 'UpdateReplacePolicy' and 'DeletionPolicy' are needed "
        "to protect resource from deletion",
    ]


@pytest.mark.cfn_lint
def test_ignored_rule_is_left_out() -> None:
    name = {"Fn::Join": ["", ["chat-", {"Ref": "Image"}]]}
    assert lint.cfn_lint(spoiled("Endpoint/EndpointName", name), "us-east-1") == []


def test_iam_actions() -> None:
    actions = lint.iam_actions()
    assert {"sagemaker:invokeendpoint", "sagemaker:invokeendpointasync", "s3:getobject"} <= actions
    assert "sagemaker:invokeendpoints" not in actions
    assert all(action == action.lower() and action.count(":") == 1 for action in actions)

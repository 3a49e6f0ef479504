"""AWS's engine as a judge: quiet about a good template, and it sees what the API models do not."""

from tests.each import each
from tests.judges import aws_engine
from tests.judges.samples import spoiled, template

RETENTION = "1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653"
VARIANT = "Config/ProductionVariants/0"


@each("region", ["us-east-1", "eu-central-1", None])
def test_good_template_has_no_findings(region: str | None) -> None:
    assert aws_engine.findings(template(), region) == []


@each(
    ("path", "value", "finding"),
    [
        (
            "Logs/RetentionInDays",
            31,
            f"W3030 Resources/Logs/Properties/RetentionInDays: 31 is not one of [{RETENTION}]",
        ),
        # In the API, not in CloudFormation.
        (
            f"{VARIANT}/RoutingConfig/RoutingStrategy",
            "KV_AWARE",
            "W3030 Resources/Config/Properties/ProductionVariants/0/RoutingConfig/RoutingStrategy: "
            "'KV_AWARE' is not one of ['LEAST_OUTSTANDING_REQUESTS', 'PREFIX_AWARE', 'RANDOM']",
        ),
        (
            "Config/CrossRegionTrafficConfig",
            {},
            "F3002 Resources/Config/Properties/CrossRegionTrafficConfig: "
            "Additional properties are not allowed ('CrossRegionTrafficConfig' was unexpected)",
        ),
    ],
)
def test_sees_what_the_models_do_not(path: str, value: object, finding: str) -> None:
    assert aws_engine.findings(spoiled(path, value), "us-east-1") == [finding]


def test_sees_what_spans_resources() -> None:
    broken = template()
    broken["Parameters"]["Spare"] = {"Type": "String"}
    broken["Resources"]["Endpoint"]["DependsOn"] = "Nothing"
    del broken["Resources"]["Logs"]["DeletionPolicy"]
    assert aws_engine.findings(broken, "us-east-1") == [
        "E3005 Resources/Endpoint: DependsOn target 'Nothing' does not exist as a resource",
        "W2001 Parameters/Spare: Parameter 'Spare' is not referenced anywhere in the template",
        "W3011 Resources/Logs: Both 'UpdateReplacePolicy' and 'DeletionPolicy' are needed to protect resource from deletion",
    ]


def test_sees_a_type_that_the_region_does_not_have() -> None:
    found = aws_engine.findings(template(), "me-central-1")
    assert any("AWS::SageMaker::Endpoint" in finding for finding in found)

"""The walker over botocore's models: accepts a good template, names each defect in full."""

from tests.each import each
from tests.judges import service_model
from tests.judges.samples import REMOVED, spoiled, template

VARIANT = "Config/ProductionVariants/0"
METRIC = "TargetTrackingScalingPolicyConfiguration/PredefinedMetricSpecification/PredefinedMetricType"
SM = "(sagemaker 2017-07-24)"
AAS = "(application-autoscaling 2016-02-06)"

DEFECTS: list[tuple[str, object, str]] = [
    # Members
    (
        f"{VARIANT}/Size",
        "x",
        f"Config.Properties.ProductionVariants[0]: unknown member 'Size' of ProductionVariant {SM}",
    ),
    (
        f"{VARIANT}/VariantName",
        REMOVED,
        f"Config.Properties.ProductionVariants[0]: missing required member 'VariantName' of ProductionVariant {SM}",
    ),
    (
        "Config/ProductionVariants",
        {"Ref": "AWS::NoValue"},
        f"Config.Properties: missing required member 'ProductionVariants' of CreateEndpointConfigInput {SM}",
    ),
    # Read-only properties cannot be set.
    ("Endpoint/EndpointArn", "x", f"Endpoint.Properties: unknown member 'EndpointArn' of CreateEndpointInput {SM}"),
    # Enums
    (
        f"{VARIANT}/InstanceType",
        "ml.inf3.xlarge",
        "Config.Properties.ProductionVariants[0].InstanceType: "
        f"'ml.inf3.xlarge' is not in the enum ProductionVariantInstanceType {SM}",
    ),
    (
        f"Scaling/{METRIC}",
        "SageMakerTokens",
        f"Scaling.Properties.{METRIC.replace('/', '.')}: 'SageMakerTokens' is not in the enum MetricType {AAS}",
    ),
    (
        "Endpoint/ExcludeRetainedVariantProperties/0/VariantPropertyType",
        "DesiredMood",
        "Endpoint.Properties.ExcludeRetainedVariantProperties[0].VariantPropertyType: "
        f"'DesiredMood' is not in the enum VariantPropertyType {SM}",
    ),
    (
        "Steps/StepScalingPolicyConfiguration/AdjustmentType",
        "ChangeInMood",
        "Steps.Properties.StepScalingPolicyConfiguration.AdjustmentType: "
        f"'ChangeInMood' is not in the enum AdjustmentType {AAS}",
    ),
    (
        "Steps/StepScalingPolicyConfiguration/StepAdjustments/0/ScalingAdjustment",
        REMOVED,
        "Steps.Properties.StepScalingPolicyConfiguration.StepAdjustments[0]: "
        f"missing required member 'ScalingAdjustment' of StepAdjustment {AAS}",
    ),
    # Target tracking has no period.
    (
        "Weighed/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/Metrics/0/MetricStat/Period",
        60,
        "Weighed.Properties.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics[0]"
        f".MetricStat: unknown member 'Period' of TargetTrackingMetricStat {AAS}",
    ),
    (
        "Weighed/TargetTrackingScalingPolicyConfiguration/CustomizedMetricSpecification/Metrics/1/Expression",
        "m" * 2049,
        "Weighed.Properties.TargetTrackingScalingPolicyConfiguration.CustomizedMetricSpecification.Metrics[1]"
        f".Expression: '{'m' * 76}... has 2049 characters, above the maximum 2048 of Expression {AAS}",
    ),
    (
        "Target/ScheduledActions/0/ScheduledActionName",
        "at: eight",
        "Target.Properties.ScheduledActions[0].ScheduledActionName: 'at: eight' does not match the pattern "
        rf"(?!((^[ ]+.*)|(.*([\u0000-\u001f]|[\u007f-\u009f]|[:/|])+.*)|(.*[ ]+$))).+ of ScheduledActionName {AAS}",
    ),
    # Bounds
    (
        f"{VARIANT}/VolumeSizeInGB",
        513,
        "Config.Properties.ProductionVariants[0].VolumeSizeInGB: "
        f"513 is above the maximum 512 of ProductionVariantVolumeSizeInGB {SM}",
    ),
    (
        f"{VARIANT}/VolumeSizeInGB",
        "513",
        "Config.Properties.ProductionVariants[0].VolumeSizeInGB: "
        f"513 is above the maximum 512 of ProductionVariantVolumeSizeInGB {SM}",
    ),
    (
        f"{VARIANT}/InitialInstanceCount",
        0,
        "Config.Properties.ProductionVariants[0].InitialInstanceCount: "
        f"0 is below the minimum 1 of InitialTaskCount {SM}",
    ),
    (
        f"{VARIANT}/InitialVariantWeight",
        -0.5,
        "Config.Properties.ProductionVariants[0].InitialVariantWeight: "
        f"-0.5 is below the minimum 0 of VariantWeight {SM}",
    ),
    (
        "Config/ProductionVariants",
        [],
        f"Config.Properties.ProductionVariants: has 0 items, below the minimum 1 of ProductionVariantList {SM}",
    ),
    (
        "Config/ProductionVariants",
        [{"Ref": "AWS::NoValue"}],
        f"Config.Properties.ProductionVariants: has 0 items, below the minimum 1 of ProductionVariantList {SM}",
    ),
    (
        "Endpoint/EndpointName",
        "x" * 64,
        f"Endpoint.Properties.EndpointName: '{'x' * 64}' has 64 characters, above the maximum 63 of EndpointName {SM}",
    ),
    # Patterns
    (
        "Endpoint/EndpointName",
        "-x",
        "Endpoint.Properties.EndpointName: "
        f"'-x' does not match the pattern [a-zA-Z0-9](-*[a-zA-Z0-9]){{0,62}} of EndpointName {SM}",
    ),
    (
        "Config/KmsKeyId",
        "key!",
        f"Config.Properties.KmsKeyId: 'key!' does not match the pattern [a-zA-Z0-9:/_-]* of KmsKeyId {SM}",
    ),
    (
        "Scaling/PolicyName",
        "café",
        rf"Scaling.Properties.PolicyName: 'café' does not match the pattern \p{{Print}}+ of PolicyName {AAS}",
    ),
    (
        "Model/PrimaryContainer/Environment/1A",
        "x",
        "Model.Properties.PrimaryContainer.Environment key: "
        f"'1A' does not match the pattern [a-zA-Z_][a-zA-Z0-9_]* of EnvironmentKey {SM}",
    ),
    # Types
    (
        f"{VARIANT}/InitialInstanceCount",
        "many",
        "Config.Properties.ProductionVariants[0].InitialInstanceCount: "
        f"'many' is not of type integer (InitialTaskCount) {SM}",
    ),
    (
        f"{VARIANT}/InitialInstanceCount",
        1.5,
        "Config.Properties.ProductionVariants[0].InitialInstanceCount: "
        f"1.5 is not of type integer (InitialTaskCount) {SM}",
    ),
    (
        "Target/MinCapacity",
        True,
        f"Target.Properties.MinCapacity: True is not of type integer (ResourceCapacity) {AAS}",
    ),
    (
        "Endpoint/RetainAllVariantProperties",
        "yes",
        f"Endpoint.Properties.RetainAllVariantProperties: 'yes' is not of type boolean (Boolean) {SM}",
    ),
    (
        "Model/PrimaryContainer/Environment/A",
        1,
        f"Model.Properties.PrimaryContainer.Environment.A: 1 is not of type string (EnvironmentValue) {SM}",
    ),
    (
        "Model/PrimaryContainer/Environment",
        "A=1",
        f"Model.Properties.PrimaryContainer.Environment: 'A=1' is not of type map (EnvironmentMap) {SM}",
    ),
    (
        "Model/PrimaryContainer",
        "image",
        f"Model.Properties.PrimaryContainer: 'image' is not of type structure (ContainerDefinition) {SM}",
    ),
    (
        "Config/ProductionVariants",
        {"a": 1, "b": 2},
        f"Config.Properties.ProductionVariants: {{'a': 1, 'b': 2}} is not of type list (ProductionVariantList) {SM}",
    ),
]


def test_good_template_has_no_findings() -> None:
    assert service_model.findings(template()) == []


@each(("path", "value", "finding"), DEFECTS)
def test_defect_is_named(path: str, value: object, finding: str) -> None:
    assert service_model.findings(spoiled(path, value)) == [finding]


@each(
    ("path", "value"),
    [
        (f"{VARIANT}/VolumeSizeInGB", "512"),
        (f"{VARIANT}/InitialInstanceCount", 2.0),
        ("Endpoint/RetainAllVariantProperties", "true"),
        ("Endpoint/EndpointName", "x" * 63),
        ("Endpoint/EndpointName", {"Fn::Join": ["", ["-", {"Ref": "Image"}]]}),
        ("Config/ProductionVariants", {"Fn::FindInMap": ["Map", "a", "b"]}),
        ("Config/DataCaptureConfig", {"Ref": "AWS::NoValue"}),
        ("Alarm/AlarmActions", [*["arn"] * 5, {"Fn::If": ["Page", "arn", {"Ref": "AWS::NoValue"}]}]),
        ("Config/Tags", [{"Ref": "AWS::NoValue"}, {"Key": "équipe", "Value": ""}]),
    ],
)
def test_no_finding(path: str, value: object) -> None:
    assert service_model.findings(spoiled(path, value)) == []


def test_both_branches_of_a_condition_are_read() -> None:
    choice = {"Fn::If": ["Big", "ml.inf3.xlarge", {"Fn::If": ["Odd", "ml.inf2.xlarge", "ml.inf9.xlarge"]}]}
    where = "Config.Properties.ProductionVariants[0].InstanceType"
    assert service_model.findings(spoiled(f"{VARIANT}/InstanceType", choice)) == [
        f"{where}.Fn::If[1]: 'ml.inf3.xlarge' is not in the enum ProductionVariantInstanceType {SM}",
        f"{where}.Fn::If[2].Fn::If[2]: 'ml.inf9.xlarge' is not in the enum ProductionVariantInstanceType {SM}",
    ]


def test_a_member_of_a_call_that_cloudformation_partly_fills_in() -> None:
    """A budget's name is generated, and its amount is a number in CloudFormation only; the rest is read."""
    budget = {"BudgetType": "COST", "TimeUnit": "MONTH", "BudgetLimit": {"Amount": 1}, "Metrics": ["UnblendedCost"]}
    resource = {"Type": "AWS::Budgets::Budget", "Properties": {"Budget": budget}}
    assert service_model.findings({"Resources": {"Budget": resource}}) == [
        "Budget.Properties.Budget.TimeUnit: 'MONTH' is not in the enum TimeUnit (budgets 2016-10-20)",
        "Budget.Properties.Budget.BudgetLimit: missing required member 'Unit' of Spend (budgets 2016-10-20)",
    ]

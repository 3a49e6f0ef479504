"""Where CloudFormation and the API differ, the table says how; and it names nothing that does not exist."""

import itertools

from tests.each import each
from tests.judges import service_model
from tests.judges.api_calls import TABLE
from tests.judges.samples import REMOVED, spoiled, template

BEDROCK = "(bedrock 2023-04-20)"
AAS = "(application-autoscaling 2016-02-06)"
IAM = "(iam 2010-05-08)"
KMS = "(kms 2014-11-01)"
LOGS = "(logs 2014-03-28)"
WORD = r"[\w+=,.@-]+"
LATIN = r"[\u0009\u000A\u000D\u0020-\u00FF]+"

DEFECTS: list[tuple[str, object, list[str]]] = [
    # Renamed
    ("Logs/logGroupName", "x", [f"Logs.Properties: unknown member 'logGroupName' of CreateLogGroupRequest {LOGS}"]),
    (
        "Logs/LogGroupName",
        "a b",
        [rf"Logs.Properties.LogGroupName: 'a b' does not match the pattern [\.\-_/#A-Za-z0-9]+ of LogGroupName {LOGS}"],
    ),
    ("Key/Tags/0/TagKey", "x", [f"Key.Properties.Tags[0]: unknown member 'TagKey' of Tag {KMS}"]),
    ("Key/Tags/0/Key", REMOVED, [f"Key.Properties.Tags[0]: missing required member 'TagKey' of Tag {KMS}"]),
    (
        "Guardrail/ContentPolicyConfig/ContentFiltersTierConfig/TierName",
        "GOLD",
        [
            "Guardrail.Properties.ContentPolicyConfig.ContentFiltersTierConfig.TierName: "
            f"'GOLD' is not in the enum GuardrailContentFiltersTierName {BEDROCK}"
        ],
    ),
    (
        "Guardrail/WordPolicyConfig/WordsConfig/0/Text",
        "b" * 101,
        [
            f"Guardrail.Properties.WordPolicyConfig.WordsConfig[0].Text: '{'b' * 76}... "
            f"has 101 characters, above the maximum 100 of GuardrailWordConfigTextString {BEDROCK}"
        ],
    ),
    # A member of a member
    (
        "Enforced/GuardrailVersion",
        "DRAFT",
        [
            "Enforced.Properties.GuardrailVersion: 'DRAFT' does not match the pattern "
            f"[1-9][0-9]{{0,7}} of GuardrailNumericalVersion {BEDROCK}"
        ],
    ),
    (
        "Enforced/ModelEnforcement/IncludedModels",
        [],
        [
            "Enforced.Properties.ModelEnforcement.IncludedModels: "
            f"has 0 items, below the minimum 1 of IncludedModelsList {BEDROCK}"
        ],
    ),
    # Another operation
    ("Logs/RetentionInDays", "long", [f"Logs.Properties.RetentionInDays: 'long' is not of type integer (Days) {LOGS}"]),
    (
        "Key/PendingWindowInDays",
        400,
        [f"Key.Properties.PendingWindowInDays: 400 is above the maximum 365 of PendingWindowInDaysType {KMS}"],
    ),
    (
        "Target/ScheduledActions/0/ScheduledActionName",
        REMOVED,
        [
            "Target.Properties.ScheduledActions[0]: "
            f"missing required member 'ScheduledActionName' of PutScheduledActionRequest {AAS}"
        ],
    ),
    (
        "Role/ManagedPolicyArns",
        ["arn:short"],
        [f"Role.Properties.ManagedPolicyArns[0]: 'arn:short' has 9 characters, below the minimum 20 of arnType {IAM}"],
    ),
    (
        "Role/Policies/0/PolicyName",
        "a b",
        [f"Role.Properties.Policies[0].PolicyName: 'a b' does not match the pattern {WORD} of policyNameType {IAM}"],
    ),
    (
        "Role/Policies",
        "read",
        [f"Role.Properties.Policies: 'read' is not of type list (PutRolePolicy) {IAM}"],
    ),
    # JSON documents
    (
        "Role/AssumeRolePolicyDocument",
        [],
        [
            "Role.Properties.AssumeRolePolicyDocument: "
            f"[] is neither a JSON object nor a string (policyDocumentType) {IAM}"
        ],
    ),
    (
        "Role/Policies/0/PolicyDocument",
        {"Id": "€"},
        [
            "Role.Properties.Policies[0].PolicyDocument: "
            f"""'{{"Id":"€"}}' does not match the pattern {LATIN} of policyDocumentType {IAM}"""
        ],
    ),
    (
        "Logs/FieldIndexPolicies",
        [{"Fields": ["f" * 51200]}],
        [
            f"""Logs.Properties.FieldIndexPolicies[0]: '{{"Fields":["{"f" * 64}... """
            f"has 51215 characters, above the maximum 51200 of PolicyDocument {LOGS}"
        ],
    ),
    # Tags that are a map in the API
    (
        "Target/Tags",
        [{"Key": "a"}],
        [f"Target.Properties.Tags[0]: {{'Key': 'a'}} is not a tag of Key and Value (TagMap) {AAS}"],
    ),
    (
        "Logs/Tags/0/Key",
        "bad!",
        [
            "Logs.Properties.Tags[0].Key: 'bad!' does not match the pattern "
            rf"^([\p{{L}}\p{{Z}}\p{{N}}_.:/=+\-@]+)$ of TagKey {LOGS}"
        ],
    ),
    # One property for three members
    (
        "Scaling/ScalingTargetId",
        REMOVED,
        [
            f"Scaling.Properties: missing required member '{name}' of PutScalingPolicyRequest {AAS}"
            for name in ("ServiceNamespace", "ResourceId", "ScalableDimension")
        ],
    ),
]


@each(("path", "value", "expected"), DEFECTS)
def test_defect_is_named(path: str, value: object, expected: list[str]) -> None:
    assert service_model.findings(spoiled(path, value)) == expected


@each("kind", TABLE)
def test_every_call_of_the_table_exists(kind: str) -> None:
    resource = TABLE[kind]
    model = service_model.model_of(resource.service)
    members = model.operation_model(resource.operation).input_shape.members
    top_level = {api for path, api in resource.renamed.items() if "." not in path and path not in resource.other_calls}
    assert resource.supplied | top_level | {m for given in resource.stands_for.values() for m in given} <= set(members)
    for call in resource.other_calls.values():
        inputs = model.operation_model(call.operation).input_shape.members
        first, *further = call.member.split(".")
        assert ({first} if first else call.supplied) <= set(inputs)
        for outer, inner in itertools.pairwise((first, *further)):
            assert inner in inputs[outer].members


@each("kind", TABLE)
def test_every_property_of_a_type_is_known(kind: str) -> None:
    from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # loading it takes 1.5 CPU seconds

    resource = TABLE[kind]
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    read_only = {path.split("/")[2] for path in schema.get("readOnlyProperties", []) if path.count("/") == 2}
    model = service_model.model_of(resource.service)
    known = set(model.operation_model(resource.operation).input_shape.members)
    known |= {*resource.renamed, *resource.other_calls, *resource.ignored, *resource.stands_for}
    assert set(schema["properties"]) - read_only - known == set()


def test_unchecked_lists_types_in_no_table() -> None:
    resources = template()["Resources"]
    resources |= {
        "Queue": {"Type": "AWS::SQS::Queue"},
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "X": {"Type": "Custom::X"},
    }
    assert service_model.unchecked({"Resources": resources}) == ["AWS::SQS::Queue", "Custom::X"]

"""The evaluator against rules and examples of AWS's documentation, a page each.

Looked up on 2026-11-24: wildcards in resources, a key that is missing, the example of a boundary, that of a guardrail.
The others, policies and page names, are from memory.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.iam import Policies, Request, applies, decide, resource_matches
from rehearsal.iam_conditions import arn_like, condition_holds
from tests.each import each
from tests.judges.deployed import Deployment

IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: Any, resource: Any = "*", condition: Any = None) -> dict[str, Any]:
    found = {"Effect": "Allow", "Action": action, "Resource": resource}
    return found if condition is None else {**found, "Condition": condition}


def test_a_boundary_limits_and_grants_nothing() -> None:
    """access_policies_boundaries.html: Shirley may manage S3, CloudWatch and EC2 at most, and her policy is for IAM."""
    boundary = policy(allow(["s3:*", "cloudwatch:*", "ec2:*"]))
    create = Request("iam:CreateUser", "*")
    shirley = Policies(identity=[policy(allow("iam:CreateUser"))], boundary=boundary)
    assert decide(create, shirley).why == "boundary does not allow"
    assert decide(Request("s3:GetObject", "arn:aws:s3:::b/o"), shirley).why == "nothing allows"
    both = Policies(identity=[policy(allow("s3:GetObject"))], boundary=boundary)
    assert decide(Request("s3:GetObject", "arn:aws:s3:::b/o"), both)


def test_a_session_policy_limits_too() -> None:
    """access_policies.html, session policies: what they and the role's own policies both allow."""
    session = Policies(identity=[policy(allow("s3:*"))], session=policy(allow("s3:GetObject")))
    assert decide(Request("s3:GetObject", "arn:aws:s3:::b/o"), session)
    assert decide(Request("s3:PutObject", "arn:aws:s3:::b/o"), session).why == "session does not allow"


REGIONS_ONLY = policy(
    {
        "Sid": "DenyAllOutsideRequestedRegions",
        "Effect": "Deny",
        "NotAction": ["cloudfront:*", "iam:*", "organizations:*", "route53:*", "support:*"],
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": ["eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"]}
        },
    }
)
EVERYTHING = policy(allow("*"))


@each(
    ("action", "region", "allowed"),
    [
        ("ec2:RunInstances", "eu-west-1", True),
        ("ec2:RunInstances", "us-east-1", False),
        ("iam:CreateUser", "us-east-1", True),
        ("cloudfront:CreateDistribution", "us-east-1", True),
    ],
)
def test_regions_by_a_deny_with_notaction(action: str, region: str, allowed: bool) -> None:
    """reference_policies_examples_aws_deny-requested-region.html"""
    request = Request(action, "*", {"aws:RequestedRegion": region})
    assert bool(decide(request, Policies(identity=[EVERYTHING, REGIONS_ONLY]))) is allowed
    scp = Policies(identity=[EVERYTHING], service_control=[[EVERYTHING, REGIONS_ONLY]])
    assert bool(decide(request, scp)) is allowed


def test_every_level_of_an_organization_must_allow() -> None:
    """https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html"""
    only_s3 = policy(allow("s3:*"))
    request = Request("ec2:RunInstances", "*")
    assert decide(request, Policies(identity=[EVERYTHING], service_control=[[EVERYTHING], [EVERYTHING]]))
    limited = decide(request, Policies(identity=[EVERYTHING], service_control=[[EVERYTHING], [only_s3]]))
    assert limited.why == "service control policy, level 2 does not allow"
    assert decide(request, Policies(service_control=[[EVERYTHING]])).why == "nothing allows"


@each("kind", ["boundary", "session", "resource", "endpoint"])
def test_an_explicit_deny_in_any_policy_wins(kind: str) -> None:
    """reference_policies_evaluation-logic_policy-eval-denyallow.html"""
    denied = policy({**allow("*"), "Principal": "*"}, {"Sid": "No", "Effect": "Deny", "Action": "*", "Resource": "*"})
    assert decide(Request("s3:GetObject", "*"), Policies(identity=[EVERYTHING], **{kind: denied})).allowed is False
    deny_in_scp = decide(Request("s3:GetObject", "*"), Policies(identity=[EVERYTHING], service_control=[[denied]]))
    assert deny_in_scp.why == "service control policy, level 1 denies: No"


def test_a_resources_policy_grants_by_itself_in_one_account() -> None:
    """reference_policies_evaluation-logic_policy-eval-basics.html; the topic's policy is SNS's for CloudWatch alarms,
    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html"""
    topic = "arn:aws:sns:us-east-2:444455556666:MyTopic"
    document = policy(
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": {
                "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-west-2:111122223333:alarm:*"},
                "StringEquals": {"aws:SourceAccount": "111122223333"},
            },
        }
    )
    came_from = {
        "aws:SourceArn": "arn:aws:cloudwatch:us-west-2:111122223333:alarm:Errors",
        "aws:SourceAccount": "111122223333",
    }
    alarm = Request("sns:Publish", topic, came_from, principal="cloudwatch.amazonaws.com")
    assert decide(alarm, Policies(resource=document))
    assert not decide(Request("sns:Publish", topic, came_from), Policies(resource=document))
    other = {**came_from, "aws:SourceAccount": "444455556666"}
    assert not decide(Request("sns:Publish", topic, other, "cloudwatch.amazonaws.com"), Policies(resource=document))


def test_a_key_policy_names_its_account() -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"""
    document = policy({**allow("kms:*"), "Principal": {"AWS": "arn:aws:iam::111122223333:root"}})
    key = "arn:aws:kms:us-east-1:111122223333:key/k"
    assert decide(Request("kms:Decrypt", key), Policies(resource=document))
    stranger = Request("kms:Decrypt", key, principal="arn:aws:iam::444455556666:role/Other")
    assert not decide(stranger, Policies(resource=document))


def test_a_bucket_for_one_vpc_endpoint() -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html"""
    document = policy(
        {
            "Sid": "Access-to-specific-VPCE-only",
            "Principal": "*",
            "Action": "s3:*",
            "Effect": "Deny",
            "Resource": ["arn:aws:s3:::awsexamplebucket1", "arn:aws:s3:::awsexamplebucket1/*"],
            "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}},
        }
    )
    policies = Policies(identity=[policy(allow("s3:*"))], resource=document)
    item = "arn:aws:s3:::awsexamplebucket1/x"
    assert decide(Request("s3:GetObject", item, {"aws:SourceVpce": "vpce-1a2b3c4d"}), policies)
    assert not decide(Request("s3:GetObject", item, {"aws:SourceVpce": "vpce-11111111"}), policies)
    assert not decide(Request("s3:GetObject", item), policies)


GUARDED = policy(
    {
        "Sid": "InvokeFoundationModelStatement1",
        "Effect": "Allow",
        "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        "Resource": ["arn:aws:bedrock:us-east-1::foundation-model/*"],
        "Condition": {
            "StringEquals": {
                "bedrock:GuardrailIdentifier": "arn:aws:bedrock:us-east-1:123456789012:guardrail/guardrail-id:1"
            }
        },
    },
    {
        "Sid": "InvokeFoundationModelStatement2",
        "Effect": "Deny",
        "Action": ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        "Resource": ["arn:aws:bedrock:us-east-1::foundation-model/*"],
        "Condition": {
            "StringNotEquals": {
                "bedrock:GuardrailIdentifier": "arn:aws:bedrock:us-east-1:123456789012:guardrail/guardrail-id:1"
            }
        },
    },
)


@each(
    ("guardrail", "allowed"), [("guardrail-id:1", True), ("guardrail-id:2", False), ("other:1", False), (None, False)]
)
def test_bedrocks_guardrail_example(guardrail: str | None, allowed: bool) -> None:
    """https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html, example 1"""
    arn = f"arn:aws:bedrock:us-east-1:123456789012:guardrail/{guardrail}"
    context = {} if guardrail is None else {"bedrock:GuardrailIdentifier": arn}
    request = Request("bedrock:InvokeModel", "arn:aws:bedrock:us-east-1::foundation-model/a.b", context)
    assert bool(decide(request, Policies(identity=[GUARDED, EVERYTHING]))) is allowed


@each(
    ("condition", "context", "holds"),
    [
        # operators.html: a key that is missing does not match; it does not "not match" either, so negated ones hold.
        ({"StringEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}}, {}, False),
        ({"StringNotEquals": {"aws:PrincipalTag/job-category": "iamuser-admin"}}, {}, True),
        ({"StringEqualsIfExists": {"aws:PrincipalTag/job-category": "iamuser-admin"}}, {}, True),
        # ...IfExists: the example of ec2:InstanceType
        ({"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {"ec2:InstanceType": "t2.micro"}, True),
        ({"StringLikeIfExists": {"ec2:InstanceType": ["t1.*", "t2.*"]}}, {"ec2:InstanceType": "m5.large"}, False),
        # Null: the example of aws:TokenIssueTime
        ({"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
        ({"Null": {"aws:TokenIssueTime": "true"}}, {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}, False),
        ({"Null": {"aws:TokenIssueTime": "false"}}, {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}, True),
        # Keys are compared without case, values with it
        ({"StringEquals": {"AWS:SourceVpce": "vpce-1"}}, {"aws:sourcevpce": "vpce-1"}, True),
        ({"StringEquals": {"aws:username": "Bob"}}, {"aws:username": "bob"}, False),
        ({"StringEqualsIgnoreCase": {"aws:username": "Bob"}}, {"aws:username": "bob"}, True),
        # Several values of a key: one of them; of a negated operator: none of them. Several keys: all
        ({"StringEquals": {"k:a": ["1", "2"]}}, {"k:a": "2"}, True),
        ({"StringNotEquals": {"k:a": ["1", "2"]}}, {"k:a": "2"}, False),
        ({"StringNotEquals": {"k:a": ["1", "2"]}}, {"k:a": "3"}, True),
        ({"StringEquals": {"k:a": "1", "k:b": "2"}}, {"k:a": "1"}, False),
        ({"StringEquals": {"k:a": "1"}, "Bool": {"k:b": "true"}}, {"k:a": "1", "k:b": "true"}, True),
        # deny-ip.html
        ({"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}}, {"aws:SourceIp": "192.0.2.7"}, False),
        ({"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]}}, {"aws:SourceIp": "8.8.8.8"}, True),
        # s3:max-keys, and the date of a policy
        ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "10"}, True),
        ({"NumericLessThanEquals": {"s3:max-keys": "10"}}, {"s3:max-keys": "11"}, False),
        (
            {"DateLessThan": {"aws:CurrentTime": "2020-06-30T23:59:59Z"}},
            {"aws:CurrentTime": "2020-04-01T00:00:00Z"},
            True,
        ),
        ({"DateGreaterThan": {"aws:CurrentTime": "2020-06-30"}}, {"aws:CurrentTime": "2020-04-01T00:00:00Z"}, False),
        # ARN operators
        (
            {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:123456789012:T*"}},
            {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:Topic"},
            True,
        ),
        (
            {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:*:Other"}},
            {"aws:SourceArn": "arn:aws:sns:us-east-1:123456789012:Topic"},
            False,
        ),
        ({"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:*:T*"}}, {}, True),
        # single-vs-multi-valued-context-keys.html
        (
            {"ForAllValues:StringEquals": {"aws:TagKeys": ["environment", "cost-center"]}},
            {"aws:TagKeys": ["environment"]},
            True,
        ),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["environment"]}}, {"aws:TagKeys": ["environment", "x"]}, False),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["environment"]}}, {}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["environment"]}}, {"aws:TagKeys": ["x", "environment"]}, True),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["environment"]}}, {"aws:TagKeys": ["x"]}, False),
        ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["environment"]}}, {}, False),
        # variables.html
        ({"StringLike": {"s3:prefix": "${aws:username}/*"}}, {"aws:username": "bob", "s3:prefix": "bob/x"}, True),
        ({"StringEquals": {"k:team": "${aws:PrincipalTag/team, 'none'}"}}, {"k:team": "none"}, True),
    ],
)
def test_conditions(condition: Any, context: Any, holds: bool) -> None:
    assert condition_holds(condition, context) is holds


@each(
    ("pattern", "arn", "matches"),
    [
        ("arn:aws:iam::111122223333:user/accounting/*", "arn:aws:iam::111122223333:user/accounting/a/b", True),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*", "arn:aws:s3:::amzn-s3-demo-bucket/a/b", True),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/1/2/test/3.jpg", True),
        ("arn:aws:s3:::amzn-s3-demo-bucket/*/test/*", "arn:aws:s3:::amzn-s3-demo-bucket/test/3.jpg", False),
        ("arn:aws:bedrock:*::foundation-model/x", "arn:aws:bedrock:::foundation-model/x", True),
        ("arn:aws:bedrock:us-*::foundation-model/x", "arn:aws:bedrock:eu-west-1::foundation-model/x", False),
        ("arn:aws:bedrock:us-east-?::foundation-model/x", "arn:aws:bedrock:us-east-2::foundation-model/x", True),
        ("arn:aws:logs:us-east-1:1:log-group:*", "arn:aws:logs:us-east-1:1:log-group:a:log-stream:b", True),
        ("arn:aws:logs:us-east-1:1:log-group:*x", "arn:aws:logs:us-east-1:1:log-group:a:log-stream:x", False),
        ("arn:aws:iam::111122223333:user/Bob", "arn:aws:iam::111122223333:user/bob", False),
        ("*", "arn:aws:s3:::b", True),
    ],
)
def test_wildcards_of_resources(pattern: str, arn: str, matches: bool) -> None:
    """reference_policies_elements_resource.html"""
    assert resource_matches(pattern, arn) is matches


def test_actions_are_compared_without_case_and_with_wildcards() -> None:
    """reference_policies_elements_action.html"""
    keys = allow("iam:*AccessKey*")
    assert applies(keys, Request("iam:CreateAccessKey", "*"))
    assert applies(allow("S3:GETOBJECT"), Request("s3:GetObject", "*"))
    assert not applies(keys, Request("iam:CreateUser", "*"))


def test_notresource() -> None:
    """reference_policies_elements_notresource.html"""
    document = policy(
        {
            "Effect": "Deny",
            "Action": "s3:*",
            "NotResource": ["arn:aws:s3:::HRBucket/Payroll", "arn:aws:s3:::HRBucket/Payroll/*"],
        }
    )
    policies = Policies(identity=[EVERYTHING, document])
    assert decide(Request("s3:GetObject", "arn:aws:s3:::HRBucket/Payroll/x"), policies)
    assert not decide(Request("s3:GetObject", "arn:aws:s3:::HRBucket/Other"), policies)


@each(
    "statement",
    [
        {"Effect": "Allow", "Action": "*"},
        {"Effect": "Allow", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Conditions": {}},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "NotPrincipal": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForSomeValues:StringEquals": {"a:b": "c"}}},
    ],
)
def test_what_is_not_judged_is_an_error(statement: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"not judged|a statement without|unknown set operator"):
        applies(statement, Request("s3:GetObject", "*", {"a:b": "c"}))
    with pytest.raises(KeyError, match="StringSimilar"):
        condition_holds({"StringSimilar": {"a:b": "c"}}, {"a:b": "c"})
    with pytest.raises(ValueError, match="several values"):
        condition_holds({"StringEquals": {"a:b": "c"}}, {"a:b": ["c", "d"]})


@given(st.lists(st.text("ab:/*", max_size=4), min_size=6, max_size=6), st.text("ab:/", max_size=8))
def test_a_pattern_without_wildcards_matches_only_itself(parts: list[str], other: str) -> None:
    pattern = ":".join(part.replace("*", "") for part in parts)
    assert resource_matches(pattern, pattern)
    assert resource_matches(pattern, other) is (pattern == other)
    assert arn_like(pattern, pattern)


def test_templates_become_text() -> None:
    deployed = Deployment(values={"Key.Arn": "arn:aws:kms:us-east-1:1:key/k", "Role": "r", "stack:Out": "v"})
    assert deployed.resolve(
        {
            "a": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":x:", {"Ref": "AWS::Region"}]]},
            "b": [
                {"Fn::GetAtt": ["Key", "Arn"]},
                {"Ref": "Role"},
                {"Ref": "Missing"},
                {"Fn::ImportValue": "stack:Out"},
            ],
            "c": {"Fn::Sub": "${AWS::AccountId}/${Role}/${!Literal}"},
            "d": {"Fn::Sub": ["${X}", {"X": {"Ref": "Role"}}]},
            "e": {"Fn::Select": ["1", {"Fn::Split": ["/", "a/b"]}]},
        }
    ) == {
        "a": "arn:aws:x:us-east-1",
        "b": ["arn:aws:kms:us-east-1:1:key/k", "r", "<Missing>", "v"],
        "c": "111122223333/r/${!Literal}",
        "d": "r",
        "e": "b",
    }
    with pytest.raises(ValueError, match="not resolved: Fn::Base64"):
        deployed.resolve({"Fn::Base64": "x"})


def test_a_role_has_its_inline_attached_and_bounding_policies() -> None:
    document = policy(allow("s3:*"))
    template = {
        "Resources": {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "Policies": [{"PolicyName": "p", "PolicyDocument": policy(allow("a:b"))}],
                    "ManagedPolicyArns": [{"Ref": "Attached"}],
                    "PermissionsBoundary": {"Ref": "Boundary"},
                },
            },
            "Attached": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": policy(allow("c:d"))}},
            "Inline": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"PolicyDocument": policy(allow("e:f")), "Roles": [{"Ref": "Role"}]},
            },
            "Boundary": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}},
            "Others": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"PolicyDocument": EVERYTHING, "Roles": [{"Ref": "Other"}]},
            },
        }
    }
    found = Deployment().identity_of(template, "Role")
    assert [one["Statement"][0]["Action"] for one in found.identity] == ["a:b", "c:d", "e:f"]
    assert found.boundary == document
    assert Deployment().policy_of(template, "Boundary") == document

"""Whatever a template has in its properties, the rules about permissions and protection answer."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.review.iam.holders import HOLDERS
from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.protections.access import ACCESS
from cdk_inference.review.protections.alarms import ALARM, COMPOSITE
from cdk_inference.review.protections.budgets import BUDGET, BUDGETS, BUDGETS_GONE
from cdk_inference.review.protections.defences import DEFENCES, DEFENCES_GONE
from cdk_inference.review.protections.destinations import DESTINATIONS
from cdk_inference.review.protections.encryption import ENCRYPTION
from cdk_inference.review.protections.exposure import EXPOSURE
from cdk_inference.review.protections.guardrail import GUARDRAIL
from cdk_inference.review.protections.isolation import ISOLATION
from cdk_inference.review.protections.logging import LOGGING, LOGS_GONE
from cdk_inference.review.protections.reporting import REPORTS
from cdk_inference.review.protections.security_groups import EGRESS, GROUP, INGRESS
from cdk_inference.review.protections.subscriptions import SUBSCRIPTION, TOPIC
from cdk_inference.review.reviewing import Review, review
from cdk_inference.review.rules import all_rules
from cdk_inference.template import deployment_of

OWN = (
    *("permission-broader", "permission-admin", "permission-public", "trust-broader", "condition-lost", "deny-lost"),
    *("network-opened", "access-opened", "encryption-lost", "isolation-lost", "logging-lost", "guardrail-weakened"),
    *("defence-lost", "alarm-lost", "alarm-loosened", "budget-loosened", "data-leaves", "retention-shortened"),
    *("update-refused", "name-clash"),
)
RULES = [rule for rule in all_rules() if rule.id in OWN]
TABLES = (
    *ACCESS,
    *DEFENCES,
    *ENCRYPTION,
    *EXPOSURE,
    *GUARDRAIL,
    *ISOLATION,
    *LOGGING,
    *BUDGETS,
    *REPORTS,
    *DESTINATIONS,
)
PATHS: dict[str, set[str]] = {}
for row in TABLES:
    PATHS.setdefault(row.type, set()).add(row.path[0])
for lost in (*DEFENCES_GONE, *LOGS_GONE, *BUDGETS_GONE):
    PATHS.setdefault(lost.type, set()).update((*lost.for_, "Name"))
for kind, holder in HOLDERS.items():
    PATHS.setdefault(kind, set()).update((*holder.path[:1], *holder.target, "Principal", "SourceArn", "Action"))
for kind in (ALARM, COMPOSITE):
    PATHS[kind] = {"Threshold", "Dimensions", "Metrics", "AlarmRule", "AlarmActions", "EvaluationPeriods", "Period"}
for kind in ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
    PATHS[kind] = {"Policies", "PolicyDocument", "Roles", "Groups", "ManagedPolicyArns", "AssumeRolePolicyDocument"}
PATHS[BUDGET] = {"Budget", "NotificationsWithSubscribers"}
PATHS[SUBSCRIPTION], PATHS[TOPIC] = {"TopicArn", "Endpoint"}, {"Subscription"}
PATHS[GROUP] = {"SecurityGroupIngress", "SecurityGroupEgress"}
PATHS[INGRESS] = PATHS[EGRESS] = {"GroupId", "IpProtocol", "FromPort", "CidrIp", "SourceSecurityGroupId"}

KEYS = st.sampled_from(
    (
        *("Statement", "Effect", "Action", "NotAction", "Resource", "Principal", "NotPrincipal", "AWS", "Condition"),
        *("PolicyDocument", "StringEquals", "aws:SourceArn", "CidrIp", "IpProtocol", "FromPort", "Name", "Value"),
        *("FiltersConfig", "Type", "Notification", "Subscribers", "Threshold", "MetricStat", "Enabled", "Fn::Join"),
    )
)
PLAIN = st.sampled_from(
    (None, True, False, 0, 1, -1, 1.5, "", "*", "a", "true", "Allow", "Deny", "s3:*", "10.0.0.0/8", "0.0.0.0/0", "-1")
)
REFERENCES = st.sampled_from(("One", "Two", "Known", "Unknown", "AWS::NoValue", "AWS::AccountId"))
FUNCTIONS = st.one_of(
    st.builds(lambda to: {"Ref": to}, REFERENCES),
    st.builds(lambda to: {"Fn::GetAtt": [to, "Arn"]}, REFERENCES),
    st.builds(lambda to: {"Fn::Sub": f"arn:aws:s3:::${{{to}}}/*"}, REFERENCES),
    st.builds(lambda to: {"Fn::If": ["Maybe", {"Ref": to}, "a"]}, REFERENCES),
)
VALUES = st.recursive(
    PLAIN | FUNCTIONS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


@st.composite
def resources(draw: Any) -> dict[str, Any]:
    kind = draw(st.sampled_from(sorted(PATHS)))
    names = st.sampled_from(sorted(PATHS[kind]))
    return {"Type": kind, "Properties": draw(st.dictionaries(names, VALUES, max_size=4))}


TEMPLATES = st.dictionaries(st.sampled_from(("One", "Two", "Three")), resources(), max_size=3).map(
    lambda found: {
        "Parameters": {"Known": {"Type": "String", "Default": "k"}, "Unknown": {"Type": "String"}},
        "Conditions": {"Maybe": {"Fn::Equals": [{"Ref": "Unknown"}, "x"]}},
        "Resources": found,
    }
)


def reviewed(before: Any, after: Any) -> Review:
    base, head = (Loaded(deployment=deployment_of({"S": side}, "us-east-1"), unread=()) for side in (before, after))
    return review(pair_up(base, head), only=RULES, all_services=True)


def test_all_of_them_are_there() -> None:
    assert sorted(rule.id for rule in RULES) == sorted(OWN)


@given(TEMPLATES, TEMPLATES)
def test_any_two_templates_are_compared(before: Any, after: Any) -> None:
    reviewed(before, after)
    for side in (before, after):
        found = reviewed(side, side)
        assert (found.findings, found.not_compared) == ((), ())

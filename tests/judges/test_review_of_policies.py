"""The review of templates against the judge of single requests: policies of a role, wherever they stand."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cdk_inference.review.load import Loaded
from cdk_inference.review.pairing import pair_up
from cdk_inference.review.reviewing import Review, review
from cdk_inference.review.rules import all_rules
from cdk_inference.template import deployment_of
from rehearsal.iam import Policies, Request, decide
from tests.judges.test_policy_comparison import REQUESTS, documents, policy

ABOUT = ("permission-broader", "permission-admin", "permission-public", "condition-lost", "deny-lost")
RULES = [rule for rule in all_rules() if rule.id in ABOUT]
TRUST = policy([{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}])


def template(data: Any, found: list[Any]) -> dict[str, Any]:
    """A role with its documents, each inline, as a policy, or managed and attached from either side."""
    role: dict[str, Any] = {"AssumeRolePolicyDocument": TRUST, "Policies": [], "ManagedPolicyArns": []}
    resources: dict[str, Any] = {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}
    for number, one in enumerate(found):
        where = data.draw(st.sampled_from(("inline", "policy", "managed", "attached")))
        if where == "inline":
            role["Policies"].append({"PolicyName": f"P{number}", "PolicyDocument": one})
            continue
        named = {"PolicyDocument": one, **({} if where == "attached" else {"Roles": [{"Ref": "Role"}]})}
        kind = "AWS::IAM::Policy" if where == "policy" else "AWS::IAM::ManagedPolicy"
        resources[f"P{number}"] = {"Type": kind, "Properties": named}
        if where == "attached":
            role["ManagedPolicyArns"].append({"Ref": f"P{number}"})
    return {"Resources": resources}


def reviewed(before: Any, after: Any) -> Review:
    base, head = (Loaded(deployment=deployment_of({"S": side}, "us-east-1"), unread=()) for side in (before, after))
    return review(pair_up(base, head), only=RULES)


SOME = st.lists(documents(principals=False), min_size=1, max_size=2)


@given(SOME, st.data())
def test_the_same_documents_elsewhere_are_no_finding(found: list[Any], data: Any) -> None:
    result = reviewed(template(data, found), template(data, data.draw(st.permutations(found))))
    assert (result.findings, result.not_compared) == ((), ())


@given(SOME, SOME, st.lists(REQUESTS, min_size=1, max_size=20), st.data())
def test_what_a_role_may_newly_do_is_found(old: list[Any], new: list[Any], requests: list[Request], data: Any) -> None:
    result = reviewed(template(data, old), template(data, new))
    for request in requests:
        newly = decide(request, Policies(identity=new)) and not decide(request, Policies(identity=old))
        assert not newly or result.findings, request


@given(documents(principals=True), documents(principals=True), st.lists(REQUESTS, min_size=1, max_size=20))
def test_what_a_bucket_newly_allows_is_found(old: Any, new: Any, requests: list[Request]) -> None:
    before, after = (
        {
            "Resources": {
                "Data": {"Type": "AWS::S3::Bucket"},
                "Policy": {
                    "Type": "AWS::S3::BucketPolicy",
                    "Properties": {"Bucket": {"Ref": "Data"}, "PolicyDocument": one},
                },
            }
        }
        for one in (old, new)
    )
    result = reviewed(before, after)
    for request in requests:
        newly = decide(request, Policies(resource=new)) and not decide(request, Policies(resource=old))
        assert not newly or result.findings, request

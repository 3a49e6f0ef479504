"""What a reviewer reads of permissions and protection, whole texts, from the table of transitions."""

from __future__ import annotations

from cdk_inference.review.reviewing import review
from tests.each import each
from tests.unit.review.transitions import Transition, cases

WORDS = {
    "statements-merged-across": [
        "Role may do more: s3:GetObject on arn:aws:s3:::b/*; s3:PutObject on arn:aws:s3:::a/*",
    ],
    "bucket-policy-for-another-account": [
        "Data allows more: s3:GetObject on ${Data.Arn}/*, for account 444455556666",
    ],
    "function-for-another-service": [
        "Work allows more: lambda:InvokeFunction, for s3.amazonaws.com, if ArnLike aws:SourceArn arn:aws:s3:::uploads",
    ],
    "notaction": ["Role may do more: all but s3:DeleteObject on arn:aws:s3:::a/*"],
    "endpoint-policy-removed": ["Endpoint allows more: any action on any resource, for anyone"],
    "boundary-taken-away": ["the permissions boundary of Role is removed"],
    "new-admin": ["Role may do any action on any resource"],
    "new-role-for-everybody": ["anyone in any AWS account may assume the role Role"],
    "any-repository": ["anyone with an identity of token.actions.githubusercontent.com may assume the role Role"],
    "other-account-trusted": ["more principals may assume the role Role: sts:AssumeRole, for account 444455556666"],
    "guardrail-condition-lost": [
        "Policy: bedrock:InvokeModel on any resource is allowed without the condition StringEquals "
        "bedrock:GuardrailIdentifier arn:aws:bedrock:us-east-1:111122223333:guardrail/g:1",
    ],
    "tls-no-longer-enforced": [
        "Data no longer denies s3:* on ${Data.Arn}, ${Data.Arn}/*, for anyone, if Bool aws:SecureTransport false",
    ],
    "new-web-site": ["Data lets in more: everything from 0.0.0.0/0", "Site lets in more: tcp port 443 from ::/0"],
    "threshold-and-time": [
        "its threshold changes from 300 to 400; it takes 5 minutes of breaching data instead of 3 minutes"
    ],
    "missing-data": ["it uses p50 instead of p99; missing data count as notBreaching instead of breaching"],
    "subscription-gone": ["email on-call@example.com is no longer notified of the alarms of this topic"],
    "filter-weaker": [
        "TopicPolicyConfig.TopicsConfig no longer has Tax; FiltersConfig.PROMPT_ATTACK.InputStrength changes from HIGH "
        "to LOW; PiiEntitiesConfig.EMAIL.Action changes from BLOCK to ANONYMIZE",
    ],
    "budget-gone": ["it is removed"],
    "termination-protection-off": ["its termination protection is switched off"],
}

UNTOLD = {
    "boundary-changed": [
        "S/Role, PermissionsBoundary: whether the other boundary allows more: the templates do not have both",
    ],
    "resource-by-an-unknown-parameter": [
        "S/Role, Policies/0/PolicyDocument/Statement/0/Resource: the parameter Where has no default",
    ],
    "policy-of-an-unknown-role": [
        "S/Policy: whether ${Who} is allowed more: the parameter Who has no default",
    ],
}


@each("case", lambda: [case for case in cases() if case.id in WORDS | UNTOLD])
def test_what_is_found_and_what_cannot_be_told_in_words(case: Transition) -> None:
    found = review(case.pair(), all_services=True)
    assert [one.what for one in found.findings] == WORDS.get(case.id, [one.what for one in found.findings])
    assert [str(one) for one in found.not_compared] == UNTOLD.get(case.id, [str(one) for one in found.not_compared])


def test_every_case_of_words_exists() -> None:
    assert WORDS.keys() | UNTOLD.keys() <= {case.id for case in cases()}

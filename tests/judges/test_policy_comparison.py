"""The comparison of policies against the judge that answers single requests: what is newly allowed is always told."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cdk_inference.review.iam.compare import Comparison, compare
from cdk_inference.review.iam.conditions import condition, implied
from cdk_inference.review.iam.patterns import Sure, covers, overlaps
from cdk_inference.review.iam.statement import Document, document
from rehearsal.iam import Policies, Request, decide, resource_matches
from rehearsal.iam_conditions import condition_holds
from tests.each import each

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:GetBucketPolicy", "sqs:SendMessage")
ACTION_PATTERNS = (*ACTIONS, "s3:Get*", "S3:*", "*", "s3:?etObject", "*:*Object")
ARNS = ("arn:aws:s3:::one", "arn:aws:s3:::one/a/b", "arn:aws:s3:::two/a", "arn:aws:sqs:us-east-1:111122223333:q")
RESOURCE_PATTERNS = (
    *ARNS,
    "*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::one*",
    "arn:aws:*:us-east-1:*",
    "arn:*:a",
    "arn:aws:s3:::???/*",
)
CALLERS = (
    "arn:aws:iam::111122223333:role/A",
    "arn:aws:iam::111122223333:role/B",
    "arn:aws:iam::444455556666:role/A",
    "sns.amazonaws.com",
)
PRINCIPALS: tuple[Any, ...] = (
    "*",
    {"AWS": "*"},
    {"AWS": "111122223333"},
    {"AWS": "arn:aws:iam::111122223333:root"},
    {"AWS": list(CALLERS[:2])},
    {"AWS": [CALLERS[0], CALLERS[2]]},
    {"AWS": CALLERS[2], "Service": "sns.amazonaws.com"},
)
KEYS = {
    "aws:SourceAccount": ("111122223333", "444455556666"),
    "aws:SourceArn": ("arn:aws:sns:us-east-1:111122223333:t", "arn:aws:sns:us-east-1:444455556666:t"),
    "aws:SourceIp": ("10.0.0.1", "10.1.0.1", "203.0.113.5"),
    "aws:SecureTransport": ("true", "false"),
    "s3:max-keys": ("5", "10", "11"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
}
WANTED: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {
    (
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "StringEqualsIgnoreCase",
        "StringEqualsIfExists",
    ): {
        "aws:SourceAccount": ("111122223333", "444455556666", "1111*", "*", "?11122223333"),
        "aws:SourceArn": (*KEYS["aws:SourceArn"], "arn:aws:sns:*", "*:t"),
    },
    ("ArnLike", "ArnEquals", "ArnNotLike", "ArnLikeIfExists"): {
        "aws:SourceArn": (*KEYS["aws:SourceArn"], "arn:aws:sns:*:*:t", "arn:*:sns:us-east-1:111122223333:*")
    },
    ("IpAddress", "NotIpAddress"): {"aws:SourceIp": ("10.0.0.0/8", "10.0.0.0/16", "203.0.113.5/32", "0.0.0.0/0")},
    ("Bool", "BoolIfExists"): {"aws:SecureTransport": ("true", "false")},
    ("Null",): {"aws:SourceAccount": ("true", "false"), "aws:SecureTransport": ("false",)},
    ("NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan", "NumericEquals", "NumericGreaterThanEquals"): {
        "s3:max-keys": ("5", "10", "11")
    },
    ("DateLessThan", "DateGreaterThan"): {"aws:CurrentTime": ("2026-01-01", "2026-07-01T00:00:00Z", "2027-01-01")},
    ("ForAnyValue:StringEquals", "ForAllValues:StringEquals", "ForAnyValue:StringNotLike", "ForAllValues:StringLike"): {
        "aws:SourceAccount": ("111122223333", "444455556666", "1*")
    },
}


# What the comparison overlooks is a permission that nobody reads of: more values than elsewhere.
MANY = settings(max_examples=4 * settings().max_examples)


def some(of: Any, most: int = 3) -> Any:
    """One of them, or a list of some."""
    return st.sampled_from(of) | st.lists(st.sampled_from(of), min_size=1, max_size=most)


@st.composite
def conditions(draw: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for _ in range(draw(st.integers(0, 2))):
        operators = draw(st.sampled_from(list(WANTED)))
        key = draw(st.sampled_from(list(WANTED[operators])))
        values = WANTED[operators][key]
        wanted = st.sampled_from(values) if operators == ("Null",) else some(values)
        made.setdefault(draw(st.sampled_from(operators)), {})[key] = draw(wanted)
    return made


@st.composite
def statements(draw: Any, *, principals: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"Effect": draw(st.sampled_from(("Allow", "Allow", "Deny")))}
    made[draw(st.sampled_from(("Action", "Action", "Action", "NotAction")))] = draw(some(ACTION_PATTERNS))
    made[draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource")))] = draw(some(RESOURCE_PATTERNS))
    if principals:
        made["Principal"] = draw(st.sampled_from(PRINCIPALS))
    found = draw(conditions())
    return {**made, "Condition": found} if found else made


def documents(*, principals: bool) -> Any:
    return st.lists(statements(principals=principals), max_size=4).map(policy)


def policy(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": found}


CONTEXTS = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in KEYS.items()})
REQUESTS = st.builds(Request, st.sampled_from(ACTIONS), st.sampled_from(ARNS), CONTEXTS, st.sampled_from(CALLERS))


def told(found: Comparison) -> bool:
    return bool(found.allowed or found.denied or found.untold)


@MANY
@given(documents(principals=True), documents(principals=True), st.lists(REQUESTS, min_size=1, max_size=30))
def test_what_a_resource_newly_allows_is_told(before: Any, after: Any, requests: list[Request]) -> None:
    silent = not told(compare(document(before), document(after)))
    for request in requests:
        newly = decide(request, Policies(resource=after)) and not decide(request, Policies(resource=before))
        assert not (newly and silent), request


@MANY
@given(documents(principals=False), st.data())
def test_what_a_small_edit_newly_allows_is_told(before: Any, data: Any) -> None:
    """Most of two random policies differ anyway; these differ by little."""
    after = policy([dict(one) for one in before["Statement"]])
    assume(after["Statement"])
    changed = data.draw(st.sampled_from(after["Statement"]))
    other = data.draw(statements(principals=False))
    for name in data.draw(st.sets(st.sampled_from(("Action", "Resource", "Condition")), min_size=1, max_size=2)):
        for key in (name, f"Not{name}"):
            changed.pop(key, None)
        changed.update({key: value for key, value in other.items() if key in (name, f"Not{name}")})
    silent = not told(compare(document(before), document(after)))
    for request in data.draw(st.lists(REQUESTS, min_size=1, max_size=40)):
        newly = decide(request, Policies(identity=[after])) and not decide(request, Policies(identity=[before]))
        assert not (newly and silent), (after, request)


@st.composite
def clauses(draw: Any, operators: tuple[str, ...], key: str) -> dict[str, Any]:
    wanted = WANTED[operators][key]
    values = st.sampled_from(wanted) if operators == ("Null",) else st.lists(st.sampled_from(wanted), max_size=3)
    return {draw(st.sampled_from(operators)): {key: draw(values)}}


def holds_wherever(narrow: dict[str, Any], wide: dict[str, Any], key: str) -> bool:
    """By every value that the key may have, and by none."""
    contexts = ({}, *({key: value} for value in KEYS[key]))
    return all(condition_holds(wide, context) for context in contexts if condition_holds(narrow, context))


@each("key", KEYS)
def test_each_condition_of_one_value_that_is_implied_holds_wherever_the_other_does(key: str) -> None:
    """All pairs: a wrong rule can show in one pair of ten thousand."""
    single = [
        ({operator: {key: value}}, condition({operator: {key: value}}))
        for operators, keys in WANTED.items()
        for operator in operators
        for value in keys.get(key, ())
    ]
    pairs = itertools.product(single, repeat=2)
    yes = [(narrow, wide) for (narrow, one), (wide, other) in pairs if implied(other, one) is Sure.YES]
    assert [(narrow, wide) for narrow, wide in yes if not holds_wherever(narrow, wide, key)] == []
    assert len(yes) > len(single)  # each implies itself, and some imply others


@MANY
@given(st.data())
def test_a_condition_that_is_implied_holds_wherever_the_other_does(data: Any) -> None:
    key = data.draw(st.sampled_from(list(KEYS)))
    families = [operators for operators, keys in WANTED.items() if key in keys]
    narrow, wide = (data.draw(clauses(data.draw(st.sampled_from(families)), key)) for _ in range(2))
    if implied(condition(wide), condition(narrow)) is Sure.YES:
        assert holds_wherever(narrow, wide, key), (narrow, wide)


SEGMENTS = st.lists(st.text("ab*?", max_size=3), min_size=1, max_size=4).map(":".join)


@MANY
@given(SEGMENTS, SEGMENTS, st.lists(st.text("ab:", max_size=6), min_size=1, max_size=10))
def test_a_pattern_that_is_covered_matches_nothing_else(wide: str, narrow: str, texts: list[str]) -> None:
    texts = [*texts, narrow.replace("*", ""), narrow.replace("*", "a").replace("?", "b"), narrow.replace("*", "a:b")]
    for text in texts:
        if resource_matches(narrow, text):
            assert resource_matches(wide, text) or covers(wide, narrow) is Sure.NO, text
            assert not resource_matches(wide, text) or overlaps(wide, narrow), text


def rearranged(data: Any, before: dict[str, Any]) -> dict[str, Any]:
    """The same, with statements split, doubled, in another order, and with other Sids."""
    found: list[dict[str, Any]] = []
    for one in before["Statement"]:
        parts = [one]
        for key in ("Action", "Resource"):
            if isinstance(one.get(key), list) and data.draw(st.booleans()):
                parts = [{**part, key: value} for part in parts for value in part[key]]
        found += parts * data.draw(st.integers(1, 2))
    found = data.draw(st.permutations(found))
    return policy([{**one, "Sid": f"Other{number}"} for number, one in enumerate(found)])


@given(documents(principals=True), st.data())
def test_another_arrangement_is_never_told_in_either_direction(before: Any, data: Any) -> None:
    after = rearranged(data, before)
    assert compare(document(before), document(after)) == Comparison((), (), ())
    assert compare(document(after), document(before)) == Comparison((), (), ())


@given(documents(principals=False), st.sampled_from(("kms:Decrypt", "kms:*", "*")), st.sampled_from(RESOURCE_PATTERNS))
@example(policy([]), "*", "*")
def test_an_action_that_is_added_is_told_unless_it_was_covered(before: Any, action: str, resource: str) -> None:
    added = {"Effect": "Allow", "Action": action, "Resource": resource}
    wide = [
        one
        for one in before["Statement"]
        if "NotAction" in one or "NotResource" in one or "*" in str(one.get("Action"))
    ]
    assume(not wide)
    found = compare(document(before), document(policy([*before["Statement"], added])))
    assert [box.action.patterns for box in found.allowed] == [(action.lower(),)]
    assert (
        compare(document(policy([added])), document(policy([added, {**added, "Action": "kms:Decrypt"}]))).allowed == ()
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(("*", "Allow", "Deny", "a:b")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("Statement", "Effect", "Action", "NotAction", "Resource", "Principal", "AWS", "Condition", "Bool")
            )
            | st.text(max_size=4),
            inner,
            max_size=4,
        )
    ),
    max_leaves=15,
)


@given(JSON, JSON)
def test_any_document_is_compared(before: Any, after: Any) -> None:
    one, other = (document({"Statement": side}) for side in (before, after))
    compare(one, other)
    assert not told(compare(one, one))
    assert isinstance(document(before), Document)

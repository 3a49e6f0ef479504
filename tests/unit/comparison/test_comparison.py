"""What a comparison makes, when it ends, and what is refused."""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Sequence
from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.bedrock import BedrockAccess, FoundationModel
from cdk_inference.comparison import Comparison, EndpointCandidate
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import RealtimeEndpoint
from tests.each import each
from tests.refusals import refusal_of
from tests.support import NOON, llm, models, new_stack, of_type, template_of

SATURDAY = datetime.datetime(2026, 12, 5, 18, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
NOTIFY = ["oncall@example.com"]


def candidate(stack: cdk.Stack, name: str, hardware: str = "ml.g5.2xlarge", **more: Any) -> EndpointCandidate:
    bucket = stack.node.try_find_child("Models") or models(stack)
    return EndpointCandidate(name=name, server=llm(bucket), hardware=hardware, **more)


@functools.cache
def template() -> dict[str, Any]:
    stack = new_stack()
    nova = BedrockAccess(stack, "Access", models=[FoundationModel("amazon.nova-lite-v1:0")]).target()
    both = [candidate(stack, "One"), candidate(stack, "Two", "ml.g6.2xlarge", instances=2)]
    Comparison(stack, "Chips", candidates=[*both, nova], end=SATURDAY, notify=NOTIFY)
    return template_of(stack)


def test_endpoints_are_alike_but_for_server_and_type() -> None:
    (one, two) = (config["ProductionVariants"][0] for config in of_type(template(), "AWS::SageMaker::EndpointConfig"))
    assert {key for key in one if one[key] != two.get(key)} == {"InitialInstanceCount", "InstanceType", "ModelName"}
    assert (one["InitialInstanceCount"], two["InitialInstanceCount"]) == (1, 2)


def test_costs_are_tagged_by_comparison_and_candidate() -> None:
    tags = [
        {tag["Key"]: tag["Value"] for tag in endpoint["Tags"]}
        for endpoint in of_type(template(), "AWS::SageMaker::Endpoint")
    ]
    assert [(one["cdk-inference:comparison"], one["cdk-inference:candidate"]) for one in tags] == [
        ("fleet-Chips", "One"),
        ("fleet-Chips", "Two"),
    ]


def test_each_endpoint_is_deleted_once_at_the_end() -> None:
    schedules = of_type(template(), "AWS::Scheduler::Schedule")
    assert {one["ScheduleExpression"] for one in schedules} == {"at(2026-12-05T17:00:00)"}
    assert {one["ScheduleExpressionTimezone"] for one in schedules} == {"Etc/UTC"}
    assert [json.dumps(one["Target"]["Arn"]) for one in schedules] == [
        '{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":scheduler:::aws-sdk:sagemaker:deleteEndpoint"]]}'
    ] * 2
    assert [one["Target"]["Input"] for one in schedules] == [
        '{"EndpointName":"fleet-chips-one"}',
        '{"EndpointName":"fleet-chips-two"}',
    ]


def test_the_schedules_may_delete_these_endpoints_and_nothing_else() -> None:
    allowed = [
        statement
        for policy in of_type(template(), "AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "Delete" in json.dumps(statement["Action"])
    ]
    text = json.dumps([one["Resource"] for one in allowed])
    assert {one["Action"] for one in allowed} == {"sagemaker:DeleteEndpoint"}
    assert text.count(":endpoint/fleet-chips-") == 2
    assert "*" not in text


def test_alarms_report_what_is_idle_and_what_was_not_deleted() -> None:
    plain, composite = (of_type(template(), f"AWS::CloudWatch::{kind}") for kind in ("Alarm", "CompositeAlarm"))
    (failed,) = (alarm for alarm in plain if alarm["AlarmName"] == "fleet-Chips-end-failed")
    assert (failed["Namespace"], failed["MetricName"], failed["Threshold"]) == (
        "AWS/Scheduler",
        "InvocationDroppedCount",
        0,
    )
    assert failed["AlarmActions"]
    assert len([alarm for alarm in composite if alarm["AlarmName"].endswith("-idle")]) == 2


def test_whoever_runs_it_may_invoke_all_and_write_results() -> None:
    stack = new_stack()
    made = Comparison(
        stack, "Chips", candidates=[candidate(stack, "One"), candidate(stack, "Two")], end=SATURDAY, notify=NOTIFY
    )
    role = cdk.aws_iam.Role(stack, "Runner", assumed_by=cdk.aws_iam.AccountRootPrincipal())
    made.grant_run(role)
    policies = json.dumps(
        [one for one in of_type(template_of(stack), "AWS::IAM::Policy") if "Runner" in json.dumps(one)]
    )
    assert all(f"endpoint/fleet-chips-{name}" in policies for name in ("one", "two"))
    assert "s3:PutObject" in policies
    assert "s3:GetObject" not in policies
    assert "Sid" not in policies, "a role may run several comparisons"


def refused(stack: cdk.Stack, candidates: Any, **arguments: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        Comparison(stack, "Chips", **{"candidates": candidates, "end": SATURDAY, "notify": NOTIFY, **arguments})
    assert stack.node.try_find_child("Chips") is None
    return str(caught.value)


def test_what_is_wrong_with_every_candidate_at_once_and_the_id_is_free_again() -> None:
    stack = new_stack()
    good = candidate(stack, "Good")
    found = refused(stack, [candidate(stack, "One", "ml.g5.2xlarg"), good, candidate(stack, "Two", "ml.x9.large")])
    assert [line.partition(":")[0] for line in found.splitlines()] == [
        "Comparison fleet/Chips has 2 problems",
        "  1. candidates[0].hardware",
        "  2. candidates[2].hardware",
    ]
    made = Comparison(stack, "Chips", candidates=[good, candidate(stack, "Two")], end=SATURDAY, notify=NOTIFY)
    assert [type(one) for one in made.endpoints.values()] == [RealtimeEndpoint] * 2


def test_arguments() -> None:
    stack = new_stack()
    one = candidate(stack, "One")
    assert refused(stack, [one, one, "nova"], end="tomorrow", notify=[]) == (
        "Comparison fleet/Chips has 4 problems:\n"
        "  1. candidates[1].name: got 'One'; allowed: each name once; fix: rename it\n"
        "  2. candidates[2]: got 'str'; allowed: an EndpointCandidate, or a target such as BedrockAccess(...).target(); "
        "fix: leave it out\n"
        "  3. end: got 'tomorrow'; allowed: a time with a time zone, after the synth and within 14 days of it; fix: for "
        "example datetime.datetime(2026, 11, 29, 18, tzinfo=datetime.UTC)\n"
        '  4. notify: got []; allowed: at least one address; fix: notify=["oncall@example.com"]'
    )


@each("candidates", [[], None, "One", 2])
def test_too_few(candidates: Any) -> None:
    assert refused(new_stack(), candidates).startswith("Comparison fleet/Chips: candidates: got ")


@each(
    ("end", "good"),
    [
        (NOON, False),
        (NOON + datetime.timedelta(seconds=1), True),
        (NOON + datetime.timedelta(days=14), True),
        (NOON + datetime.timedelta(days=14, seconds=1), False),
        (datetime.datetime(2026, 12, 5, 18), False),
    ],
)
def test_the_end(end: datetime.datetime, good: bool) -> None:
    stack = new_stack()
    both: Sequence[EndpointCandidate] = [candidate(stack, "One"), candidate(stack, "Two")]
    if good:
        Comparison(stack, "Chips", candidates=both, end=end, notify=NOTIFY)
    else:
        assert refused(stack, both, end=end).startswith("Comparison fleet/Chips: end: got ")


CANDIDATES: list[tuple[dict[str, Any], str]] = [
    (
        {"name": "ml.g5"},
        "name: got 'ml.g5'; allowed: a letter, then up to 19 letters and digits; fix: shorten the name",
    ),
    ({"server": "vllm"}, "server: got 'vllm'; allowed: a server; fix: for example Vllm(...)"),
    ({"hardware": 5}, 'hardware: got 5; allowed: an instance type; fix: for example hardware="ml.g6e.xlarge"'),
    (
        {"instances": 11},
        "instances: got 11; allowed: a whole number from 1 to 10; fix: choose a number within the limits",
    ),
]


@each(("changes", "message"), CANDIDATES)
def test_candidates(changes: dict[str, Any], message: str) -> None:
    given = {"name": "One", "server": llm(None), "hardware": "ml.g5.2xlarge", **changes}
    assert refusal_of(EndpointCandidate, **given) == f"EndpointCandidate: {message}"

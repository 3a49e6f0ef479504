"""Sums of an estimate, against tables made by hand; what is not known makes a total "at least"."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.pricing import PriceBook, price_book
from cdk_inference.pricing.amounts import Line, Total, total
from cdk_inference.pricing.estimates import Estimate, estimate
from cdk_inference.pricing.template_budgets import day_reached
from cdk_inference.pricing.usage import EndpointUsage, Usage
from cdk_inference.template import Deployment, Stack, Unknown
from tests.each import each
from tests.unit.template.test_hosting import config, endpoint, target

TODAY = datetime.date(2026, 11, 24)
BOOK = PriceBook(today=TODAY)
G5 = {"VariantName": "A", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
INF2 = {"VariantName": "A", "InstanceType": "ml.inf2.xlarge", "InitialInstanceCount": 1, "VolumeSizeInGB": 30}
POOLS = {
    "VariantName": "A",
    "InitialInstanceCount": 2,
    "InstancePools": [
        {"InstanceType": "ml.g6.12xlarge", "Priority": 1},
        {"InstanceType": "ml.g5.12xlarge", "Priority": 2},
    ],
}
SERVERLESS = {"VariantName": "A", "ServerlessConfig": {"MemorySizeInMB": 3072, "MaxConcurrency": 5}}
WORKDAYS = [
    {"Schedule": "cron(0 8 ? * MON-FRI *)", "ScalableTargetAction": {"MinCapacity": 4}},
    {"Schedule": "cron(0 18 ? * MON-FRI *)", "ScalableTargetAction": {"MinCapacity": 1}},
]


def deployed(resources: dict[str, Any], region: str | None = "us-east-1", **sections: Any) -> Deployment:
    made = Deployment()
    template = {"Resources": resources, **sections}
    made.stacks.append(Stack(key="0", name="fleet", region=region, template=template, deployment=made))
    return made


def chat(*variants: Any, region: str | None = "us-east-1", **resources: Any) -> Deployment:
    return deployed({"Config": config(*variants), "Chat": endpoint(), **resources}, region)


def lines(made: Estimate) -> list[tuple[str, str]]:
    return [(line.kind, line.what) for line in made.lines]


def sums(line: Line) -> tuple[Any, ...]:
    month = line.monthly
    return tuple(
        round(value, 2) if isinstance(value, float) else value
        for value in (month.minimum, month.expected, month.maximum)
    )


# By hand, with the prices in test_price_book.py and months of 730 hours:
#   what                                          sum at minimum               expected                  at maximum
BY_HAND = [
    ([G5], {}, [(2 * 1.41 * 730, 2 * 1.41 * 730, 2 * 1.41 * 730)]),
    ([G5], {"T": target()}, [(1 * 1.41 * 730, None, 4 * 1.41 * 730)]),
    ([G5], {"T": target(low=0, high=4)}, [(0.0, None, 4 * 1.41 * 730)]),
    # 50 hours of 4 and 118 of 1 in a week of 168: 318 / 168 instances
    ([G5], {"T": target(ScheduledActions=WORKDAYS)}, [(1.41 * 730, 318 / 168 * 1.41 * 730, 4 * 1.41 * 730)]),
    ([INF2], {}, [(0.99 * 730,) * 3, (30 * 0.14,) * 3]),
    ([POOLS], {}, [(2 * 5.752 * 730, None, 2 * 7.09 * 730)]),
    ([G5, G5 | {"VariantName": "B", "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 10}], {}, [(2 * 1.41 * 730,) * 3, (2 * 0.23 * 730,) * 3, (2 * 10 * 0.14,) * 3]),
    # 5 at once for 730 x 3600 seconds
    ([SERVERLESS], {}, [(0.0, None, 5 * 730 * 3600 * 0.00006)]),
]  # fmt: skip


@each(("variants", "resources", "table"), BY_HAND)
def test_sums_are_those_made_by_hand(variants: list[Any], resources: dict[str, Any], table: list[Any]) -> None:
    made = estimate(chat(*variants, **resources), BOOK)
    rounded = [tuple(None if value is None else round(value, 2) for value in row) for row in table]
    assert [sums(line) for line in made.lines] == rounded
    low, high = sum(row[0] for row in table), sum(row[2] for row in table)
    assert made.minimum == Total(pytest.approx(low), at_least=False)
    assert made.maximum == Total(pytest.approx(high), at_least=False)
    expected = None if any(row[1] is None for row in table) else sum(row[1] for row in table)
    assert (made.expected and made.expected.usd) == (expected and pytest.approx(expected))


def test_lines_say_what_they_are() -> None:
    shadow = config(POOLS, ShadowProductionVariants=[G5 | {"VariantName": "S"}])
    found = estimate(deployed({"Config": shadow, "Chat": endpoint(), "T": target(high=6)}), BOOK)
    assert lines(found) == [
        ("instances", "A: 1 to 6 x ml.g6.12xlarge or ml.g5.12xlarge"),
        ("instances", "shadow S: 2 x ml.g5.xlarge"),
    ]
    assert found.lines[0].notes == ("from all on the cheapest pool to all on the most expensive",)
    assert [price.item for price in found.lines[0].prices] == ["ml.g6.12xlarge", "ml.g5.12xlarge"]


USED = Usage(
    endpoints={
        "chat": EndpointUsage(average_instances=2.5, instance_type="ml.g5.12xlarge", captured_gb_per_month=40),
    }
)


def test_usage_gives_what_is_expected() -> None:
    made = config(POOLS, DataCaptureConfig={"EnableCapture": True, "InitialSamplingPercentage": 10})
    found = estimate(deployed({"Config": made, "Chat": endpoint(), "T": target(high=6)}), BOOK, USED)
    assert sums(found.lines[0]) == (round(5.752 * 730, 2), round(2.5 * 7.09 * 730, 2), round(6 * 7.09 * 730, 2))
    assert lines(found)[1] == ("data capture", "data capture of 10 % of requests, 40 GB")
    assert sums(found.lines[1]) == (0.92,) * 3  # 40 x 0.023


def test_usage_of_serverless_requests() -> None:
    used = Usage(endpoints={"Chat": EndpointUsage(requests_per_month=1e6, seconds_per_request=0.2)})
    found = estimate(chat(SERVERLESS), BOOK, used)
    assert sums(found.lines[0])[1] == 12.0  # 1 000 000 x 0.2 s x 0.00006


@each(
    ("usage", "message"),
    [
        (
            {"chat": EndpointUsage(average_instances=9)},
            "usage of chat: average_instances: got 9; allowed: 1 to 4, the bounds in the template; fix: correct one of the two",
        ),
        (
            {"chat": EndpointUsage(instance_type="ml.m5.large")},
            "usage of chat: instance_type: got 'ml.m5.large'; allowed: ml.g6.12xlarge or ml.g5.12xlarge; fix: name one of the pools",
        ),
        (
            {"caht": EndpointUsage()},
            "--usage: endpoints.caht: got 'caht'; allowed: chat; fix: write chat",
        ),
    ],
)
def test_usage_that_contradicts_the_template_is_refused(usage: dict[str, EndpointUsage], message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        estimate(chat(POOLS, T=target()), BOOK, Usage(endpoints=usage))
    assert str(caught.value) == message


UNKNOWN_TYPE = G5 | {"InstanceType": {"Ref": "Type"}}


def unknown_reason(made: Estimate) -> list[str]:
    return [reason for line in made.lines for reason in line.unknown]


@each(
    ("deployment", "reasons"),
    [
        (chat(G5 | {"InstanceType": "ml.trn2.48xlarge"}), ["no region lists ml.trn2.48xlarge for hosting as of 2026-10-20, so no public price exists"]),
        (chat(UNKNOWN_TYPE), ["the template has no Type", "the template sets no VolumeSizeInGB, and whether the type has a volume is not known"]),
        (chat(G5, region=None), ["the region is not known; pass --region or set AWS_REGION"]),
        (chat(G5 | {"InitialInstanceCount": None}), ["InitialInstanceCount is not set"]),
        (deployed({"Chat": endpoint(config="elsewhere")}), ["its endpoint config elsewhere is not among what was read"]),
        (chat(SERVERLESS | {"ServerlessConfig": {"MemorySizeInMB": 7168, "MaxConcurrency": 1}}), ["no price of serverless-7gb in us-east-1; `cdk-inference prices refresh --region us-east-1` reads them from AWS"]),
        (deployed({"N": {"Type": "AWS::CloudFormation::Stack"}}), []),
        (deployed({"C": {"Type": "AWS::SageMaker::Cluster"}}), ["it runs on its own instances, which are not priced here"]),
        (deployed({}, Transform="My::Macro"), ["it may add resources when the stack is deployed"]),
        (deployed({"Fn::ForEach::X": []}), ["the list of the loop is not known, or AWS::LanguageExtensions is not declared"]),
        (deployed({"T": target({"Ref": "X"})}), ["the template has no X"]),
    ],
)  # fmt: skip
def test_what_cannot_be_priced_is_told_and_never_a_number(deployment: Deployment, reasons: list[str]) -> None:
    made = estimate(deployment, BOOK)
    assert unknown_reason(made) == reasons
    assert made.maximum.at_least == bool(reasons)
    assert made.verdict == ("UNKNOWN" if reasons else "NOTHING TO PRICE")


def test_an_endpoint_that_may_not_be_there_is_not_added() -> None:
    sections = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
    }
    resources = {"Config": config(G5), "Chat": endpoint() | {"Condition": "C"}}
    made = estimate(deployed(resources, **sections), BOOK)
    assert unknown_reason(made) == ["whether it is created is unknown: the parameter P has no default"]
    assert made.minimum == Total(0.0, at_least=True)


G5_MONTH = 2 * 1.41 * 730  # 2058.60
AGENT = {"Type": "AWS::Bedrock::Agent"}
PROFILE = {"Type": "AWS::Bedrock::ApplicationInferenceProfile"}


@each(
    ("deployment", "budget", "verdict", "status"),
    [
        (chat(G5), None, "NO BUDGET SET", 0),
        (chat(G5), 2059, "WITHIN BUDGET", 0),
        (chat(G5), 2058, "OVER BUDGET", 1),
        # The maximum counts where nothing is expected: 4 x 1.41 x 730 = 4117.20
        (chat(G5, T=target()), 4118, "WITHIN BUDGET", 0),
        (chat(G5, T=target()), 4117, "OVER BUDGET", 1),
        # Something unknown: above the budget is over, below it is not known.
        (chat(G5, G5 | {"VariantName": "B", "InstanceType": "ml.trn2.48xlarge"}), 2058, "OVER BUDGET", 1),
        (chat(G5, G5 | {"VariantName": "B", "InstanceType": "ml.trn2.48xlarge"}), 9999, "PARTLY UNKNOWN", 3),
        (deployed({"A": AGENT}), None, "NOTHING TO PRICE", 0),
        (deployed({"A": AGENT, "G": {"Type": "AWS::Bedrock::Guardrail"}, "P": PROFILE}), None, "NOTHING TO PRICE", 0),
        (deployed({"A": AGENT}), 10, "UNKNOWN", 3),
        (deployed({"A": AGENT, "C": {"Type": "AWS::SageMaker::Cluster"}}), None, "UNKNOWN", 3),
        (chat(G5, A=AGENT), None, "NO BUDGET SET", 0),
        (chat(G5, A=AGENT), 2059, "PARTLY UNKNOWN", 3),
        (deployed({}), 1, "NOTHING TO PRICE", 0),
    ],
)
def test_the_verdict(deployment: Deployment, budget: float | None, verdict: str, status: int) -> None:
    made = estimate(deployment, BOOK, budget_usd=budget)
    assert (made.verdict, made.status) == (verdict, status)


SHARED = {"ExecutionRoleArn": "r"}
NIGHT = {"Schedule": "cron(0 20 * * ? *)", "ScalableTargetAction": {"MinCapacity": 0}}
NAMED = {"ModelName": "m"}
COMPONENT = {"Type": "AWS::SageMaker::InferenceComponent", "Properties": {"EndpointName": "chat"}}


@each(
    ("resources", "noted"),
    [
        ({"Config": config(G5 | NAMED), "T": target(low=0)}, True),
        ({"Config": config(G5 | NAMED | {"InitialInstanceCount": 0})}, True),
        ({"Config": config(G5 | NAMED), "T": target(low=1, ScheduledActions=[NIGHT])}, True),
        ({"Config": config(G5 | NAMED), "T": target(low=1)}, False),
        ({"Config": config(G5 | NAMED, AsyncInferenceConfig={}), "T": target(low=0)}, False),
        ({"Config": config(G5, **SHARED), "T": target(low=0)}, False),
        ({"Config": config(G5), "T": target(low=0), "Component": COMPONENT}, False),
        ({"Config": config(SERVERLESS)}, False),
    ],
)
def test_a_minimum_that_sagemaker_refuses_is_noted(resources: dict[str, Any], noted: bool) -> None:
    made = estimate(deployed({"Chat": endpoint(), **resources}), BOOK)
    notes = [note for line in made.lines for note in line.notes if note.startswith("a minimum of 0:")]
    page = "https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-zero-instances.html"
    why = f"a minimum of 0: a real-time endpoint scales to zero only if it hosts inference components ({page})"
    assert notes == [why] * noted


def test_a_variant_without_a_volume_size_can_be_within_a_budget() -> None:
    # 2 of ml.m5.large at 0.115 x 730, and 2 volumes of at most 512 GB at 0.14: 167.90 + 143.36
    made = chat(G5 | {"InstanceType": "ml.m5.large"})
    assert estimate(made, BOOK, budget_usd=312).verdict == "WITHIN BUDGET"
    assert estimate(made, BOOK, budget_usd=311).verdict == "OVER BUDGET"


def test_with_a_schedule_the_expected_amount_counts_against_the_budget() -> None:
    made = chat(G5, T=target(ScheduledActions=WORKDAYS))
    assert estimate(made, BOOK, budget_usd=1949).status == 0  # 318 / 168 x 1.41 x 730 = 1948.32
    assert estimate(made, BOOK, budget_usd=1948).status == 1


@each("budget", [0, -1, float("nan"), float("inf")])
def test_a_budget_is_above_zero(budget: float) -> None:
    with pytest.raises(ConfigurationError) as caught:
        estimate(chat(G5), BOOK, budget_usd=budget)
    assert str(caught.value) == (
        f"--budget: usd: got {budget!r}; allowed: a number above 0, at most 1e+12; fix: write US dollars for a month"
    )


BUDGET = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": 3000, "Unit": "USD"}}
TAGS = {"FilterExpression": {"Tags": {"Key": "cost-controls", "Values": ["fleet-Cost"], "MatchOptions": ["EQUALS"]}}}
ROOM = target(MinCapacity=1, MaxCapacity=4)  # of ml.g5.xlarge: 1029.30 to 4117.20 a month


def budget(**changes: Any) -> dict[str, Any]:
    return {"Type": "AWS::Budgets::Budget", "Properties": {"Budget": BUDGET | changes}}


def usd(amount: object) -> dict[str, Any]:
    return budget(BudgetLimit={"Amount": amount, "Unit": "USD"})


@each(
    ("resources", "verdict", "status", "day"),
    [
        ({"B": usd(1029)}, "OVER BUDGET", 1, 8),  # 1029 / 4117.20 x 730 / 24 days = 7.60
        ({"B": usd(3000)}, "MAY EXCEED BUDGET", 0, 23),  # 3000 / 4117.20 x 730 / 24 days = 22.16
        ({"B": usd("3000")}, "MAY EXCEED BUDGET", 0, 23),
        ({"B": usd(4118)}, "WITHIN BUDGET", 0, None),
        ({"B": usd(5000), "C": usd(1000)}, "OVER BUDGET", 1, None),
    ],
)
def test_a_budget_of_the_template_is_compared(
    resources: dict[str, Any], verdict: str, status: int, day: int | None
) -> None:
    made = estimate(chat(G5, T=ROOM, **resources), BOOK)
    assert (made.verdict, made.status, made.budget_usd) == (verdict, status, None)
    first = made.budgets[0]
    assert isinstance(first.usd, float)
    assert (day_reached(first.usd, first.maximum.usd) if first.exceeded_at_maximum else None) == day
    assert made.outside == {}


def test_a_given_budget_counts_in_place_of_those_of_the_template() -> None:
    made = estimate(chat(G5, T=ROOM, B=usd(1)), BOOK, budget_usd=5000)
    assert (made.verdict, made.status) == ("WITHIN BUDGET", 0)


def test_a_budget_limited_by_a_tag_covers_its_stack() -> None:
    both = chat(G5, T=ROOM, B=budget(**TAGS))
    template = {"Resources": {"Config": config(G5), "Other": endpoint("other"), "B": budget()}}
    both.stacks.append(Stack(key="1", name="two", region="us-east-1", template=template, deployment=both))
    own, everything = estimate(both, BOOK).budgets
    assert (own.stack, own.maximum.usd) == ("fleet", pytest.approx(4 * 1.41 * 730))
    assert (everything.stack, everything.maximum.usd) == ("two", pytest.approx(6 * 1.41 * 730))


def test_a_budget_over_something_unknown_is_within_as_far_as_known() -> None:
    lost = G5 | {"VariantName": "B", "InstanceType": "ml.trn2.48xlarge"}
    made = estimate(chat(G5, lost, B=usd(9999)), BOOK)
    assert (made.verdict, made.status) == ("WITHIN BUDGET AS FAR AS KNOWN", 0)


@each(
    ("resource", "reason"),
    [
        (budget(BudgetType="USAGE"), "its type is USAGE and its time unit MONTHLY, not COST and MONTHLY"),
        (budget(TimeUnit="ANNUALLY"), "its type is COST and its time unit ANNUALLY, not COST and MONTHLY"),
        (budget(CostFilters={"Service": ["Amazon EC2"]}), "its filter names Service, so its part of the cost is unknown"),
        (budget(BudgetLimit={"Amount": 3, "Unit": "EUR"}), "its limit is not in USD"),
        (budget(BudgetLimit=None), "its limit is not a number in the template"),
        (budget(BudgetLimit={"Amount": {"Ref": "Limit"}, "Unit": "USD"}), "the template has no Limit"),
    ],
)  # fmt: skip
def test_a_budget_that_cannot_be_compared_says_why(resource: dict[str, Any], reason: str) -> None:
    made = estimate(chat(G5, B=resource), BOOK)
    assert [one.usd for one in made.budgets] == [Unknown(reason)]
    assert made.verdict == "NO BUDGET SET"


def test_a_volume_whose_size_sagemaker_chooses_is_bounded() -> None:
    # ml.inf2.xlarge has no disk of its own. 1 to 512 GB x 0.14; 0.99 x 730.
    bare = {key: value for key, value in INF2.items() if key != "VolumeSizeInGB"}
    made = estimate(chat(bare), BOOK, budget_usd=795)  # 722.70 + 71.68 = 794.38
    assert [sums(line) for line in made.lines] == [(722.7,) * 3, (0.14, 71.68, 71.68)]
    assert made.status == 0
    assert "so SageMaker chooses the size: at least 1 GB" in made.lines[1].notes[0]
    assert estimate(chat(bare), BOOK, budget_usd=794).status == 1


def test_an_estimate_says_until_when_its_prices_are_used() -> None:
    # Listed on 2026-09-27 and derived, last compared on 2026-07-20: 365 days later.
    derived = G5 | {"VariantName": "B", "InstanceType": "ml.c6g.xlarge", "VolumeSizeInGB": 1}
    assert estimate(chat(G5), BOOK).holds_until == "2027-09-27"
    assert estimate(chat(G5, derived), BOOK).holds_until == "2027-07-20"
    assert estimate(deployed({}), BOOK).holds_until is None


def test_a_region_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError) as caught:
        estimate(chat(G5, region=None), BOOK, region="us-esat-1")
    assert str(caught.value) == (
        "estimate: --region: got 'us-esat-1'; allowed: a region that hosts endpoints or serves models of Bedrock; "
        "fix: write us-east-1"
    )


def test_usage_under_a_name_that_matches_nothing_names_the_nearest() -> None:
    made = deployed({"Qwen37876A02": PROFILE, "Config": config(G5), "ChatEndpoint1B2C3D4E": endpoint()})
    used = Usage(tokens={"Qwen": {"input": 1.0}}, endpoints={"ChatEndpont": EndpointUsage(average_instances=1)})
    with pytest.raises(ConfigurationError) as caught:
        estimate(made, BOOK, used)
    assert str(caught.value) == (
        "--usage has 2 problems:\n"
        "  1. tokens.Qwen: got 'Qwen'; allowed: Qwen37876A02, fleet/Qwen37876A02; fix: write Qwen37876A02\n"
        "  2. endpoints.ChatEndpont: got 'ChatEndpont'; allowed: chat; fix: write ChatEndpoint1B2C3D4E"
    )


@each(
    ("model", "region", "usd_per_month"),
    [
        # 1e9 tokens in, 1e8 out; prices of test_tokens.py.
        ("inference-profile/eu.amazon.nova-lite-v1:0", "eu-south-1", 134.40),
        ("inference-profile/eu.amazon.nova-lite-v1:0", "eu-north-1", 91.00),
        ("inference-profile/eu.amazon.nova-lite-v1:0", "eu-central-1", 109.20),
        ("foundation-model/openai.gpt-6-sol", "us-east-1", 3300),
        ("foundation-model/anthropic.claude-opus-5", "us-east-1", 8250),
    ],
)
def test_tokens_cost_what_the_called_region_asks(model: str, region: str, usd_per_month: float) -> None:
    profile = {
        "Type": "AWS::Bedrock::ApplicationInferenceProfile",
        "Properties": {"ModelSource": {"CopyFrom": f"arn:aws:bedrock:{region}::{model}"}},
    }
    used = Usage(tokens={"A": {"input": 1e9, "output": 1e8}})
    assert estimate(deployed({"A": profile}, region), BOOK, used).maximum.usd == pytest.approx(usd_per_month)


PROFILE = {
    "Type": "AWS::Bedrock::ApplicationInferenceProfile",
    "Properties": {
        "ModelSource": {
            "CopyFrom": {
                "Fn::Sub": "arn:aws:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/us.amazon.nova-lite-v1:0"
            }
        }
    },
}


def test_tokens_are_priced_by_the_usage_given() -> None:
    # Per million: 0.06 in, 0.24 out; 3 million in and 0.5 million out: 0.18 + 0.12
    used = Usage(tokens={"Assistant": {"input": 3e6, "output": 0.5e6}})
    made = estimate(deployed({"Assistant": PROFILE}), BOOK, used)
    assert [sums(line) for line in made.lines] == [(0.3,) * 3]
    assert lines(made) == [("tokens", "us.amazon.nova-lite-v1:0: 3,000,000 input, 500,000 output")]


def test_tokens_are_counted_once() -> None:
    """Of a model that two profiles copy and the usage names; and of two profiles with one logical id."""
    used = Usage(tokens={"us.amazon.nova-lite-v1:0": {"input": 1e6}, "A": {"input": 2e6}})
    made = estimate(deployed({"A": PROFILE, "B": PROFILE}), BOOK, used)
    assert made.minimum == Total(pytest.approx(0.12 + 0.06), at_least=True)
    both = deployed({"A": PROFILE})
    both.stacks.append(
        Stack(key="1", name="two", region="us-east-1", template={"Resources": {"A": PROFILE}}, deployment=both)
    )
    apart = Usage(tokens={"fleet/A": {"input": 1e6}, "two/A": {"input": 2e6}})
    assert estimate(both, BOOK, apart).minimum == Total(pytest.approx(0.18), at_least=False)


def test_usage_of_several_endpoints_or_variants_is_refused() -> None:
    both = chat(G5)
    template = {"Resources": {"Config": config(G5), "Chat": endpoint("other")}}
    both.stacks.append(Stack(key="1", name="two", region="us-east-1", template=template, deployment=both))
    two = chat(G5, G5 | {"VariantName": "B"})
    used = EndpointUsage(average_instances=2)
    for deployment, key, message in (
        (both, "Chat", "got 'Chat'; allowed: the name of one endpoint, which 2 have: chat, other; fix: write an endpoint's name or logical id"),
        (two, "chat", "got 'chat'; allowed: chat/A, chat/B; fix: give the amount for each variant, without captured data"),
        (two, "chat/C", "got 'C'; allowed: A, B; fix: name one of its variants"),
    ):  # fmt: skip
        with pytest.raises(ConfigurationError) as caught:
            estimate(deployment, BOOK, Usage(endpoints={key: used}))
        assert str(caught.value) == f"--usage: endpoints.{key}: {message}"
    assert estimate(two, BOOK, Usage(endpoints={"chat/A": used})).status == 0


def test_serverless_that_has_no_price() -> None:
    odd = SERVERLESS | {"ServerlessConfig": {"MemorySizeInMB": 3500, "MaxConcurrency": 1}}
    assert unknown_reason(estimate(chat(odd), BOOK)) == ["MemorySizeInMB is 3500, no multiple of 1024"]
    kept = {"MemorySizeInMB": 3072, "MaxConcurrency": 5, "ProvisionedConcurrency": 2}
    assert unknown_reason(estimate(chat(SERVERLESS | {"ServerlessConfig": kept}), BOOK)) == [
        "requests served by provisioned concurrency have a separate price, which is unknown",
        "no price of serverless-provisioned-3gb in us-east-1; `cdk-inference prices refresh --region us-east-1` reads them from AWS",
    ]


@each(
    ("resources", "tokens", "reasons"),
    [
        ({"Assistant": PROFILE}, {}, ["its token usage is not set (tokens.Assistant in the usage file)"]),
        ({}, {"no.such-model": {"input": 1.0}}, ["no token price of no.such-model in us-east-1"]),
        (
            {},
            {"amazon.titan-embed-text-v2:0": {"output": 5.0}},
            ["no price of output tokens of amazon.titan-embed-text-v2:0"],
        ),
    ],
)
def test_tokens_that_cannot_be_priced(
    resources: dict[str, Any], tokens: dict[str, dict[str, float]], reasons: list[str]
) -> None:
    made = estimate(deployed(resources), BOOK, Usage(tokens=tokens))
    # Of a profile and of a model that only the usage names.
    assert unknown_reason(made) == reasons


def test_resources_that_were_not_looked_at_are_counted() -> None:
    others = {"K": {"Type": "AWS::KMS::Key"}, "L": {"Type": "AWS::KMS::Key"}, "R": {"Type": "AWS::IAM::Role"}}
    assert estimate(chat(G5, **others), BOOK).outside == {"AWS::KMS::Key": 2}


def test_inference_components_cost_what_their_endpoint_costs() -> None:
    component = {"Type": "AWS::SageMaker::InferenceComponent", "Properties": {"EndpointName": "chat"}}
    made = estimate(chat(G5, C=component, D=component), BOOK)
    assert made.maximum.usd == pytest.approx(G5_MONTH)
    assert made.notes == ("2 inference components run on the instances of endpoints, which are priced above",)


def test_your_own_price_reaches_the_estimate(tmp_path: Path) -> None:
    row = (
        '[[price]]\nitem = "ml.g5.xlarge"\nregion = "us-east-1"\nusd = 1.0\ndate = "2026-11-01"\nsource = "contract"\n'
    )
    (tmp_path / "own.toml").write_text(row)
    made = estimate(chat(G5), price_book([tmp_path / "own.toml"], TODAY))
    assert made.maximum == Total(1460.0, at_least=False)


def test_a_total_counts_what_is_known() -> None:
    assert total([1.0, Unknown("x"), 2.0]) == Total(3.0, at_least=True)
    assert total([1.0, None]) is None
    assert total([]) == Total(0.0, at_least=False)

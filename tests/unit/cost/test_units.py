"""What is refused of unit costs, use and models on Amazon Bedrock, and what their alarms say."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_cloudwatch as cloudwatch

from cdk_inference.bedrock import (
    ApplicationProfile,
    BedrockAccess,
    FoundationModel,
    InferenceProfile,
    ProvisionedModel,
)
from cdk_inference.core.errors import ConfigurationError
from cdk_inference.cost import BurnRate, UnderUse, UnitCost
from cdk_inference.cost.formatting import described
from cdk_inference.endpoints import InstancePools, RealtimeEndpoint, ShadowVariant, Variant
from cdk_inference.hosting import CountRange
from tests.costs import alarms, elsewhere, refused, topic_of, watched
from tests.each import each
from tests.support import llm, models, new_stack

NOVA = "amazon.nova-lite-v1:0"
TOKENS = cloudwatch.Metric(namespace="Mine", metric_name="Tokens")


def bedrock(stack: cdk.Stack, model: Any = None) -> Any:
    return BedrockAccess(stack, "Access", models=[model or FoundationModel(NOVA)]).target()


@each(
    ("value", "message"),
    [
        (
            lambda: UnderUse(percent=0, hours=169),
            "UnderUse has 2 problems:\n"
            "  1. percent: got 0; allowed: a number above 0, at most 90; fix: write a share of 100\n"
            "  2. hours: got 169; allowed: a whole number from 1 to 168; fix: choose a time within the limits",
        ),
        (
            UnitCost,
            "UnitCost: usd_per_1000_requests, usd_per_million_tokens: got None; allowed: at least one of them; "
            "fix: write a limit",
        ),
        (
            lambda: UnitCost(usd_per_1000_requests=0, minutes=14, least_requests=0),
            "UnitCost has 3 problems:\n"
            "  1. usd_per_1000_requests: got 0; allowed: a number above 0; fix: write US dollars\n"
            "  2. minutes: got 14; allowed: a whole number from 15 to 1440; fix: choose a time within the limits\n"
            "  3. least_requests: got 0; allowed: a whole number from 1; fix: write how many requests are enough",
        ),
        (
            lambda: UnitCost(usd_per_1000_requests=2, tokens=TOKENS),
            "UnitCost: tokens: got 'a metric without a limit'; allowed: a metric with usd_per_million_tokens; "
            "fix: write the limit",
        ),
        (
            lambda: UnitCost(usd_per_million_tokens=2, tokens="Tokens"),  # type: ignore[arg-type]
            "UnitCost: tokens: got 'Tokens'; allowed: a metric (aws_cloudwatch.Metric); fix: give a metric",
        ),
    ],
)
def test_values(value: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        value()
    assert str(caught.value) == message


def test_an_endpoint_says_which_metric_counts_its_tokens() -> None:
    stack = new_stack()
    assert refused(
        stack,
        alarm_topic=topic_of(stack),
        targets=[elsewhere(stack, hardware="ml.g5.2xlarge")],
        unit_cost=UnitCost(usd_per_million_tokens=2),
    ) == (
        "CostControls fleet/Cost: unit_cost.tokens: got None; allowed: a metric of tokens: SageMaker publishes none; "
        "fix: tokens=cloudwatch.Metric(...) that your container publishes, or usd_per_1000_requests"
    )


def test_bedrock_counts_its_own_tokens_and_no_limit_is_below_the_cheapest() -> None:
    stack = new_stack()
    cost = UnitCost(usd_per_million_tokens=0.015, tokens=TOKENS)
    assert refused(stack, alarm_topic=topic_of(stack), targets=[bedrock(stack)], unit_cost=cost) == (
        "CostControls fleet/Cost has 2 problems:\n"
        "  1. unit_cost.tokens: got 'a metric'; allowed: none for a model on Amazon Bedrock, which publishes its own; "
        "fix: leave it out\n"
        "  2. unit_cost.usd_per_million_tokens: got 0.015; allowed: more than $0.015, the price of the cheapest kind of "
        "its tokens; fix: raise it: it would always fire"
    )


def test_a_unit_cost_of_something_else() -> None:
    stack = new_stack()
    search, other = elsewhere(stack), elsewhere(stack, "other")
    assert refused(
        stack,
        alarm_topic=topic_of(stack),
        targets=[search],
        unit_cost={other: UnitCost(usd_per_1000_requests=1), search: 2},
    ) == (
        "CostControls fleet/Cost has 2 problems:\n"
        "  1. unit_cost: got 2; allowed: UnitCost, or target -> UnitCost; "
        "fix: unit_cost=UnitCost(usd_per_1000_requests=...), or {endpoint: UnitCost(...)}\n"
        "  2. unit_cost: got 'other'; allowed: one of the targets; fix: add it to targets"
    )


def test_models_without_a_price_per_token() -> None:
    stack = new_stack()
    own = ProvisionedModel("arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abcdefghijkl")
    access = BedrockAccess(
        stack, "Access", models=[own, InferenceProfile("us.new.model-v1:0", destinations=("us-east-1",))]
    )
    assert refused(stack, alarm_topic=topic_of(stack), targets=access.targets, burn_rate=BurnRate(usd_per_hour=1)) == (
        "CostControls fleet/Cost has 2 problems:\n"
        "  1. targets[0]: got 'abcdefghijkl'; allowed: a model or profile with a price per token: own models cost by the "
        "hour, routers what they choose; fix: watch the models that it leads to, or leave it out\n"
        "  2. targets[1]: got 'us.new.model-v1:0'; allowed: a model whose tokens have a price: no token price of "
        "us.new.model-v1:0 in us-east-1; fix: give one: "
        'prices=price_book([Path("prices.toml")], today); https://github.com/your-organization/cdk-inference/blob/main/docs/prices.md shows the file'
    )


def test_a_model_that_is_paid_by_the_token_is_never_idle_or_under_used() -> None:
    stack = new_stack()
    profile = ApplicationProfile(stack, "Team", of=InferenceProfile(f"us.{NOVA}"), tags={"team": "search"})
    watched(stack, targets=[profile], alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=1))
    (burn,) = alarms(stack).values()
    assert burn["AlarmDescription"] == (
        "What runs has cost more than $1.00 an hour for 10 minutes. See which target has more instances or tokens than "
        "usual; lower its max_instances, or the load. An update runs two fleets for a while. Prices: us.amazon.nova-"
        "lite-v1:0 $0.06 input, $0.24 output, $0.015 cache read per million tokens (2026-11-29)."
    )
    dimensions = {query["MetricStat"]["Metric"]["Dimensions"][0]["Name"] for query in burn["Metrics"][1:]}
    assert dimensions == {"ModelId"}


def test_tokens_through_the_openai_compatible_endpoint_cost_too() -> None:
    stack = new_stack()
    access = BedrockAccess(stack, "Access", models=[FoundationModel("qwen.qwen3-32b")], openai_project="default")
    watched(stack, targets=access.targets, alarm_topic=topic_of(stack), burn_rate=BurnRate(usd_per_hour=1))
    (burn,) = alarms(stack).values()
    counted = {
        (metric["Namespace"], metric["MetricName"], metric["Dimensions"][0]["Name"], metric["Dimensions"][0]["Value"])
        for metric in (query["MetricStat"]["Metric"] for query in burn["Metrics"][1:])
    }
    assert counted == {
        ("AWS/Bedrock", "InputTokenCount", "ModelId", "qwen.qwen3-32b"),
        ("AWS/Bedrock", "OutputTokenCount", "ModelId", "qwen.qwen3-32b"),
        ("AWS/BedrockMantle", "TotalInputTokens", "Model", "qwen.qwen3-32b"),
        ("AWS/BedrockMantle", "TotalOutputTokens", "Model", "qwen.qwen3-32b"),
    }


def test_metrics_of_the_openai_compatible_endpoint_need_its_project() -> None:
    access = BedrockAccess(new_stack(), "Access", models=[FoundationModel("qwen.qwen3-32b")])
    with pytest.raises(ConfigurationError) as caught:
        access.targets[0].metric_openai_requests()
    assert str(caught.value) == (
        "metric of qwen.qwen3-32b: metric_name: got 'Inferences'; allowed: a model that callers may reach through the "
        'OpenAI-compatible endpoint; fix: pass openai_project="default", or another project, to its BedrockAccess'
    )


@each(
    ("hardware", "threshold", "told"),
    [
        ("ml.g5.2xlarge", 20, "GPU use 20 % or more"),
        ("ml.g5.12xlarge", 80, "GPU use 20 % or more"),
        ("ml.inf2.xlarge", 20, "0.2 requests or more in flight on an instance, averaged over the hour"),
        ("ml.c7i.xlarge", 20, "0.2 requests or more in flight on an instance, averaged over the hour"),
    ],
)
def test_use_is_what_the_hardware_publishes(hardware: str, threshold: float, told: str) -> None:
    stack = new_stack()
    watched(stack, targets=[elsewhere(stack, hardware=hardware)], alarm_topic=topic_of(stack))
    under = alarms(stack)["fleet-Cost-search-AllTraffic-under-use"]
    assert (under["Threshold"], under["EvaluationPeriods"], under["TreatMissingData"]) == (
        threshold,
        24,
        "notBreaching",
    )
    assert told in under["AlarmDescription"]


def test_of_a_shadow_neither_use_nor_requests_count_but_its_price_does() -> None:
    stack = new_stack()
    bucket = models(stack)
    pair = RealtimeEndpoint(
        stack,
        "Pair",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        shadow=ShadowVariant(name="Next", sampling_percent=10, server=llm(bucket), hardware="ml.g6.2xlarge"),
    )
    watched(
        stack,
        targets=[pair],
        alarm_topic=topic_of(stack),
        unit_cost=UnitCost(usd_per_1000_requests=2, minutes=30),
    )
    found = alarms(stack)
    assert {name for name in found if "Next" in name} == set()
    cost = found["fleet-Cost-fleet-pair-requests-cost"]
    (text,) = (query["Expression"] for query in cost["Metrics"] if "Expression" in query)
    metrics = {query["Id"]: query["MetricStat"] for query in cost["Metrics"] if "MetricStat" in query}
    assert sorted((one["Metric"]["MetricName"], one["Stat"], one["Period"]) for one in metrics.values()) == [
        ("CPUUtilization", "SampleCount", 1800),
        ("CPUUtilization", "SampleCount", 1800),
        ("Invocations", "Sum", 1800),
    ]
    own, shadow, requests = metrics
    assert text == (f"IF({requests} >= 100, 500 * (0.050666666667 * {own} + 0.040733333333 * {shadow}) / ({requests}))")


def test_descriptions_say_what_to_do_and_the_numbers() -> None:
    stack = new_stack()
    cost = UnitCost(usd_per_1000_requests=2)
    watched(stack, targets=[elsewhere(stack, hardware="ml.g5.2xlarge")], alarm_topic=topic_of(stack), unit_cost=cost)
    found = alarms(stack)
    assert found["fleet-Cost-search-requests-cost"]["AlarmDescription"] == (
        "search: over 60 minutes, with 100 requests or more, 1000 requests have cost more than $2.00. Fewer requests for "
        "the same instances, longer prompts or answers, or a more expensive type: lower min_instances, use a cheaper type (`cdk-inference choose`), or check what callers send. Prices: ml.g5.2xlarge $1.52 an hour (listed, 2026-09-27)."
    )
    assert found["fleet-Cost-search-AllTraffic-under-use"]["AlarmDescription"] == (
        "search, variant AllTraffic: in none of the last 24 hours was GPU use 20 % or more. It is billed in full. Lower min_instances; at one instance, use a cheaper type (`cdk-inference choose`), or put several "
        "models on one endpoint (ComponentEndpoint). Prices: ml.g5.2xlarge $1.52 an hour (listed, 2026-09-27)."
    )


def test_an_endpoint_of_many_variants_has_no_unit_cost() -> None:
    stack = new_stack()
    bucket = models(stack)
    chat = RealtimeEndpoint(
        stack,
        "Chat",
        server=llm(bucket),
        hardware="ml.g5.2xlarge",
        more_variants=[
            Variant(name=f"V{number}", traffic_percent=10, server=llm(bucket), hardware="ml.g5.2xlarge")
            for number in range(5)
        ],
    )
    assert refused(stack, alarm_topic=topic_of(stack), targets=[chat], unit_cost=UnitCost(usd_per_1000_requests=2)) == (
        "CostControls fleet/Cost: unit_cost: got '12 metrics'; allowed: up to 10 metrics in an alarm: for each variant "
        "its instances, cheaper types and requests; fix: leave the unit cost of this target out"
    )


def test_of_types_with_unlike_numbers_of_gpus_the_smallest_is_held_to() -> None:
    """One GPU and four: 20 % of the one, so that an instance of four in use never looks idle."""
    stack = new_stack()
    pools = elsewhere(stack, hardware=InstancePools(types=("ml.g5.12xlarge", "ml.g5.2xlarge")))
    watched(stack, targets=[pools], alarm_topic=topic_of(stack))
    assert alarms(stack)["fleet-Cost-search-AllTraffic-under-use"]["Threshold"] == 20


def test_a_description_names_as_many_prices_as_it_holds() -> None:
    """1,024 characters: botocore's model of PutMetricAlarm."""

    class Many:
        counts, lowest_usd, publish_seconds = CountRange.fixed(0), 0.0, 60
        prices_in_words = tuple(f"ml.g5.{number}xlarge $1.00 an hour (listed, 2026-09-27)" for number in range(10, 60))

        def terms(self, period: int) -> list[Any]:
            raise NotImplementedError(period)

    text = described("What to do.", [Many(), Many()])
    assert 970 < len(text) <= 1024
    assert text.startswith("What to do. Prices: ml.g5.10xlarge $1.00 an hour (listed, 2026-09-27); ml.g5.11xlarge")
    assert text.endswith("; 31 more in the code.")

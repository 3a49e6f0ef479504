"""The life of an endpoint in memory: created, updated, autoscaled, refused, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal import sagemaker, scaling
from rehearsal.account import Account, Bucket, Role
from rehearsal.api_model import RefusedError
from rehearsal.hosting import Hosting
from rehearsal.rule import reports
from rehearsal.rules import RULES
from tests.each import each

ROLE = "arn:aws:iam::111122223333:role/chat"
TRUST = {
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}]
}
EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
TARGET = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": "endpoint/chat/variant/AllTraffic",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}


def account(*keys: str) -> Account:
    return Account(
        roles={ROLE: Role(trust=TRUST, policies=[EVERYTHING])},
        buckets={"models": Bucket(region="us-east-1", keys=keys)},
        quotas={"ml.g6.2xlarge": 8},
    )


FULL = account("llama/config.json")


def variant(**more: Any) -> dict[str, Any]:
    plain = {"VariantName": "AllTraffic", "ModelName": "m", "InstanceType": "ml.g6.2xlarge", "InitialInstanceCount": 1}
    return {**plain, **more}


def deployed(where: Account = FULL) -> Hosting:
    """An endpoint `chat` on config `c1`; `c2` and `c3` lie ready."""
    hosting = Hosting()
    source = {"S3Uri": "s3://models/llama/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    container = {"Image": "repo/image:1", "ModelDataSource": {"S3DataSource": source}}
    model = {"ModelName": "m", "ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    sagemaker.call("CreateModel", model, where, hosting)
    for name, one in (
        ("c1", variant()),
        ("c2", variant(InitialInstanceCount=2)),
        ("c3", variant(InstanceType="ml.m5.large")),
    ):
        sagemaker.call(
            "CreateEndpointConfig", {"EndpointConfigName": name, "ProductionVariants": [one]}, where, hosting
        )
    sagemaker.call("CreateEndpoint", {"EndpointName": "chat", "EndpointConfigName": "c1"}, where, hosting)
    return hosting


def status(hosting: Hosting) -> tuple[str, str, int]:
    found = sagemaker.call("DescribeEndpoint", {"EndpointName": "chat"}, FULL, hosting)
    return found["EndpointStatus"], found["EndpointConfigName"], found["ProductionVariants"][0]["CurrentInstanceCount"]


def settle(hosting: Hosting) -> None:
    hosting.now += sagemaker.CHANGE_SECONDS


def update(hosting: Hosting, config: str, **more: Any) -> None:
    params = {"EndpointName": "chat", "EndpointConfigName": config, **more}
    sagemaker.call("UpdateEndpoint", params, FULL, hosting)


def test_an_endpoint_is_in_service_when_its_time_is_over() -> None:
    hosting = deployed()
    assert status(hosting) == ("Creating", "c1", 1)
    hosting.now += sagemaker.CHANGE_SECONDS - 1
    assert status(hosting) == ("Creating", "c1", 1)
    hosting.now += 1
    assert status(hosting) == ("InService", "c1", 1)


def test_an_endpoint_without_its_model_fails() -> None:
    hosting = deployed(account("other/config.json"))
    settle(hosting)
    found = sagemaker.call("DescribeEndpoint", {"EndpointName": "chat"}, FULL, hosting)
    assert found["EndpointStatus"] == "Failed"
    assert found["FailureReason"].startswith("Could not find model data at s3://models/llama/: the prefix is empty")


def test_an_update_resets_the_count_unless_it_is_retained() -> None:
    hosting = deployed()
    settle(hosting)
    hosting.endpoints["chat"]["Variants"][0]["CurrentInstanceCount"] = 3
    update(hosting, "c2", RetainAllVariantProperties=True)
    settle(hosting)
    assert status(hosting) == ("InService", "c2", 3)
    update(hosting, "c1")
    settle(hosting)
    assert status(hosting) == ("InService", "c1", 1)


def test_two_updates_at_once_are_refused() -> None:
    hosting = deployed()
    with pytest.raises(RefusedError, match="Cannot update in-progress endpoint"):
        update(hosting, "c2")


def test_an_update_whose_model_is_gone_rolls_back() -> None:
    hosting = deployed()
    settle(hosting)
    sagemaker.call("UpdateEndpoint", {"EndpointName": "chat", "EndpointConfigName": "c2"}, account(), hosting)
    settle(hosting)
    assert status(hosting) == ("InService", "c1", 1)


def test_registering_moves_the_count_inside_and_pins_the_type() -> None:
    hosting = deployed()
    settle(hosting)
    scaling.call("RegisterScalableTarget", {**TARGET, "MinCapacity": 2, "MaxCapacity": 4}, FULL, hosting)
    assert status(hosting) == ("InService", "c1", 2)
    with pytest.raises(RefusedError) as caught:
        update(hosting, "c3")
    assert caught.value.rule == "autoscaled-variant"
    scaling.call("DeregisterScalableTarget", TARGET, FULL, hosting)
    update(hosting, "c3")


def test_a_deleted_endpoint_takes_its_target_along() -> None:
    hosting = deployed()
    scaling.call("RegisterScalableTarget", {**TARGET, "MinCapacity": 1, "MaxCapacity": 4}, FULL, hosting)
    sagemaker.call("DeleteEndpoint", {"EndpointName": "chat"}, FULL, hosting)
    assert (hosting.targets, hosting.endpoints) == ({}, {})


def test_a_config_in_use_can_be_deleted_and_is_reported() -> None:
    hosting = deployed()
    sagemaker.call("DeleteEndpointConfig", {"EndpointConfigName": "c1"}, FULL, hosting)
    assert [(rule.id, text) for rule, text in reports(RULES, FULL, hosting)] == [
        (
            "config-deleted",
            "endpoint chat: its endpoint config c1 was deleted while the endpoint uses it; the next update or scale-out may "
            "fail",
        )
    ]


@each(
    ("operation", "message"),
    [
        (
            "CreateTrainingJob",
            "sagemaker CreateTrainingJob: got an operation that the rehearsal does not have",
        ),
        ("CreateEndpoints", "sagemaker CreateEndpoints: got an operation that the API does not have"),
    ],
)
def test_an_operation_without_a_handler_fails_with_its_name(operation: str, message: str) -> None:
    with pytest.raises(RefusedError) as caught:
        sagemaker.call(operation, {}, FULL, Hosting())
    assert str(caught.value).startswith(f"{message}; allowed: CreateEndpoint, ")


def test_every_rule_has_a_page_and_a_name_of_its_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.source.startswith("https://") and (rule.on or rule.effect == "later") for rule in RULES)

"""What a network refuses: whole messages."""

from __future__ import annotations

import signal
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3

from cdk_inference.network import InferenceNetwork
from tests.each import each
from tests.refusals import refusal_of
from tests.support import models, new_stack

BUCKETS = "a list of buckets (aws_s3.IBucket)"
ZONES = '2 to 16, or as many different names of zones; fix: for example zones=2, or zones=("us-east-1a", "us-east-1b")'
SERVICES = (
    "sagemaker.runtime, logs, ecr.api, ecr.dkr, each once; fix: choose from these; for any other service call "
    "network.vpc.add_interface_endpoint(...)"
)


def refusal(stack: cdk.Stack | None = None, **arguments: Any) -> str:
    stack = stack or new_stack()
    return refusal_of(InferenceNetwork, stack, "Network", **{"read_from": [models(stack)], **arguments})


@each(
    ("arguments", "message"),
    [
        ({"read_from": []}, "read_from: got []; allowed: at least the bucket that holds the models; fix: for example read_from=[bucket]"),
        ({"read_from": "models"}, f"read_from: got 'models'; allowed: {BUCKETS}; fix: for example read_from=[bucket]"),
        ({"write_to": ["models"]}, f"write_to: got ['models']; allowed: {BUCKETS}; fix: for example write_to=[bucket]"),
        ({"zones": 1}, f"zones: got 1; allowed: {ZONES}"),
        ({"zones": 17}, f"zones: got 17; allowed: {ZONES}"),
        ({"zones": True}, f"zones: got True; allowed: {ZONES}"),
        ({"zones": signal.SIGINT}, f"zones: got {signal.SIGINT!r}; allowed: {ZONES}"),
        ({"zones": ("us-east-1a", "us-east-1a", "us-east-1b")}, f"zones: got ('us-east-1a', 'us-east-1a', 'us-east-1b'); allowed: {ZONES}"),
        ({"zones": "us-east-1a"}, f"zones: got 'us-east-1a'; allowed: {ZONES}"),
        ({"services": ("sts",)}, f"services: got ('sts',); allowed: {SERVICES}"),
        ({"services": ("s3",)}, f"services: got ('s3',); allowed: {SERVICES}"),
        ({"services": "logs"}, f"services: got 'logs'; allowed: {SERVICES}"),
        ({"services": ("logs", "logs")}, f"services: got ('logs', 'logs'); allowed: {SERVICES}"),
        ({"services": ([],)}, f"services: got ([],); allowed: {SERVICES}"),
        ({"instances": -1}, "instances: got -1; allowed: a whole number from 0; fix: give the sum over all endpoints, doubled for updates"),
        ({"keep_logs": 1}, "keep_logs: got 1; allowed: True or False; fix: write True or False"),
        ({"encryption_key": "alias/mine"}, "encryption_key: got 'alias/mine'; allowed: a key (aws_kms.IKey); fix: for example kms.Key.from_key_arn(...)"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_argument(arguments: dict[str, Any], message: str) -> None:
    assert refusal(**arguments) == f"InferenceNetwork fleet/Network: {message}"


def test_a_retention_that_cloudwatch_does_not_know() -> None:
    found = refusal(retention_days=10)
    assert found.startswith(
        "InferenceNetwork fleet/Network: retention_days: got 10; allowed: 1, 3, 5, 7, 14, 30, 60, 90, "
    )
    assert found.endswith("; fix: choose the next longer period")


def test_more_zones_than_the_cdk_knows_of() -> None:
    assert refusal(zones=3) == (
        "InferenceNetwork fleet/Network: zones: got 3; allowed: up to 2, the zones of the CDK's context here; fix: "
        "name the account and region of the stack (env=...), or the zones: zones=(...)"
    )


def test_subnets_too_small_for_the_instances() -> None:
    assert refusal(cidr="10.0.0.0/26", instances=6) == (
        "InferenceNetwork fleet/Network: cidr: got '10.0.0.0/26'; allowed: a block that gives each of 2 zones 31 "
        "addresses: 5 for each of 6 instances, 1 for each of 1 interface endpoints; fix: a block of /25 or larger"
    )


def test_a_bucket_and_a_key_of_another_region() -> None:
    stack = new_stack()
    bucket = s3.Bucket.from_bucket_attributes(stack, "Far", bucket_name="far", region="eu-west-1")
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/mine")
    assert refusal(stack, write_to=[bucket], encryption_key=key) == (
        "InferenceNetwork fleet/Network has 2 problems:\n"
        "  1. write_to[0]: got 'a bucket in eu-west-1'; allowed: a bucket in us-east-1, the network's region; fix: copy it "
        "to us-east-1, or move the network to eu-west-1\n"
        "  2. encryption_key: got 'a key in eu-west-1'; allowed: a key in us-east-1, the network's region; fix: copy it to "
        "us-east-1, or move the network to eu-west-1"
    )


def test_buckets_that_the_policy_of_the_s3_endpoint_does_not_hold() -> None:
    """Names of 63 characters: 166 characters for a bucket to read from and 86 for one to write to; 20,480 in all."""
    stack = new_stack()
    buckets = [s3.Bucket.from_bucket_name(stack, f"B{number}", f"{number:0>63}") for number in range(130)]
    InferenceNetwork(stack, "Fits", read_from=buckets[:100], write_to=buckets[:30])
    for read, written in ((130, 0), (100, 60)):
        told = refusal_of(InferenceNetwork, stack, "Network", read_from=buckets[:read], write_to=buckets[:written])
        assert told.startswith("InferenceNetwork fleet/Network: read_from, write_to: got 'buckets for ")
        assert told.endswith(
            "allowed: buckets that the policy of one endpoint holds, 20480 characters; fix: make a network for each part of them"
        )

"""Instances from a capacity reservation, and from nowhere else."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest

from cdk_inference.core.errors import ConfigurationError
from cdk_inference.endpoints import CapacityReservation, InstancePools, ShadowVariant, Variant
from tests.each import each
from tests.refusals import refusal_of
from tests.support import endpoint_template, llm, models, new_stack, only

ARN = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/two-weeks"
RESERVED = CapacityReservation(arn=ARN)


def refusal(**arguments: Any) -> str:
    return refusal_of(endpoint_template, **arguments)


def test_the_variant_names_it() -> None:
    (variant,) = only(endpoint_template(reservation=RESERVED), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["CapacityReservationConfig"] == {
        "CapacityReservationPreference": "capacity-reservations-only",
        "MlReservationArn": ARN,
    }


def test_without_one_nothing_is_said() -> None:
    (variant,) = only(endpoint_template(), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert "CapacityReservationConfig" not in variant


def test_one_that_is_known_at_deployment_only() -> None:
    def reserved(stack: cdk.Stack) -> CapacityReservation:
        return CapacityReservation(arn=cdk.CfnParameter(stack, "Plan").value_as_string)

    (variant,) = only(endpoint_template(reservation=reserved), "AWS::SageMaker::EndpointConfig")["ProductionVariants"]
    assert variant["CapacityReservationConfig"]["MlReservationArn"] == {"Ref": "Plan"}


@each("region", ["us-east-1", None])
def test_in_the_endpoints_region_if_that_is_known(region: str | None) -> None:
    assert endpoint_template(region=region, reservation=RESERVED)


def test_in_another_region() -> None:
    far = CapacityReservation(arn=ARN.replace("us-east-1", "us-west-2"))
    assert refusal(reservation=far) == (
        "RealtimeEndpoint fleet/Chat: reservation.arn: got 'a reservation in us-west-2'; allowed: a reservation in "
        "us-east-1, the endpoint's region; fix: reserve in us-east-1, or move the endpoint to us-west-2"
    )


def test_pools() -> None:
    assert refusal(reservation=RESERVED, hardware=InstancePools(types=("ml.g6.2xlarge", "ml.g6.4xlarge"))) == (
        "RealtimeEndpoint fleet/Chat: reservation: got 'a reservation with InstancePools'; allowed: one instance type: a "
        "reservation holds one, and SageMaker would not fall back to another; fix: choose one of the two"
    )


def test_further_variants_and_shadows() -> None:
    other = Variant(name="B", traffic_percent=5, server=llm(models(new_stack())), hardware="ml.g6.2xlarge")
    expected = (
        "RealtimeEndpoint fleet/Chat: reservation: got 'a reservation with 2 variants'; allowed: one variant: a plan "
        "serves one endpoint, on one type; fix: drop the others"
    )
    assert refusal(reservation=RESERVED, more_variants=[other]) == expected
    shadow = ShadowVariant(sampling_percent=5, server=llm(models(new_stack())), hardware="ml.g6.2xlarge")
    assert refusal(reservation=RESERVED, shadow=shadow) == expected


@each("value", ["arn:aws:sagemaker:us-east-1:1:training-plan/x", "two-weeks", "", None, 7])
def test_what_is_no_reservation(value: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        CapacityReservation(arn=value)
    assert str(caught.value) == (
        f"CapacityReservation: arn: got {value!r}; allowed: the ARN of an ML capacity reservation; fix: copy it from "
        "`aws sagemaker describe-training-plan`"
    )


def test_an_arn_in_place_of_the_value() -> None:
    assert refusal(reservation=ARN) == (
        f"RealtimeEndpoint fleet/Chat: reservation: got {ARN!r}; allowed: CapacityReservation or None; fix: "
        "reservation=CapacityReservation(arn=...)"
    )

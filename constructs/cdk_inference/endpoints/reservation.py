"""Instances that were reserved beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_inference.core.checks import is_token, matching
from cdk_inference.core.errors import Problem, raise_problems
from cdk_inference.hardware import InstanceType
from cdk_inference.hardware.table import knowledge_date

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantCapacityReservationConfig.html
# (botocore 1.44.5)
_ARN = r"arn:aws[a-z-]*:sagemaker:[a-z0-9-]*:[0-9]{12}:[a-z0-9-]{1,14}/.*"


@dataclass(frozen=True, kw_only=True)
class CapacityReservation:
    """An ML capacity reservation, such as a training plan's, that the instances are taken from, and from nowhere else.

    arn: of the reservation, in the endpoint's region. Its instance type must be the endpoint's; its end ends the
        endpoint's service.

    An update by blue/green starts a second fleet, and it may come from the reservation only: reserve twice the
    instances, or use `Rolling`, which needs those of one batch. This follows from the pages and was not tried.

    https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-utilization-for-inference-endpoints.html
    (read 2026-11-22)

    Raises ConfigurationError.
    """

    arn: str

    def __post_init__(self) -> None:
        allowed = "the ARN of an ML capacity reservation"
        fix = "copy it from `aws sagemaker describe-training-plan`"
        raise_problems("CapacityReservation", matching("arn", self.arn, _ARN, allowed, fix))


RESERVED_TYPE = "cdk-inference:reserved-type"


def reserved_type_warning(hardware: InstanceType) -> tuple[str, str]:
    """(id, message) about a type that is in no price list of hosting.

    SearchTrainingPlanOfferings has endpoints as a target, and some of these types among those that can be reserved
    (botocore 1.44.8); whether there are offerings is not known.
    """
    return RESERVED_TYPE, (
        f"No region lists {hardware.name} for hosting on demand (as of {knowledge_date()}), so that it can be had from "
        "a reservation is not established, nor what it costs. Look for offerings with `aws sagemaker "
        "search-training-plan-offerings --target-resources endpoint`, then acknowledge this. "
        "https://docs.aws.amazon.com/sagemaker/latest/dg/training-plan-utilization-for-inference-endpoints.html"
    )


def reservation_problems(reservation: object, region: str, *, pooled: bool, variants: int) -> list[Problem]:
    """Why an endpoint in `region`, with pools or with so many variants, cannot take its instances from `reservation`.

    "You can use exactly one plan per inference endpoint":
    https://docs.aws.amazon.com/sagemaker/latest/dg/use-training-plan-for-inference-endpoints-using-api-cli-sdk.html
    (read 2026-11-24)
    """
    if reservation is None:
        return []
    if not isinstance(reservation, CapacityReservation):
        fix = "reservation=CapacityReservation(arn=...)"
        return [Problem("reservation", reservation, "CapacityReservation or None", fix)]
    found = []
    if not is_token(reservation.arn) and not is_token(region):
        other = reservation.arn.split(":")[3]
        if other != region:
            fix = f"reserve in {region}, or move the endpoint to {other}"
            allowed = f"a reservation in {region}, the endpoint's region"
            found.append(Problem("reservation.arn", f"a reservation in {other}", allowed, fix))
    if pooled:
        allowed = "one instance type: a reservation holds one, and SageMaker would not fall back to another"
        found.append(Problem("reservation", "a reservation with InstancePools", allowed, "choose one of the two"))
    if variants > 1:
        allowed = "one variant: a plan serves one endpoint, on one type"
        found.append(Problem("reservation", f"a reservation with {variants} variants", allowed, "drop the others"))
    return found

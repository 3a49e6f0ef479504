"""Metering: a Lambda function that counts the instances of every endpoint in a region, and its alarms."""

from cdk_inference.cost.metering.construct import Metering

__all__ = ["Metering"]

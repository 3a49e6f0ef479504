"""Endpoints: models that answer requests."""

from cdk_inference.endpoints.capture_bucket import CaptureBucket
from cdk_inference.endpoints.data_capture import DataCapture
from cdk_inference.endpoints.managed import ENDPOINT_TAG
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.realtime import RealtimeEndpoint
from cdk_inference.endpoints.reference import ImportedEndpoint, InvocableEndpoint
from cdk_inference.endpoints.settings import Observability, VpcPlacement

__all__ = [
    "ENDPOINT_TAG",
    "CaptureBucket",
    "DataCapture",
    "ImportedEndpoint",
    "InstancePools",
    "InvocableEndpoint",
    "Observability",
    "RealtimeEndpoint",
    "VpcPlacement",
]

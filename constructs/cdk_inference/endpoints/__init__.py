"""Endpoints: models that answer requests."""

from cdk_inference.endpoints.asynchronous import AsyncEndpoint
from cdk_inference.endpoints.exchange import AsyncExchange
from cdk_inference.endpoints.managed import ENDPOINT_TAG
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.realtime import RealtimeEndpoint
from cdk_inference.endpoints.reference import ImportedEndpoint, InvocableEndpoint
from cdk_inference.endpoints.serverless import ServerlessEndpoint
from cdk_inference.endpoints.settings import Observability, VpcPlacement
from cdk_inference.endpoints.variants import ShadowVariant, Variant

__all__ = [
    "ENDPOINT_TAG",
    "AsyncEndpoint",
    "AsyncExchange",
    "ImportedEndpoint",
    "InstancePools",
    "InvocableEndpoint",
    "Observability",
    "RealtimeEndpoint",
    "ServerlessEndpoint",
    "ShadowVariant",
    "Variant",
    "VpcPlacement",
]

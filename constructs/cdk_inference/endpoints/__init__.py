"""Endpoints: models that answer requests."""

from cdk_inference.endpoints.adapter import AdapterComponent
from cdk_inference.endpoints.async_io import AsyncIo
from cdk_inference.endpoints.asynchronous import AsyncEndpoint
from cdk_inference.endpoints.base import ENDPOINT_TAG
from cdk_inference.endpoints.capacity import Consolidation, ManagedInstances, Placement, Resources
from cdk_inference.endpoints.component import InferenceComponent
from cdk_inference.endpoints.component_spec import ComponentOn
from cdk_inference.endpoints.components import ComponentEndpoint
from cdk_inference.endpoints.data_capture import DataCapture
from cdk_inference.endpoints.imported import (
    ImportedAsyncEndpoint,
    ImportedComponent,
    ImportedComponentEndpoint,
    ImportedEndpoint,
    ImportedServerlessEndpoint,
    InvocableEndpoint,
)
from cdk_inference.endpoints.payload_bucket import PayloadBucket
from cdk_inference.endpoints.pools import InstancePools
from cdk_inference.endpoints.realtime import RealtimeEndpoint
from cdk_inference.endpoints.reservation import CapacityReservation
from cdk_inference.endpoints.routing import PrefixAware
from cdk_inference.endpoints.serverless import ServerlessEndpoint
from cdk_inference.endpoints.settings import Observability
from cdk_inference.endpoints.variant_plan import BilledVariant
from cdk_inference.endpoints.variants import ShadowVariant, Variant
from cdk_inference.kit.vpc_placement import VpcPlacement

__all__ = [
    "ENDPOINT_TAG",
    "AdapterComponent",
    "AsyncEndpoint",
    "AsyncIo",
    "BilledVariant",
    "CapacityReservation",
    "ComponentEndpoint",
    "ComponentOn",
    "Consolidation",
    "DataCapture",
    "ImportedAsyncEndpoint",
    "ImportedComponent",
    "ImportedComponentEndpoint",
    "ImportedEndpoint",
    "ImportedServerlessEndpoint",
    "InferenceComponent",
    "InstancePools",
    "InvocableEndpoint",
    "ManagedInstances",
    "Observability",
    "PayloadBucket",
    "Placement",
    "PrefixAware",
    "RealtimeEndpoint",
    "Resources",
    "ServerlessEndpoint",
    "ShadowVariant",
    "Variant",
    "VpcPlacement",
]

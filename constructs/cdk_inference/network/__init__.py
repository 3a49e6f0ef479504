"""Networks: a VPC without internet access, for endpoints and their callers."""

from cdk_inference.network.inference_network import InferenceNetwork
from cdk_inference.network.service_access import SERVICES

__all__ = ["SERVICES", "InferenceNetwork"]

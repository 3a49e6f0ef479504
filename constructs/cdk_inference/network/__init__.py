"""Networks: a VPC without a way to the internet, for endpoints and for those who call them."""

from cdk_inference.network.inference_network import InferenceNetwork
from cdk_inference.network.service_access import SERVICES

__all__ = ["SERVICES", "InferenceNetwork"]

"""Isolation: whether what runs reaches the internet, or stays in a VPC."""

from __future__ import annotations

from cdk_inference.review.protections.comparators import lowered, switched_off, switched_on, taken_away
from cdk_inference.review.protections.protection import Protection, rows

_CALLS_OUT = "the model server may call the internet, and so may whatever came with the model or its code"
_VPC = "it runs outside of your VPC, so security groups and endpoint policies no longer hold for it"

ISOLATION: tuple[Protection, ...] = (
    *rows("AWS::SageMaker::Model", _CALLS_OUT, (("EnableNetworkIsolation",), switched_off())),
    *rows("AWS::SageMaker::EndpointConfig", _CALLS_OUT, (("EnableNetworkIsolation",), switched_off())),
    *rows("AWS::SageMaker::Model", _VPC, (("VpcConfig",), taken_away)),
    *rows("AWS::SageMaker::EndpointConfig", _VPC, (("VpcConfig",), taken_away)),
    *rows(
        "AWS::SageMaker::Domain",
        "notebooks reach the internet past your VPC",
        (("AppNetworkAccessType",), lowered("PublicInternetOnly", "VpcOnly", default="PublicInternetOnly")),
    ),
    *rows(
        "AWS::SageMaker::NotebookInstance",
        "the notebook reaches the internet past your VPC",
        (("DirectInternetAccess",), switched_on(off="Disabled", default="Enabled")),
    ),
    *rows("AWS::Lambda::Function", _VPC, (("VpcConfig",), taken_away)),
    *rows("AWS::CodeBuild::Project", _VPC, (("VpcConfig",), taken_away)),
    *rows("AWS::OpenSearchService::Domain", _VPC, (("VPCOptions",), taken_away)),
    *rows("AWS::BedrockAgentCore::Runtime", _VPC, (("NetworkConfiguration", "NetworkMode"), lowered("PUBLIC", "VPC"))),
    *rows(
        "AWS::BedrockAgentCore::BrowserCustom",
        _VPC,
        (("NetworkConfiguration", "NetworkMode"), lowered("PUBLIC", "VPC")),
    ),
    *rows(
        "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "code that a model wrote reaches more than before",
        (("NetworkConfiguration", "NetworkMode"), lowered("PUBLIC", "VPC", "SANDBOX")),
    ),
)

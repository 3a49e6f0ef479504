"""Isolation: whether what runs reaches the internet, or stays in a VPC."""

from __future__ import annotations

from cdk_inference.review.protections.comparators import lowered, switched_off, switched_on, taken_away
from cdk_inference.review.protections.protection import Protection, rows

_CALLS_OUT = "the model server can call the internet, and so can any code that came with the model"
_VPC = "it runs outside your VPC, so security groups and endpoint policies no longer apply to it"

ISOLATION: tuple[Protection, ...] = (
    *rows("AWS::SageMaker::Model", _CALLS_OUT, (("EnableNetworkIsolation",), switched_off())),
    *rows("AWS::SageMaker::EndpointConfig", _CALLS_OUT, (("EnableNetworkIsolation",), switched_off())),
    *rows("AWS::SageMaker::Model", _VPC, (("VpcConfig",), taken_away)),
    *rows("AWS::SageMaker::EndpointConfig", _VPC, (("VpcConfig",), taken_away)),
    *rows(
        "AWS::SageMaker::Domain",
        "notebooks reach the internet without going through your VPC",
        (("AppNetworkAccessType",), lowered("PublicInternetOnly", "VpcOnly", default="PublicInternetOnly")),
    ),
    *rows(
        "AWS::SageMaker::NotebookInstance",
        "the notebook reaches the internet without going through your VPC",
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
        "code written by a model can reach more than before",
        (("NetworkConfiguration", "NetworkMode"), lowered("PUBLIC", "VPC", "SANDBOX")),
    ),
)

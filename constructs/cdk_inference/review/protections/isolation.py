"""Isolation: whether what runs reaches the internet, or stays in a VPC."""

from __future__ import annotations

from cdk_inference.review.protections.comparators import fewer, lowered, switched_off, switched_on, taken_away
from cdk_inference.review.protections.encryption import MONITORING_JOBS
from cdk_inference.review.protections.protection import Protection, rows
from cdk_inference.review.protections.removals import Protector

_CALLS_OUT = "the model server can call the internet, and so can any code that came with the model"
_JOB = "the job, which reads captured requests, can call the internet"
_VPC = "it runs outside your VPC, so security groups and endpoint policies no longer apply to it"

_PATH = "calls to the service from this network fail, or leave it through the internet"

PATHS: tuple[Protection, ...] = rows(
    "AWS::EC2::VPCEndpoint", _PATH, (("PrivateDnsEnabled",), switched_off()), (("RouteTableIds",), fewer())
)
PATHS_GONE = (Protector(type="AWS::EC2::VPCEndpoint", for_=("VpcId", "ServiceName"), lost=_PATH),)
ISOLATION: tuple[Protection, ...] = (
    *rows("AWS::SageMaker::Model", _CALLS_OUT, (("EnableNetworkIsolation",), switched_off())),
    *rows("AWS::SageMaker::EndpointConfig", _CALLS_OUT, (("EnableNetworkIsolation",), switched_off())),
    *(
        row
        for name in MONITORING_JOBS
        for row in (
            *rows(name, _JOB, (("NetworkConfig", "EnableNetworkIsolation"), switched_off())),
            *rows(name, _VPC, (("NetworkConfig", "VpcConfig"), taken_away)),
        )
    ),
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

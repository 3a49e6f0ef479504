"""The services that the review is about: those that serve inference, and what stands beside them.

Of any other type it reports replacement and removal; the rest of what it knows of these is off by default.
"""

from __future__ import annotations

import re

_SERVICES = frozenset(
    {
        *("ApplicationAutoScaling", "Bedrock", "BedrockAgentCore", "SageMaker"),
        *("ApiGateway", "ApiGatewayV2", "Events", "Lambda", "SNS", "SQS", "StepFunctions"),
        *("Budgets", "CE", "CloudTrail", "CloudWatch", "Logs"),
        *("DynamoDB", "ECR", "OpenSearchServerless", "S3", "S3Express", "S3Vectors"),
        *("IAM", "KMS", "SecretsManager"),
    }
)
_VPC = re.compile(
    r"(VPC|Subnet|SecurityGroup|NetworkAcl|Route|InternetGateway|EgressOnly|NatGateway|FlowLog|PrefixList|EIP).*"
)


def in_scope(kind: str) -> bool:
    """Whether a CloudFormation type is of one of the services; "" is what is about no resource."""
    parts = kind.split("::")
    if len(parts) != 3 or parts[0] != "AWS":
        return True
    return parts[1] in _SERVICES or (parts[1] == "EC2" and bool(_VPC.fullmatch(parts[2])))

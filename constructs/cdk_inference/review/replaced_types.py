"""What the replacement of a resource without data means, by its type."""

from __future__ import annotations

from types import MappingProxyType

# Made again without anybody noticing: an endpoint's own parts, which are meant to be replaced, and what only connects.
SILENT = frozenset(
    {
        "AWS::SageMaker::Endpoint",  # under another name; rule endpoint-gone
        "AWS::SageMaker::EndpointConfig",
        "AWS::SageMaker::Model",
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::ApiGateway::Deployment",
        "AWS::Budgets::Budget",
        "AWS::CDK::Metadata",
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::EC2::Route",
        "AWS::EC2::SecurityGroupEgress",
        "AWS::EC2::SecurityGroupIngress",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::IAM::Policy",
        "AWS::IAM::RolePolicy",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Version",
        "AWS::Logs::MetricFilter",
        "AWS::Logs::ResourcePolicy",
        "AWS::Logs::SubscriptionFilter",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
    }
)

_NETWORK = "it gets a new id; the old one is deleted only once no network interface uses it"
_ARN = "it gets a new ARN: references to the old one outside these templates stop working"

MEANINGS = MappingProxyType(
    {
        "AWS::IAM::Role": f"{_ARN}; bucket and key policies with it as principal stop applying",
        "AWS::IAM::ManagedPolicy": f"{_ARN}; roles outside these templates lose it",
        "AWS::EC2::SecurityGroup": f"{_NETWORK}; rules outside these templates that reference it stop applying",
        "AWS::EC2::Subnet": _NETWORK,
        "AWS::EC2::VPC": f"{_NETWORK}; everything in it is recreated",
        "AWS::EC2::VPCEndpoint": "its addresses change, and connections through the old one end",
        "AWS::EC2::NatGateway": "its address changes: allow lists with the old one block you",
        "AWS::EC2::EIP": "its address changes: allow lists with the old one block you",
        "AWS::EC2::Instance": "it becomes a different machine, and the data on its local disks is lost",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": "its DNS name changes: callers of the old name fail",
        "AWS::ApiGateway::RestApi": "its address changes: callers of the old one fail",
        "AWS::ApiGatewayV2::Api": "its address changes: callers of the old one fail",
        "AWS::Lambda::Function": _ARN,
        "AWS::SNS::Topic": f"{_ARN}; subscriptions created outside these templates are lost",
        "AWS::SNS::Subscription": "an e-mail address has to confirm again before it is notified",
        "AWS::Cognito::UserPoolClient": "its client id changes: applications have to be updated",
        "AWS::Bedrock::Guardrail": f"{_ARN}; callers that pass the old id fail",
        "AWS::Bedrock::ApplicationInferenceProfile": f"{_ARN}; callers that pass the old one fail",
    }
)
OTHERS = "it gets a new id: references to the old one outside these templates stop working"

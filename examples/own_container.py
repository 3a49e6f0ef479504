"""Any image in ECR, on a Graviton CPU, in the subnets of a VPC without a way to the internet."""

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_s3 as s3

from cdk_inference.endpoints import RealtimeEndpoint, VpcPlacement
from cdk_inference.scaling import TargetInvocations
from cdk_inference.serving import Container, EcrImage, S3Archive

app = cdk.App()
stack = cdk.Stack(app, "Ranking", env=cdk.Environment(region="eu-central-1"))

vpc = ec2.Vpc(
    stack,
    "Vpc",
    max_azs=2,
    nat_gateways=0,
    subnet_configuration=[ec2.SubnetConfiguration(name="models", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)],
    gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
)
bucket = s3.Bucket.from_bucket_name(stack, "Models", "my-models")
repository = ecr.Repository.from_repository_name(stack, "Repository", "ranking")

RealtimeEndpoint(
    stack,
    "Ranker",
    server=Container(
        model=S3Archive(bucket=bucket, key="ranker/model.tar.gz", size_gb=0.3, unpacked_gb=0.8),
        image=EcrImage(repository=repository, tag="1.4.2"),
        runs_on=("cpu",),
        architecture="arm64",
        environment={"LOG_LEVEL": "info"},
    ),
    hardware="ml.c7g.xlarge",
    scaling=TargetInvocations(per_instance_per_minute=1200, min_instances=2, max_instances=8),
    vpc=VpcPlacement(vpc=vpc),
)
app.synth()
